"""A new cohort gets its modules with their days."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.actions import change_dates, create_cohort
from cohorts.dates import proposed_dates, shifted_dates
from cohorts.models import Cohort
from cohorts.registry import courses, plans
from leaders.components.dates import LONDON, london_date
from leaders.people.refusals import NotPossible
from leaders.reminders.working_days import is_working_day
from modules.actions import (
    add_session,
    ask_wave,
    cancel_session,
    change_session,
    confirm_module,
    plan_modules,
    planned_waves,
)
from modules.actions.year import working_run
from modules.models import Module, Session
from tests.cohorts.factories import NOW, CohortFactory, ProgrammeModuleFactory
from tests.modules.factories import PLANNED_AT, TITLES, six_modules
from tests.people.factories import PersonFactory


@pytest.mark.django_db
def test_a_cohort_gets_the_modules_of_its_programme_with_their_days(cohort):
    six_modules(cohort)

    assert [(m.number, m.title, m.status) for m in cohort.modules.all()] == [
        (number, title, Module.Status.PLANNED) for number, title in enumerate(TITLES, 1)
    ]
    first = cohort.modules.get(number=1)
    assert [(s.title, london_date(s.starts)) for s in first.sessions.all()] == [
        ("Day 1", date(2026, 9, 15)),
        ("Day 2", date(2026, 9, 16)),
    ]


@pytest.mark.django_db
def test_a_module_day_keeps_its_hours_in_london_on_both_sides_of_the_clock_change(cohort):
    six_modules(cohort)

    hours = {s.starts.astimezone(LONDON).time() for s in Session.objects.all()}
    assert hours == {time(9, 30)}


@pytest.mark.django_db
def test_a_module_that_would_meet_a_weekend_or_a_bank_holiday_moves_later_in_one_piece(programme, rosalind):
    cohort = CohortFactory(programme=programme, contact=rosalind, starts_on=date(2026, 12, 24))
    ProgrammeModuleFactory(programme=programme, number=1, week=0, days=2)

    plan_modules(cohort=cohort, by=rosalind, now=PLANNED_AT)

    # Christmas Day, a weekend and a substitute day follow the 24th.
    days = [london_date(s.starts) for s in cohort.sessions.all()]
    assert days == [date(2026, 12, 29), date(2026, 12, 30)]


@pytest.mark.django_db
def test_a_cohort_copied_from_an_earlier_one_gets_its_modules_and_sessions_moved_along(cohort, rosalind):
    six_modules(cohort)
    add_session(
        cohort=cohort,
        title="Reading the money",
        starts=NOW + timedelta(days=7),
        ends=NOW + timedelta(days=7, hours=2),
        online_link="https://example.org/meet",
        by=rosalind,
        now=NOW,
    )
    later = CohortFactory(programme=cohort.programme, number=8, starts_on=date(2027, 9, 14), contact=rosalind)

    plan_modules(cohort=later, source=cohort, shift=later.starts_on - cohort.starts_on, by=rosalind, now=NOW)

    assert [m.title for m in later.modules.all()] == list(TITLES)
    assert [london_date(s.starts) for s in later.modules.get(number=1).sessions.all()] == [
        date(2027, 9, 14),
        date(2027, 9, 15),
    ]
    development = later.sessions.get(kind="development")
    assert (development.title, london_date(development.starts), development.online_link) == (
        "Reading the money",
        date(2028, 3, 9),
        "",
    )


@pytest.mark.django_db
def test_a_copied_module_is_not_confirmed_though_the_earlier_one_was(cohort, rosalind):
    first = six_modules(cohort)[0]
    confirm_module(module=first, venue="Toynbee Hall, E1 6LS", by=rosalind, now=PLANNED_AT)
    later = CohortFactory(programme=cohort.programme, number=8, starts_on=date(2027, 9, 14), contact=rosalind)

    plan_modules(cohort=later, source=cohort, shift=later.starts_on - cohort.starts_on, by=rosalind, now=NOW)

    copy = later.modules.get(number=1)
    assert (copy.venue, copy.status) == ("Toynbee Hall, E1 6LS", Module.Status.PLANNED)


def test_modules_are_planned_along_with_every_new_cohort():
    assert plans["modules"].module == "modules.planning"


@given(first=st.dates(date(2024, 1, 1), date(2035, 12, 31)), length=st.integers(1, 8))
def test_the_days_of_a_module_are_working_days_not_before_the_planned_one(first, length):
    run = working_run(first, length)

    assert len(run) == length
    assert all(is_working_day(day) for day in run)
    assert run[0] >= first
    if length <= 5:
        assert run[-1] - run[0] == timedelta(days=length - 1)


# The waves of the questionnaire follow


@pytest.fixture
def planned(cohort):
    """Six modules and the three waves of the plan; the last module day is known."""
    six_modules(cohort)
    next(part.brings for part in plans if part.key == "questionnaire")(cohort, None, timedelta(), None, PLANNED_AT)
    return cohort


def waves(cohort):
    return {wave.kind: (wave.opens_on, wave.due_on) for wave in cohort.waves.all()}


@pytest.mark.django_db
def test_the_wave_at_the_last_module_follows_its_last_day(planned, rosalind):
    last = planned.sessions.order_by("starts").last()
    before = waves(planned)
    week = timedelta(days=7)

    change_session(session=last, starts=last.starts + week, ends=last.ends + week, by=rosalind, now=PLANNED_AT)
    assert waves(planned) == {**before, "after": (before["after"][0] + week, before["after"][1] + week)}

    last.refresh_from_db()
    cancel_session(session=last, reason="One day is enough", by=rosalind, now=PLANNED_AT)
    end = london_date(planned.sessions.kept().order_by("starts").last().ends)
    assert waves(planned)["after"] == (end - week, end + week)


@pytest.mark.django_db
def test_waves_follow_the_key_dates_of_their_cohort(planned, rosalind):
    before, week = waves(planned), timedelta(days=7)

    change_dates(
        cohort=planned, dates={"ends_on": planned.ends_on + week, "onboarding_due": planned.onboarding_due - week},
        by=rosalind, now=PLANNED_AT,
    )  # fmt: skip

    assert waves(planned) == {
        "before": (before["before"][0] - week, before["before"][1] - week),
        "after": before["after"],
        "later": (before["later"][0] + week, before["later"][1] + week),
    }


@pytest.mark.django_db
def test_waves_open_and_are_due_on_working_days(planned):
    planned.ends_on = date(2027, 6, 15)  # 194 days later it is the Sunday after Christmas
    assert planned_waves(planned)["later"] == (date(2027, 12, 6), date(2027, 12, 24))


@pytest.mark.django_db
def test_a_wave_that_the_office_moved_itself_stays(planned, rosalind):
    own = (date(2027, 6, 1), date(2027, 6, 30))
    ask_wave(cohort=planned, kind="after", opens_on=own[0], due_on=own[1], by=rosalind, now=PLANNED_AT)
    last = planned.sessions.order_by("starts").last()

    move = timedelta(days=1)
    change_session(session=last, starts=last.starts - move, ends=last.ends - move, by=rosalind, now=PLANNED_AT)

    assert waves(planned)["after"] == own


@pytest.mark.django_db
def test_a_wave_that_is_open_stays_open_and_one_that_is_over_stays(planned, rosalind):
    opens_on, due_on = waves(planned)["before"]
    noon = datetime.combine(opens_on + timedelta(days=2), time(12), LONDON)
    later = {"onboarding_due": planned.onboarding_due + timedelta(days=3)}
    change_dates(cohort=planned, dates=later, by=rosalind, now=noon)
    assert waves(planned)["before"] == (opens_on, due_on + timedelta(days=3))

    over = datetime.combine(due_on + timedelta(days=30), time(12), LONDON)
    change_dates(
        cohort=planned, dates={"onboarding_due": planned.onboarding_due - timedelta(days=3)}, by=rosalind, now=over
    )
    assert waves(planned)["before"] == (opens_on, due_on + timedelta(days=3))


@pytest.mark.django_db
def test_a_wave_that_is_open_follows_every_move_and_not_the_first_alone(planned, rosalind):
    opens_on, due_on = waves(planned)["before"]
    noon = datetime.combine(opens_on + timedelta(days=2), time(12), LONDON)
    for days in (3, 7, 2):
        later = {"onboarding_due": due_on + timedelta(days=days)}
        change_dates(cohort=planned, dates=later, by=rosalind, now=noon)
        assert waves(planned)["before"] == (opens_on, due_on + timedelta(days=days))


@pytest.mark.django_db
def test_a_wave_that_is_open_and_that_the_office_moved_itself_stays(planned, rosalind):
    opens_on, due_on = waves(planned)["before"]
    noon = datetime.combine(opens_on + timedelta(days=2), time(12), LONDON)
    own = due_on + timedelta(days=3)
    ask_wave(cohort=planned, kind="before", opens_on=opens_on, due_on=own, by=rosalind, now=noon)

    change_dates(cohort=planned, dates={"onboarding_due": due_on + timedelta(days=7)}, by=rosalind, now=noon)
    assert waves(planned)["before"] == (opens_on, own)


# A cohort begins on the first day of its first module


@pytest.fixture
def two_day_modules(programme):
    for number, week in enumerate((0, 8), 1):
        ProgrammeModuleFactory(programme=programme, number=number, title=TITLES[number - 1], week=week)
    return programme


def planned_from(programme, starts_on, source=None):
    return create_cohort(
        programme=programme, number=20 if source else 10, contact=PersonFactory(), by=None, now=PLANNED_AT,
        dates=shifted_dates(source, starts_on) if source else proposed_dates(programme, starts_on), source=source,
    )  # fmt: skip


def first_days(cohort):
    return [london_date(module.starts) for module in cohort.modules.with_dates().order_by("number")]


@pytest.mark.django_db
def test_a_cohort_whose_first_module_would_meet_a_weekend_begins_with_it_on_the_monday(two_day_modules):
    friday = date(2027, 3, 19)

    cohort = planned_from(two_day_modules, friday)

    monday = friday + timedelta(days=3)
    assert (cohort.starts_on, Cohort.objects.get(pk=cohort.pk).starts_on) == (monday, monday)
    assert first_days(cohort)[0] == monday


@pytest.mark.django_db
def test_a_copied_cohort_begins_on_the_day_that_was_asked_for_whatever_weekday_the_earlier_one_began_on(
    two_day_modules,
):
    earlier = planned_from(two_day_modules, date(2026, 9, 15))  # a Tuesday
    wednesday = date(2027, 9, 15)

    cohort = planned_from(two_day_modules, wednesday, source=earlier)

    assert cohort.starts_on == wednesday
    assert first_days(cohort) == [wednesday, date(2027, 11, 9)]  # the others keep their weekday


@pytest.mark.django_db
def test_what_is_offered_is_the_first_day_of_each_module_as_it_is_planned(two_day_modules, rosalind):
    cohort = planned_from(two_day_modules, date(2027, 3, 19))
    later = cohort.sessions.order_by("starts").last()
    change_session(session=later.module.sessions.first(), starts=later.starts - timedelta(days=7),
        ends=later.ends - timedelta(days=7), by=rosalind, now=PLANNED_AT)  # fmt: skip

    (course,) = courses

    told = [(module.title, london_date(module.begins), module.days) for module in course.brings(cohort)]
    assert told == [(TITLES[0], date(2027, 3, 22), 2), (TITLES[1], first_days(cohort)[1], 2)]
    assert first_days(cohort)[1] == london_date(later.starts) - timedelta(days=7)


@pytest.mark.django_db
def test_the_cohort_begins_later_when_its_first_day_is_moved_or_called_off(two_day_modules, rosalind):
    cohort = planned_from(two_day_modules, date(2027, 3, 22))
    first, second = cohort.modules.get(number=1).sessions.order_by("starts")

    change_session(session=first, starts=first.starts + timedelta(days=7), ends=first.ends + timedelta(days=7),
        by=rosalind, now=PLANNED_AT)  # fmt: skip
    cohort.refresh_from_db()
    assert cohort.starts_on == date(2027, 3, 23)

    cancel_session(session=second, reason="One day is enough", by=rosalind, now=PLANNED_AT)
    cohort.refresh_from_db()
    assert cohort.starts_on == date(2027, 3, 29)


@pytest.mark.django_db
def test_the_first_module_moves_along_when_the_office_moves_the_start(two_day_modules, rosalind):
    cohort = planned_from(two_day_modules, date(2027, 3, 22))
    rest = first_days(cohort)[1]

    change_dates(cohort=cohort, dates={"starts_on": date(2027, 4, 6)}, by=rosalind, now=PLANNED_AT)

    days = [london_date(session.starts) for session in cohort.modules.get(number=1).sessions.all()]
    assert days == [date(2027, 4, 6), date(2027, 4, 7)]
    assert {session.starts.astimezone(LONDON).time() for session in cohort.sessions.all()} == {time(9, 30)}
    assert first_days(cohort) == [date(2027, 4, 6), rest]
    assert Cohort.objects.get(pk=cohort.pk).starts_on == date(2027, 4, 6)


@pytest.mark.django_db
def test_a_start_from_which_the_first_module_would_meet_a_weekend_is_refused(two_day_modules, rosalind):
    cohort = planned_from(two_day_modules, date(2027, 3, 22))

    with pytest.raises(NotPossible, match="Saturday 3 April 2027, which is not a working day"):
        change_dates(cohort=cohort, dates={"starts_on": date(2027, 4, 2)}, by=rosalind, now=PLANNED_AT)


@pytest.mark.django_db
def test_a_first_module_is_not_moved_before_onboarding_is_due(two_day_modules, rosalind):
    cohort = planned_from(two_day_modules, date(2027, 3, 22))
    first = cohort.sessions.order_by("starts").first()
    month = timedelta(days=28)

    with pytest.raises(NotPossible, match="order"):
        change_session(session=first, starts=first.starts - month, ends=first.ends - month, by=rosalind, now=PLANNED_AT)
    assert Session.objects.get(pk=first.pk).starts == first.starts
