"""A session as a calendar invite, the file that makes a mail program say "Add to calendar"."""

from datetime import datetime

from leaders.outbox.invites import Invite, Method
from leaders.people.models import Person

from .models import Session

REQUEST, CANCEL = Method.REQUEST, Method.CANCEL
File = tuple[str, str, bytes]


def summary(session: Session) -> str:
    """What a session is called among the other things of somebody's calendar."""
    return f"{session.cohort.programme.name}: {session}"


def invite(session: Session, *, to: Person, method: Method, now: datetime) -> File:
    """(filename, content type, bytes) of the invite, its update or its cancellation.

    The uid is the session's for ever and SEQUENCE is its `sequence`, so the newest file wins in every calendar.
    """
    contact = session.cohort.contact
    return Invite(
        uid=str(session.uid), sequence=session.sequence, title=summary(session), starts=session.starts,
        ends=session.ends, organiser=(contact.name, contact.email), attendee=(to.name, to.email),
        where=session.where or "Venue to be confirmed", url=session.get_absolute_url(),
        description=f"Join online: {session.online_link}" if session.online_link else "",
    ).file(method=method, now=now)  # fmt: skip
