"""What the ledger keeps about somebody is theirs to read, and goes when they go."""

from datetime import date, timedelta

import pytest

from leaders.people.actions import erase_person
from leaders.people.privacy import export
from leaders.reminders.actions import drop, materialise, stop_weekly_email, tick
from leaders.reminders.models import NoDigest, Reminder
from tests.people.factories import OrganisationFactory, PersonFactory
from tests.reminders.conftest import MORNING, THURSDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def amara(world, rosalind):
    """Amara got one letter, the office dropped another, a third is planned, and she wants no weekly email."""
    amara, camden = PersonFactory(name="Amara Mensah"), OrganisationFactory(name="Camden")
    world.rule(letters=True)
    for step, on in (("first", THURSDAY), ("second", date(2027, 3, 9)), ("third", date(2027, 3, 10))):
        world.plan(camden, amara, on, step=step, due=date(2027, 3, 12))
    materialise(MORNING - timedelta(days=1))
    tick(MORNING)
    drop(reminder=Reminder.objects.get(step="second"), by=rosalind, now=MORNING, reason="She told me why")
    stop_weekly_email(person=amara, now=MORNING)
    return amara


def test_a_person_reads_of_what_they_are_reminded(amara):
    held = export(amara)
    rows = held["What we remind you of, when, and why a reminder was not sent"]
    assert {row["step"]: (row["state"], row["reason"]) for row in rows} == {
        "first": ("Written", ""),
        "second": ("Not sent: the office decided", "She told me why"),
        "third": ("Planned", ""),
    }
    assert rows[0] | {"step": "", "state": ""} == {
        "about": "Contracts", "step": "", "when": "2027-03-04T09:00:00+00:00", "due": "2027-03-12", "state": "",
        "reason": "",
    }  # fmt: skip
    assert held["Whether you stopped the weekly email"] == [{"no weekly email since": MORNING.isoformat()}]


def test_erasing_a_person_leaves_that_a_letter_was_sent_and_plans_no_other(amara, rosalind):
    erase_person(person=amara, by=rosalind, reason="They asked", now=MORNING)
    amara.refresh_from_db()
    materialise(MORNING)
    assert list(Reminder.objects.values_list("step", "state", "reason")) == [("first", "written", "")]
    assert not NoDigest.objects.exists()


def test_nothing_is_planned_for_somebody_who_has_left(world):
    femi = PersonFactory(is_active=False)
    world.rule()
    world.plan(OrganisationFactory(), femi, THURSDAY)
    assert materialise(MORNING - timedelta(days=1)).inserted == 0
