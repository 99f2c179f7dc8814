"""A cohort's round of nominations: made along with it, moved with its dates, ended when it is cancelled."""

from collections.abc import Iterator

from cohorts.registry import Informed, ends_along, moves_along, plan, was_told

from . import links
from .actions import call_off, move_round, plan_round
from .models import Invitation, NobodyThisTime, Nomination, PanelMember, Round


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


@was_told(order=10, key="nominations", title="Nominators, nominees and panel members, until they have acted")
def told_by_the_round(cohort, now) -> Iterator[Informed]:
    """Whoever was given more time has a day of their own, which stays."""
    unsent = Nomination.objects.drafts().in_words().for_cohort(cohort).filter(nominator__isnull=False)
    for draft in unsent:
        if draft.deadline == cohort.nominations_close:
            yield Informed(draft.nominator, ("nominations_close",), links.known_path(links.DRAFT, draft, now=now))
    settled = Nomination.objects.live().for_cohort(cohort).filter(organisation__isnull=False).values("organisation")
    nobody = NobodyThisTime.objects.filter(round__cohort=cohort, undone_at=None).values("organisation")
    invited = Invitation.objects.sent().filter(round__cohort=cohort)
    waiting = invited.exclude(organisation__in=settled).exclude(organisation__in=nobody)
    for invitation in waiting.select_related("nominator", "round__cohort"):
        if invitation.deadline == cohort.nominations_close:
            url = links.known_path(links.INVITATION, invitation, now=now)
            yield Informed(invitation.nominator, ("nominations_close",), url)
    unanswered = Nomination.objects.in_words().for_cohort(cohort).filter(state=Nomination.State.SENT)
    for nomination in unanswered.filter(kind=Nomination.Kind.NOMINATION):
        if nomination.answer_deadline == cohort.statements_due:
            url = links.known_path(links.ACCEPT, nomination, now=now, email=nomination.nominee.email)
            yield Informed(nomination.nominee, ("statements_due",), url)
    for member in PanelMember.objects.filter(round__cohort=cohort, left_at=None).select_related("person"):
        yield Informed(member.person, ("assessments_due",))
