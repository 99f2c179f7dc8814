"""A date as a calendar invite (RFC 5545, RFC 5546): the file that makes a mail program offer "Add to calendar".

The same date, people, sender and moment give the same bytes.
"""

from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from enum import StrEnum
from functools import cache

from django.conf import settings
from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from leaders.components.dates import LONDON

from .letters import absolute


class Method(StrEnum):
    REQUEST = "REQUEST"  # a new date, or what has become of one
    CANCEL = "CANCEL"  # it does not take place, or not for this person


@dataclass(frozen=True)
class Invite:
    """One date in one person's calendar.

    `uid` is the date's own and never changes; `sequence` is raised with every change, so that the newest file
    wins in every calendar. Times are aware and written in London time with its VTIMEZONE, as some
    calendars read nothing else well. `organiser` and `attendee` are (name, address); the organiser is whom replies
    reach, for whom our one sending address writes (SENT-BY), so that the file and the mail agree on who sent it.
    """

    uid: str
    sequence: int
    title: str
    starts: datetime
    ends: datetime
    organiser: tuple[str, str]
    attendee: tuple[str, str]
    where: str = ""
    url: str = ""
    description: str = ""

    def file(self, *, method: Method, now: datetime) -> tuple[str, str, bytes]:
        """(filename, content type, bytes), to be given to `post(files=[…])`."""
        event = Event()
        event.add("uid", self.uid)
        event.add("sequence", self.sequence)
        event.add("dtstamp", now)
        event.add("dtstart", self.starts.astimezone(LONDON))
        event.add("dtend", self.ends.astimezone(LONDON))
        event.add("summary", self.title)
        event.add("status", "CANCELLED" if method == Method.CANCEL else "CONFIRMED")
        for name, value in (("location", self.where), ("description", self.description)):
            if value:
                event.add(name, value)
        if self.url:
            event.add("url", absolute(self.url))
        sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        event.add("organizer", _address(self.organiser, **{"sent-by": f"mailto:{sender}"}))
        event.add("attendee", _address(self.attendee, role="REQ-PARTICIPANT", partstat="NEEDS-ACTION", rsvp="FALSE"))
        calendar = Calendar()
        calendar.add("prodid", "-//Leaders//Dates//EN")
        calendar.add("version", "2.0")
        calendar.add("method", method)
        calendar.add_component(_clocks())
        calendar.add_component(event)
        return "invite.ics", f'text/calendar; method={method}; charset="utf-8"', calendar.to_ical()


@cache
def _clocks() -> Timezone:
    """London's VTIMEZONE, which takes longer to make than the rest of the file."""
    return Timezone.from_tzinfo(LONDON)


def _address(who: tuple[str, str], **parameters: str) -> vCalAddress:
    name, email = who
    address = vCalAddress(f"mailto:{email}")
    for key, value in {"cn": name, **parameters}.items():
        address.params[key] = vText(value)
    return address
