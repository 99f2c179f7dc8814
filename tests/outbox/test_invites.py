"""Dates in people's calendars."""

from datetime import UTC, datetime

from icalendar import Calendar

from leaders.outbox.invites import Invite, Method

NOW = datetime(2027, 3, 4, 9, tzinfo=UTC)


def invite(sequence=0):
    return Invite(
        uid="module-4@example.org",
        sequence=sequence,
        title="Module 4: Leading in Communities",
        starts=datetime(2027, 4, 15, 8, 30, tzinfo=UTC),
        ends=datetime(2027, 4, 15, 16, 0, tzinfo=UTC),
        organiser=("Rosalind Tate", "rosalind.tate@example.org"),
        attendee=("Amara Mensah", "amara.mensah@example.org"),
        where="Toynbee Hall",
        url="/my/modules/4/",
    )


def parsed(method, sequence=0):
    name, content_type, content = invite(sequence).file(method=method, now=NOW)
    assert (name, content_type) == ("invite.ics", f'text/calendar; method={method}; charset="utf-8"')
    return Calendar.from_ical(content)


def test_a_request_says_when_in_london_time_with_its_rules():
    calendar = parsed(Method.REQUEST)
    (event,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "REQUEST"
    assert event["DTSTART"].params["TZID"] == "Europe/London"
    assert event.decoded("DTSTART").isoformat() == "2027-04-15T09:30:00+01:00"
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/London"]
    assert event["ORGANIZER"] == "mailto:rosalind.tate@example.org"
    assert event["ATTENDEE"].params["CN"] == "Amara Mensah"


def test_a_change_keeps_the_uid_and_raises_the_sequence():
    (before,), (after,) = parsed(Method.REQUEST).walk("VEVENT"), parsed(Method.REQUEST, 1).walk("VEVENT")
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)


def test_a_cancellation_takes_it_out_of_the_calendar():
    calendar = parsed(Method.CANCEL, 2)
    (event,) = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")


def test_the_same_date_makes_the_same_bytes():
    assert invite().file(method=Method.REQUEST, now=NOW) == invite().file(method=Method.REQUEST, now=NOW)
