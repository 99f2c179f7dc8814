"""How mail is going: day by day, and what waits."""

from datetime import timedelta

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from leaders.components.charts import columns
from leaders.components.dates import LONDON
from leaders.office.admin import office_page
from leaders.outbox.models import Message

State = Message.State
DAYS_OF_CHART = 14


def throughput(request):
    """What went out day by day, what did not, and what waits now."""
    today = timezone.localdate(timezone=LONDON)
    first = today - timedelta(days=DAYS_OF_CHART - 1)
    labels = [(first + timedelta(days=n), str((first + timedelta(days=n)).day)) for n in range(DAYS_OF_CHART)]
    sent = _per_day(Message.objects.filter(state=State.SENT, sent_at__date__gte=first), "sent_at")
    failed = _per_day(Message.objects.filter(state=State.FAILED, due_at__date__gte=first), "due_at")
    waiting = dict(
        Message.objects.exclude(state__in=[State.SENT, State.SKIPPED])
        .order_by()
        .values_list("state")
        .annotate(count=Count("pk"))
    )
    return office_page(
        request,
        "office/messages/throughput.html",
        title="How mail is going",
        sent=columns([(label, sent.get(day, 0)) for day, label in labels]),
        failed=columns([(label, failed.get(day, 0)) for day, label in labels]),
        has_failed=any(failed.values()),
        waiting=[(label, waiting.get(value, 0), value) for value, label in State.choices if waiting.get(value)],
        totals=(sum(sent.values()), sum(failed.values())),
        days=DAYS_OF_CHART,
    )


def _per_day(found, field: str) -> dict:
    per_day = found.order_by().annotate(day=TruncDate(field, tzinfo=LONDON)).values_list("day")
    return dict(per_day.annotate(count=Count("pk")))
