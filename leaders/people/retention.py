"""What is past its time: each app says in its own `retention.py` how what it holds goes, when the office says so.

This module is both the frame and the ground's own answer. The times are those that `privacy.py` promises in words.
"""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, QuerySet
from django.db.models.functions import Coalesce, ExtractYear
from django.utils import timezone

from .joining import Joint
from .models import AuditEvent, PrivacyRequest, PrivateLink
from .privacy import ERASED, forget_requests
from .seals import cut_off

retentions = Joint("retention", "What is past its time, and how it goes when the office says so")

AT_ONCE = 10_000  # records that one press of the button lets go: somebody waits for it


@dataclass(frozen=True)
class Retention:
    """How the records of one holding go, once `months` have passed since `since`, a field or path of fields.

    `records()` are those that can go at all, without what went before; `forget(found, now)` lets them go, and `how`
    tells the office in a sentence what that means. The key is the holding's.
    """

    key: str
    since: str
    months: int
    how: str
    records: Callable[[], QuerySet]
    forget: Callable[[QuerySet, datetime], object]

    def expired(self, now: datetime) -> QuerySet:
        return self.records().filter(**{f"{self.since}__lt": months_before(now, self.months)})

    def years(self, now: datetime) -> list[tuple[int, int]]:
        """How many records are past their time, by the year from which their time counts."""
        years = self.expired(now).order_by().annotate(of_year=ExtractYear(self.since)).values("of_year")
        return sorted((row["of_year"], row["many"]) for row in years.annotate(many=Count("pk", distinct=True)))

    def expire(self, now: datetime) -> int:
        """Let go what is past its time, the AT_ONCE longest past first; how many records."""
        oldest = self.expired(now).order_by(self.since, "pk").values_list("pk", flat=True)
        keys = list(oldest[:AT_ONCE])
        self.forget(self.records().model._base_manager.filter(pk__in=keys), now)
        return len(keys)


def retires(retention: Retention, *, order: int) -> None:
    months = f"{retention.months} month{'' if retention.months == 1 else 's'}"
    what = f"{months} after {retention.since}: {retention.how}"
    retentions.add(retention, order=order, key=retention.key, title=what, module=retention.records.__module__)


def months_before(now: datetime, months: int) -> datetime:
    """The beginning of the same day in London so many months ago, or of the last day of a shorter month."""
    today = timezone.localdate(now)
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return timezone.make_aware(datetime.combine(date(year, month + 1, min(today.day, last)), time()))


def _requests() -> QuerySet:
    return PrivacyRequest.objects.exclude(answered_at=None).exclude(words=ERASED)


def _links() -> QuerySet:
    return PrivateLink.objects.annotate(ended_at=Coalesce("revoked_at", "expires_at"))


def _trail() -> QuerySet:
    return AuditEvent.objects.all()


retires(
    Retention(
        key="people.requests", since="answered_at", months=36, how="the words go, that it was asked and answered stays",
        records=_requests, forget=lambda found, now: forget_requests(found),
    ),
    order=14,
)  # fmt: skip
retires(
    Retention(
        key="people.links", since="ended_at", months=12, how="deleted", records=_links,
        forget=lambda found, now: found.delete(),
    ),
    order=18,
)  # fmt: skip
retires(
    Retention(
        key="people.audit", since="at", months=84, how="deleted; the seals stay", records=_trail,
        forget=lambda found, now: cut_off(found, now=now),
    ),
    order=900,
)  # fmt: skip
