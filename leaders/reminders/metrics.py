"""Figures for Prometheus, in its text format (version 0.0.4). They name nobody."""

from datetime import datetime, timedelta

from django.db.models import Count

from leaders.outbox.models import Heartbeat, Message, Suppression

from .health import failing_rules, messages_wait, reminders_wait, troubles
from .models import Reminder

# States that stay few: counting what was sent would read the whole table.
OPEN = [state for state in Message.State.values if state not in {Message.State.SENT, Message.State.SKIPPED}]


def exposition(now: datetime) -> str:
    """Every figure with its help and type."""
    hour = now - timedelta(hours=1)
    waiting = dict(
        Message.objects.filter(state__in=OPEN).order_by().values_list("state").annotate(count=Count("pk"))
    )  # fmt: skip
    beats = dict(Heartbeat.objects.order_by("name").values_list("name", "at"))
    families = [
        ("leaders_messages", "Messages that are not settled, by state", [
            (f'{{state="{state}"}}', waiting.get(state, 0)) for state in OPEN
        ]),
        ("leaders_messages_sent_last_hour", "Messages sent in the last hour", [
            ("", Message.objects.filter(sent_at__gt=hour, sent_at__lte=now).count())
        ]),
        ("leaders_oldest_due_message_seconds", "How long the oldest message that is not sent has been due", [
            ("", messages_wait(now).total_seconds())
        ]),
        ("leaders_oldest_due_reminder_seconds", "How long the oldest due reminder has waited in working hours", [
            ("", reminders_wait(now).total_seconds())
        ]),
        ("leaders_reminders_held", "Reminders held", [
            ("", Reminder.objects.filter(state=Reminder.State.HELD).count())
        ]),
        ("leaders_addresses_suppressed", "Addresses that nothing is sent to", [
            ("", Suppression.objects.filter(lifted_at=None).count())
        ]),
        ("leaders_tick_age_seconds", "Seconds since each tick ran", [
            (f'{{tick="{name}"}}', (now - at).total_seconds()) for name, at in beats.items() if ":" not in name
        ]),
        ("leaders_reminder_rules_failing", "Reminder rules that the last planning left behind", [
            ("", len(failing_rules(beats)))
        ]),
        ("leaders_reminders_healthy", "1 when /healthz/reminders answers 200", [("", int(not troubles(now)))]),
    ]  # fmt: skip
    lines = []
    for name, meaning, values in families:
        lines += [f"# HELP {name} {meaning}", f"# TYPE {name} gauge"]
        lines += [f"{name}{labels} {value:g}" for labels, value in values]
    return "\n".join(lines) + "\n"
