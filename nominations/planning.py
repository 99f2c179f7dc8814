"""A new cohort's round of nominations."""

from cohorts.registry import plan

from .actions import plan_round


@plan(order=10, key="nominations.round", title="A round of nominations, with the earlier cohort's nominators")
def the_round(*, cohort, source, shift, by, now):
    plan_round(cohort=cohort, source=source, shift=shift, by=by, now=now)
