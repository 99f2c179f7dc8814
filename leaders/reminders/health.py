"""Are reminders and messages going out? Asked by whatever watches the programme at night."""

from datetime import datetime, timedelta

from leaders.outbox.models import Heartbeat, Message

from .actions import plan, write
from .calendar import closed_days
from .models import Reminder
from .registry import rules
from .timing import waiting_since

LONGEST_SILENCE = timedelta(minutes=3)
LONGEST_DELAY = timedelta(minutes=15)
LONGEST_WITHOUT_PLAN = timedelta(hours=1)


def troubles(now: datetime) -> list[str]:
    """What is wrong, in words that name nobody; an empty list when all is well."""
    found = []
    beats = dict(Heartbeat.objects.values_list("name", "at"))
    for name, work, longest in (
        ("outbox", "sending messages", LONGEST_SILENCE),
        ("outbox.urgent", "sending sign-in codes", LONGEST_SILENCE),
        (write.HEARTBEAT, "writing reminders", LONGEST_SILENCE),
        (plan.HEARTBEAT, "planning reminders", LONGEST_WITHOUT_PLAN),
    ):
        if name not in beats:
            found.append(f"{work} has never run")
        elif now - beats[name] > longest:
            found.append(f"{work} ran last {_span(now - beats[name])} ago")
    if failing := failing_rules(beats):
        found.append(f"reminders that cannot be planned, as their rule fails: {', '.join(failing)}")
    oldest = Reminder.objects.due(now).order_by("due_at").values_list("due_at", flat=True).first()
    if oldest and waiting_since(oldest, now, closed_days(now)) > LONGEST_DELAY:
        found.append(f"a reminder has waited {_span(waiting_since(oldest, now, closed_days(now)))}")
    oldest = Message.objects.due(now).order_by("due_at").values_list("due_at", flat=True).first()
    if oldest and now - oldest > LONGEST_DELAY:
        found.append(f"a message has waited {_span(now - oldest)}")
    return found


def failing_rules(beats: dict[str, datetime]) -> list[str]:
    """The titles of the rules that the last planning left behind, by the heartbeats."""
    last = beats.get(plan.HEARTBEAT)
    return [f"“{part.title}”" for part in rules if last and beats.get(plan.heartbeat_of(part.key), last) < last]


def _span(delay: timedelta) -> str:
    """4 minutes, 3 hours, 5 days: as exactly as anybody needs to know."""
    for unit, length in (("day", timedelta(days=1)), ("hour", timedelta(hours=1))):
        if delay >= 2 * length:
            return f"{delay // length} {unit}s"
    minutes = delay // timedelta(minutes=1)
    return f"{minutes} minute{'' if minutes == 1 else 's'}"
