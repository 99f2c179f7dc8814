"""Dates of reminders: London time, England's bank holidays, and never late."""

import csv
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaders.components.dates import LONDON, london_date
from leaders.reminders.working_days import (
    add_months,
    add_working_days,
    due_at,
    is_working_day,
    quiet_days,
    working_day_on_or_after,
    working_day_on_or_before,
    working_days_between,
)

CALENDAR = Path(__file__).parents[2] / "leaders" / "reminders" / "data" / "calendar.csv"
days = st.dates(date(2025, 1, 1), date(2032, 12, 31))


@st.composite
def days_with_closures(draw):
    day = draw(days)
    return day, frozenset(day + timedelta(days=n) for n in draw(st.sets(st.integers(-40, 40), max_size=60)))


# Working days


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 12, 24), True),
        (date(2026, 12, 25), False),
        (date(2026, 12, 26), False),  # Saturday
        (date(2026, 12, 28), False),  # Boxing Day, substitute
        (date(2026, 12, 29), True),
        (date(2027, 1, 1), False),
        (date(2027, 3, 26), False),  # Good Friday
        (date(2027, 3, 28), False),  # Easter Sunday, and the clocks go forward
        (date(2027, 3, 29), False),  # Easter Monday
        (date(2027, 3, 30), True),
        (date(2027, 5, 31), False),
        (date(2027, 8, 2), True),  # a bank holiday in Scotland only
        (date(2027, 12, 27), False),  # Christmas Day, substitute
    ],
)
def test_england_works_on_weekdays_that_are_not_bank_holidays(day, works):
    assert is_working_day(day) is works


def test_a_day_closed_by_the_office_is_not_a_working_day():
    assert is_working_day(date(2027, 3, 30), {date(2027, 3, 30)}) is False


def test_the_bank_holidays_are_those_of_the_projects_calendar():
    rows = [
        row
        for row in csv.DictReader(CALENDAR.read_text(encoding="utf-8").splitlines())
        if row["kind"] == "bank_holiday"
    ]
    expected = {date.fromisoformat(row["start"]) for row in rows}
    first, last = min(expected), max(expected)
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    # The calendar lists days on which work would stop: a holiday at a weekend stands under its substitute.
    assert {day for day in every if day.weekday() < 5 and not is_working_day(day)} == expected


def test_every_pre_election_period_of_the_calendar_is_so_many_working_days_before_its_poll():
    # 25 working days before borough polls, 30 before the Mayor's; the LGA published both sums for May 2024.
    assert add_working_days(date(2024, 5, 2), -30) == date(2024, 3, 19)
    assert add_working_days(date(2024, 5, 2), -25) == date(2024, 3, 26)
    computed = {
        (row["start"], row["end"])
        for row in csv.DictReader(CALENDAR.read_text(encoding="utf-8").splitlines())
        if row["kind"] == "pre_election" and row["status"] == "computed"
    }
    assert computed == {
        (add_working_days(poll, -n).isoformat(), poll.isoformat())
        for poll, n in ((date(2028, 5, 4), 30), (date(2030, 5, 2), 25))
    }


@pytest.mark.parametrize(
    ("day", "n", "result"),
    [
        (date(2026, 12, 23), 1, date(2026, 12, 24)),
        (date(2026, 12, 23), 2, date(2026, 12, 29)),  # over Christmas 2026
        (date(2026, 12, 24), 4, date(2027, 1, 4)),  # 29, 30, 31, then over New Year
        (date(2027, 1, 4), -5, date(2026, 12, 23)),
        (date(2027, 3, 25), 1, date(2027, 3, 30)),  # over Easter 2027
        (date(2027, 3, 30), -1, date(2027, 3, 25)),
        (date(2027, 3, 27), 1, date(2027, 3, 30)),  # from the Saturday
        (date(2027, 3, 27), -1, date(2027, 3, 25)),
        (date(2027, 6, 21), -28, date(2027, 5, 11)),  # over the spring bank holiday
        (date(2027, 6, 21), -14, date(2027, 6, 1)),
        (date(2027, 6, 21), -7, date(2027, 6, 10)),
        (date(2027, 6, 21), -2, date(2027, 6, 17)),
        (date(2027, 6, 21), 1, date(2027, 6, 22)),
        (date(2027, 6, 21), 0, date(2027, 6, 21)),
        (date(2027, 3, 29), 0, date(2027, 3, 25)),  # none from a closed day: earlier
    ],
)
def test_working_days_are_counted_over_weekends_and_holidays(day, n, result):
    assert add_working_days(day, n) == result


@given(days_with_closures(), st.integers(1, 40))
def test_counting_on_and_back_again_returns_to_a_working_day(case, n):
    day, closed = case
    start = working_day_on_or_before(day, closed)
    there = add_working_days(start, n, closed)
    assert add_working_days(there, -n, closed) == start
    assert working_days_between(start, there, closed) == n
    assert working_days_between(there, start, closed) == -n


@given(days_with_closures())
def test_the_nearest_working_days_leave_only_closed_days_between(case):
    day, closed = case
    before, after = working_day_on_or_before(day, closed), working_day_on_or_after(day, closed)
    assert before <= day <= after
    assert is_working_day(before, closed)
    assert is_working_day(after, closed)
    between = [before + timedelta(days=n) for n in range(1, (after - before).days)]
    assert [d for d in between if is_working_day(d, closed)] == []


def test_a_calendar_closed_for_years_by_a_slip_counts_for_nothing():
    closed = frozenset(date(2025, 1, 1) + timedelta(days=n) for n in range(1000))
    assert working_day_on_or_before(date(2027, 1, 3), closed) == date(2026, 12, 31)
    assert working_day_on_or_after(date(2026, 1, 3), closed) == date(2026, 1, 5)
    assert add_working_days(date(2026, 1, 2), 6, closed) == date(2026, 1, 12)


# Nine o'clock in London


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2027, 1, 15), datetime(2027, 1, 15, 9, tzinfo=UTC)),
        (date(2027, 7, 15), datetime(2027, 7, 15, 8, tzinfo=UTC)),
        # Clocks forward on Easter Sunday 2027: the whole weekend is due on Thursday, in winter time.
        (date(2027, 3, 25), datetime(2027, 3, 25, 9, tzinfo=UTC)),
        (date(2027, 3, 26), datetime(2027, 3, 25, 9, tzinfo=UTC)),
        (date(2027, 3, 28), datetime(2027, 3, 25, 9, tzinfo=UTC)),
        (date(2027, 3, 29), datetime(2027, 3, 25, 9, tzinfo=UTC)),
        (date(2027, 3, 30), datetime(2027, 3, 30, 8, tzinfo=UTC)),
        # Clocks back on Sunday 31 October 2027: due on the Friday, in summer time.
        (date(2027, 10, 29), datetime(2027, 10, 29, 8, tzinfo=UTC)),
        (date(2027, 10, 31), datetime(2027, 10, 29, 8, tzinfo=UTC)),
        (date(2027, 11, 1), datetime(2027, 11, 1, 9, tzinfo=UTC)),
        # Christmas 2026.
        (date(2026, 12, 25), datetime(2026, 12, 24, 9, tzinfo=UTC)),
        (date(2026, 12, 28), datetime(2026, 12, 24, 9, tzinfo=UTC)),
        (date(2026, 12, 29), datetime(2026, 12, 29, 9, tzinfo=UTC)),
        (date(2027, 1, 3), datetime(2026, 12, 31, 9, tzinfo=UTC)),
    ],
)
def test_due_is_nine_in_london_on_that_day_or_the_working_day_before(day, due):
    assert due_at(day) == due


def test_a_day_the_office_closes_moves_what_is_due_on_it_earlier():
    assert due_at(date(2027, 6, 14), closed={date(2027, 6, 14)}) == datetime(2027, 6, 11, 8, tzinfo=UTC)


def test_another_hour_can_be_asked_for():
    assert due_at(date(2027, 6, 21), time(17)) == datetime(2027, 6, 21, 16, tzinfo=UTC)


@given(days_with_closures())
def test_nothing_is_ever_due_late_on_a_closed_day_or_at_another_hour(case):
    day, closed = case
    due = due_at(day, closed=closed).astimezone(LONDON)
    assert due.date() <= day
    assert is_working_day(due.date(), closed)
    assert due.time() == time(9)


@given(days_with_closures(), st.integers(0, 30))
def test_a_later_date_is_never_due_earlier(case, later):
    day, closed = case
    assert due_at(day, closed=closed) <= due_at(day + timedelta(days=later), closed=closed)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2027, 6, 20, 23, 30, tzinfo=UTC), date(2027, 6, 21)),
        (datetime(2027, 1, 20, 23, 30, tzinfo=UTC), date(2027, 1, 20)),
    ],
)
def test_today_is_today_in_london(moment, day):
    assert london_date(moment) == day


# Months


@given(days, st.integers(-30, 30))
def test_adding_months_keeps_the_date_or_takes_the_months_last_day(day, months):
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


# Quiet


def test_august_and_christmas_week_are_quiet_by_setting():
    both = quiet_days([2026])
    assert (len(both), min(both), max(both)) == (31 + 9, date(2026, 8, 1), date(2027, 1, 1))
    assert quiet_days([2026], christmas=False) == {date(2026, 8, n) for n in range(1, 32)}
    assert quiet_days([2026], august=False, christmas=False) == frozenset()


def test_a_rule_that_keeps_quiet_writes_before_the_quiet_period():
    assert due_at(date(2027, 8, 20), closed=quiet_days([2027])) == datetime(2027, 7, 30, 8, tzinfo=UTC)
