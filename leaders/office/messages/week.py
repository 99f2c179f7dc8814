"""What the week ahead brings: the mails that are planned, day by day."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.urls import reverse

from leaders.components.dates import LONDON, london_date, weekday_day_month
from leaders.reminders.models import Reminder
from leaders.reminders.registry import rules

DAYS = 7


@dataclass(frozen=True)
class Planned:
    """One day: how many mails, and of what they remind whom, each with its list."""

    day: str
    mails: int
    lines: list[tuple[str, int, str]]


def week_ahead(now: datetime) -> list[Planned]:
    """The planned reminders of the next seven days. What is due to one person together is one mail."""
    last = datetime.combine(london_date(now) + timedelta(days=DAYS), time(), LONDON)
    rows = Reminder.objects.filter(state=Reminder.State.PENDING, due_at__gte=now, due_at__lt=last).order_by()
    per_day = rows.annotate(day=TruncDate("due_at", tzinfo=LONDON))
    mails = dict(per_day.values_list("day").annotate(count=Count("recipient", distinct=True)))
    counted = per_day.values_list("day", "rule").annotate(count=Count("pk")).order_by("day", "rule")
    found: dict = {}
    for day, rule, count in counted:
        found.setdefault(day, []).append((rules.title_of(rule), count, _list(day, rule)))
    return [
        Planned(weekday_day_month(day), mails[day], sorted(lines, key=lambda line: -line[1]))
        for day, lines in found.items()
    ]


def _list(day, rule: str) -> str:
    """The reminders of one rule and one day."""
    start = datetime.combine(day, time(), LONDON)
    asked = {
        "state__exact": Reminder.State.PENDING.value, "rule": rule, "due_at__gte": start.isoformat(),
        "due_at__lt": (start + timedelta(days=1)).isoformat(),
    }  # fmt: skip
    return f"{reverse('admin:reminders_reminder_changelist')}?{urlencode(asked)}"
