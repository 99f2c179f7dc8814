"""What apps bring to a cohort: its planning, what graduation asks for, and its figures."""

from dataclasses import dataclass
from datetime import datetime

from leaders.people.joining import Joint
from leaders.people.models import Person

plans = Joint("planning", "What is made along with a new cohort")
followers = Joint("planning (moved dates)", "What follows when dates of a cohort, or of one place, move")
enders = Joint("planning (called off)", "What ends when a cohort is cancelled")
informed = Joint("planning (who was told)", "Whom else we had told a date of a cohort, and would tell when it moves")
courses = Joint("planning (module days)", "When the modules of a cohort begin, for whoever may take part")
requirements = Joint("requirements", "What graduation can ask for, each with its evidence")
facts = Joint("facts", "Figures about a cohort for case studies, impact and charts")


@dataclass(frozen=True)
class Evidence:
    """Whether a requirement is met, and what shows it: "Modules: 5 of 6 attended". `url` is where to act."""

    done: bool
    text: str
    url: str = ""


@dataclass(frozen=True)
class ModuleDates:
    """A module as it is told to those who may take part: its title, when it begins and where, and its days."""

    title: str
    begins: datetime
    days: int
    place: str = ""


@dataclass(frozen=True)
class Fact:
    """A figure about a cohort; `value` is the number, `text` the sentence a case study can print.

    `row` is what it is called in a table, for a figure that is one of several alike and told beside them: “change”
    of how people rated themselves, “feedback” on the modules, by how its key begins. `people`: how many it is of.
    """

    key: str
    label: str
    value: int | float | str
    text: str
    row: str = ""
    people: int | None = None


def plan(*, order: int, key: str = "", title: str = ""):
    """Bring planning: function(cohort, source, shift, by, now).

    Called inside the transaction that makes `cohort`. `source` is the cohort it is copied from, moved by
    `shift` (a timedelta of whole weeks, so that weekdays are kept), or None when it is made from its programme.
    It may return lines for the preview, which makes the cohort and takes it back: ["Six modules, from 15 September"].
    """
    return plans.part(order=order, key=key, title=title)


def moves_along(*, order: int, key: str = "", title: str = ""):
    """Bring what follows a cohort's dates: function(before, cohort, by, now), in the transaction that moves them.

    `before` is the cohort as it was, or `cohort` itself when only one person was given longer. Reminders need nothing
    of this: they read their dates when they are planned.
    """
    return followers.part(order=order, key=key, title=title)


def ends_along(*, order: int, key: str = "", title: str = ""):
    """Bring what ends with a cancelled cohort: function(cohort, reason, by, now), in the transaction that cancels it.

    It is called before the cohort's own row changes, so that every app locks its rows before the cohort. It returns
    lines for the preview, which cancels the cohort and takes it back: ["14 nominees are written to"].
    """
    return enders.part(order=order, key=key, title=title)


@dataclass(frozen=True)
class Informed:
    """Somebody outside the cohort who was told some of its dates; `url` is where they act on them."""

    person: Person
    dates: tuple[str, ...]
    url: str = ""


def was_told(*, order: int, key: str = "", title: str = ""):
    """Bring who was told dates: function(cohort, now) -> Informed, ...; only those for whom they still matter."""
    return informed.part(order=order, key=key, title=title)


def course(*, order: int, key: str = "", title: str = ""):
    """Bring the course of a cohort: function(cohort) -> list[ModuleDates], in order; empty while none is planned."""
    return courses.part(order=order, key=key, title=title)


def requirement(*, order: int, key: str, title: str):
    """Bring a requirement: function(place, settings) -> Evidence. It applies where the programme lists its key."""
    return requirements.part(order=order, key=key, title=title)


def fact(*, order: int, key: str = "", title: str = ""):
    """Bring figures: function(cohort, now) -> list[Fact], from records only, small numbers suppressed."""
    return facts.part(order=order, key=key, title=title)
