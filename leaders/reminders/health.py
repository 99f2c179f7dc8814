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
UNSENT = (Message.State.PENDING, Message.State.QUEUED, Message.State.SENDING)


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
    for thing, waited in (("reminder", reminders_wait(now)), ("message", messages_wait(now))):
        if waited > LONGEST_DELAY:
            found.append(f"a {thing} has waited {_span(waited)}")
    return found


def reminders_wait(now: datetime) -> timedelta:
    """How long the reminder that waits longest could have been written and was not, in working hours."""
    due = Reminder.objects.due(now).waiting_since()
    since = due.order_by("since").values_list("since", flat=True).first()
    return waiting_since(since, now, closed_days(now)) if since else timedelta()


def messages_wait(now: datetime) -> timedelta:
    """How long the message that waits longest has been due, also one that is claimed again and again."""
    unsent = (Message.objects.filter(state=state, due_at__lte=now).order_by("due_at") for state in UNSENT)
    oldest = [due_at for due in unsent if (due_at := due.values_list("due_at", flat=True).first())]
    return now - min(oldest, default=now)


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
