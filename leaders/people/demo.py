"""The demo year: invented people live through real cohorts, by the real actions, with a moving clock.

Each app plays its own part, in its `demo.py`: a function of the world that puts what people will do on the
timetable (`world.at`). The world then goes through the timetable in order of time, from the first invitation of the
oldest cohort to today; what lies in the future is not played. Given the same day the same story comes out.
"""

import csv
import heapq
import itertools
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from .folding import fold
from .joining import Joint
from .models import Person

DATA = Path(__file__).parent / "data"
LONDON = ZoneInfo("Europe/London")

parts = Joint("demo", "Who plays which part of the demo year")
entrances = Joint("demo (entrances)", "Whom or what a visitor of the demo can open, one of each kind")


@dataclass(frozen=True)
class Entrance:
    """One way into the demo: a person to be, or a page to open, which `detail` says something about."""

    label: str
    person: Person | None = None
    path: str = ""
    detail: str = "A private link, as it came by email"


def part(*, order: int, key: str = "", title: str = ""):
    """Bring a part: function(world), called once before the clock starts, lowest order first."""
    return parts.part(order=order, key=key, title=title)


def entrance(*, order: int, key: str = "", title: str = ""):
    """Bring an entrance: function() -> Entrance or None."""
    return entrances.part(order=order, key=key, title=title)


@dataclass
class World:
    """The stage: a clock, a timetable, and invented people and words in an order that never changes."""

    today: date
    now: datetime = field(init=False)
    end: datetime = field(init=False)
    chance: random.Random = field(default_factory=lambda: random.Random(1867))  # noqa: S311 (a story, not a secret)
    kept: dict = field(default_factory=dict)  # what one part leaves for another, such as the cohorts
    played: int = 0

    def __post_init__(self):
        self.end = moment(self.today, time(8, 30))
        self.now = self.end - timedelta(days=3 * 365)
        self._timetable: list = []
        self._order = itertools.count()
        self._names = iter(read("demo_names.csv"))
        self._roles = itertools.cycle(read("demo_roles.csv"))

    def at(self, when: datetime | date, act: Callable, *args, **kwargs) -> None:
        """Have `act` happen at `when` (a date means ten in the morning in London). The future is not played."""
        when = when if isinstance(when, datetime) else moment(when, time(10))
        if when <= self.end:
            heapq.heappush(self._timetable, (max(when, self.now), next(self._order), act, args, kwargs))

    def play(self) -> None:
        """Go through the timetable; whatever is done may put more on it."""
        while self._timetable:
            self.now, _, act, args, kwargs = heapq.heappop(self._timetable)
            act(*args, **kwargs)
            self.played += 1

    def somebody(self) -> dict:
        """The next invented person: name, known_as, pronouns, email, role_title, service."""
        found = dict(next(self._names))
        role = next(self._roles)
        words = fold(found["name"]).encode("ascii", "ignore").decode().replace("'", "").split()
        return {
            **{key: found.get(key, "") or "" for key in ("name", "known_as", "pronouns")},
            "email": f"{'.'.join(words)}@example.org",
            **{key: role[key] for key in ("role_title", "service")},
        }

    @cached_property
    def texts(self) -> dict:
        """Invented words, by kind."""
        return json.loads((DATA / "demo_texts.json").read_text())

    def days_later(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        """That many days after now, at an hour in London, on a weekday."""
        day = self.now.astimezone(LONDON).date() + timedelta(days=days)
        return moment(weekday(day), time(hour, minute))


def read(name: str) -> list[dict]:
    with (DATA / name).open(newline="") as file:
        return list(csv.DictReader(file))


def moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, LONDON)


def weekday(day: date) -> date:
    """`day`, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
