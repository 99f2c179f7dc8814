"""Who was there, who catches up, and what that means for graduating."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from leaders.people.audit import AuditEvent
from leaders.people.refusals import NotPossible
from modules.actions import complete_catch_up, record_attendance, record_register, set_catch_up, set_catch_ups
from modules.models import Attendance, CatchUp
from tests.cohorts.factories import PlaceFactory
from tests.modules.factories import AttendanceFactory, ModuleFactory, SessionFactory

pytestmark = pytest.mark.django_db

Status = Attendance.Status


@pytest.fixture
def session(cohort):
    return SessionFactory(module=ModuleFactory(cohort=cohort, number=4))


@pytest.fixture
def that_evening(session):
    return session.ends + timedelta(minutes=10)


@pytest.fixture
def tom(cohort):
    return PlaceFactory(cohort=cohort, person__name="Tom Brook")


def statuses(session):
    return dict(Attendance.objects.filter(session=session).values_list("place__person__name", "status"))


def test_the_register_is_written_for_everybody_at_once(session, amara_place, tom, adjoa, that_evening):
    counts = record_register(
        session=session, marks={amara_place.pk: "present", tom.pk: "absent"}, by=adjoa, now=that_evening
    )

    assert counts == {"present": 1, "absent": 1}
    assert statuses(session) == {"Amara Mensah": Status.PRESENT, "Tom Brook": Status.ABSENT}
    event = AuditEvent.objects.first()
    assert event.sentence == "Attendance at Module 4, day 1: 1 present, 1 absent"
    assert event.detail == {
        "before": {str(amara_place.pk): "", str(tom.pk): ""},
        "after": {str(amara_place.pk): "present", str(tom.pk): "absent"},
    }


def test_a_correction_changes_only_what_differs_and_names_the_person(session, amara_place, tom, adjoa, that_evening):
    marks = {amara_place.pk: "present", tom.pk: "absent"}
    record_register(session=session, marks=marks, by=adjoa, now=that_evening)

    counts = record_register(session=session, marks={**marks, tom.pk: "remote"}, by=adjoa, now=that_evening)

    assert counts == {"remote": 1}
    event = AuditEvent.objects.first()
    assert (event.sentence, event.person_id) == (
        "Attendance at Module 4, day 1: Tom Brook, joined remotely",
        tom.person_id,
    )


def test_sending_the_same_register_twice_writes_once(session, amara_place, adjoa, that_evening):
    for _ in range(2):
        record_register(session=session, marks={amara_place.pk: "present"}, by=adjoa, now=that_evening)

    assert AuditEvent.objects.filter(action="modules.attendance.recorded").count() == 1


def test_attendance_waits_for_the_day_itself(session, amara_place, adjoa):
    with pytest.raises(NotPossible, match="from the day itself, Thursday 18 March 2027"):
        record_attendance(
            session=session, place=amara_place, status="present", by=adjoa, now=session.starts - timedelta(days=1)
        )


def test_somebody_can_be_checked_in_at_the_door_before_the_session_begins(session, amara_place, adjoa):
    seen = record_attendance(
        session=session, place=amara_place, status="present", by=adjoa, now=session.starts - timedelta(minutes=20)
    )

    assert seen.status == Status.PRESENT


def test_attendance_of_a_cancelled_session_cannot_be_recorded(session, amara_place, adjoa, that_evening):
    session.cancelled_at = session.starts
    session.save()

    with pytest.raises(NotPossible, match="is cancelled"):
        record_attendance(session=session, place=amara_place, status="present", by=adjoa, now=that_evening)


def test_nobody_of_another_cohort_can_be_on_the_register(session, adjoa, that_evening):
    with pytest.raises(NotPossible, match="no place in this cohort"):
        record_attendance(session=session, place=PlaceFactory(), status="present", by=adjoa, now=that_evening)


def test_an_unknown_mark_is_refused(session, amara_place, adjoa, that_evening):
    with pytest.raises(NotPossible, match="Select one of the answers"):
        record_attendance(session=session, place=amara_place, status="late", by=adjoa, now=that_evening)


def test_the_database_refuses_a_second_mark_and_an_unknown_one(session, amara_place):
    AttendanceFactory(session=session, place=amara_place)

    with pytest.raises(IntegrityError), transaction.atomic():
        AttendanceFactory(session=session, place=amara_place)
    with pytest.raises(IntegrityError), transaction.atomic():
        AttendanceFactory(session=session, status="late")


@pytest.mark.parametrize(
    ("status", "counts"), [("present", True), ("remote", True), ("adjusted", True), ("absent", False)]
)
def test_only_an_absence_does_not_count(status, counts):
    assert Attendance(status=status).counts is counts


@pytest.fixture
def missed(session, amara_place, adjoa, that_evening):
    return record_attendance(session=session, place=amara_place, status="absent", by=adjoa, now=that_evening)


def catching_up(missed, adjoa, now, **words):
    words = {"task": "Watch the recording", "minutes": 40, "due_on": date(2027, 4, 9), **words}
    return set_catch_up(attendance=missed, by=adjoa, now=now, **words)


def test_somebody_who_missed_a_session_is_given_something_to_do_instead(missed, adjoa, that_evening):
    catch_up = catching_up(missed, adjoa, that_evening)

    assert (catch_up.task, catch_up.minutes, catch_up.due_on) == ("Watch the recording", 40, date(2027, 4, 9))


def test_a_catch_up_task_can_be_changed_until_it_is_done(missed, adjoa, amara, that_evening):
    catching_up(missed, adjoa, that_evening)
    changed = catching_up(missed, adjoa, that_evening, task="Read the notes")
    assert (CatchUp.objects.count(), changed.task) == (1, "Read the notes")

    complete_catch_up(catch_up=changed, words="Power sits with those who set the agenda.", by=amara, now=that_evening)

    with pytest.raises(NotPossible, match="has caught up already"):
        catching_up(missed, adjoa, that_evening)


def test_nobody_who_was_there_is_asked_to_catch_up(session, amara_place, adjoa, that_evening):
    seen = record_attendance(session=session, place=amara_place, status="adjusted", by=adjoa, now=that_evening)

    with pytest.raises(NotPossible, match="did not miss"):
        catching_up(seen, adjoa, that_evening)


def test_the_date_to_catch_up_by_lies_ahead(missed, adjoa, that_evening):
    with pytest.raises(NotPossible, match="must be in the future"):
        catching_up(missed, adjoa, that_evening, due_on=that_evening.date())


def test_catching_up_is_done_once(missed, adjoa, amara, that_evening):
    catch_up = catching_up(missed, adjoa, that_evening)
    complete_catch_up(catch_up=catch_up, words="Who sets the agenda.", by=amara, now=that_evening)

    with pytest.raises(NotPossible, match="told us already"):
        complete_catch_up(catch_up=catch_up, words="Again.", by=amara, now=that_evening)
    assert CatchUp.objects.get().words == "Who sets the agenda."


def test_a_corrected_absence_takes_an_open_task_away(missed, session, amara_place, adjoa, that_evening):
    catching_up(missed, adjoa, that_evening)

    record_attendance(session=session, place=amara_place, status="remote", by=adjoa, now=that_evening)

    assert not CatchUp.objects.exists()


def test_everybody_who_missed_it_and_has_no_task_gets_the_same_one(missed, session, tom, adjoa, that_evening):
    catching_up(missed, adjoa, that_evening, task="A task of her own")
    record_attendance(session=session, place=tom, status="absent", by=adjoa, now=that_evening)

    made = set_catch_ups(
        session=session, task="Read the notes", minutes=20, due_on=date(2027, 4, 9), by=adjoa, now=that_evening
    )

    assert [catch_up.attendance.place for catch_up in made] == [tom]
