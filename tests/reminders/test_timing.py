"""When a reminder goes out: never late, never on a closed day, never outside hours."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leaders.components.dates import LONDON
from leaders.people.models import Organisation, Person
from leaders.reminders.actions.plan import is_too_soon, last_moment, moment
from leaders.reminders.registry import Occurrence, Rule
from leaders.reminders.timing import (
    closing,
    day_of_digest,
    day_of_letter,
    first_day,
    is_open,
    next_opening,
    waiting_since,
)
from leaders.reminders.working_days import due_at, is_working_day, quiet_days

QUIET = quiet_days(range(2025, 2031))
NO_DAYS = frozenset()
days = st.dates(date(2026, 1, 1), date(2029, 12, 31))
edited = st.sets(days, max_size=20).map(frozenset)

# The date the rule names, its deadline -> when it goes out, in UTC.
TABLE = {
    "before the clocks go forward": (date(2027, 3, 25), None, datetime(2027, 3, 25, 9, tzinfo=UTC)),
    "Good Friday": (date(2027, 3, 26), None, datetime(2027, 3, 25, 9, tzinfo=UTC)),
    "the Sunday on which the clocks go forward": (date(2027, 3, 28), None, datetime(2027, 3, 25, 9, tzinfo=UTC)),
    "Easter Monday": (date(2027, 3, 29), None, datetime(2027, 3, 25, 9, tzinfo=UTC)),
    "after Easter, in summer time": (date(2027, 3, 30), None, datetime(2027, 3, 30, 8, tzinfo=UTC)),
    "before the clocks go back": (date(2027, 10, 29), None, datetime(2027, 10, 29, 8, tzinfo=UTC)),
    "the Sunday on which they go back": (date(2027, 10, 31), None, datetime(2027, 10, 29, 8, tzinfo=UTC)),
    "after the clocks went back": (date(2027, 11, 1), None, datetime(2027, 11, 1, 9, tzinfo=UTC)),
    "Christmas Day 2026": (date(2026, 12, 25), None, datetime(2026, 12, 23, 9, tzinfo=UTC)),
    "Boxing Day's substitute 2026": (date(2026, 12, 28), None, datetime(2026, 12, 23, 9, tzinfo=UTC)),
    "New Year's Day": (date(2027, 1, 1), None, datetime(2026, 12, 23, 9, tzinfo=UTC)),
    "August": (date(2027, 8, 16), None, datetime(2027, 7, 30, 8, tzinfo=UTC)),
    "a day late, over Easter": (date(2027, 3, 26), date(2027, 3, 25), datetime(2027, 3, 30, 8, tzinfo=UTC)),
}  # fmt: skip


@pytest.mark.parametrize(("on", "due", "expected"), TABLE.values(), ids=TABLE.keys())
def test_a_letter_goes_out_on_its_day_or_the_last_working_day_before(on, due, expected):
    assert due_at(day_of_letter(on, due, QUIET), closed=QUIET) == expected


def test_a_day_that_the_office_closed_moves_it_earlier():
    assert day_of_letter(date(2027, 3, 4), None, frozenset({date(2027, 3, 4), date(2027, 3, 3)})) == date(2027, 3, 2)


@given(on=days, closed=edited)
def test_no_letter_lands_late_or_on_a_closed_day_or_outside_hours(on, closed):
    moment = due_at(day_of_letter(on, None, QUIET | closed), closed=QUIET | closed)
    assert moment.astimezone(LONDON).date() <= on
    assert moment.astimezone(LONDON).time() == time(9)
    assert is_open(moment, QUIET | closed)


@given(on=days, after=st.integers(1, 30), closed=edited)
def test_what_follows_a_deadline_is_never_sent_before_it(on, after, closed):
    due = on - timedelta(days=after)
    chosen = day_of_letter(on, due, QUIET | closed)
    assert chosen >= on
    assert is_working_day(chosen, QUIET | closed)


@given(
    on=days,
    digest_day=st.integers(0, 4),
    earliest=st.integers(-60, 60),
    due=st.integers(0, 30),
    not_before=st.booleans(),
    closed=edited,
)
def test_a_digest_line_comes_by_its_deadline_once_it_is_known_while_there_is_a_day(
    on, digest_day, earliest, due, not_before, closed
):
    known, deadline = on + timedelta(days=earliest), on + timedelta(days=due)
    chosen = day_of_digest(on, deadline, digest_day, known, closed, not_before=not_before)
    first = max(known, on) if not_before else known
    in_time = [d for n in range(91) if (d := first + timedelta(days=n)) <= deadline and is_working_day(d, closed)]
    assert is_working_day(chosen, closed)
    if in_time:
        assert known <= chosen <= deadline
    if not_before:
        assert chosen >= on
        if any(d.weekday() == digest_day for d in in_time):
            assert chosen.weekday() == digest_day or not is_working_day(digest_day_after(first, digest_day), closed)
    else:
        assert chosen <= deadline


def digest_day_after(day, digest_day):
    return day + timedelta(days=(digest_day - day.weekday()) % 7)


@pytest.mark.parametrize(
    ("due", "earliest", "expected"),
    [
        (date(2027, 3, 10), date(2027, 3, 8), date(2027, 3, 9)),
        (date(2027, 3, 10), date(2027, 3, 10), date(2027, 3, 10)),
        (date(2027, 3, 11), date(2027, 3, 8), date(2027, 3, 11)),
        (None, date(2027, 3, 8), date(2027, 3, 11)),
    ],
    ids=["due before Thursday", "known on the day it is due", "due on Thursday", "never due"],
)
def test_what_opens_on_a_tuesday_waits_for_the_persons_thursday_only_while_that_is_in_time(due, earliest, expected):
    assert day_of_digest(date(2027, 3, 9), due, 3, earliest, NO_DAYS, not_before=True) == expected


def test_what_opens_and_is_due_on_closed_days_comes_on_the_next_working_day():
    assert day_of_digest(date(2027, 3, 6), date(2027, 3, 7), 3, date(2027, 3, 1), NO_DAYS, not_before=True) == date(
        2027, 3, 8
    )


@given(on=days, digest_day=st.integers(0, 4), earliest=st.integers(-60, 400), after=st.integers(0, 30), closed=edited)
def test_what_is_over_for_more_than_a_week_is_not_made_up_for(on, digest_day, earliest, after, closed):
    known, due = on + timedelta(days=earliest), on - timedelta(days=after) if after else None
    planned_in_time = day_of_digest(on, due, digest_day, date.min, closed)
    chosen = day_of_digest(on, due, digest_day, known, closed)
    assert planned_in_time <= chosen <= planned_in_time + timedelta(days=7)


@pytest.mark.parametrize(
    ("on", "due", "earliest", "expected"),
    [
        (date(2027, 3, 5), date(2027, 3, 12), date(2027, 3, 1), date(2027, 3, 4)),
        (date(2027, 3, 4), date(2027, 3, 12), date(2027, 3, 1), date(2027, 3, 4)),
        (date(2027, 3, 5), date(2027, 3, 12), date(2027, 3, 5), date(2027, 3, 11)),
        (date(2027, 3, 8), date(2027, 3, 9), date(2027, 3, 5), date(2027, 3, 8)),
        (date(2027, 3, 9), date(2027, 3, 8), date(2027, 3, 1), date(2027, 3, 11)),
    ],
    ids=[
        "the Thursday before",
        "on a Thursday",
        "known too late for this Thursday",
        "known too late for any Thursday in time",
        "after the deadline",
    ],
)
def test_a_line_comes_with_the_persons_own_day(on, due, earliest, expected):
    assert day_of_digest(on, due, 3, earliest, NO_DAYS) == expected


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        (datetime(2027, 3, 4, 8, 30, tzinfo=UTC), datetime(2027, 3, 4, 9, tzinfo=LONDON)),
        (datetime(2027, 3, 4, 12, 0, tzinfo=UTC), datetime(2027, 3, 4, 12, tzinfo=LONDON)),
        (datetime(2027, 3, 4, 18, 0, tzinfo=UTC), datetime(2027, 3, 5, 9, tzinfo=LONDON)),
        (datetime(2027, 3, 5, 20, 0, tzinfo=UTC), datetime(2027, 3, 8, 9, tzinfo=LONDON)),
        (datetime(2027, 3, 25, 19, 0, tzinfo=UTC), datetime(2027, 3, 30, 9, tzinfo=LONDON)),
    ],
    ids=["early", "at noon", "at six", "on Friday evening", "before Easter"],
)
def test_what_waits_goes_out_at_the_next_opening(now, opening):
    assert next_opening(now, NO_DAYS) == opening


@pytest.mark.parametrize(
    ("day", "working_days", "last"),
    [
        (date(2027, 3, 3), 1, datetime(2027, 3, 4, 18, tzinfo=UTC)),
        (date(2027, 3, 5), 1, datetime(2027, 3, 8, 18, tzinfo=UTC)),
        (date(2027, 3, 25), 1, datetime(2027, 3, 30, 17, tzinfo=UTC)),
        (date(2027, 7, 30), 3, datetime(2027, 9, 3, 17, tzinfo=UTC)),
    ],
    ids=["a Wednesday", "a Friday", "Maundy Thursday", "before a quiet August"],
)
def test_lateness_is_counted_in_working_days_until_closing_time(day, working_days, last):
    assert closing(day, working_days, QUIET) == last


def test_nights_and_closed_days_are_no_waiting():
    due = datetime(2027, 3, 4, 17, tzinfo=UTC)
    assert waiting_since(due, datetime(2027, 3, 4, 17, 20, tzinfo=UTC), NO_DAYS) == timedelta(minutes=20)
    assert waiting_since(due, datetime(2027, 3, 4, 23, tzinfo=UTC), NO_DAYS) == timedelta(hours=1)
    assert waiting_since(due, datetime(2027, 3, 5, 9, 5, tzinfo=UTC), NO_DAYS) == timedelta(hours=1, minutes=5)
    assert waiting_since(due, datetime(2027, 3, 8, 9, tzinfo=UTC), NO_DAYS) == timedelta(hours=10)
    assert waiting_since(due, datetime(2027, 3, 8, 9, tzinfo=UTC), {date(2027, 3, 5)}) == timedelta(hours=1)
    evening = datetime(2027, 3, 4, 20, tzinfo=UTC)
    assert waiting_since(evening, datetime(2027, 3, 5, 8, tzinfo=UTC), NO_DAYS) == timedelta()


@given(start=days, opened=st.integers(0, 20 * 24), more=st.integers(0, 20 * 24), closed=edited)
def test_waiting_is_the_sum_of_the_open_hours(start, opened, more, closed):
    since = datetime.combine(start, time(), LONDON).astimezone(UTC) + timedelta(hours=opened)
    hours = [since + timedelta(hours=n) for n in range(more)]
    waited = waiting_since(since, since + timedelta(hours=more), QUIET | closed)
    assert waited == timedelta(hours=sum(is_open(hour, QUIET | closed) for hour in hours))


@given(on=days, digest_day=st.integers(0, 4), earliest=st.integers(-60, 60), due=st.integers(-30, 60), closed=edited)
def test_what_must_not_come_before_its_day_never_does(on, digest_day, earliest, due, closed):
    known, deadline, shut = on + timedelta(days=earliest), on + timedelta(days=due), QUIET | closed
    for chosen in (
        day_of_letter(on, deadline, shut, known, not_before=True),
        day_of_digest(on, deadline, digest_day, known, shut, not_before=True),
    ):
        assert chosen >= on
        assert is_open(due_at(chosen, closed=shut), shut)


# The same of whole reminders, as the ledger computes them


@given(
    on=days,
    due=st.none() | st.integers(-30, 60),
    clock=st.none() | st.times(),
    is_letter=st.booleans(),
    not_before=st.booleans(),
    digest_day=st.integers(0, 4),
    planned=st.integers(-90, 0),
    hour=st.integers(0, 23),
    closed=edited,
)
@example(
    on=date(2027, 3, 9), due=1, clock=None, is_letter=False, not_before=True, digest_day=3, planned=-1, hour=0,
    closed=NO_DAYS,
)  # fmt: skip
def test_no_reminder_lands_late_or_on_a_closed_day_or_outside_hours(
    on, due, clock, is_letter, not_before, digest_day, planned, hour, closed
):
    deadline = None if due is None else on + timedelta(days=due)
    if deadline and clock:
        deadline = datetime.combine(deadline, clock, LONDON)
    recipient = Person(digest_day=digest_day)
    occurrence = Occurrence(Organisation(pk=1), recipient, "once", on, deadline, not_before=not_before)
    rule = rule_of(is_letter)
    shut = QUIET | closed
    when = moment(rule, occurrence, datetime.combine(on + timedelta(days=planned), time(hour), LONDON), shut)
    day = when.astimezone(LONDON).date()
    assert is_open(when, shut)
    assert when.astimezone(LONDON).time() == time(9)
    if not_before or (due is not None and due < 0):
        assert day >= on
    elif planned <= -14:
        assert day <= on
    if due is not None and any(is_working_day(on + timedelta(days=n), shut) for n in range(due + 1)):
        assert day <= deadline_day(deadline)
    last = last_moment(rule, occurrence, when, shut)
    assert when < last <= closing(day, rule.expires, shut)
    if deadline and on <= deadline_day(deadline) and when < (end := end_of(deadline)):
        assert last <= end


@given(
    on=days,
    due=st.none() | st.integers(0, 30),
    is_letter=st.booleans(),
    digest_day=st.integers(0, 4),
    planned=st.integers(-30, 0),
    hour=st.integers(0, 23),
    closed=edited,
)
def test_what_closed_days_move_is_put_into_hours_gone_by_only_when_its_deadline_leaves_no_other_day(
    on, due, is_letter, digest_day, planned, hour, closed
):
    deadline = None if due is None else on + timedelta(days=due)
    occurrence = Occurrence(Organisation(pk=1), Person(digest_day=digest_day), "once", on, deadline)
    now = datetime.combine(on + timedelta(days=planned), time(hour), LONDON)
    shut = QUIET | closed
    first, last = first_day(now), deadline or on
    if first <= on and any(is_working_day(first + timedelta(days=n), shut) for n in range((last - first).days + 1)):
        assert moment(rule_of(is_letter), occurrence, now, shut) >= now


@given(
    on=days,
    due=st.none() | st.integers(-30, 60),
    is_letter=st.booleans(),
    not_before=st.booleans(),
    digest_day=st.integers(0, 4),
    asked=st.integers(-60, 30),
    closed=edited,
)
def test_a_line_waits_for_a_day_after_the_one_on_which_its_reader_was_asked_while_there_is_one_in_time(
    on, due, is_letter, not_before, digest_day, asked, closed
):
    deadline = None if due is None else on + timedelta(days=due)
    asked_on = on + timedelta(days=asked)
    occurrence = Occurrence(
        Organisation(pk=1), Person(digest_day=digest_day), "once", on, deadline, not_before=not_before, asked=asked_on
    )
    shut = QUIET | closed
    when = moment(rule_of(is_letter), occurrence, datetime.combine(asked_on, time(), LONDON), shut)
    assert is_too_soon(occurrence, when) == (when.astimezone(LONDON).date() <= asked_on)
    first = asked_on + timedelta(days=1)
    in_time = due is not None and due >= 0 and any(
        is_working_day(first + timedelta(days=n), shut) for n in range((deadline - first).days + 1)
    )  # fmt: skip
    if in_time and (not is_letter or first <= on):
        assert not is_too_soon(occurrence, when)


def rule_of(is_letter):
    return Rule(
        key="test",
        title="",
        plan=lambda *_: [],
        needed=lambda *_: True,
        model=Organisation,
        steps="",
        stops="",
        **{"letter" if is_letter else "item": lambda *_: None},
    )


def deadline_day(deadline):
    return deadline.astimezone(LONDON).date() if isinstance(deadline, datetime) else deadline


def end_of(deadline):
    """The moment of a deadline; of a day, its end."""
    if isinstance(deadline, datetime):
        return deadline
    return datetime.combine(deadline + timedelta(days=1), time(), LONDON)
