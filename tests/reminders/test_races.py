"""Several processes plan and write at the same moment, each on a connection of its own: everything once."""

from collections import Counter
from datetime import timedelta

import pytest

from leaders.outbox.models import Message
from leaders.reminders.actions import materialise, tick
from leaders.reminders.models import Reminder
from tests import sqlite_in_a_file
from tests.at_once import at_once
from tests.people.factories import OrganisationFactory, PersonFactory
from tests.reminders.conftest import MORNING, THURSDAY

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]


@pytest.fixture
def people(world):
    """Six people, of whom each is to get a letter and a line of the weekly email on Thursday."""
    people, camden = PersonFactory.create_batch(6), OrganisationFactory(name="Camden")
    world.rule("test.contract")
    world.rule("test.round", letters=True)
    for person in people:
        world.plan(camden, person, THURSDAY)
    return people


def four_times(action, now):
    """What four threads got that did the same at once."""
    results = []
    assert at_once(lambda _: results.append(action(now)), range(4)) == (4, 0)
    return results


def test_four_plannings_at_once_plan_each_reminder_once(people):
    results = four_times(materialise, MORNING - timedelta(days=1))
    assert [planned.failed for planned in results] == [[]] * 4
    assert Reminder.objects.count() == 2 * len(people)


def test_four_ticks_at_once_write_one_mail_to_each(people):
    materialise(MORNING - timedelta(days=1))
    results = four_times(tick, MORNING)
    assert (sum(written.mails for written in results), sum(written.failed for written in results)) == (len(people), 0)
    assert Counter(Message.objects.values_list("person_id", flat=True)) == {person.pk: 1 for person in people}
    assert set(Reminder.objects.values_list("state", flat=True)) == {"written"}


def test_the_same_races_end_as_well_on_sqlite_in_a_file(tmp_path):
    assert sqlite_in_a_file.passes(__file__, tmp_path)
