"""Groups of people whom the office can write to, brought by apps in their `addressees.py`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from leaders.people.joining import Joint
from leaders.people.models import Person

addressees = Joint("addressees", "Groups of people whom the office can write to")


@dataclass(frozen=True, eq=False)
class Group:
    """People who have something to do with one cohort, as it stands now. Each gets a message of their own.

    `key` begins with that of its part and finds the group again ("cohorts.participants:7"). `of` is what it belongs
    to, for the office ("LLP Cohort 7"); `why` and `signed` stand at the foot of the message, see `Letter`. `left` are
    those who were in it and are no longer: they are named as left out, because of `gone`. `caution` is what the
    office has to bear in mind about these people.
    """

    key: str
    title: str
    of: str
    why: str
    signed: Mapping[str, str]
    cohort_id: int
    people: QuerySet[Person]
    left: QuerySet[Person] = field(default_factory=Person.objects.none)
    gone: str = "No longer among them"
    caution: str = ""

    def __str__(self):
        return f"{self.title}, {self.of}"


def group(*, order: int, key: str, title: str = ""):
    """Bring groups of one kind: function(now) -> Group, ...; their people are asked for only when one is chosen."""
    return addressees.part(order=order, key=key, title=title)


def groups(now: datetime) -> Iterator[Group]:
    """Every group there is to write to."""
    for part in addressees:
        yield from part.brings(now)


def find_group(key: str, now: datetime) -> Group | None:
    """The group of that key, as long as there is one."""
    kind = key.partition(":")[0]
    found = addressees[kind].brings(now) if kind in addressees else ()
    return next((each for each in found if each.key == key), None)
