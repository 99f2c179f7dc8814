"""What somebody says on the telephone, noted by the office: whom they nominate, that they have somebody after all."""

import pytest
from django.urls import reverse

from leaders.outbox.models import Message
from leaders.people.models import AuditEvent
from leaders.people.refusals import NotPossible
from leaders.reminders.actions import materialise
from leaders.reminders.models import Reminder
from nominations.actions import (
    invite,
    nobody_this_time,
    note_nomination,
    plan_invitation,
    save_section,
    send_nomination,
    start_nomination,
    take_nobody_back,
    withdraw_invitation,
)
from nominations.coverage import Stand, coverage
from nominations.models import Invitation, NobodyThisTime, Nomination
from tests.browsers import sign_in
from tests.nominations.factories import CLOSED, OPEN, fill, sent
from tests.people.factories import PersonFactory

pytestmark = pytest.mark.django_db
SAID = {
    "nominee_name": "Amina Rahman",
    "nominee_email": "amina.rahman@example.org",
    "nominee_role_title": "Assistant Director",
    "why": "She turned the service round.",
}


def text(response):
    return " ".join(response.content.decode().split())


def address(name, *args):
    return reverse(f"admin:nominations_{name}", args=args)


@pytest.fixture
def invitation(this_round, camden, helen, rosalind):
    return invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)


@pytest.fixture
def office(client, adjoa, time_machine):
    time_machine.move_to(OPEN)
    return sign_in(client, adjoa)


def noted(invitation, by, **more):
    return note_nomination(invitation=invitation, by=by, now=OPEN, **{**SAID, **more})


def test_the_office_writes_down_whom_a_nominator_named_and_the_nominator_is_asked_to_check_it(
    office, invitation, this_round, helen, adjoa
):
    board = address("coverage", this_round.pk)
    page = address("named", invitation.pk)
    assert page in text(office.get(board))

    assert office.post(page, SAID).url == board

    draft = Nomination.objects.get()
    assert (draft.invitation, draft.nominator, draft.nominee_name, draft.nominee_email, draft.nominee_role_title) == (
        invitation,
        helen,
        "Amina Rahman",
        "amina.rahman@example.org",
        "Assistant Director",
    )
    assert draft.why == {"passion": "She turned the service round."}
    letter = Message.objects.exclude(kind="nominations.invitation").get()
    assert (letter.kind, letter.to_email) == ("nominations.noted", helen.email)
    assert "We wrote down what you told us on the telephone" in " ".join(letter.text.split())
    assert "/nominate/n/" in letter.text
    event = AuditEvent.objects.get(action="nominations.nomination.noted")
    assert event.actor_id == adjoa.pk
    assert event.sentence == f"Adjoa Mensah wrote down {draft.reference} on behalf of Helen Marsh"
    shown = text(office.get(board))
    assert f"<b>Drafting.</b> {draft.reference} by Helen Marsh, noted by the programme office on 16 March" in shown


def test_what_the_office_noted_is_sent_by_the_nominator_alone(invitation, adjoa, helen):
    draft = noted(invitation, adjoa)
    assert draft.is_draft
    with pytest.raises(NotPossible, match="not complete"):
        send_nomination(nomination=draft, attested_by="Helen Marsh", by=helen, now=OPEN, proved=True)

    filled = fill(draft)

    assert (
        send_nomination(nomination=filled, attested_by="Helen Marsh", by=helen, now=OPEN, proved=True).attested_by
        == "Helen Marsh"
    )
    assert start_nomination(
        round=invitation.round, organisation=None, invitation=invitation, by=helen, now=OPEN
    ).pk == draft.pk  # fmt: skip


def test_an_invitation_that_the_office_answered_was_not_opened_by_the_nominator(invitation, adjoa):
    noted(invitation, adjoa)

    assert Invitation.objects.get().opened_at is None


def test_a_name_is_enough_to_begin_with(office, invitation):
    page = address("named", invitation.pk)
    assert "This field is required." in text(office.post(page, {"nominee_email": "amina@example.org"}))
    assert not Nomination.objects.exists()

    office.post(page, {"nominee_name": "Amina Rahman"})

    assert Nomination.objects.get().nominee_name == "Amina Rahman"


def test_a_draft_that_is_there_already_is_led_to_and_not_written_over(office, invitation, helen, adjoa):
    draft = start_nomination(
        round=invitation.round, organisation=None, invitation=invitation, by=helen, now=OPEN
    )  # fmt: skip
    answer = office.post(address("named", invitation.pk), SAID, follow=True)

    assert answer.redirect_chain == [(address("nomination_change", draft.pk), 302)]
    assert f"Helen Marsh has begun a nomination already: {draft.reference}." in text(answer)
    draft.refresh_from_db()
    assert draft.nominee_name == ""
    with pytest.raises(NotPossible, match="has begun a nomination already"):
        noted(invitation, adjoa)


def test_nothing_is_noted_for_an_organisation_that_has_nominated_or_after_the_close(
    invitation, this_round, camden, adjoa
):
    with pytest.raises(NotPossible, match="Nominations for Cohort 7 closed"):
        note_nomination(invitation=invitation, by=adjoa, now=CLOSED, **SAID)
    sent(this_round, organisation=camden, email="martin@example.org", name="Martin Cole")
    with pytest.raises(NotPossible, match="Camden has nominated already"):
        noted(invitation, adjoa)
    assert not Nomination.objects.drafts().exists()


def test_nothing_is_noted_for_somebody_who_is_not_invited(this_round, camden, helen, rosalind, invitation):
    planned = plan_invitation(round=this_round, organisation=camden, nominator=PersonFactory(), by=rosalind, now=OPEN)
    with pytest.raises(NotPossible, match="not invited"):
        noted(planned, rosalind)
    withdraw_invitation(invitation=invitation, by=rosalind, now=OPEN)
    with pytest.raises(NotPossible, match="not invited"):
        noted(Invitation.objects.get(pk=invitation.pk), rosalind)


def test_the_board_says_when_a_nominator_went_on_with_what_the_office_noted(invitation, this_round, adjoa, helen):
    draft = noted(invitation, adjoa)
    save_section(nomination=draft, page="council", values={"release_agreed": True}, by=helen, now=OPEN.replace(day=18))
    (row,) = coverage(this_round, OPEN.replace(day=18))

    assert row.stand == Stand.DRAFTING
    assert row.detail == (
        f"{draft.reference} by Helen Marsh, noted by the programme office on 16 March, saved on 18 March"
    )


def test_who_names_somebody_has_somebody_after_all(invitation, this_round, camden, helen, adjoa):
    nobody_this_time(round=this_round, organisation=camden, person=helen, by=helen, now=OPEN)
    noted(invitation, adjoa)

    assert NobodyThisTime.objects.get().undone_at == OPEN


def test_the_office_takes_nobody_this_time_back_and_the_invitation_stands_again(
    office, invitation, this_round, camden, helen, adjoa
):
    materialise(OPEN)
    waiting = Reminder.objects.filter(rule="nominations.invitation")
    planned = waiting.filter(state="pending").count()
    nobody_this_time(round=this_round, organisation=camden, person=helen, by=helen, now=OPEN)
    materialise(OPEN)
    assert not waiting.filter(state="pending").exists()
    page = address("after_all", this_round.pk, camden.pk)
    assert page in text(office.get(address("coverage", this_round.pk)))
    assert "They have somebody after all" in text(office.get(page))
    assert "Give a reason" in text(office.post(page, {"confirmed": "yes"}))

    office.post(page, {"confirmed": "yes", "reason": "Helen rang back"})

    assert NobodyThisTime.objects.get().undone_at
    event = AuditEvent.objects.get(action="nominations.nobody.undone")
    assert (event.actor_id, event.reason) == (adjoa.pk, "Helen rang back")
    assert [row.stand for row in coverage(this_round, OPEN)] == [Stand.INVITED]
    materialise(OPEN)
    assert waiting.filter(state="pending").count() == planned


def test_nobody_is_not_taken_back_when_nominations_have_closed(office, invitation, this_round, camden, helen, adjoa):
    nobody_this_time(round=this_round, organisation=camden, person=helen, by=helen, now=OPEN)

    with pytest.raises(NotPossible, match="Give their nominator more time first"):
        take_nobody_back(round=this_round, organisation=camden, by=adjoa, now=CLOSED)
    assert coverage(this_round, CLOSED)[0].links == ()


def test_where_nobody_was_said_there_is_a_way_back_in_place_of_a_reminder(
    office, invitation, this_round, camden, helen
):
    nobody_this_time(round=this_round, organisation=camden, person=helen, by=helen, now=OPEN)
    record = text(office.get(address("invitation_change", invitation.pk)))

    assert address("after_all", this_round.pk, camden.pk) in record
    assert address("chase", invitation.pk) not in record


def test_nobody_is_taken_back_once(office, this_round, camden, invitation):
    page = text(office.get(address("after_all", this_round.pk, camden.pk), follow=True))

    assert "Camden has not said that it has nobody." in page
