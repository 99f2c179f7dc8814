"""A cohort's round of nominations: made along with it, moved with its dates, ended when it is cancelled."""

from cohorts.registry import ends_along, moves_along, plan

from .actions import call_off, move_round, plan_round
from .models import Round


@plan(order=10, key="nominations.round", title="A round of nominations, with the earlier cohort's nominators")
def the_round(*, cohort, source, shift, by, now):
    plan_round(cohort=cohort, source=source, shift=shift, by=by, now=now)


@moves_along(order=10, key="nominations.round", title="The last moment for another nominee")
def the_cut_off(before, cohort, by, now):
    move_round(before=before, cohort=cohort, by=by, now=now)


@ends_along(order=10, key="nominations.round", title="Nominations, invitations and offers, with a letter to each")
def the_round_ends(*, cohort, reason, by, now):
    this = Round.objects.filter(cohort=cohort).first()
    return call_off(round=this, reason=reason, by=by, now=now) if this else []
