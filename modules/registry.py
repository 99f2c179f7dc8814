"""What apps bring to learning, in their `readers.py`: who stands beside a participant and may be let in on it."""

from datetime import datetime

from cohorts.models import Place
from leaders.people.joining import Joint
from leaders.people.models import Person

readers = Joint("readers", "Whom a participant may let read their learning plan or their results")

reading_pages = Joint("readers (pages)", "Where a reader reads what a participant shares with them")


def reader(*, order: int, key: str, title: str = ""):
    """Bring a reader: function(place) -> Person, or None while there is nobody; `key` names the relation."""
    return readers.part(order=order, key=key, title=title)


def reader_of(place: Place, whom: str) -> Person | None:
    """Who is the participant's sponsor, or mentor, now."""
    return readers[whom].brings(place)


def reading_page(*, order: int, key: str, title: str = ""):
    """Bring where a reader reads: function(place, reader, now) -> path, or "" while there is no page for them."""
    return reading_pages.part(order=order, key=key, title=title)


def reading_page_of(place: Place, whom: str, reader: Person, now: datetime) -> str:
    """Where the participant's sponsor, or mentor, reads what is shared with them."""
    return reading_pages[whom].brings(place, reader, now)
