"""What the ledger keeps about a person: of what they were or will be reminded, and that they want no weekly email."""

from datetime import datetime

from django.db.models import QuerySet

from leaders.people.models import Person
from leaders.people.privacy import Holding, holds

from .models import NoDigest, Reminder
from .registry import rules


def _reminders(person: Person):
    for row in Reminder.objects.filter(recipient=person):
        yield {
            "about": rules.title_of(row.rule),
            "step": row.step,
            "when": row.due_at.isoformat(),
            "due": row.due_on.isoformat() if row.due_on else "",
            "state": row.get_state_display(),
            "reason": row.reason,
        }


def forget_reminders(found: QuerySet[Reminder]) -> None:
    """What was sent stays as a number, as its message does."""
    found.exclude(state=Reminder.State.WRITTEN).delete()
    found.update(reason="")


def _erase_reminders(person: Person, now: datetime) -> None:
    forget_reminders(Reminder.objects.filter(recipient=person))


def _choices(person: Person):
    for choice in NoDigest.objects.filter(person=person):
        yield {"no weekly email since": choice.since.isoformat()}


def _erase_choices(person: Person, now: datetime) -> None:
    NoDigest.objects.filter(person=person).delete()


holds(
    Holding(
        key="reminders.reminders",
        what="What we remind you of, when, and why a reminder was not sent",
        who_reads="You and the programme office",
        kept_for="Three years after they were due",
        export=_reminders,
        erase=_erase_reminders,
    ),
    order=32,
)
holds(
    Holding(
        key="reminders.choices",
        what="Whether you stopped the weekly email",
        who_reads="You and the programme office",
        kept_for="As long as we hold your address",
        export=_choices,
        erase=_erase_choices,
    ),
    order=33,
)
