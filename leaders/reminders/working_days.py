"""When something is due: working days in England and nine o'clock in London, never a moment too late.

A day is closed when it is a Saturday, a Sunday, a bank holiday in England, or one the office has closed
(`closed`: office-edited days, a quiet August, a quiet Christmas week). Pure functions: no clock, no settings.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice

import holidays

from leaders.components.dates import LONDON

NINE = time(9)
DAY = timedelta(days=1)

Days = Collection[date]
"""Any collection with a fast `in`: a frozenset of dates."""


@lru_cache(maxsize=64)
def _bank_holidays_of(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date, closed: Days = frozenset()) -> bool:
    return day.weekday() < 5 and day not in closed and day not in _bank_holidays_of(day.year)


def working_day_on_or_before(day: date, closed: Days = frozenset()) -> date:
    """The day itself if it is a working day, else the last one before it."""
    return next(_working_days(day, -1, closed))


def working_day_on_or_after(day: date, closed: Days = frozenset()) -> date:
    """The day itself if it is a working day, else the next one."""
    return next(_working_days(day, 1, closed))


def add_working_days(day: date, n: int, closed: Days = frozenset()) -> date:
    """The nth working day after `day`, or before it for a negative n; for 0 the day, moved earlier if closed.

    `day` itself is never counted, so 1 from a Friday and 1 from the Saturday after it are the same Monday.
    """
    if n == 0:
        return working_day_on_or_before(day, closed)
    step = 1 if n > 0 else -1
    return next(islice(_working_days(day + step * DAY, step, closed), abs(n) - 1, None))


def working_days_between(start: date, end: date, closed: Days = frozenset()) -> int:
    """How many working days lie after `start` and up to `end`; negative when `end` is earlier."""
    if end < start:
        return -working_days_between(end, start, closed)
    return sum(is_working_day(start + n * DAY, closed) for n in range(1, (end - start).days + 1))


def due_at(local_date: date, at: time = NINE, closed: Days = frozenset()) -> datetime:
    """The moment, in UTC, of `at` o'clock in London on that date, or on the working day before it.

    Clocks change on Sundays, so no working day has an hour that is skipped or happens twice.
    """
    return datetime.combine(working_day_on_or_before(local_date, closed), at, LONDON).astimezone(UTC)


def add_months(day: date, months: int) -> date:
    """The same date so many months on, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + (day.day - 1) * DAY, following - DAY)


def quiet_days(years: Iterable[int], *, august: bool = True, christmas: bool = True) -> frozenset[date]:
    """The days on which the programme does not write by choice: August, and 24 December to 1 January.

    Pass them on within `closed` where a rule must keep quiet; the Christmas week of a year ends in the next.
    """
    periods = [
        (start, end)
        for year in years
        for wanted, start, end in (
            (august, date(year, 8, 1), date(year, 8, 31)),
            (christmas, date(year, 12, 24), date(year + 1, 1, 1)),
        )
        if wanted
    ]
    return frozenset(start + n * DAY for start, end in periods for n in range((end - start).days + 1))


def _working_days(day: date, step: int, closed: Days) -> Iterator[date]:
    """Working days from `day` on, either way; where a whole year is closed, `closed` is a slip and is left aside."""
    while True:
        year = (day + n * step * DAY for n in range(366))
        found = next((each for each in year if is_working_day(each, closed)), None)
        if found is None:
            closed = frozenset()
            continue
        yield found
        day = found + step * DAY
