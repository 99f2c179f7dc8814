from datetime import date, timedelta

import pytest

from cohorts import actions
from cohorts.actions import NotPossible
from cohorts.dates import proposed_dates, shifted_dates
from cohorts.emails import NOW_ON
from cohorts.models import Cohort, Place
from leaders.outbox.models import Message
from leaders.people.models import AuditEvent
from tests.cohorts.factories import NOW, CohortFactory, PlaceFactory, ProgrammeModuleFactory

AUTUMN = date(2027, 9, 14)


def new(programme, contact, **changes):
    given = {"programme": programme, "number": 8, "contact": contact, "by": contact, "now": NOW}
    return {**given, "dates": proposed_dates(programme, AUTUMN), **changes}


def test_cohort_is_made_from_its_programme_with_all_dates(programme, rosalind):
    cohort = actions.create_cohort(**new(programme, rosalind))
    assert (cohort.status, cohort.slug, cohort.capacity) == ("planned", "london-leadership-8", 36)
    assert cohort.starts_on == AUTUMN
    assert AuditEvent.objects.about(cohort).get(action="cohorts.cohort.created").actor == "Rosalind Tate"


def test_cohort_made_from_an_earlier_one_takes_over_what_was_set_there(cohort, programme, rosalind):
    Cohort.objects.filter(pk=cohort.pk).update(provider="The Leadership Centre", capacity=30, venue="Guildhall")
    cohort.refresh_from_db()
    made = actions.create_cohort(**new(programme, rosalind, source=cohort, dates=shifted_dates(cohort, AUTUMN)))
    assert (made.provider, made.capacity, made.venue) == ("The Leadership Centre", 30, "Guildhall")


def test_preview_names_every_app_that_adds_something_and_leaves_nothing_behind(programme, rosalind):
    ProgrammeModuleFactory(programme=programme, number=1)
    before = AuditEvent.objects.count()
    cohort, added = actions.preview_cohort(**new(programme, rosalind))
    assert cohort.starts_on == AUTUMN
    assert "Modules and their days" in [title for title, lines in added]
    assert (Cohort.objects.count(), AuditEvent.objects.count()) == (0, before)


def test_second_cohort_of_a_number_is_refused_kindly(programme, rosalind, cohort):
    with pytest.raises(NotPossible, match="London Leadership Programme has a Cohort 7 already"):
        actions.create_cohort(**new(programme, rosalind, number=7))


def test_dates_in_the_wrong_order_are_refused_kindly(programme, rosalind):
    dates = proposed_dates(programme, AUTUMN)
    dates["graduation_on"] = AUTUMN
    with pytest.raises(NotPossible, match="must follow each other"):
        actions.create_cohort(**new(programme, rosalind, dates=dates))


def test_planned_cohort_is_launched_once(programme, rosalind):
    cohort = CohortFactory(programme=programme, status="planned")
    actions.launch_cohort(cohort=cohort, by=rosalind, now=NOW)
    assert cohort.status == "live"
    with pytest.raises(NotPossible, match="Only a planned cohort"):
        actions.launch_cohort(cohort=cohort, by=rosalind, now=NOW)


def test_moved_date_is_told_to_those_who_take_part(cohort, amara, rosalind):
    PlaceFactory(cohort=cohort, status="withdrawn", left_at=NOW)
    said = actions.change_dates(cohort=cohort, dates={"graduation_on": date(2027, 7, 16)}, by=rosalind, now=NOW)
    assert said == ["Graduation: Friday 16 July 2027, was Thursday 15 July 2027"]
    message = Message.objects.get(kind="cohorts.dates_changed")
    assert message.person == amara
    assert message.subject == "Cohort 7: graduation is now on Friday 16 July 2027"
    assert "Graduation is now on Friday 16 July 2027 (was Thursday 15 July 2027)." in message.text


def test_several_moved_dates_are_told_in_one_letter_each_with_what_it_was(cohort, amara, rosalind):
    days = timedelta(days=7)
    dates = {"graduation_on": cohort.graduation_on + days, "ends_on": cohort.ends_on + days}
    actions.change_dates(cohort=cohort, dates=dates, by=rosalind, now=NOW)
    message = Message.objects.get()
    assert message.subject == "Cohort 7: 2 dates have moved"
    assert "Graduation is now on Thursday 22 July 2027 (was Thursday 15 July 2027)." in message.text
    assert "The last day is now Friday 23 July 2027 (was Friday 16 July 2027)." in message.text


@pytest.mark.parametrize("name", Cohort.DATES)
def test_every_date_of_a_cohort_can_be_said_to_have_moved(name):
    assert name in NOW_ON


def test_moved_selection_date_is_not_told_to_participants(cohort, amara, rosalind):
    dates = {"assessments_due": cohort.assessments_due + timedelta(days=1)}
    assert len(actions.change_dates(cohort=cohort, dates=dates, by=rosalind, now=NOW)) == 1
    assert not Message.objects.exists()


def test_moving_dates_leaves_alone_the_seats_that_were_taken_meanwhile(cohort, rosalind):
    read_before = Cohort.objects.get(pk=cohort.pk)
    actions.take_seat(cohort)
    moved = {"graduation_on": cohort.graduation_on + timedelta(days=7), "ends_on": cohort.ends_on + timedelta(days=7)}
    actions.change_dates(cohort=read_before, dates=moved, by=rosalind, now=NOW)
    assert Cohort.objects.get(pk=cohort.pk).seats_taken == 1


def test_dates_of_a_cohort_that_was_cancelled_meanwhile_do_not_bring_it_back(cohort, rosalind):
    read_before = Cohort.objects.get(pk=cohort.pk)
    actions.cancel_cohort(cohort=cohort, reason="No provider", by=rosalind, now=NOW)
    with pytest.raises(NotPossible, match="its dates are history"):
        actions.change_dates(
            cohort=read_before, dates={"ends_on": cohort.ends_on + timedelta(days=7)}, by=rosalind, now=NOW
        )
    assert Cohort.objects.get(pk=cohort.pk).status == "cancelled"


def test_a_cohort_that_would_be_over_is_not_launched(programme, rosalind):
    past = CohortFactory(programme=programme, status="planned", starts_on=date(2020, 1, 14))
    with pytest.raises(NotPossible, match="Change its dates first"):
        actions.launch_cohort(cohort=past, by=rosalind, now=NOW)


def test_dates_left_as_they_were_change_nothing(cohort, rosalind):
    dates = {name: getattr(cohort, name) for name in Cohort.DATES}
    assert actions.change_dates(cohort=cohort, dates=dates, by=rosalind, now=NOW) == []
    assert not AuditEvent.objects.filter(action="cohorts.cohort.dates_changed").exists()


def test_dates_that_would_be_out_of_order_are_refused_and_nothing_is_sent(cohort, amara, rosalind):
    with pytest.raises(NotPossible, match="must follow each other"):
        actions.change_dates(cohort=cohort, dates={"graduation_on": cohort.starts_on}, by=rosalind, now=NOW)
    assert not Message.objects.exists()


def test_dates_of_a_closed_cohort_do_not_move(rosalind):
    cohort = CohortFactory(status="graduated")
    with pytest.raises(NotPossible, match="closed"):
        actions.change_dates(cohort=cohort, dates={"ends_on": date(2027, 8, 1)}, by=rosalind, now=NOW)


def test_cancelled_cohort_defers_its_places_and_forgets_access_needs(cohort, amara_place, rosalind):
    Place.objects.filter(pk=amara_place.pk).update(access_needs="A hearing loop")
    actions.cancel_cohort(cohort=cohort, reason="No provider", by=rosalind, now=NOW)
    amara_place.refresh_from_db()
    assert (cohort.status, cohort.closed_at) == ("cancelled", NOW)
    assert (amara_place.status, amara_place.access_needs) == ("deferred", "")
    assert Message.objects.get().subject == "Your place in Cohort 7 is deferred"


def test_closed_cohort_is_not_cancelled(rosalind):
    with pytest.raises(NotPossible):
        actions.cancel_cohort(cohort=CohortFactory(status="graduated"), reason="x", by=rosalind, now=NOW)


def test_last_seat_is_taken_once_and_can_be_given_back(cohort):
    Cohort.objects.filter(pk=cohort.pk).update(capacity=1)
    cohort.refresh_from_db()
    actions.take_seat(cohort)
    with pytest.raises(NotPossible, match="Cohort 7 is full: all 1 places"):
        actions.take_seat(cohort)
    actions.free_seat(cohort)
    actions.take_seat(cohort)
    cohort.refresh_from_db()
    assert cohort.seats_taken == 1
