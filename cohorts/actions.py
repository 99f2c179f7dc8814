"""What can happen to cohorts and places."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from leaders.people.actions import grant_role
from leaders.people.audit import record
from leaders.people.models import Organisation, Person, Role
from leaders.people.refusals import NotPossible

from .models import Cohort, Place, Programme
from .registry import plans


@transaction.atomic
def create_cohort(
    *,
    programme: Programme,
    number: int,
    contact: Person,
    by: Person | None,
    now: datetime,
    dates: dict,
    source: Cohort | None = None,
    provider: str = "",
    capacity: int | None = None,
    venue: str = "",
) -> Cohort:
    """Make a planned cohort with all its dates; every app then adds its own part (rounds, modules …).

    `dates` maps each name in `Cohort.DATES` to its value: see `cohorts.dates` for those proposed from the
    programme or shifted from `source`.
    """
    cohort = Cohort.objects.create(
        programme=programme,
        number=number,
        slug=f"{programme.slug}-{number}",
        provider=provider or (source.provider if source else ""),
        capacity=capacity or (source.capacity if source else programme.capacity),
        venue=venue or (source.venue if source else ""),
        contact=contact,
        **dates,
    )
    shift = cohort.starts_on - source.starts_on if source else timedelta()
    for part in plans:
        part.brings(cohort=cohort, source=source, shift=shift, by=by, now=now)
    record("cohorts.cohort.created", f"{cohort} was planned", subject=cohort, cohort_id=cohort.pk, by=by, now=now)
    return cohort


@transaction.atomic
def launch_cohort(*, cohort: Cohort, by: Person | None, now: datetime) -> Cohort:
    """From planned to live: from here on invitations and reminders go out."""
    _move(cohort, Cohort.Status.PLANNED, Cohort.Status.LIVE, "Only a planned cohort can be launched.")
    record("cohorts.cohort.launched", f"{cohort} went live", subject=cohort, cohort_id=cohort.pk, by=by, now=now)
    return cohort


def _move(cohort: Cohort, start: str, end: str, otherwise: str) -> None:
    if not Cohort.objects.filter(pk=cohort.pk, status=start).update(status=end):
        raise NotPossible(otherwise)
    cohort.status = end


@transaction.atomic
def take_seat(cohort: Cohort) -> None:
    """Take one seat, or raise NotPossible when the cohort is full: one conditional update, safe under races."""
    if not Cohort.objects.filter(pk=cohort.pk, seats_taken__lt=F("capacity")).update(seats_taken=F("seats_taken") + 1):
        raise NotPossible(f"{cohort.name} is full: all {cohort.capacity} places are offered or taken.")


@transaction.atomic
def free_seat(cohort: Cohort) -> None:
    """Give one seat back."""
    Cohort.objects.filter(pk=cohort.pk, seats_taken__gt=0).update(seats_taken=F("seats_taken") - 1)


@transaction.atomic
def make_place(
    *,
    cohort: Cohort,
    person: Person,
    organisation: Organisation,
    now: datetime,
    by: Person | str | None,
    role_title: str = "",
    service: str = "",
    sponsor: Person | None = None,
    line_manager: Person | None = None,
    access_needs: str = "",
) -> Place:
    """Give a person their place. The seat was taken when the place was offered (`take_seat`)."""
    place = Place.objects.create(
        cohort=cohort,
        person=person,
        organisation=organisation,
        role_title=role_title,
        service=service,
        sponsor=sponsor,
        line_manager=line_manager,
        access_needs=access_needs,
        accepted_at=now,
    )
    grant_role(person=person, role=Role.PARTICIPANT, by=by, now=now)
    if sponsor:
        grant_role(person=sponsor, role=Role.SPONSOR, by=by, now=now)
    record(
        "cohorts.place.made",
        f"{person} took a place in {cohort.name}",
        subject=place,
        person=person,
        cohort_id=cohort.pk,
        by=by,
        now=now,
    )
    return place
