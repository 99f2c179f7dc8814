"""A cohort's dates: proposed from its programme, or moved from an earlier cohort. Pure: no clock, no queries.

Deadlines that fall on a closed day move to the working day before, openings to the one after, so that the
order of the dates is kept. Moments are at their hour in London.
"""

from datetime import date, datetime, time, timedelta

from leaders.components.dates import LONDON, day, london_date
from leaders.reminders.working_days import Days, is_working_day, working_day_on_or_after, working_day_on_or_before

from .models import Cohort, Programme

# Days from the start, for what a programme's own plan does not say.
USUAL = {
    "nominations_open": -203,
    "nominations_close": -133,
    "statements_due": -119,
    "assessments_due": -91,
    "decisions_due": -84,
    "offers_expire": -70,
    "onboarding_due": -7,
    "narratives_due": 269,
    "graduation_on": 303,
    "ends_on": 304,
}
HOURS = {
    "nominations_open": time(9),
    "nominations_close": time(17),
    "statements_due": time(17),
    "assessments_due": time(17),
    "offers_expire": time(17),
}


def proposed_dates(programme: Programme, starts_on: date, closed: Days = frozenset()) -> dict[str, date | datetime]:
    """All dates of a cohort that starts on `starts_on`, from the programme's plan. The start stays as given."""
    plan = {**USUAL, **programme.date_plan}
    return {
        name: starts_on if name == "starts_on" else _value(name, starts_on + timedelta(days=plan[name]), closed)
        for name in Cohort.DATES
    }


def shifted_dates(source: Cohort, starts_on: date, closed: Days = frozenset()) -> dict[str, date | datetime]:
    """The dates of `source` moved by whole weeks, each on its weekday and at its hour, to a start on `starts_on`."""
    shift = week_shift(source.starts_on, starts_on)
    dates: dict[str, date | datetime] = {}
    for name in Cohort.DATES:
        old = getattr(source, name)
        if isinstance(old, datetime):
            dates[name] = _value(name, london_date(old) + shift, closed, at=old.astimezone(LONDON).time())
        else:
            dates[name] = _value(name, old + shift, closed)
    dates["starts_on"] = starts_on
    # The start may be another weekday than it was, up to three days before the shifted one.
    dates["onboarding_due"] = min(dates["onboarding_due"], starts_on)
    return dates


def week_shift(old: date, new: date) -> timedelta:
    """How far dates move when the start moves from `old` to `new`: whole weeks, so that weekdays are kept."""
    return timedelta(weeks=round((new - old).days / 7))


def off_day(value: date | datetime) -> str:
    """What is wrong with a date that somebody typed: nothing is due on a weekend or a bank holiday in England."""
    on = london_date(value)
    if is_working_day(on):
        return ""
    before, after = (day(move(on)) for move in (working_day_on_or_before, working_day_on_or_after))
    return f"{day(on)} is a weekend day or a bank holiday. Choose a working day, such as {before} or {after}."


def _value(name: str, on: date, closed: Days, at: time | None = None) -> date | datetime:
    move = working_day_on_or_after if name == "nominations_open" else working_day_on_or_before
    on = move(on, closed)
    return datetime.combine(on, at or HOURS[name], LONDON) if name in HOURS else on
