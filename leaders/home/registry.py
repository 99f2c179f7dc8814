"""What apps bring to the participant's home, in their `sections.py`.

Every function takes (person, now) and reads only that person's rows. One with nothing
to say returns None (or an empty list), and then nothing appears.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from leaders.people.joining import Joint
from leaders.people.models import Person

sections = Joint("sections", "Sections of the participant's home, in order")
todos = Joint("sections (to do)", "Things to do on the participant's home")
agendas = Joint("sections (dates)", "Dates on the participant's home and in the calendar feed")
pages = Joint("sections (pages)", "Pages in the participant's navigation")
cards = Joint("sections (people)", "Cards of the people around a participant")
leads = Joint("sections (leads)", "One sentence under the greeting: where the year stands")
brands = Joint("sections (brand)", "Whose pages these are, in the header")


@dataclass(frozen=True)
class Todo:
    """One thing the person is asked to do; the earliest due is the "Next for you" card."""

    title: str
    why: str
    url: str
    due: date | None = None
    minutes: int | None = None
    button: str = "Continue"
    done: bool = False
    done_on: date | None = None


@dataclass(frozen=True)
class Entry:
    """One date: a module day, a coaching group, a mentoring meeting. Times are aware datetimes.

    `uid`, `sequence` and `summary` are those of its invite (RFC 5545), so that the feed and the mail mean the same
    event. `summary` is what it is called among other things in a calendar, where that is not its title.
    """

    uid: str
    title: str
    starts: datetime
    ends: datetime
    place: str = ""
    url: str = ""
    sequence: int = 0
    summary: str = ""


@dataclass(frozen=True)
class Card:
    """The people in one relation to the participant: the team, the coaching group, the mentor, the council.

    `heading` names the relation, `names` become monograms, `title` is the name in large, `lines` say the rest.
    """

    heading: str
    names: list[str]
    title: str
    lines: list[str] = field(default_factory=list)
    url: str = ""
    link: str = ""


@dataclass(frozen=True)
class Page:
    """A page in the navigation: shown when `shown(person, now)` is true.

    Somebody whose home is empty is led to their first page, unless it is one that everybody has: see `leads_there`.
    """

    label: str
    url_name: str
    shown: Callable[[Person, datetime], bool] = field(default=lambda person, now: True)
    leads_there: bool = True


def section(*, order: int, template: str, key: str = "", title: str = ""):
    """Bring a section: the function returns the context of `template`, or None."""

    def keep(function):
        function.template = template
        return sections.part(order=order, key=key, title=title)(function)

    return keep


def todo(*, order: int, key: str = "", title: str = ""):
    """Bring things to do: the function returns a list of `Todo`."""
    return todos.part(order=order, key=key, title=title)


def agenda(*, order: int, key: str = "", title: str = ""):
    """Bring dates: the function returns a list of `Entry`."""
    return agendas.part(order=order, key=key, title=title)


def lead(*, order: int, key: str = "", title: str = ""):
    """Bring a sentence under the greeting ("Week 25 of 44, between modules 3 and 4."), or None."""
    return leads.part(order=order, key=key, title=title)


def card(*, order: int, key: str = "", title: str = ""):
    """Bring a card to "Your people": the function returns a `Card`, or None."""
    return cards.part(order=order, key=key, title=title)


def brand(*, order: int, key: str = "", title: str = ""):
    """Bring the header of a person's pages: the function returns (name, line), or None; the first counts."""
    return brands.part(order=order, key=key, title=title)


def page(page: Page, *, order: int, module: str) -> None:
    """Bring a page to the navigation; `module` is the caller's `__name__`."""
    pages.add(page, order=order, key=page.url_name, title=page.label, module=module)
