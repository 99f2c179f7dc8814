"""Just before a reminder is handed over: what was done, what is too late, and what may have arrived already."""

from datetime import date, timedelta

import pytest

from leaders.outbox.delivery import claim, reap, send_due
from leaders.outbox.models import Message
from leaders.reminders.actions import materialise, tick
from leaders.reminders.models import Reminder
from tests.people.factories import OrganisationFactory, PersonFactory
from tests.reminders.conftest import MORNING, THURSDAY

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def two_things(world):
    """A digest about Camden and Hackney, written and not sent yet."""
    amara = PersonFactory(name="Amara Mensah")
    camden, hackney = OrganisationFactory(name="Camden"), OrganisationFactory(name="Hackney")
    world.rule()
    world.plan(camden, amara, THURSDAY, due=date(2027, 3, 8))
    world.plan(hackney, amara, THURSDAY, due=date(2027, 3, 9))
    materialise(MORNING - DAY)
    tick(MORNING)
    return amara, camden, hackney


def row_of(subject) -> Reminder:
    return Reminder.objects.get(subject_id=str(subject.pk))


def test_a_part_that_is_too_late_by_now_is_left_out(two_things, mailoutbox):
    _, camden, hackney = two_things
    Reminder.objects.filter(pk=row_of(camden).pk).update(expires_at=MORNING + DAY)
    send_due(MORNING + DAY)
    tick(MORNING + DAY + timedelta(minutes=1))
    send_due(MORNING + DAY + timedelta(minutes=1))
    assert (row_of(camden).state, row_of(camden).reason) == ("skipped", "It was too late to send it")
    assert row_of(hackney).state == "written"
    assert [mail.subject for mail in mailoutbox] == ["Your week: 1 thing due by Tuesday 9 March"]


@pytest.fixture
def perhaps_sent(two_things):
    """A worker died while it handed the digest over; a second, identical copy is due."""
    message = Message.objects.get()
    claim(now=MORNING)
    Message.objects.update(state="sending")
    later = MORNING + timedelta(hours=1)
    reap(now=later)
    message.refresh_from_db()
    assert (message.state, message.resent) == ("pending", True)
    return message, later


def test_what_may_have_arrived_is_sent_again_in_the_same_words_or_not_at_all(two_things, perhaps_sent, world):
    amara, camden, _ = two_things
    message, later = perhaps_sent
    world.acted.add((camden.pk, amara.pk))
    assert send_due(later) == 1
    message.refresh_from_db()
    assert message.state == "sent"
    assert set(Reminder.objects.values_list("state", "message")) == {("written", message.pk)}


def test_what_may_have_arrived_is_not_sent_again_when_all_is_done(two_things, perhaps_sent, world):
    amara, camden, hackney = two_things
    message, later = perhaps_sent
    world.acted |= {(camden.pk, amara.pk), (hackney.pk, amara.pk)}
    assert send_due(later) == 0
    message.refresh_from_db()
    assert (message.state, message.reason) == ("skipped", "It is no longer needed")
    assert set(Reminder.objects.values_list("state", "message")) == {("written", message.pk)}
