from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.dates import HOURS, proposed_dates, shifted_dates, week_shift
from cohorts.models import Cohort, Programme
from leaders.components.dates import LONDON, london_date
from leaders.reminders.working_days import is_working_day

DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2035, 12, 31))


def day_of(value):
    return london_date(value) if isinstance(value, datetime) else value


def cohort_of(dates):
    return Cohort(programme=Programme(name="A programme"), number=1, slug="a-1", capacity=36, **dates)


def in_order(dates):
    """Whether the database's two constraints would take these dates."""
    d = SimpleNamespace(**dates)
    return (
        d.nominations_open < d.nominations_close <= d.statements_due <= d.assessments_due < d.offers_expire
        and d.decisions_due <= d.onboarding_due <= d.starts_on < d.narratives_due <= d.graduation_on <= d.ends_on
    )


def test_proposed_dates_come_from_the_programme_and_are_at_their_hours_in_london():
    programme = Programme(date_plan={"nominations_close": -91, "graduation_on": 303, "starts_on": 0})
    dates = proposed_dates(programme, date(2026, 9, 15))
    assert list(dates) == list(Cohort.DATES)
    assert dates["starts_on"] == date(2026, 9, 15)
    assert dates["nominations_close"] == datetime(2026, 6, 16, 17, tzinfo=LONDON)
    assert dates["graduation_on"] == date(2027, 7, 15)


def test_deadline_on_a_bank_holiday_moves_to_the_working_day_before_and_an_opening_to_the_one_after():
    # Good Friday 2027 is 26 March; the next working day is Tuesday 30 March.
    plan = {"nominations_open": 0, "nominations_close": 0}
    dates = proposed_dates(Programme(date_plan=plan), date(2027, 3, 26))
    assert dates["nominations_close"] == datetime(2027, 3, 25, 17, tzinfo=LONDON)
    assert dates["nominations_open"] == datetime(2027, 3, 30, 9, tzinfo=LONDON)


def test_day_that_the_office_closed_is_avoided_too():
    dates = proposed_dates(
        Programme(date_plan={"graduation_on": 303}), date(2026, 9, 15), frozenset({date(2027, 7, 15)})
    )
    assert dates["graduation_on"] == date(2027, 7, 14)


@pytest.mark.parametrize(
    ("old", "new", "weeks"),
    [
        (date(2026, 9, 15), date(2027, 9, 14), 52),
        (date(2026, 9, 15), date(2027, 9, 16), 52),
        (date(2026, 9, 15), date(2027, 9, 21), 53),
        (date(2026, 9, 15), date(2026, 9, 15), 0),
    ],
)
def test_dates_move_by_whole_weeks(old, new, weeks):
    assert week_shift(old, new) == timedelta(weeks=weeks)


def test_shifted_dates_keep_their_weekday_and_their_hour_across_the_clock_change():
    source = cohort_of(proposed_dates(Programme(), date(2026, 9, 15)))
    source.nominations_open = datetime(2026, 3, 3, 8, 30, tzinfo=LONDON)
    dates = shifted_dates(source, date(2027, 3, 2))
    assert dates["nominations_open"] == datetime(2026, 8, 18, 8, 30, tzinfo=LONDON)
    assert dates["nominations_open"].weekday() == source.nominations_open.weekday()


@given(start=DAYS)
def test_proposed_dates_fall_on_working_days_in_an_order_the_database_takes(start):
    dates = proposed_dates(Programme(), start)
    assert all(is_working_day(day_of(value)) for name, value in dates.items() if name != "starts_on")
    assert {name: value.astimezone(LONDON).time() for name, value in dates.items() if name in HOURS} == HOURS
    assert in_order(dates)


@given(first=DAYS, start=DAYS, hour=st.times(time(7), time(18)))
def test_shifted_dates_fall_on_working_days_in_an_order_the_database_takes(first, start, hour):
    source = cohort_of(proposed_dates(Programme(), first))
    source.nominations_close = datetime.combine(london_date(source.nominations_close), hour, LONDON)
    dates = shifted_dates(source, start)
    free = {"starts_on", "onboarding_due"}
    assert all(is_working_day(day_of(value)) for name, value in dates.items() if name not in free)
    assert dates["nominations_close"].astimezone(LONDON).time() == hour
    assert in_order(dates)
