"""How mail is going: day by day, what waits, and what is planned."""

from datetime import datetime, time, timedelta

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from leaders.components.charts import columns
from leaders.components.dates import LONDON
from leaders.office.admin import office_page
from leaders.outbox.models import Message

from .week import week_ahead

State = Message.State
OPEN = [state for state in State if state not in {State.SENT, State.SKIPPED}]
DAYS_OF_CHART = 14


def throughput(request):
    """What went out day by day, what did not, what waits now, and what the week ahead brings."""
    today = timezone.localdate(timezone=LONDON)
    ahead = week_ahead(timezone.now())
    first = today - timedelta(days=DAYS_OF_CHART - 1)
    labels = [(first + timedelta(days=n), str((first + timedelta(days=n)).day)) for n in range(DAYS_OF_CHART)]
    # Moments and states as the indexes have them: what was sent over the years is not read.
    since = datetime.combine(first, time(), LONDON)
    sent = _per_day(Message.objects.filter(sent_at__gte=since), "sent_at")
    failed = _per_day(Message.objects.filter(state=State.FAILED, due_at__gte=since), "due_at")
    waiting = dict(Message.objects.filter(state__in=OPEN).order_by().values_list("state").annotate(count=Count("pk")))
    return office_page(
        request,
        "office/messages/throughput.html",
        title="How mail is going",
        sent=columns([(label, sent.get(day, 0)) for day, label in labels]),
        failed=columns([(label, failed.get(day, 0)) for day, label in labels]),
        has_failed=any(failed.values()),
        waiting=[(label, waiting.get(value, 0), value) for value, label in State.choices if waiting.get(value)],
        ahead={"days": ahead, "mails": sum(planned.mails for planned in ahead)},
        totals=(sum(sent.values()), sum(failed.values())),
        days=DAYS_OF_CHART,
    )


def _per_day(found, field: str) -> dict:
    per_day = found.order_by().annotate(day=TruncDate(field, tzinfo=LONDON)).values_list("day")
    return dict(per_day.annotate(count=Count("pk")))
