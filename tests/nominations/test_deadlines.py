"""Until when an organisation may nominate: the close, an early release, more time for one; every page says the same."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from leaders.outbox.models import Message
from nominations.actions import (
    concerns,
    decide,
    extend_deadline,
    invite,
    nobody_this_time,
    plan_invitation,
    release,
    send_invitations,
    send_nomination,
    start_nomination,
    undo_nobody,
)
from nominations.coverage import Stand, coverage
from nominations.models import Invitation, Nomination
from tests.browsers import sign_in
from tests.nominations.factories import CLOSED, OPEN, complete, draft, fill
from tests.people.factories import AuthorityFactory, PersonFactory

pytestmark = pytest.mark.django_db
EARLY = OPEN + timedelta(days=9, hours=2)
"""When the decisions are released before nominations close: Wednesday 25 March, at noon."""
UNTIL = datetime(2026, 6, 8, 16, tzinfo=UTC)


def text(response):
    return " ".join(response.content.decode().replace("&nbsp;", " ").replace("\xa0", " ").split())


def links():
    return {
        message.to_email: next(part for part in message.text.split() if "/nominate/" in part)
        for message in Message.objects.filter(kind="nominations.invitation")
    }


@pytest.fixture
def invitation(this_round, camden, helen, rosalind):
    return invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)


@pytest.fixture
def extended(invitation, rosalind):
    extend_deadline(subject=invitation, until=UNTIL, reason="Illness", by=rosalind, now=OPEN)
    return Invitation.objects.select_related("round__cohort__programme", "round__cohort__contact").get()


def released_early(this_round, rosalind):
    decide(nomination=complete(this_round, email="m@example.org"), outcome="offer", by=rosalind, now=OPEN)
    release(round=this_round, reason="The provider starts early", by=rosalind, now=EARLY)
    this_round.refresh_from_db()


def test_after_an_early_release_an_invitation_says_when_nominations_closed_and_nothing_else(
    client, this_round, invitation, rosalind, time_machine
):
    released_early(this_round, rosalind)
    time_machine.move_to(EARLY + timedelta(hours=3))
    page = text(client.get(links()["helen.marsh@example.org"]))

    assert "Nominations for Cohort 7 closed on Wednesday 25 March 2026, midday." in page
    assert "<h2>Closed</h2>" in page
    assert "1 May" not in page
    assert "Closes" not in page


def test_after_an_early_release_the_front_page_announces_no_opening(client, this_round, rosalind, time_machine):
    released_early(this_round, rosalind)
    time_machine.move_to(EARLY + timedelta(hours=3))

    assert "Between rounds" in text(client.get(reverse("front")))


def test_after_an_early_release_the_board_says_that_nominations_closed_and_asks_for_none(
    client, this_round, invitation, rosalind, time_machine
):
    begun = draft(this_round, organisation=AuthorityFactory(name="Barnet"), email="b@example.org")
    AuthorityFactory(name="Ealing")
    released_early(this_round, rosalind)
    time_machine.move_to(EARLY + timedelta(hours=3))
    page = text(sign_in(client, rosalind).get(reverse("admin:nominations_coverage", args=[this_round.pk])))

    assert "Nominations closed on Wednesday 25 March 2026, midday." in page
    assert "close on" not in page
    assert f"{begun.reference} by Helen Marsh, not sent before nominations closed" in page
    assert "Invited on 16 March, no answer before nominations closed" in page
    for gone in ("Plan a nominator", "They named somebody", "They have nobody", "Ask somebody else", "Remind now"):
        assert gone not in page


def test_who_has_more_time_reads_it_from_the_first_page_on(client, this_round, extended, helen, time_machine):
    time_machine.move_to(OPEN)
    link = links()[helen.email]
    for page in (link, f"{link}nobody/"):
        shown = text(client.get(page))
        assert "Monday 8 June" in shown
        assert "1 May" not in shown


def test_the_board_says_who_has_more_time_and_gives_it(client, this_round, extended, rosalind, time_machine):
    begun = draft(this_round, organisation=AuthorityFactory(name="Barnet"), email="b@example.org")
    extend_deadline(subject=begun, until=UNTIL, reason="Illness", by=rosalind, now=OPEN)
    time_machine.move_to(OPEN)
    page = text(sign_in(client, rosalind).get(reverse("admin:nominations_coverage", args=[this_round.pk])))

    assert page.count("May nominate until Monday 8 June 2026, 5pm.") == 2
    assert reverse("admin:nominations_extend_invitation", args=[extended.pk]) in page
    assert reverse("admin:nominations_extend_nomination", args=[begun.pk]) in page


def test_more_time_outlasts_a_release_and_the_release_says_whose(
    client, this_round, extended, helen, rosalind, time_machine
):
    decide(nomination=complete(this_round, email="m@example.org"), outcome="offer", by=rosalind, now=OPEN)
    assert concerns(this_round, OPEN) == (
        "Nominations are open until Friday 1 May 2026, 6pm; after a release nobody can send one, but for those who "
        "have more time."
    )
    time_machine.move_to(OPEN)
    director = sign_in(client, rosalind)
    line = "Helen Marsh, Camden, has until Monday 8 June 2026, 5pm, also after this release."
    page = director.get(reverse("admin:nominations_release", args=[this_round.pk]))
    assert line in text(page)
    asked = director.post(
        reverse("admin:nominations_release_confirm", args=[this_round.pk]), {"_selected_action": page.context["shown"]}
    )
    assert line in text(asked)

    release(round=this_round, reason="The provider starts early", by=rosalind, now=EARLY)
    late = start_nomination(
        round=extended.round, organisation=None, invitation=extended, by=helen, now=CLOSED
    )  # fmt: skip

    assert send_nomination(
        nomination=fill(late, now=CLOSED), attested_by="Helen Marsh", by=helen, now=CLOSED, proved=True
    )


def test_who_has_more_time_may_have_nobody_and_somebody_after_all_until_then(
    client, this_round, extended, camden, helen, rosalind, time_machine
):
    released_early(this_round, rosalind)
    nobody_this_time(round=this_round, organisation=camden, person=helen, by=helen, now=CLOSED)
    assert "until Monday 8 June 2026, 5pm" in Message.objects.get(kind="nominations.nobody_noted").text
    time_machine.move_to(CLOSED)

    assert undo_nobody(round=this_round, organisation=camden, by=helen, now=CLOSED)


def test_an_invitation_that_was_given_more_time_before_it_was_sent_says_so(this_round, camden, helen, rosalind):
    planned = plan_invitation(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    extend_deadline(subject=planned, until=UNTIL, reason="Illness", by=rosalind, now=OPEN)
    send_invitations(invitations=[planned], by=rosalind, now=OPEN)
    letter = Message.objects.get()

    assert letter.subject.endswith("by Monday 8 June 2026")
    assert "1 May" not in letter.text


def test_a_draft_of_whoever_was_given_more_time_is_not_late(this_round, extended, helen, rosalind):
    start_nomination(round=this_round, organisation=None, invitation=extended, by=helen, now=OPEN)

    assert [(row.stand, row.closed) for row in coverage(this_round, CLOSED)] == [(Stand.OPENED, False)]


def test_the_board_costs_the_same_with_30_drafts(this_round, rosalind, django_assert_num_queries):
    def begun(number):
        place, person = AuthorityFactory(), PersonFactory()
        invitation = invite(round=this_round, organisation=place, nominator=person, by=rosalind, now=OPEN)
        extend_deadline(subject=invitation, until=UNTIL, reason="Illness", by=rosalind, now=OPEN)
        start_nomination(round=this_round, organisation=None, invitation=invitation, by=person, now=OPEN)

    begun(0)
    with CaptureQueriesContext(connection) as alone:
        coverage(this_round, OPEN)
    for number in range(1, 30):
        begun(number)
    assert Nomination.objects.drafts().count() == 30
    with django_assert_num_queries(len(alone)):
        coverage(this_round, OPEN)
