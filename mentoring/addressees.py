"""Whom the office can write to about mentoring and coaching in a cohort."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef

from cohorts.letters import signature
from cohorts.models import Cohort
from leaders.outbox.groups import Group, group
from leaders.people.models import Person

from .models import Coach, CoachingGroup, Mentorship


@group(order=400, key="mentoring.mentors", title="Mentors in a live cohort")
def mentors(now: datetime) -> Iterable[Group]:
    for cohort in _cohorts(Mentorship.objects.live()):
        here = Mentorship.objects.filter(cohort=cohort)
        yield Group(
            key=f"mentoring.mentors:{cohort.pk}", title="Mentors", of=cohort.short_name,
            why=f"You mentor somebody in {cohort}.", signed=signature(cohort), cohort_id=cohort.pk,
            people=Person.objects.filter(pk__in=here.live().values("mentor__person")),
            left=Person.objects.filter(pk__in=here.values("mentor__person")),
        )  # fmt: skip


@group(order=401, key="mentoring.coaches", title="Coaches of a live cohort")
def coaches(now: datetime) -> Iterable[Group]:
    for cohort in _cohorts(CoachingGroup.objects.confirmed()):
        here = Coach.objects.filter(pk__in=CoachingGroup.objects.confirmed().filter(cohort=cohort).values("coach"))
        yield Group(
            key=f"mentoring.coaches:{cohort.pk}", title="Coaches", of=cohort.short_name,
            why=f"You coach a group of {cohort}.", signed=signature(cohort), cohort_id=cohort.pk,
            people=Person.objects.filter(pk__in=here.filter(stood_down_at=None).values("person")),
            left=Person.objects.filter(pk__in=here.exclude(stood_down_at=None).values("person")),
        )  # fmt: skip


def _cohorts(found) -> Iterable[Cohort]:
    """The live cohorts in which there is one of `found`."""
    live = Cohort.objects.live().filter(Exists(found.filter(cohort=OuterRef("pk"))))
    return live.select_related("programme", "contact").order_by("-starts_on", "-pk")
