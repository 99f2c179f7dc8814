"""How the ledger of reminders goes in time."""

from django.db.models import QuerySet

from leaders.people.retention import Retention, retires

from .models import Reminder
from .privacy import forget_reminders


def _reminders() -> QuerySet[Reminder]:
    return Reminder.objects.exclude(state=Reminder.State.WRITTEN, reason="")


retires(
    Retention(
        key="reminders.reminders", since="due_at", months=36, records=_reminders,
        forget=lambda found, now: forget_reminders(found),
        how="those that were not sent are deleted; of the others the reason goes",
    ),
    order=32,
)  # fmt: skip
