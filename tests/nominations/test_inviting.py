"""Opening, inviting, nobody this time, and more time for one person."""

from datetime import date, timedelta

import pytest

from cohorts.actions import change_dates
from cohorts.models import Cohort
from leaders.outbox.models import Message
from leaders.people.links import LinkRevoked, resolve
from leaders.people.models import AuditEvent, PrivateLink
from leaders.people.refusals import NotPossible
from nominations.actions import (
    extend_deadline,
    invite,
    nobody_this_time,
    open_round,
    plan_invitation,
    plan_round,
    send_invitations,
    send_nomination,
    start_nomination,
    substitute_nominee,
    tell_me,
    undo_nobody,
    withdraw_invitation,
)
from nominations.models import Invitation, NobodyThisTime, TellMe
from tests.cohorts.factories import CohortFactory
from tests.nominations.factories import CLOSED, OPEN, applied, complete, draft, fill, sent
from tests.people.factories import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db
BEFORE = OPEN - timedelta(days=60)


def kinds():
    return list(Message.objects.order_by("pk").values_list("kind", flat=True))


def test_a_round_copied_from_an_earlier_cohort_proposes_its_nominators_uninvited(this_round, camden, helen, rosalind):
    invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    later = CohortFactory(programme=this_round.cohort.programme, number=8, slug="next")

    following = plan_round(cohort=later, source=this_round.cohort, shift=timedelta(days=364), by=rosalind, now=OPEN)

    assert list(following.invitations.values_list("nominator", "invited_at")) == [(helen.pk, None)]
    assert later.nominations_close <= following.substitutes_until <= later.assessments_due


def test_nobody_is_asked_for_a_substitute_by_a_bank_holiday(programme, rosalind):
    cohort = CohortFactory(programme=programme, number=8, slug="next", starts_on=date(2027, 5, 4))
    assert cohort.statements_due.date() == date(2027, 1, 1)

    following = plan_round(cohort=cohort, by=rosalind, now=OPEN)

    assert following.substitutes_until.date() == date(2026, 12, 31)


def test_opening_a_round_tells_those_who_asked_once_and_forgets_them(this_round):
    tell_me(programme=this_round.cohort.programme, email="Asks@example.org", now=BEFORE)
    tell_me(programme=this_round.cohort.programme, email="asks@example.org", now=BEFORE)

    open_round(round=this_round, by=None, now=OPEN)
    open_round(round=this_round, by=None, now=OPEN)

    assert list(Message.objects.values_list("kind", "to_email")) == [("nominations.round_open", "asks@example.org")]
    assert not TellMe.objects.exists()


def test_a_round_does_not_open_before_its_date(this_round):
    with pytest.raises(NotPossible, match="open on Tuesday 17 February 2026, 9am"):
        open_round(round=this_round, by=None, now=BEFORE)


def test_an_invitation_is_written_once_with_a_private_link(this_round, camden, helen, rosalind):
    invitation = invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)

    assert send_invitations(invitations=[Invitation.objects.get()], by=rosalind, now=OPEN) == 0

    message = Message.objects.get()
    link = PrivateLink.objects.get()
    assert message.to_email == helen.email
    assert f"/nominate/i/{link.token}/" in message.text
    assert resolve(link.token, purpose="nominations.invitation", now=OPEN).subject_id == str(invitation.pk)
    assert AuditEvent.objects.about(invitation).first().sentence == "Helen Marsh was invited for Camden"


def test_an_organisation_of_another_kind_is_not_invited(this_round, rosalind):
    with pytest.raises(NotPossible, match="does not nominate"):
        plan_invitation(
            round=this_round, organisation=OrganisationFactory(), nominator=PersonFactory(), by=rosalind, now=OPEN
        )


def test_nobody_is_invited_while_nominations_are_closed(this_round, camden, helen, rosalind):
    with pytest.raises(NotPossible, match="not open"):
        invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=CLOSED)
    assert not Invitation.objects.filter(invited_at__isnull=False).exists()


def test_a_withdrawn_invitation_no_longer_opens(this_round, camden, helen, rosalind):
    invitation = invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    withdraw_invitation(invitation=invitation, by=rosalind, now=OPEN, reason="Left the council")

    with pytest.raises(LinkRevoked):
        resolve(PrivateLink.objects.get().token, purpose="nominations.invitation", now=OPEN)


def test_an_invitation_withdrawn_by_mistake_is_given_again(this_round, camden, helen, rosalind):
    invitation = invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    withdraw_invitation(invitation=invitation, by=rosalind, now=OPEN, reason="A mistake")
    invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN + timedelta(hours=1))

    assert kinds() == ["nominations.invitation"] * 2
    fresh = PrivateLink.objects.get(revoked_at=None)
    assert fresh.token in Message.objects.order_by("-pk").first().text


def test_an_invited_director_starts_with_what_is_known(this_round, camden, helen, rosalind):
    invitation = invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    nomination = start_nomination(round=this_round, organisation=None, invitation=invitation, by=helen, now=OPEN)

    assert (nomination.organisation, nomination.nominator, nomination.nominator_role_title) == (
        camden,
        helen,
        "Director of Housing",
    )
    assert Invitation.objects.get().opened_at == OPEN
    assert AuditEvent.objects.about(nomination).get().actor_id == helen.pk
    assert (
        start_nomination(round=this_round, organisation=None, invitation=invitation, by=helen, now=OPEN) == nomination
    )


def test_nobody_this_time_is_said_once_and_can_be_undone(this_round, camden, helen):
    said = [
        nobody_this_time(round=this_round, organisation=camden, person=helen, reason="Restructure", by=helen, now=OPEN)
        for _ in range(2)
    ]

    assert said[0] == said[1]
    assert kinds() == ["nominations.nobody_noted"]
    assert undo_nobody(round=this_round, organisation=camden, by=helen, now=OPEN)
    assert not undo_nobody(round=this_round, organisation=camden, by=helen, now=OPEN)


def test_where_somebody_was_invited_nobody_else_says_so(this_round, camden, helen, otto, rosalind):
    invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)

    with pytest.raises(NotPossible, match="theirs to give"):
        nobody_this_time(round=this_round, organisation=camden, person=otto, by=otto, now=OPEN)
    nobody_this_time(round=this_round, organisation=camden, person=helen, by=helen, now=OPEN)
    with pytest.raises(NotPossible, match="theirs to give"):
        undo_nobody(round=this_round, organisation=camden, by=otto, now=OPEN)


def test_nobody_this_time_cannot_be_undone_after_the_deadline(this_round, camden, helen):
    nobody_this_time(round=this_round, organisation=camden, person=helen, by=helen, now=OPEN)

    with pytest.raises(NotPossible, match="Ask Rosalind Tate"):
        undo_nobody(round=this_round, organisation=camden, by=helen, now=CLOSED)


def test_an_organisation_that_nominated_cannot_have_nobody(this_round, camden, helen):
    sent(this_round, organisation=camden)

    with pytest.raises(NotPossible, match="Camden has nominated already"):
        nobody_this_time(round=this_round, organisation=camden, person=helen, by=helen, now=OPEN)


def test_sending_a_nomination_takes_nobody_this_time_back(this_round, camden, helen):
    nobody_this_time(round=this_round, organisation=camden, person=helen, by=helen, now=OPEN)
    sent(this_round, organisation=camden)

    assert NobodyThisTime.objects.get().undone_at == OPEN


def test_more_time_for_one_draft_is_for_that_one_only(this_round, camden, rosalind):
    late, other = draft(this_round, organisation=camden), draft(this_round)
    extend_deadline(subject=late, until=CLOSED + timedelta(days=3), reason="Illness", by=rosalind, now=CLOSED)

    late, other = fill(late), fill(other)
    assert send_nomination(nomination=late, attested_by="Helen Marsh", by=None, now=CLOSED, proved=True).state == "sent"
    with pytest.raises(NotPossible, match="closed at Friday 1 May 2026"):
        send_nomination(nomination=other, attested_by="Helen Marsh", by=None, now=CLOSED, proved=True)


def test_more_time_for_an_invitation_lets_it_start_late(this_round, camden, helen, rosalind):
    invitation = invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    extend_deadline(subject=invitation, until=CLOSED + timedelta(days=3), reason="Illness", by=rosalind, now=CLOSED)

    assert start_nomination(round=this_round, organisation=None, invitation=invitation, by=helen, now=CLOSED).is_draft


def test_whoever_has_more_time_is_told(this_round, open_programme, camden, helen, rosalind):
    until = CLOSED + timedelta(days=30)
    invitation = invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    waiting = sent(this_round, answers={"nominee_email": "amina@example.org"})
    applied_for = applied(open_programme, endorsed=False)
    begun = draft(this_round, email="martin@example.org", name="Martin Cole")
    for subject in (invitation, waiting, applied_for, begun):
        extend_deadline(subject=subject, until=until, reason="Illness", by=rosalind, now=OPEN)

    told = Message.objects.filter(kind="nominations.more_time").order_by("pk")
    assert [message.to_email for message in told] == [
        helen.email, "amina@example.org", "grace.lin@example.org", "martin@example.org",
    ]  # fmt: skip
    assert all("Monday 1 June 2026" in message.text for message in told)


def test_more_time_is_later_than_what_there_is_and_for_somebody_who_is_waited_for(this_round, rosalind):
    with pytest.raises(NotPossible, match="until Friday 1 May 2026, 6pm already"):
        extend_deadline(subject=draft(this_round), until=OPEN + timedelta(days=1), reason="", by=rosalind, now=OPEN)
    with pytest.raises(NotPossible, match="waits for nobody: complete"):
        extend_deadline(subject=complete(this_round), until=CLOSED, reason="", by=rosalind, now=OPEN)


def test_the_cut_off_for_substitutes_moves_with_the_cohorts_dates(this_round, rosalind):
    substitute = substitute_nominee(nomination=sent(this_round), by="Helen Marsh", now=OPEN)
    cohort, until = this_round.cohort, this_round.substitutes_until
    moved = {"statements_due": cohort.statements_due + timedelta(days=7)}
    change_dates(cohort=cohort, dates=moved, by=rosalind, now=OPEN)

    this_round.refresh_from_db()
    substitute.refresh_from_db()
    assert this_round.substitutes_until == substitute.extended_until == until + timedelta(days=7)


def test_a_deadline_is_not_moved_into_the_past(this_round, rosalind):
    with pytest.raises(NotPossible, match="in the past"):
        extend_deadline(subject=draft(this_round), until=OPEN, reason="", by=rosalind, now=OPEN)


def test_a_planned_cohort_takes_no_nominations(this_round):
    Cohort.objects.filter(pk=this_round.cohort_id).update(status=Cohort.Status.PLANNED)
    this_round.cohort.refresh_from_db()

    with pytest.raises(NotPossible):
        draft(this_round)
