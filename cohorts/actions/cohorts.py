"""What can happen to a cohort as a whole."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from cohorts.dates import week_shift
from cohorts.models import Cohort, Place, Programme
from cohorts.registry import enders, followers, informed, plans
from leaders.components.dates import day, day_time, london_date
from leaders.outbox.actions import post
from leaders.outbox.models import Message
from leaders.people.audit import record
from leaders.people.models import Person
from leaders.people.refusals import NotPossible

# A change of one of these concerns those who take part; of the others, those who nominate and select.
PARTICIPANTS_DATES = ("onboarding_due", "starts_on", "narratives_due", "graduation_on", "ends_on")
TELLING = ("cohorts.dates_changed", "cohorts.deadline_moved")


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
    cohort, _added = _create(
        programme=programme, number=number, contact=contact, by=by, now=now, dates=dates, source=source,
        provider=provider, capacity=capacity, venue=venue,
    )  # fmt: skip
    return cohort


def preview_cohort(**given) -> tuple[Cohort, list[tuple[str, list[str]]]]:
    """The cohort that `create_cohort` would make, and what each app would add to it, in its own words.

    It is made and taken back, so that the preview cannot differ from what follows.
    """
    with transaction.atomic():
        made = _create(**given)
        transaction.set_rollback(True)
    return made


def _create(*, programme, number, contact, by, now, dates, source=None, provider="", capacity=None, venue=""):
    if programme.cohorts.filter(number=number).exists():
        raise NotPossible(f"{programme.name} has a Cohort {number} already.")
    cohort = Cohort(
        programme=programme,
        number=number,
        slug=f"{programme.slug}-{number}",
        provider=provider or (source.provider if source else ""),
        capacity=capacity or (source.capacity if source else programme.capacity),
        venue=venue or (source.venue if source else ""),
        contact=contact,
        **dates,
    )
    if source:
        cohort.graduation_from, cohort.graduation_until = source.graduation_from, source.graduation_until
    _check_order(cohort)
    cohort.save()
    shift = week_shift(source.starts_on, cohort.starts_on) if source else timedelta()
    added = []
    for part in plans:
        lines = part.brings(cohort=cohort, source=source, shift=shift, by=by, now=now)
        added.append((part.title, list(lines) if isinstance(lines, list | tuple) else []))
    record("cohorts.cohort.created", f"{cohort} was planned", subject=cohort, cohort_id=cohort.pk, by=by, now=now)
    return cohort, added


@transaction.atomic
def launch_cohort(*, cohort: Cohort, by: Person | None, now: datetime) -> Cohort:
    """From planned to live: from here on invitations and reminders go out. Raises NotPossible for one that is over."""
    if cohort.ends_on < london_date(now):
        raise NotPossible(f"{cohort.name} was to end on {day(cohort.ends_on)}. Change its dates first.")
    _move(cohort, (Cohort.Status.PLANNED,), Cohort.Status.LIVE, "Only a planned cohort can be launched.")
    record("cohorts.cohort.launched", f"{cohort} went live", subject=cohort, cohort_id=cohort.pk, by=by, now=now)
    return cohort


@transaction.atomic
def cancel_cohort(*, cohort: Cohort, reason: str, by: Person | None, now: datetime) -> Cohort:
    """Call a cohort off. Whoever holds a place keeps the right to one: their places become deferred, and they hear.

    What other apps have open for it ends with it: `cohorts.registry.ends_along`.
    """
    _cancel(cohort, reason, by, now)
    return cohort


def preview_cancelling(*, cohort: Cohort, by: Person | None, now: datetime) -> list[str]:
    """What `cancel_cohort` would end besides places and whom it would tell, in each app's own words.

    It is cancelled and taken back, so that the preview cannot differ from what follows. Empty for a closed cohort.
    """
    if cohort.status not in {Cohort.Status.PLANNED, Cohort.Status.LIVE}:
        return []
    with transaction.atomic():
        lines = _cancel(Cohort.objects.get(pk=cohort.pk), "", by, now)
        transaction.set_rollback(True)
    return lines


def _cancel(cohort: Cohort, reason: str, by: Person | None, now: datetime) -> list[str]:
    from .places import defer_place

    lines = [line for part in enders for line in part.brings(cohort=cohort, reason=reason, by=by, now=now)]
    for place in cohort.places.active().select_related("person", "cohort"):
        defer_place(place=place, reason=f"{cohort.name} was cancelled: {reason}", by=by, now=now)
    _close(cohort, (Cohort.Status.PLANNED, Cohort.Status.LIVE), Cohort.Status.CANCELLED, now, "This cohort is closed.")
    record(
        "cohorts.cohort.cancelled", f"{cohort} was cancelled", subject=cohort, cohort_id=cohort.pk, by=by, now=now,
        reason=reason,
    )  # fmt: skip
    return lines


@transaction.atomic
def change_dates(
    *, cohort: Cohort, dates: dict[str, date | datetime], by: Person | None, now: datetime, tell: bool = True
) -> list[str]:  # fmt: skip
    """Move some of a cohort's dates; what changed, in words.

    In a live cohort those who take part are written to when a date of theirs moved, and those who had been told
    another (nominators of the day on which nominations close), unless `tell` is False. Reminders not yet sent follow
    by themselves. Raises NotPossible for a cohort that is closed.
    """
    # As it is now, and nothing but its dates is written: meanwhile somebody may have taken a seat, or cancelled it.
    before = Cohort.objects.select_for_update(of=("self",), no_key=True).select_related("programme").get(pk=cohort.pk)
    if before.status not in {Cohort.Status.PLANNED, Cohort.Status.LIVE}:
        raise NotPossible("This cohort is closed: its dates are history.")
    changed = {name: (getattr(before, name), new) for name, new in dates.items() if getattr(before, name) != new}
    if not changed:
        return []
    cohort.refresh_from_db(fields=["status", "seats_taken", *Cohort.DATES])
    for name, (_old, new) in changed.items():
        setattr(cohort, name, new)
    _check_order(cohort)
    cohort.save(update_fields=list(changed))
    for part in followers:
        part.brings(before=before, cohort=cohort, by=by, now=now)
    said = {name: f"{date_name(name)}: {said_date(new)}, was {said_date(old)}" for name, (old, new) in changed.items()}
    told = _tell(cohort, changed, now) if tell else []
    record(
        "cohorts.cohort.dates_changed", f"Dates of {cohort} were changed", subject=cohort, cohort_id=cohort.pk, by=by,
        now=now, changes=list(said.values()), told=len(told),
    )  # fmt: skip
    return list(said.values())


def preview_dates(*, cohort: Cohort, dates: dict[str, date | datetime], now: datetime) -> list[str]:
    """The names of those who would be written to when these dates move: it is done and taken back.

    Raises NotPossible for dates that `change_dates` would refuse.
    """
    trial = Cohort.objects.select_related("programme", "contact").get(pk=cohort.pk)
    with transaction.atomic():
        try:
            change_dates(cohort=trial, dates=dates, by=None, now=now)
            sent = Message.objects.filter(kind__in=TELLING, cohort_id=cohort.pk, written_at=now)
            return list(sent.order_by("pk").values_list("to_name", flat=True))
        finally:
            transaction.set_rollback(True)


def _tell(cohort: Cohort, changed: dict[str, tuple], now: datetime) -> list[Person]:
    """Write to everybody who was told a date that moved: once to each, whatever they are to the cohort.

    `changed`: the name of a date -> what it was, and what it is now.
    """
    if cohort.status != Cohort.Status.LIVE:
        return []
    told: dict[int, Person] = {}
    theirs = tuple((name, *changed[name]) for name in PARTICIPANTS_DATES if name in changed)
    for place in cohort.places.active().select_related("person") if theirs else ():
        told[place.person_id] = place.person
        post(
            "cohorts.dates_changed", to=place.person, now=now, about=cohort, cohort_id=cohort.pk,
            dedupe_key=f"cohort:{cohort.pk}:dates:{now.isoformat()}:{place.pk}", cohort=cohort, moved=theirs,
        )  # fmt: skip
    for part in informed:
        for who in part.brings(cohort, now):
            moved = tuple((name, *changed[name]) for name in who.dates if name in changed)
            if not moved or who.person.pk in told:
                continue
            told[who.person.pk] = who.person
            post(
                "cohorts.deadline_moved", to=who.person, now=now, about=cohort, cohort_id=cohort.pk,
                dedupe_key=f"cohort:{cohort.pk}:moved:{now.isoformat()}:{who.person.pk}", cohort=cohort, moved=moved,
                url=who.url,
            )  # fmt: skip
    return list(told.values())


@transaction.atomic
def begin_on(*, cohort: Cohort, on: date, by: Person | None, now: datetime) -> Cohort:
    """Let a cohort's first day follow that of its first module, of which those taking part hear by its invite."""
    before = Cohort.objects.select_for_update(of=("self",), no_key=True).select_related("programme").get(pk=cohort.pk)
    cohort.refresh_from_db(fields=list(Cohort.DATES))
    cohort.starts_on = on
    _check_order(cohort)
    cohort.save(update_fields=["starts_on"])
    for part in followers:
        part.brings(before=before, cohort=cohort, by=by, now=now)
    record(
        "cohorts.cohort.dates_changed", f"{cohort} begins on {day(on)}, with its first module", subject=cohort,
        cohort_id=cohort.pk, by=by, now=now,
        changes=[f"{date_name('starts_on')}: {said_date(on)}, was {said_date(before.starts_on)}"],
    )  # fmt: skip
    return cohort


def _check_order(cohort: Cohort) -> None:
    try:
        cohort.validate_constraints()
    except ValidationError as problem:
        raise NotPossible(" ".join(problem.messages)) from problem


def date_name(name: str) -> str:
    """What people call a date: "Nominations close"."""
    field = Cohort._meta.get_field(name)
    return str(field.verbose_name).capitalize()  # type: ignore[union-attr]


def said_date(value: date | datetime) -> str:
    return day_time(value) if isinstance(value, datetime) else day(value)


def close_cohort(cohort: Cohort, now: datetime) -> None:
    """Live to graduated, within the action that graduated the last; access needs are no longer kept."""
    _close(cohort, (Cohort.Status.LIVE,), Cohort.Status.GRADUATED, now, "Only a live cohort can be closed.")


def _close(cohort: Cohort, starts: tuple, end: str, now: datetime, otherwise: str) -> None:
    _move(cohort, starts, end, otherwise, closed_at=now)
    # Equality Act 2010, section 20: adjustments are held for the cohort's events and no longer.
    Place.objects.filter(cohort=cohort).exclude(access_needs="").update(access_needs="")


def _move(cohort: Cohort, starts: tuple, end: str, otherwise: str, **also) -> None:
    if not Cohort.objects.filter(pk=cohort.pk, status__in=starts).update(status=end, **also):
        raise NotPossible(otherwise)
    cohort.refresh_from_db(fields=["status", *also])


@transaction.atomic
def take_seat(cohort: Cohort) -> None:
    """Take one seat, or raise NotPossible when the cohort is full: one conditional update, safe under races."""
    if not Cohort.objects.filter(pk=cohort.pk, seats_taken__lt=F("capacity")).update(seats_taken=F("seats_taken") + 1):
        raise NotPossible(f"{cohort.name} is full: all {cohort.capacity} places are offered or taken.")


@transaction.atomic
def free_seat(cohort: Cohort) -> None:
    """Give one seat back."""
    Cohort.objects.filter(pk=cohort.pk, seats_taken__gt=0).update(seats_taken=F("seats_taken") - 1)
