"""A session as a calendar invite (RFC 5546), the file that makes a mail program say "Add to calendar".

Pure but for the sender's domain: the same session, person and moment give the same bytes.
"""

from datetime import datetime

from icalendar import Calendar, Event, vCalAddress, vText

from leaders.components.dates import LONDON
from leaders.outbox.letters import absolute
from leaders.people.models import Person

from .models import Session

REQUEST, CANCEL = "REQUEST", "CANCEL"
File = tuple[str, str, bytes]


def invite(session: Session, *, to: Person, method: str, now: datetime) -> File:
    """(filename, content type, bytes) of the invite, its update or its cancellation.

    The uid is the session's for ever and SEQUENCE is its `sequence`, so the newest file wins in every calendar.
    Times are written in London time with its VTIMEZONE, as some calendars read nothing else well.
    """
    event = Event()
    event.add("uid", str(session.uid))
    event.add("sequence", session.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", session.starts.astimezone(LONDON))
    event.add("dtend", session.ends.astimezone(LONDON))
    event.add("summary", f"{session.cohort.programme.name}: {session}")
    event.add("location", session.where or "Venue to be confirmed")
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    event.add("url", absolute(session.get_absolute_url()))
    if session.online_link:
        event.add("description", f"Join online: {session.online_link}")
    event.add("organizer", _address(session.cohort.contact))
    attendee = _address(to)
    attendee.params["role"] = vText("REQ-PARTICIPANT")
    attendee.params["partstat"] = vText("NEEDS-ACTION")
    attendee.params["rsvp"] = vText("FALSE")
    event.add("attendee", attendee, encode=0)

    calendar = Calendar()
    calendar.add("prodid", "-//Leaders//Sessions//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return "invite.ics", f'text/calendar; method={method}; charset="utf-8"', calendar.to_ical()


def _address(person: Person) -> vCalAddress:
    address = vCalAddress(f"mailto:{person.email}")
    address.params["cn"] = vText(person.name)
    return address
