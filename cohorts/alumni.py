"""What is asked of graduates, and when. Pure but for the answers they gave already."""

from datetime import date

from leaders.components.dates import london_date
from leaders.reminders.working_days import add_months

from .models import Place, Pulse


def pulse_dates(place: Place) -> list[tuple[int, date]]:
    """(months, day) of each time we ask a graduate how things are: 6, 12 and 24 months after graduation."""
    graduated_on = london_date(place.graduated_at)
    return [(months, add_months(graduated_on, months)) for months in Pulse.MONTHS]


def pulse_due(place: Place, today: date) -> int | None:
    """The latest of these that has come and is not answered; earlier ones are not asked any more."""
    come = [months for months, day in pulse_dates(place) if day <= today]
    if not come or any(pulse.months == come[-1] for pulse in place.pulses.all()):
        return None
    return come[-1]
