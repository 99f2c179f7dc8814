"""Whom the office can write to about a cohort: those who take part, and those who did."""

from collections.abc import Iterable
from datetime import datetime

from leaders.outbox.groups import Group, group
from leaders.people.models import Person

from .letters import signature
from .models import Cohort, Place

STATUS = Place.Status


@group(order=200, key="cohorts.participants", title="Participants of a planned or live cohort")
def participants(now: datetime) -> Iterable[Group]:
    for cohort in _cohorts(Cohort.Status.LIVE, Cohort.Status.PLANNED):
        yield Group(
            key=f"cohorts.participants:{cohort.pk}", title="Participants", of=cohort.short_name,
            why=f"You have a place in {cohort}.", signed=signature(cohort), cohort_id=cohort.pk,
            people=_with_place(cohort, STATUS.ACTIVE), left=_with_place(cohort, STATUS.WITHDRAWN, STATUS.DEFERRED),
        )  # fmt: skip


@group(order=201, key="cohorts.alumni", title="Alumni of a cohort that is closed")
def alumni(now: datetime) -> Iterable[Group]:
    for cohort in _cohorts(Cohort.Status.GRADUATED):
        yield Group(
            key=f"cohorts.alumni:{cohort.pk}", title="Alumni", of=cohort.short_name,
            why=f"You took part in {cohort}.", signed=signature(cohort), cohort_id=cohort.pk,
            people=_with_place(cohort, STATUS.GRADUATED), left=_with_place(cohort, STATUS.WITHDRAWN, STATUS.DEFERRED),
            caution="They were promised to hear from the alumni network only if they agree to. Write what concerns "
            "the year they took part in, and invite nobody to anything else.",
        )  # fmt: skip


def _cohorts(*statuses: Cohort.Status) -> Iterable[Cohort]:
    found = Cohort.objects.filter(status__in=statuses).select_related("programme", "contact")
    return found.order_by("-starts_on", "-pk")


def _with_place(cohort: Cohort, *statuses: Place.Status):
    return Person.objects.filter(pk__in=Place.objects.for_cohort(cohort).filter(status__in=statuses).values("person"))
