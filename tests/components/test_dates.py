from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaders.components import dates
from leaders.components.dates import LONDON

MOMENTS = st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def test_a_deadline_is_said_in_london_time_on_both_sides_of_the_clock_changes():
    said = [dates.day_time(datetime(2027, 3, 28, hour, 30, tzinfo=UTC)) for hour in (0, 1)] + [
        dates.day_time(datetime(2027, 10, 31, hour, 30, tzinfo=UTC)) for hour in (0, 1)
    ]
    assert said == [
        "Sunday 28 March 2027, 12:30am",
        "Sunday 28 March 2027, 2:30am",
        "Sunday 31 October 2027, 1:30am",
        "Sunday 31 October 2027, 1:30am",
    ]


def test_a_late_evening_in_utc_is_the_next_day_in_summer_london():
    assert dates.day(datetime(2027, 5, 14, 23, 30, tzinfo=UTC)) == "Saturday 15 May 2027"


def test_a_moment_in_a_list_is_short_and_in_london_time():
    assert dates.short_day_time(datetime(2027, 5, 14, 16, tzinfo=UTC)) == "Fri 14 May 2027, 5pm"


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (dates.day, "Friday 14 May 2027"),
        (dates.weekday_day_month, "Friday 14 May"),
        (dates.short_day, "Fri 14 May"),
        (dates.day_month, "14 May"),
        (dates.month_year, "May 2027"),
    ],
)
def test_a_date_is_said_the_british_way(function, said):
    assert function(date(2027, 5, 14)) == said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (time(0, 0), "midnight"),
        (time(0, 5), "12:05am"),
        (time(9, 0), "9am"),
        (time(9, 30), "9:30am"),
        (time(12, 0), "midday"),
        (time(12, 30), "12:30pm"),
        (time(17, 0), "5pm"),
        (time(23, 59), "11:59pm"),
    ],
)
def test_a_time_is_said_with_am_and_pm(at, said):
    assert dates.clock(at) == said


def test_a_session_says_from_when_to_when():
    assert dates.time_range(time(9, 30), time(17, 0)) == "9:30am to 5pm"


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (date(2026, 9, 15), date(2026, 9, 15), "15 September"),
        (date(2026, 9, 15), date(2026, 9, 16), "15 to 16 September"),
        (date(2026, 9, 30), date(2026, 10, 1), "30 September to 1 October"),
        (date(2026, 12, 31), date(2027, 1, 2), "31 December 2026 to 2 January 2027"),
        # The same month and days of another year are not the same month.
        (date(2026, 9, 15), date(2027, 9, 16), "15 September 2026 to 16 September 2027"),
    ],
)
def test_a_range_says_only_what_differs(start, end, said):
    assert dates.date_range(start, end) == said


def test_a_range_says_its_year_when_asked():
    assert dates.date_range(date(2026, 9, 15), date(2026, 9, 16), year=True) == "15 to 16 September 2026"


@pytest.mark.parametrize(
    ("days", "said", "due"),
    [
        (-90, "3 months ago", "3 months late"),
        (-21, "3 weeks ago", "3 weeks late"),
        (-3, "3 days ago", "3 days late"),
        (-1, "yesterday", "1 day late"),
        (0, "today", "due today"),
        (1, "tomorrow", "due tomorrow"),
        (4, "in 4 days", "due in 4 days"),
        (13, "in 13 days", "due in 13 days"),
        (14, "in 2 weeks", "due in 2 weeks"),
        (59, "in 8 weeks", "due in 8 weeks"),
        (60, "in 2 months", "due in 2 months"),
    ],
)
def test_a_wait_is_said_in_words(days, said, due):
    now = date(2027, 3, 4)
    assert (dates.when(now + timedelta(days), now), dates.due(now + timedelta(days), now)) == (said, due)


def test_a_deadline_earlier_today_is_late():
    five = datetime(2027, 5, 14, 17, 0, tzinfo=LONDON)
    assert [dates.due(five, five + timedelta(minutes=m)) for m in (-1, 0, 1)] == ["due today", "due today", "late"]


def test_a_deadline_tag_is_late_due_soon_or_neutral():
    now = date(2027, 3, 4)
    kinds = [dates.due_kind(now + timedelta(days), now) for days in (-1, 0, 14, 15)]
    assert kinds == ["late", "due", "due", "neutral"]


@given(MOMENTS)
def test_twenty_four_calendar_hours_later_is_tomorrow_whatever_the_clocks_do(moment):
    local = moment.astimezone(LONDON)
    tomorrow = datetime.combine(local.date() + timedelta(1), time(12), LONDON)
    assert (dates.when(local, moment), dates.when(tomorrow, moment)) == ("today", "tomorrow")


@given(MOMENTS, st.integers(-400, 400))
def test_when_and_due_agree_on_which_side_of_now_a_day_lies(moment, days):
    other = dates.london_date(moment) + timedelta(days)
    assert (days < 0) == dates.due(other, moment).endswith("late")
    assert (days > 1) == dates.when(other, moment).startswith("in ")


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (1, "about a minute"),
        (2, "about 2 minutes"),
        (50, "about 50 minutes"),
        (60, "about an hour"),
        (90, "about an hour and a half"),
        (120, "about 2 hours"),
        (150, "about 2 and a half hours"),
    ],
)
def test_the_time_needed_is_said_as_people_say_it(minutes, said):
    assert dates.minutes_needed(minutes) == said


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (date(2027, 5, 14), "14 May"),
        (date(2026, 12, 30), "30 December 2026"),
        (date(2027, 11, 20), "20 November 2027"),
    ],
)
def test_a_day_is_said_with_its_year_where_it_would_mislead(moment, said):
    assert dates.day_month_near(moment, date(2027, 3, 4)) == said
