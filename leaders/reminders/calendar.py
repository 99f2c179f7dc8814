"""The days on which nothing goes out, as the office has decided them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from leaders.components.dates import london_date

from .models import ClosedPeriod, Pace
from .working_days import Days, quiet_days

YEARS_AHEAD = 3


def closed_days(now: datetime) -> Days:
    """Quiet months and edited days from last year to three years ahead, besides weekends and bank holidays."""
    return closed_by(Pace.current(), ClosedPeriod.objects.filter(last__year__gte=london_date(now).year - 1), now)


def closed_by(pace: Pace, periods: Iterable[ClosedPeriod], now: datetime) -> Days:
    """The same for these decisions, also such as are not saved."""
    year = london_date(now).year
    quiet = quiet_days(
        range(year - 2, year + YEARS_AHEAD + 1), august=pace.quiet_august, christmas=pace.quiet_christmas
    )
    edited = (
        period.first + timedelta(days=n) for period in periods for n in range((period.last - period.first).days + 1)
    )
    return quiet | frozenset(edited)


def quiet_weeks(around: date) -> Days:
    """The quiet Christmas weeks around a day: when nobody is to be at a deadline. August is too long to avoid."""
    years = range(around.year - 2, around.year + 3)
    return quiet_days(years, august=False, christmas=Pace.current().quiet_christmas)
