"""Sessions are confirmed, moved and called off, and everybody's calendar follows."""

from datetime import date, timedelta
from email.utils import parseaddr

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from icalendar import Calendar

from cohorts.actions import withdraw_place
from leaders.outbox.models import Message
from leaders.people.audit import AuditEvent
from leaders.people.refusals import NotPossible
from modules.actions import add_session, book_speaker, cancel_session, change_session, confirm_module, keep_invites
from modules.models import Invite, Module, Session
from tests.cohorts.factories import NOW, CohortFactory, PlaceFactory
from tests.modules.factories import AttendanceFactory, ModuleFactory, ReadingTaskFactory, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def module(cohort):
    """Module 4, two days in a fortnight."""
    module = ModuleFactory(cohort=cohort, number=4, venue="")
    SessionFactory(module=module, title="Day 1")
    SessionFactory(module=module, title="Day 2", starts=SessionFactory.starts + timedelta(days=1))
    return module


@pytest.fixture
def day_1(module, amara_place, rosalind):
    """Its first day, confirmed: Amara has been invited."""
    confirm_module(module=module, venue="Toynbee Hall, E1 6LS", by=rosalind, now=NOW)
    return module.sessions.get(title="Day 1")


def calendar(message):
    """(method, event) of the invite that goes with a message."""
    file = message.attachments.get()
    parsed = Calendar.from_ical(bytes(file.content))
    return str(parsed["METHOD"]), parsed.walk("VEVENT")[0]


def newest(person, session):
    return Message.objects.filter(person=person, about_id=str(session.pk)).order_by("-pk").first()


def test_confirming_a_module_invites_everybody_taking_part_to_each_of_its_days(module, amara, cohort, rosalind):
    PlaceFactory(cohort=cohort)
    PlaceFactory(cohort=CohortFactory())

    confirm_module(module=module, venue="Toynbee Hall, E1 6LS", by=rosalind, now=NOW)

    assert Module.objects.get(pk=module.pk).status == Module.Status.CONFIRMED
    assert Message.objects.filter(kind="modules.invite").count() == 4
    assert sorted(Message.objects.filter(person=amara).values_list("subject", flat=True)) == [
        "Module 4, day 1 is on Thursday 18 March 2027",
        "Module 4, day 2 is on Friday 19 March 2027",
    ]


def test_an_invite_is_a_request_for_the_very_session_in_london_time(day_1, amara):
    method, event = calendar(newest(amara, day_1))

    assert (method, str(event["UID"]), event["SEQUENCE"]) == ("REQUEST", str(day_1.uid), 0)
    assert event["DTSTART"].params["TZID"] == "Europe/London"
    assert event.decoded("DTSTART") == day_1.starts
    assert str(event["LOCATION"]) == "Toynbee Hall, E1 6LS"
    assert str(event["ATTENDEE"]) == "mailto:amara.mensah@example.org"
    assert str(event["ORGANIZER"]) == "mailto:rosalind.tate@example.org"
    assert event["ORGANIZER"].params["SENT-BY"] == f"mailto:{parseaddr(newest(amara, day_1).from_email)[1]}"
    file = newest(amara, day_1).attachments.get()
    assert file.content_type == 'text/calendar; method=REQUEST; charset="utf-8"'
    assert b"BEGIN:VTIMEZONE" in bytes(file.content)


def test_confirming_a_module_a_second_time_tells_nobody_anything(day_1, module, rosalind):
    confirm_module(module=module, venue="Toynbee Hall, E1 6LS", by=rosalind, now=NOW)

    assert Message.objects.count() == 2


def test_a_module_cannot_be_confirmed_without_a_venue(module, rosalind):
    with pytest.raises(NotPossible, match="Enter the venue first"):
        confirm_module(module=module, venue="  ", by=rosalind, now=NOW)


def test_a_module_without_days_cannot_be_confirmed(cohort, rosalind):
    with pytest.raises(NotPossible, match="Module 6 has no days yet"):
        confirm_module(module=ModuleFactory(cohort=cohort, number=6), venue="City Hall", by=rosalind, now=NOW)


def test_a_new_venue_moves_the_days_without_a_place_of_their_own_and_says_from_where(day_1, module, amara, rosalind):
    change_session(session=module.sessions.get(title="Day 2"), place="City Hall, E16 1ZE", by=rosalind, now=NOW)

    confirm_module(module=module, venue="Toynbee Studios, E1 6AB", by=rosalind, now=NOW)

    day_1.refresh_from_db()
    day_2 = module.sessions.get(title="Day 2")
    assert (day_1.sequence, day_2.sequence) == (1, 1)
    changed = newest(amara, day_1)
    assert changed.kind == "modules.session_changed"
    assert changed.subject == "Changed: Module 4, day 1 is now at Toynbee Studios, E1 6AB"
    assert "the date and the time stay as they were" in changed.text
    assert "It was to be at Toynbee Hall, E1 6LS. It is now at Toynbee Studios, E1 6AB." in changed.text
    assert "City Hall, E16 1ZE" in newest(amara, day_2).text


def test_moving_a_session_raises_the_sequence_and_sends_everybody_the_new_date(day_1, amara, rosalind):
    moved = change_session(
        session=day_1,
        starts=day_1.starts - timedelta(days=2),
        ends=day_1.ends - timedelta(days=2),
        by=rosalind,
        now=NOW,
    )

    assert (moved.uid, moved.sequence) == (day_1.uid, 1)
    message = newest(amara, day_1)
    method, event = calendar(message)
    assert message.subject == "Changed: Module 4, day 1 is now on Tuesday 16 March 2027, 9:30am to 5pm"
    assert "It was to be on Thursday 18 March 2027, 9:30am to 5pm." in message.text
    assert "the date and the time stay" not in message.text
    assert (method, event["SEQUENCE"], str(event["UID"])) == ("REQUEST", 1, str(day_1.uid))
    assert Invite.objects.get(session=day_1).sequence == 1


def test_a_new_day_in_a_new_place_is_told_as_both_and_a_new_link_as_neither(day_1, amara, rosalind):
    times = {"starts": day_1.starts + timedelta(days=5), "ends": day_1.ends + timedelta(days=5)}
    change_session(session=day_1, place="City Hall, E16 1ZE", by=rosalind, now=NOW, **times)
    moved = newest(amara, day_1)
    change_session(session=day_1, online_link="https://example.org/join", by=rosalind, now=NOW)
    linked = newest(amara, day_1)

    when = "on Tuesday 23 March 2027, 9:30am to 5pm"
    assert moved.subject == f"Changed: Module 4, day 1 is now {when}, at City Hall, E16 1ZE"
    assert "It was to be at Toynbee Hall, E1 6LS. It is now at City Hall, E16 1ZE." in moved.text
    assert linked.subject == "Changed: Module 4, day 1 has a new link to join"
    assert "It was to be" not in linked.text


@pytest.mark.parametrize(
    ("days", "read_by"),
    [
        (7, date(2027, 3, 22)),
        (2, date(2027, 3, 17)),
        (-2, date(2027, 3, 12)),  # not Saturday 13 March
        (-13, date(2027, 3, 4)),  # not before today
    ],
)
def test_reading_follows_the_first_day_of_its_module(rosalind, days, read_by):
    only = SessionFactory()
    ahead = ReadingTaskFactory(module=only.module, due_on=date(2027, 3, 15))
    over = ReadingTaskFactory(module=only.module, due_on=date(2027, 3, 3))
    shift = timedelta(days=days)

    change_session(session=only, starts=only.starts + shift, ends=only.ends + shift, by=rosalind, now=NOW)

    ahead.refresh_from_db()
    over.refresh_from_db()
    assert (ahead.due_on, over.due_on) == (read_by, date(2027, 3, 3))


def test_reading_that_moves_along_leaves_a_trace(module, rosalind):
    ReadingTaskFactory(module=module)
    first = module.sessions.get(title="Day 1")
    move = timedelta(days=-1)

    change_session(session=first, starts=first.starts + move, ends=first.ends + move, by=rosalind, now=NOW)

    assert AuditEvent.objects.get(action="modules.material.moved").actor_id == rosalind.pk


def test_reading_stays_when_another_day_of_its_module_moves(module, rosalind):
    reading = ReadingTaskFactory(module=module, due_on=date(2027, 3, 15))
    day_2 = module.sessions.get(title="Day 2")
    change_session(session=day_2, starts=day_2.starts + timedelta(7), ends=day_2.ends + timedelta(7), by=rosalind,
                   now=NOW)  # fmt: skip
    reading.refresh_from_db()
    assert reading.due_on == date(2027, 3, 15)


def test_reading_stays_when_its_module_loses_its_only_day(module, rosalind):
    reading = ReadingTaskFactory(module=module, due_on=date(2027, 3, 15))
    for session in module.sessions.order_by("-starts"):
        cancel_session(session=session, reason="The venue flooded", by=rosalind, now=NOW)
    reading.refresh_from_db()
    assert reading.due_on == date(2027, 3, 15)


def test_a_new_title_alone_bothers_nobody(day_1, rosalind):
    before = Message.objects.count()

    changed = change_session(session=day_1, title="Day 1, in the field", by=rosalind, now=NOW)

    assert (changed.sequence, Message.objects.count()) == (0, before)


def test_changing_nothing_writes_nothing(day_1, rosalind):
    before = AuditEvent.objects.count()

    change_session(session=day_1, title="Day 1", starts=day_1.starts, by=rosalind, now=NOW)

    assert AuditEvent.objects.count() == before


def test_a_session_cannot_end_before_it_starts(day_1, rosalind):
    with pytest.raises(NotPossible, match="must end after it starts"):
        change_session(session=day_1, ends=day_1.starts, by=rosalind, now=NOW)


def test_the_database_refuses_a_session_that_ends_before_it_starts(module):
    with pytest.raises(IntegrityError), transaction.atomic():
        SessionFactory(module=module, ends=SessionFactory.starts)


def test_a_session_of_a_module_needs_a_module(cohort):
    with pytest.raises(ValidationError):
        Session(cohort=cohort, kind="module_day", title="Day 1", starts=NOW, ends=NOW + timedelta(hours=1)).full_clean()


def test_a_session_whose_attendance_is_recorded_cannot_move(day_1, amara_place, rosalind):
    AttendanceFactory(session=day_1, place=amara_place)

    with pytest.raises(NotPossible, match="is recorded already"):
        change_session(session=day_1, starts=day_1.starts - timedelta(days=1), by=rosalind, now=NOW)


def test_cancelling_a_session_takes_it_out_of_every_calendar(day_1, amara, rosalind):
    cancel_session(session=day_1, reason="The venue has had a flood.", by=rosalind, now=NOW)

    message = newest(amara, day_1)
    method, event = calendar(message)
    assert message.subject == "Cancelled: Module 4, day 1, Thursday 18 March 2027"
    assert "The venue has had a flood." in message.text
    assert (method, str(event["STATUS"]), event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    assert list(Session.objects.kept().filter(pk=day_1.pk)) == []


def test_a_session_cannot_be_cancelled_twice(day_1, rosalind):
    cancel_session(session=day_1, reason="", by=rosalind, now=NOW)

    with pytest.raises(NotPossible, match="is cancelled already"):
        cancel_session(session=day_1, reason="", by=rosalind, now=NOW)


def test_a_session_that_took_place_cannot_be_cancelled(day_1, amara_place, rosalind):
    AttendanceFactory(session=day_1, place=amara_place)

    with pytest.raises(NotPossible, match="so it has taken place"):
        cancel_session(session=day_1, reason="", by=rosalind, now=NOW)


def test_a_cancelled_session_cannot_be_changed(day_1, rosalind):
    cancel_session(session=day_1, reason="", by=rosalind, now=NOW)

    with pytest.raises(NotPossible, match="is cancelled"):
        change_session(session=day_1, title="Day 1 again", by=rosalind, now=NOW)


def test_people_who_were_never_invited_hear_of_no_cancellation(module, amara, rosalind):
    cancel_session(session=module.sessions.get(title="Day 1"), reason="", by=rosalind, now=NOW)

    assert list(Message.objects.all()) == []


def test_a_development_session_invites_those_taking_part_at_once(cohort, amara, rosalind):
    session = add_session(
        cohort=cohort,
        title="Reading the money",
        starts=NOW + timedelta(days=5),
        ends=NOW + timedelta(days=5, hours=2),
        online_link="https://example.org/meet",
        by=rosalind,
        now=NOW,
    )

    _method, event = calendar(newest(amara, session))
    assert (session.kind, str(event["LOCATION"])) == (Session.Kind.DEVELOPMENT, "Online")
    assert str(event["DESCRIPTION"]) == "Join online: https://example.org/meet"


def test_a_day_added_to_an_unconfirmed_module_invites_nobody_yet(module, amara, rosalind):
    add_session(
        cohort=module.cohort,
        module=module,
        title="Day 3",
        starts=NOW,
        ends=NOW + timedelta(hours=1),
        by=rosalind,
        now=NOW,
    )

    assert list(Message.objects.all()) == []


def test_a_moved_day_of_an_unconfirmed_module_invites_nobody_yet(module, amara_place, rosalind):
    first = module.sessions.get(title="Day 1")

    move = timedelta(days=7)
    change_session(session=first, starts=first.starts + move, ends=first.ends + move, by=rosalind, now=NOW)

    assert not Message.objects.exists()
    assert not Invite.objects.exists()


def test_somebody_who_joins_later_is_invited_to_what_is_still_to_come_and_once(day_1, cohort):
    late = PlaceFactory(cohort=cohort)
    past = SessionFactory(module=None, cohort=cohort, title="Long ago", starts=NOW - timedelta(days=30))

    assert (keep_invites(now=NOW), keep_invites(now=NOW)) == (2, 0)
    assert set(Invite.objects.filter(place=late).values_list("session__title", flat=True)) == {"Day 1", "Day 2"}
    assert not Invite.objects.filter(session=past).exists()


def test_those_who_left_hear_no_more_of_changes(day_1, amara_place, amara, rosalind):
    amara_place.status, amara_place.left_at = "withdrawn", NOW
    amara_place.save()
    before = Message.objects.count()

    change_session(session=day_1, starts=day_1.starts - timedelta(hours=1), by=rosalind, now=NOW)

    assert Message.objects.count() == before


def test_each_change_leaves_its_trace(day_1, rosalind):
    cancel_session(session=day_1, reason="Flood", by=rosalind, now=NOW)

    event = AuditEvent.objects.first()
    assert (event.action, event.actor, event.reason, event.cohort_id) == (
        "modules.session.cancelled",
        "Rosalind Tate",
        "Flood",
        day_1.cohort_id,
    )


def test_a_speaker_booked_twice_for_a_session_speaks_once_on_the_newer_topic(day_1, rosalind):
    for topic in ("Housing", "Housing, and who decides"):
        book_speaker(
            session=day_1, name="Nadia Rahman", role_title="Chair, Tenants' Voice", topic=topic, by=rosalind, now=NOW
        )

    assert [str(talk) for talk in day_1.talks.all()] == ["Nadia Rahman: Housing, and who decides"]


def test_somebody_who_leaves_gets_every_date_to_come_out_of_their_calendar(day_1, amara, amara_place, rosalind):
    other = PlaceFactory(cohort=day_1.cohort)
    keep_invites(now=NOW)
    withdraw_place(place=amara_place, reason="A new post", by=rosalind, now=NOW)

    assert keep_invites(now=NOW) == 2
    assert keep_invites(now=NOW) == 0

    method, event = calendar(newest(amara, day_1))
    assert (method, event["UID"], event["SEQUENCE"], event["STATUS"]) == ("CANCEL", str(day_1.uid), 1, "CANCELLED")
    assert event["ATTENDEE"] == f"mailto:{amara.email}"
    assert newest(other.person, day_1).kind == "modules.invite"
    assert list(Invite.objects.values_list("place", flat=True).distinct()) == [other.pk]


def test_what_is_past_stays_in_the_calendar_of_somebody_who_leaves(day_1, amara, amara_place, rosalind):
    later = day_1.ends + timedelta(days=3)
    withdraw_place(place=amara_place, reason="A new post", by=rosalind, now=later)

    assert keep_invites(now=later) == 0
