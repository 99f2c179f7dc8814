"""How messages go in time."""

from datetime import datetime

from django.db.models import QuerySet

from leaders.people.privacy import NOWHERE
from leaders.people.retention import Retention, retires

from .actions import NOBODY
from .models import Message
from .privacy import forget_messages

State = Message.State


def _messages() -> QuerySet[Message]:
    """Whose reader is still known; what may yet go out is not past anything."""
    still_due = [State.PENDING, State.QUEUED, State.SENDING, State.HELD]
    return Message.objects.exclude(to_email__endswith=f"@{NOWHERE}").exclude(state__in=still_due)


def _forget(found: QuerySet[Message], now: datetime) -> None:
    forget_messages(found, address=NOBODY, now=now)
    found.update(person=None)


retires(
    Retention(
        key="outbox.messages", since="written_at", months=36, records=_messages, forget=_forget,
        how="words, files, name and address go; that a message of its kind was sent stays",
    ),
    order=30,
)  # fmt: skip
