"""What is matched: people, what they want and offer, and what the office has decided."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

LEVELS = 4
"""The highest level a mentor can offer, and the highest importance a mentee can give."""
POINTS = 1000
"""What one participant's weights add up to, so that fit runs from 0 to POINTS * LEVELS."""
MOST_FIT = POINTS * LEVELS

PREFERENCE = "preference"
SHARED = "shared"

Pair = tuple[str, str]
"""(mentee id, mentor id), always in this order."""


class ProblemError(ValueError):
    """What is wrong with a problem, one sentence each in `.problems`; nothing is matched until it is put right."""

    def __init__(self, problems: list[str]):
        self.problems = problems
        super().__init__(" ".join(problems))


@dataclass(frozen=True)
class Criterion:
    """One thing a mentee can look for and a mentor can offer, with the office's weight (0 or more)."""

    key: str
    weight: int = 1


@dataclass(frozen=True)
class Weights:
    """The office's weights. `preference` is for ranked mentors, `shared` for characteristics both chose to offer."""

    criteria: tuple[Criterion, ...] = ()
    preference: int = 0
    shared: int = 0


@dataclass(frozen=True)
class Mentor:
    """`active` mentorships run already: they take up capacity and count as load. `offers`: criterion key to 0-4."""

    id: str
    organisation: str = ""
    capacity: int = 1
    active: int = 0
    trained_on: date | None = None
    resting_until: date | None = None
    opted_in: bool = True
    offers: Mapping[str, int] = field(default_factory=dict)
    shares: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Mentee:
    """`wants`: criterion key to importance 0-4, absent is not stated. `preferences`: mentor ids, first choice
    first."""

    id: str
    organisation: str = ""
    opted_in: bool = True
    priority: int = 0
    wants: Mapping[str, int] = field(default_factory=dict)
    preferences: tuple[str, ...] = ()
    shares: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Lock:
    """The office's decision that two people are paired. Against a hard rule it needs a reason."""

    mentee: str
    mentor: str
    reason: str = ""


@dataclass(frozen=True)
class Veto:
    """The office's decision that two people are not paired."""

    mentee: str
    mentor: str
    reason: str = ""


class Order(StrEnum):
    """How fairness and total weigh: the director's dial."""

    TOTAL = "total"
    FLOOR = "floor"
    BANDS = "bands"


@dataclass(frozen=True)
class Settings:
    """`bands` are in points of fit and only count for Order.BANDS: the fewest below the lowest band come first."""

    order: Order = Order.BANDS
    bands: tuple[int, ...] = (1000, 2000)


@dataclass(frozen=True)
class Problem:
    """Everything a matching depends on; `on` is the day the rules are judged by.

    `line_management` (past or present), `conflicts` (declared) and `ended` (pairs that ended before) are sets of
    (mentee id, mentor id). Raises ProblemError when the parts contradict each other.
    """

    on: date
    mentors: tuple[Mentor, ...] = ()
    mentees: tuple[Mentee, ...] = ()
    weights: Weights = Weights()
    settings: Settings = Settings()
    locks: tuple[Lock, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    line_management: frozenset[Pair] = frozenset()
    conflicts: frozenset[Pair] = frozenset()
    ended: frozenset[Pair] = frozenset()

    def __post_init__(self):
        if found := list(_contradictions(self)):
            raise ProblemError(found)

    def mentee(self, id: str) -> Mentee:  # noqa: A002 - an id is what it is
        return next(mentee for mentee in self.mentees if mentee.id == id)

    def mentor(self, id: str) -> Mentor:  # noqa: A002
        return next(mentor for mentor in self.mentors if mentor.id == id)

    def with_lock(self, mentee: str, mentor: str, reason: str = "") -> "Problem":
        kept = tuple(lock for lock in self.locks if lock.mentee != mentee)
        return replace(self, locks=(*kept, Lock(mentee, mentor, reason)))

    def without_lock(self, mentee: str) -> "Problem":
        return replace(self, locks=tuple(lock for lock in self.locks if lock.mentee != mentee))

    def with_veto(self, mentee: str, mentor: str, reason: str = "") -> "Problem":
        return replace(self.without_veto(mentee, mentor), vetoes=(*self.vetoes, Veto(mentee, mentor, reason)))

    def without_veto(self, mentee: str, mentor: str) -> "Problem":
        return replace(self, vetoes=tuple(v for v in self.vetoes if (v.mentee, v.mentor) != (mentee, mentor)))

    def without_mentor(self, mentor: str) -> "Problem":
        """The same problem with this mentor opted out and their locks let go."""
        mentors = tuple(replace(each, opted_in=False) if each.id == mentor else each for each in self.mentors)
        return replace(self, mentors=mentors, locks=tuple(lock for lock in self.locks if lock.mentor != mentor))

    def with_order(self, order: Order) -> "Problem":
        return replace(self, settings=replace(self.settings, order=order))


def _contradictions(problem: Problem) -> Iterator[str]:
    mentees, mentors = {mentee.id for mentee in problem.mentees}, {mentor.id for mentor in problem.mentors}
    yield from _duplicates("mentee", [mentee.id for mentee in problem.mentees])
    yield from _duplicates("mentor", [mentor.id for mentor in problem.mentors])
    yield from _duplicates("criterion", [criterion.key for criterion in problem.weights.criteria])
    yield from _duplicates("lock for mentee", [lock.mentee for lock in problem.locks])
    for mentee in problem.mentees:
        yield from _duplicates(f"preference of {mentee.id}:", list(mentee.preferences))
    yield from _out_of_range(problem)
    vetoed = {(veto.mentee, veto.mentor) for veto in problem.vetoes}
    for lock in problem.locks:
        if lock.mentee not in mentees:
            yield f"The lock of {lock.mentee} and {lock.mentor} names a mentee who is not here."
        if lock.mentor not in mentors:
            yield f"The lock of {lock.mentee} and {lock.mentor} names a mentor who is not here."
        if (lock.mentee, lock.mentor) in vetoed:
            yield f"The pair {lock.mentee} and {lock.mentor} is both locked and vetoed."


def _duplicates(what: str, ids: list[str]) -> Iterator[str]:
    for each, times in Counter(ids).items():
        if times > 1:
            yield f"There are {times} entries for {what} {each}."


def _out_of_range(problem: Problem) -> Iterator[str]:
    weights = problem.weights
    numbers = [
        *(("weight", c.key, c.weight, None) for c in weights.criteria),
        ("weight", PREFERENCE, weights.preference, None),
        ("weight", SHARED, weights.shared, None),
        *(("capacity", m.id, m.capacity, None) for m in problem.mentors),
        *(("active mentorships", m.id, m.active, None) for m in problem.mentors),
        *(("waiting priority", m.id, m.priority, None) for m in problem.mentees),
        *(("level", m.id, level, LEVELS) for m in problem.mentors for level in m.offers.values()),
        *(("importance", m.id, level, LEVELS) for m in problem.mentees for level in m.wants.values()),
        *(("band", str(band), band, MOST_FIT) for band in problem.settings.bands),
    ]
    for what, where, number, most in numbers:
        if number < 0 or (most is not None and number > most):
            yield f"The {what} of {where} is {number}, outside 0 to {most if most is not None else 'any number'}."
    for criterion in weights.criteria:
        if criterion.key in {PREFERENCE, SHARED}:
            yield f"A criterion cannot be called {criterion.key}: that name has a meaning of its own."
