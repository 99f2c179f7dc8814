"""What can happen to a cohort's modules and the days they are made of."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from django.db import transaction

from cohorts.actions import begin_on
from cohorts.models import Cohort
from leaders.components.dates import LONDON, day, london_date, time_range
from leaders.people.audit import record
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from leaders.reminders.working_days import is_working_day, working_day_on_or_after
from modules.models import Module, Session

from .invites import invite_to, invite_to_moved, raise_sequence, taking_part_in, withdraw_invites
from .materials import move_readings
from .questionnaire import move_waves, planned_waves

DAY = timedelta(days=1)


@transaction.atomic
def plan_modules(
    *, cohort: Cohort, by: Person | None, now: datetime, source: Cohort | None = None, shift: timedelta = timedelta()
) -> list[Module]:
    """Make the cohort's modules with their days, from its programme's outline or from `source` moved by `shift`.

    The days of a module follow each other without a weekend or a bank holiday between them; where the planned
    dates cannot, the module moves later. The first begins on the cohort's first day, or the cohort with it. Venues
    are proposed, never confirmed.
    """
    modules = _modules_like(cohort, source, shift) if source else _modules_from_outline(cohort)
    _cohort_begins(cohort, by=by, now=now)
    record(
        "modules.modules.planned",
        f"{len(modules)} modules were planned for {cohort}",
        subject=cohort,
        cohort_id=cohort.pk,
        by=by,
        now=now,
    )
    return modules


def _modules_from_outline(cohort: Cohort) -> list[Module]:
    modules = []
    for outline in cohort.programme.outline.order_by("number"):
        module = Module.objects.create(
            cohort=cohort, number=outline.number, title=outline.title, focus=outline.focus,
            description=outline.description, venue=cohort.venue,
        )  # fmt: skip
        days = working_run(cohort.starts_on + timedelta(weeks=outline.week), outline.days)
        _make_days(module, [(on, outline.starts, outline.ends) for on in days])
        modules.append(module)
    return modules


def _modules_like(cohort: Cohort, source: Cohort, shift: timedelta) -> list[Module]:
    modules = []
    begins = first_day_of(source)
    for model in source.modules.order_by("number"):
        module = Module.objects.create(
            cohort=cohort, number=model.number, title=model.title, focus=model.focus,
            description=model.description, venue=model.venue,
        )  # fmt: skip
        sessions = list(model.sessions.kept().order_by("starts"))
        if sessions:
            first = london_date(sessions[0].starts)
            days = working_run(cohort.starts_on if first == begins else first + shift, len(sessions))
            _make_days(module, [(on, *_hours(session)) for on, session in zip(days, sessions, strict=True)])
        modules.append(module)
    for session in source.sessions.kept().filter(module=None):
        on = working_day_on_or_after(london_date(session.starts) + shift)
        starts, ends = _hours(session)
        Session.objects.create(
            cohort=cohort, kind=session.kind, title=session.title, starts=_at(on, starts), ends=_at(on, ends),
            place=session.place,
        )  # fmt: skip
    return modules


def first_day_of(cohort: Cohort) -> date | None:
    """The first day of the first module, in London; None while no day is planned."""
    first = cohort.sessions.kept().module_days().order_by("starts").first()
    return first and london_date(first.starts)


def _cohort_begins(cohort: Cohort, *, by: Person | None, now: datetime) -> None:
    """A cohort begins on the first day of its first module: what is offered is what takes place."""
    first = first_day_of(cohort)
    if first and first != cohort.starts_on:
        begin_on(cohort=cohort, on=first, by=by, now=now)


def working_run(first: date, length: int) -> list[date]:
    """The first `length` calendar days in a row, from `first` on, that are all working days.

    A run longer than a working week can never be: its days are then simply the next working days.
    """
    if length <= 5:
        for start in (first + n * DAY for n in range(60)):
            run = [start + n * DAY for n in range(length)]
            if all(is_working_day(on) for on in run):
                return run
    run = [working_day_on_or_after(first)]
    while len(run) < length:
        run.append(working_day_on_or_after(run[-1] + DAY))
    return run


def _make_days(module: Module, days: list[tuple[date, time, time]]) -> None:
    for number, (on, starts, ends) in enumerate(days, 1):
        Session.objects.create(
            cohort_id=module.cohort_id, module=module, title=f"Day {number}", starts=_at(on, starts), ends=_at(on, ends)
        )


def _at(on: date, clock: time) -> datetime:
    return datetime.combine(on, clock, LONDON)


def _hours(session: Session) -> tuple[time, time]:
    return session.starts.astimezone(LONDON).time(), session.ends.astimezone(LONDON).time()


@transaction.atomic
def add_session(
    *,
    cohort: Cohort,
    title: str,
    starts: datetime,
    ends: datetime,
    by: Person | None,
    now: datetime,
    module: Module | None = None,
    place: str = "",
    online_link: str = "",
) -> Session:
    """Add a day to a module, or without one a continuous development session. Those taking part are invited."""
    _check_times(starts, ends)
    with _dates_follow(cohort, module, by=by, now=now):
        session = Session.objects.create(
            cohort=cohort,
            module=module,
            kind=Session.Kind.MODULE_DAY if module else Session.Kind.DEVELOPMENT,
            title=title,
            starts=starts,
            ends=ends,
            place=place,
            online_link=online_link,
        )
    record(
        "modules.session.added",
        f"{session} was added on {day(starts)}",
        subject=session,
        cohort_id=cohort.pk,
        by=by,
        now=now,
    )
    if module is None or module.is_confirmed:
        invite_to(session, taking_part_in(cohort), now=now)
    return session


@transaction.atomic
def confirm_module(*, module: Module, venue: str, by: Person | None, now: datetime) -> Module:
    """Confirm a module's dates and venue: everybody taking part gets an invite for each of its days.

    Confirming again with another venue moves the days that have no place of their own, and says so.
    """
    venue = venue.strip()
    if not venue:
        raise NotPossible("Enter the venue first: it goes into everybody's calendar.")
    related = Module.objects.select_related("cohort__programme", "cohort__contact")
    module = related.select_for_update(of=("self",)).get(pk=module.pk)
    sessions = list(module.sessions.kept().upcoming(now))
    if not module.sessions.kept().exists():
        raise NotPossible(f"Module {module.number} has no days yet. Add them first.")
    before, was_confirmed = module.venue, module.is_confirmed
    if was_confirmed and venue == before:
        return module
    module.venue, module.status = venue, Module.Status.CONFIRMED
    module.save(update_fields=["venue", "status"])
    record(
        "modules.module.confirmed",
        f"Module {module.number} of {module.cohort} is confirmed at {venue}",
        subject=module,
        cohort_id=module.cohort_id,
        by=by,
        now=now,
    )
    people = taking_part_in(module.cohort)
    for session in sessions:
        session.module, session.cohort = module, module.cohort
        if not was_confirmed:
            invite_to(session, people, now=now)
        elif not session.place:
            raise_sequence(session)
            invite_to(session, people, now=now, before={"where": before})
    return module


@transaction.atomic
def change_session(
    *,
    session: Session,
    by: Person | None,
    now: datetime,
    title: str | None = None,
    starts: datetime | None = None,
    ends: datetime | None = None,
    place: str | None = None,
    online_link: str | None = None,
) -> Session:
    """Change what is given. A new date, time or place raises SEQUENCE and everybody invited is told."""
    session = _locked(session)
    with _dates_follow(session.cohort, session.module, by=by, now=now):
        return _change(session, by, now, title=title, starts=starts, ends=ends, place=place, online_link=online_link)


@transaction.atomic
def begin_with(*, cohort: Cohort, by: Person | None, now: datetime) -> Module | None:
    """Move the days of the first module along to the cohort's first day; the module, if it moved.

    Raises NotPossible where one of its days would then be no working day, or has taken place.
    """
    first = cohort.sessions.kept().module_days().order_by("starts").select_related("module").first()
    if first is None or (delta := cohort.starts_on - london_date(first.starts)) == timedelta():
        return None
    return _move_days(first.module, delta, by=by, now=now)


@transaction.atomic
def move_module(*, module: Module, first: date, by: Person | None, now: datetime) -> Module:
    """Move all the days of a module together, so that it begins on `first`; everybody invited hears once, of all.

    The days keep their hours and what lies between them. Raises NotPossible for a module that has begun, for a day
    gone by, and where one of the days would be no working day.
    """
    was = module.first_day()
    if was is None:
        raise NotPossible(f"Module {module.number} has no days yet. Add them first.")
    if was == first:
        raise NotPossible(f"Module {module.number} begins on {day(first)} already.")
    if was <= london_date(now):
        raise NotPossible(f"Module {module.number} has begun. Move the days still to come one by one.")
    if first <= london_date(now):
        raise NotPossible("Choose a day that is still to come.")
    return _move_days(module, first - was, by=by, now=now)


def _move_days(module: Module, delta: timedelta, *, by: Person | None, now: datetime) -> Module:
    sessions = [_locked(session) for session in module.sessions.kept().order_by("starts")]
    for session in sessions:
        if not is_working_day(on := london_date(session.starts) + delta):
            raise NotPossible(f"{session} would be on {day(on)}, which is not a working day. Choose another first day.")
    moved = []
    with _dates_follow(sessions[0].cohort, module, by=by, now=now):
        for session in sessions:
            was = _when(session)
            starts, ends = (
                (_at(london_date(at) + delta, at.astimezone(LONDON).time())) for at in (session.starts, session.ends)
            )
            if _write(session, by, now, starts=starts, ends=ends) is not None:
                moved.append((session, was))
    if len(moved) == 1:
        [(session, was)] = moved
        invite_to(session, taking_part_in(session.cohort), now=now, before={"when": was})
    elif moved:
        invite_to_moved(module, moved, now=now)
    return module


def _change(session: Session, by: Person | None, now: datetime, **given) -> Session:
    before = _write(session, by, now, **given)
    if before is not None:
        invite_to(session, taking_part_in(session.cohort), now=now, before=before)
    return session


def _write(
    session: Session,
    by: Person | None,
    now: datetime,
    *,
    starts: datetime | None = None,
    ends: datetime | None = None,
    **words: str | None,
) -> dict[str, str] | None:
    """Write what is given; what was said until now of what has changed, None where nobody is to hear of it."""
    if session.cancelled_at:
        raise NotPossible(f"{session} is cancelled. Add a new session instead.")
    given = {"starts": starts, "ends": ends, **words}
    new = {name: value for name, value in given.items() if value is not None and value != getattr(session, name)}
    if not new:
        return None
    _check_times(starts or session.starts, ends or session.ends)
    if "starts" in new and session.attendance.exists():
        raise NotPossible(f"Attendance at {session} is recorded already, so it cannot move.")
    old_when, old_where = _when(session), session.where
    for name, value in new.items():
        setattr(session, name, value)
    before = {}
    if _when(session) != old_when:
        before["when"] = old_when
    if session.where != old_where:
        before["where"] = old_where
    session.save(update_fields=list(new))
    record(
        "modules.session.changed",
        f"{session} was changed" + (f" to {_when(session)}" if _when(session) != old_when else ""),
        subject=session,
        cohort_id=session.cohort_id,
        by=by,
        now=now,
        fields=sorted(new),
    )
    if not set(new) - {"title"}:
        return None
    raise_sequence(session)
    is_told = session.ends > now and (session.module is None or session.module.is_confirmed)
    return before if is_told else None


@transaction.atomic
def cancel_session(*, session: Session, reason: str, by: Person | None, now: datetime) -> Session:
    """Call a session off: it leaves everybody's calendar. Only before its attendance is recorded."""
    session = _locked(session)
    if session.cancelled_at:
        raise NotPossible(f"{session} is cancelled already.")
    if session.attendance.exists():
        raise NotPossible(f"Attendance at {session} is recorded, so it has taken place.")
    session.cancelled_at = now
    with _dates_follow(session.cohort, session.module, by=by, now=now):
        session.save(update_fields=["cancelled_at"])
    raise_sequence(session)
    record(
        "modules.session.cancelled",
        f"{session} on {day(session.starts)} was cancelled",
        subject=session,
        cohort_id=session.cohort_id,
        by=by,
        now=now,
        reason=reason,
    )
    withdraw_invites(session, now=now, reason=reason)
    return session


@contextmanager
def _dates_follow(cohort: Cohort, module: Module | None, *, by: Person | None, now: datetime) -> Iterator[None]:
    """Let what is planned from the days of a module follow them when they change within."""
    waves, begins, first_day = planned_waves(cohort), first_day_of(cohort), module.first_day() if module else None
    yield
    move_waves(cohort=cohort, before=waves, by=by, now=now)
    if module:
        move_readings(module=module, before=first_day, by=by, now=now)
        if first_day_of(cohort) != begins:
            _cohort_begins(cohort, by=by, now=now)


def _locked(session: Session) -> Session:
    related = Session.objects.select_related("module", "cohort__programme", "cohort__contact")
    return related.select_for_update(of=("self",)).get(pk=session.pk)


def _check_times(starts: datetime, ends: datetime) -> None:
    if ends <= starts:
        raise NotPossible("A session must end after it starts.")


def _when(session: Session) -> str:
    return f"{day(session.starts)}, {time_range(session.starts, session.ends)}"
