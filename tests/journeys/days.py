"""Days as they pass: planned, written and sent every morning, and read as a mail server got them."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from leaders.components.dates import LONDON
from leaders.outbox.delivery import send_due
from leaders.reminders.actions import materialise, tick

MORNING, EVENING = time(9, 1), time(17, 30)


def days(first: date, last: date) -> Iterator[datetime]:
    """Every day, weekends too: its morning, when what is due has been planned, written and sent.

    What happened on that day is planned in the evening, so that it is in time for the next morning.
    """
    for n in range((last - first).days + 1):
        now = datetime.combine(first + timedelta(days=n), MORNING, LONDON)
        materialise(now)
        tick(now)
        send_due(now)
        yield now
        evening = datetime.combine(now, EVENING, LONDON)
        materialise(evening)
        send_due(evening)


def post_of(mails: list[EmailMessage], address: str) -> list[tuple[date, str]]:
    """What somebody got: (day in London, subject), in order."""
    return [
        (parsedate_to_datetime(mail["Date"]).astimezone(LONDON).date(), mail["Subject"])
        for mail in mails
        if address in mail["To"]
    ]


def hours_of(mails: list[EmailMessage]) -> set[tuple[int, int]]:
    """The minutes of the day, in London, at which mails were sent."""
    moments = [parsedate_to_datetime(mail["Date"]).astimezone(LONDON) for mail in mails]
    return {(moment.hour, moment.minute) for moment in moments}
