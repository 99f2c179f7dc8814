"""A new cohort's round of nominations, and what follows when the cohort's dates move."""

from cohorts.registry import moves_along, plan

from .actions import move_round, plan_round


@plan(order=10, key="nominations.round", title="A round of nominations, with the earlier cohort's nominators")
def the_round(*, cohort, source, shift, by, now):
    plan_round(cohort=cohort, source=source, shift=shift, by=by, now=now)


@moves_along(order=10, key="nominations.round", title="The last moment for another nominee")
def the_cut_off(before, cohort, by, now):
    move_round(before=before, cohort=cohort, by=by, now=now)
