"""A person's dates in their own calendar: a feed at a secret address they can renew."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from icalendar import Calendar, Event

from leaders.outbox.letters import absolute
from leaders.people import links
from leaders.people.audit import record
from leaders.people.models import Person, PrivateLink

from .gather import dates

PURPOSE = "calendar"


def calendar_link(person: Person, now: datetime) -> PrivateLink | None:
    """The link by which the person's calendar is read now, if they have made one."""
    return links.live(purpose=PURPOSE, subject=person, now=now)


@transaction.atomic
def renew_calendar_link(*, person: Person, now: datetime) -> str:
    """A fresh address of the person's calendar; older ones stop working. Returns its path."""
    links.revoke(purpose=PURPOSE, subject=person, now=now)
    link = links.issue(purpose=PURPOSE, subject=person, person=person, now=now)
    record(
        "home.calendar.renewed", f"{person} renewed the address of their calendar", subject=person, person=person,
        by=person, now=now,
    )  # fmt: skip
    return reverse("calendar_feed", args=[link.token])


def person_behind(token: str, now: datetime) -> Person | None:
    """Whose calendar the address is; None when it is unknown or was renewed."""
    try:
        return links.resolve(token, purpose=PURPOSE, now=now).person
    except links.LinkProblem:
        return None


def calendar_of(person: Person, now: datetime) -> bytes:
    """The person's dates as iCalendar (RFC 5545), in UTC so that no time-zone block is needed.

    A date that is called off is no longer in it, which takes it out of every calendar that subscribes.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Leaders//Dates//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Leadership programme")
    calendar.add("refresh-interval;value=duration", "PT6H")
    for entry in dates(person, now):
        event = Event()
        event.add("uid", entry.uid)
        event.add("sequence", entry.sequence)
        event.add("dtstamp", now)
        event.add("dtstart", entry.starts)
        event.add("dtend", entry.ends)
        event.add("summary", entry.summary or entry.title)
        event.add("status", "CONFIRMED")
        if entry.place:
            event.add("location", entry.place)
        if entry.url:
            event.add("url", absolute(entry.url))
        calendar.add_component(event)
    return calendar.to_ical()
