"""Nominators reminded by hand: the board knows when they were last, and shows the very letter before it goes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from leaders.outbox.models import Message
from leaders.people.refusals import NotPossible
from leaders.reminders.actions import materialise
from nominations.actions import invite, remind_now
from nominations.coverage import coverage
from tests.browsers import sign_in
from tests.nominations.factories import OPEN
from tests.people.factories import AuthorityFactory, PersonFactory

pytestmark = pytest.mark.django_db
SILENT = datetime(2026, 4, 8, 10, tzinfo=UTC)
"""A Wednesday on which Helen has been silent for more than two weeks, and 23 days are left."""


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def invitation(this_round, camden, helen, rosalind):
    invitation = invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    materialise(SILENT - timedelta(hours=1))
    return invitation


@pytest.fixture
def office(client, rosalind, time_machine):
    time_machine.move_to(SILENT)
    return sign_in(client, rosalind)


def page(invitation):
    return reverse("admin:nominations_chase", args=[invitation.pk])


def chased():
    return Message.objects.filter(kind="nominations.invitation_chased")


def test_the_office_reads_the_very_reminder_that_goes_out_now(office, invitation):
    shown = text(office.get(page(invitation)))
    assert "23 days left to nominate, until Friday 1 May 2026" in shown
    assert "in place of the one planned for Monday 13 April 2026" in shown
    assert not chased().exists()

    office.post(page(invitation), {"confirmed": "yes"})

    assert chased().get().subject in shown


def test_the_board_says_who_was_reminded_when_and_what_is_planned_next(office, invitation, this_round, rosalind):
    board = reverse("admin:nominations_coverage", args=[this_round.pk])
    before = text(office.get(board))
    assert "The next reminder is planned for Monday 13 April." in before
    assert "Remind now" in before
    office.post(page(invitation), {"confirmed": "yes"})

    shown = text(office.get(board))
    assert "Reminded on Wednesday 8 April, by hand. The next reminder is planned for Wednesday 22 April." in shown
    assert "Remind now" not in shown
    tomorrow = coverage(this_round, SILENT + timedelta(days=1))
    assert [row.action for row in tomorrow] == ["Remind now"]


def test_nobody_is_reminded_by_hand_twice_on_a_day(office, invitation, rosalind):
    office.post(page(invitation), {"confirmed": "yes"})
    again = text(office.post(page(invitation), {"confirmed": "yes"}, follow=True))

    assert "Helen Marsh has had a reminder today." in again
    assert chased().count() == 1
    with pytest.raises(NotPossible, match="has had a reminder today"):
        remind_now(invitation=invitation, by=rosalind, now=SILENT + timedelta(minutes=1))


def test_where_no_reminder_is_left_the_board_offers_none(this_round, camden, helen, rosalind):
    invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    (row,) = coverage(this_round, SILENT)

    assert (row.action, row.notes) == ("Look at the invitation", ())


def test_the_board_costs_the_same_however_many_were_reminded(
    office, invitation, this_round, rosalind, django_assert_num_queries
):
    office.post(page(invitation), {"confirmed": "yes"})
    with CaptureQueriesContext(connection) as alone:
        coverage(this_round, SILENT)
    cost = len(alone)
    for _ in range(9):
        person = PersonFactory()
        more = invite(round=this_round, organisation=AuthorityFactory(), nominator=person, by=rosalind, now=OPEN)
        materialise(SILENT - timedelta(minutes=30))
        office.post(page(more), {"confirmed": "yes"})
    assert chased().count() == 10
    with django_assert_num_queries(cost):
        coverage(this_round, SILENT)
