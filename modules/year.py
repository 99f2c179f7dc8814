"""One participant's year, read once: their modules, days, attendance, reading and feedback.

The home, the module pages, the dates and the requirements all look at the same `Year`. It takes six queries,
and only rows of the participant's own cohort and of themselves, however many cohorts there are.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from cohorts.models import Place
from cohorts.places import current_place
from leaders.components.dates import when
from leaders.components.text import upper_first
from leaders.people.models import Person

from .models import Attendance, Feedback, Material, Module, Reading, Session

# How a module went is asked for two months; after two weeks the answer is still welcome, never late.
FEEDBACK_WITHIN = timedelta(days=14)
FEEDBACK_ASKED_FOR = timedelta(days=60)


@dataclass(frozen=True)
class Standing:
    """How a module stands for one participant: `state` is done, missed, next or later; `tag` of `kind` says it."""

    state: str
    tag: str = ""
    kind: str = "neutral"


@dataclass
class MyModule:
    """A module as one participant meets it."""

    module: Module
    days: list[Session] = field(default_factory=list)
    reading: list[Material] = field(default_factory=list)
    read: dict[int, datetime] = field(default_factory=dict)  # when they ticked it, by material id
    attendance: dict[int, Attendance] = field(default_factory=dict)  # by session id
    feedback_at: datetime | None = None
    takes_part: bool = True  # not a graduate, of whom the year asks nothing more

    @property
    def starts(self) -> datetime | None:
        return self.days[0].starts if self.days else None

    @property
    def ends(self) -> datetime | None:
        return max(day.ends for day in self.days) if self.days else None

    def is_over(self, now: datetime) -> bool:
        return bool(self.days) and self.ends <= now

    def takes_feedback(self, now: datetime) -> bool:
        """For two months: afterwards nobody remembers, and the cohort was told what we change."""
        return self.is_over(now) and self.ends > now - FEEDBACK_ASKED_FOR

    @property
    def unread(self) -> list[Material]:
        return [material for material in self.reading if material.pk not in self.read]

    @property
    def attended(self) -> int:
        """On how many of its days they were there, or had an adjustment agreed."""
        return sum(seen.counts for seen in self.attendance.values())

    @property
    def is_recorded(self) -> bool:
        """Whether attendance is written down for all its days."""
        return bool(self.days) and all(day.pk in self.attendance for day in self.days)

    @property
    def missed(self) -> list[Attendance]:
        return [seen for seen in self.attendance.values() if not seen.counts]

    @property
    def to_catch_up(self) -> list[Attendance]:
        """Days missed with a task not yet done, as long as the year lasts."""
        open_tasks = [seen for seen in self.missed if hasattr(seen, "catch_up") and not seen.catch_up.done_at]
        return open_tasks if self.takes_part else []

    def standing(self, following: "MyModule | None", now: datetime) -> Standing:
        """`following` is the module under way or next to come."""
        if self is following:
            return Standing("next", "Now" if self.starts <= now else upper_first(when(self.starts, now)), "due")
        return self._standing_afterwards() if self.is_over(now) else Standing("later")

    def _standing_afterwards(self) -> Standing:
        if self.to_catch_up:
            return Standing("done" if self.attended else "missed", "Catch up", "due")
        if not self.is_recorded:
            return Standing("done")
        if self.attended == len(self.days):
            return Standing("done", "Attended", "done")
        if all(hasattr(seen, "catch_up") and seen.catch_up.done_at for seen in self.missed):
            return Standing("done", "Caught up", "done")
        return (
            Standing("done", f"{self.attended} of {len(self.days)} days")
            if self.attended
            else Standing("missed", "Missed")
        )


@dataclass
class Year:
    """All modules of one place in their order, and the continuous development sessions between them."""

    place: Place
    modules: list[MyModule]
    development: list[Session]
    attendance: dict[int, Attendance]

    @cached_property
    def dated(self) -> list[MyModule]:
        """Those with days, by date."""
        return sorted((mine for mine in self.modules if mine.days), key=lambda mine: mine.starts)

    def next(self, now: datetime) -> MyModule | None:
        """The module under way, or else the next to come."""
        return next((mine for mine in self.dated if mine.ends > now), None)

    @property
    def days(self) -> int:
        return sum(len(mine.days) for mine in self.modules)

    @property
    def attended(self) -> int:
        return sum(mine.attended for mine in self.modules)

    def module(self, number: int) -> MyModule | None:
        return next((mine for mine in self.modules if mine.module.number == number), None)


def my_year(person: Person, now: datetime) -> Year | None:
    """The year of the place that this person's home is about; None for somebody who has none."""
    place = current_place(person, now)
    return year_of(place) if place else None


def year_of(place: Place) -> Year:
    """The year of a place, kept on it so that one request reads it once."""
    if "_year" not in place.__dict__:
        place._year = _read(place)
    return place._year


def _read(place: Place) -> Year:
    found = Module.objects.for_cohort(place.cohort_id).order_by("number")
    modules = {module.pk: MyModule(module, takes_part=place.is_active) for module in found}
    attendance = {seen.session_id: seen for seen in place.attendance.select_related("catch_up")}
    development = []
    for session in Session.objects.kept().for_cohort(place.cohort_id).order_by("starts"):
        session.cohort = place.cohort
        if session.module_id is None:
            development.append(session)
            continue
        mine = modules[session.module_id]
        session.module = mine.module
        mine.days.append(session)
        if session.pk in attendance:
            mine.attendance[session.pk] = attendance[session.pk]
    for seen in attendance.values():
        seen.place = place
    read = dict(Reading.objects.filter(place=place).values_list("material", "read_at"))
    for material in Material.objects.reading().filter(module__in=modules).order_by("due_on", "order"):
        mine = modules[material.module_id]
        mine.reading.append(material)
        if material.pk in read:
            mine.read[material.pk] = read[material.pk]
    for pk, given_at in Feedback.objects.filter(place=place).values_list("module", "given_at"):
        modules[pk].feedback_at = given_at
    return Year(place, list(modules.values()), development, attendance)
