"""A problem as arrays: mentees are rows, mentors are columns, both in the order of their ids.

The order of ids, not of arrival, is what makes the answer independent of how the rows came in.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import reduce
from hashlib import blake2b

import numpy as np

from .fit import Profiles
from .model import Mentee, Mentor, Problem, ProblemError
from .rules import RULES, Rule, Sides

FORBIDDEN = -1
BLOCK = 1 << 16
"""Cells worked on at a time: they stay in the processor's cache, and memory for them is used again and again."""


@dataclass(frozen=True)
class Table:
    """`fit` (n x m, int16) is FORBIDDEN where a hard rule forbids; locked and opted-out mentees have no cell open.

    `seats` are a mentor's free places after running mentorships and locks, `load` is what those two take up.
    `waiting` is each mentee's priority; `taking_part` says which rows the solver decides about, `may_be_left` which of
    them may stay without a mentor: everybody, unless a plan is sought in which somebody has one.
    """

    mentees: tuple[Mentee, ...]
    mentors: tuple[Mentor, ...]
    fit: np.ndarray
    seats: np.ndarray
    load: np.ndarray
    waiting: np.ndarray
    taking_part: np.ndarray
    may_be_left: np.ndarray
    locked: dict[int, int]
    locked_fit: dict[int, int]
    row_hash: np.ndarray
    column_hash: np.ndarray

    def copy(self) -> "Table":
        """The same, to be used up."""
        return replace(self, fit=self.fit.copy())


def blocks(shape: tuple[int, ...], rows_at_most: int = BLOCK) -> Iterator[slice]:
    """Slices of rows, at most BLOCK cells each, and all but the last with the same power of two of rows."""
    rows, columns = shape
    step = min(1 << max(0, (BLOCK // max(columns, 1)).bit_length() - 1), rows_at_most)
    for start in range(0, rows, step):
        yield slice(start, min(start + step, rows))


def table(problem: Problem, rules: tuple[Rule, ...] = RULES) -> Table:
    """Score and mask a whole problem. Raises ProblemError when a lock breaks a hard rule without a reason."""
    mentees = tuple(sorted(problem.mentees, key=lambda m: m.id))
    mentors = tuple(sorted(problem.mentors, key=lambda m: m.id))
    sides, profiles = Sides(problem, mentees, mentors), Profiles(problem.weights, mentees, mentors)
    if missing := _missing_reasons(problem, sides, rules):
        raise ProblemError(missing)
    locked = {sides.row[lock.mentee]: sides.column[lock.mentor] for lock in problem.locks}
    taking_part = np.array([mentee.opted_in and i not in locked for i, mentee in enumerate(mentees)], dtype=bool)
    load = np.array([mentor.active for mentor in mentors], dtype=np.int64)
    np.add.at(load, list(locked.values()), 1)
    capacity = np.array([mentor.capacity for mentor in mentors], dtype=np.int64)
    made = Table(
        mentees, mentors,
        fit=np.empty((len(mentees), len(mentors)), dtype=np.int16),
        seats=np.maximum(capacity - load, 0),
        load=load,
        waiting=np.array([mentee.priority for mentee in mentees], dtype=np.int64),
        taking_part=taking_part,
        may_be_left=np.ones(len(mentees), dtype=bool),
        locked=locked,
        locked_fit={i: int(profiles.fit(slice(i, i + 1))[0, j]) for i, j in locked.items()},
        row_hash=_hashes("mentee", mentees),
        column_hash=_hashes("mentor", mentors),
    )  # fmt: skip
    for rows in blocks(made.fit.shape):
        sides.rows = rows
        forbids = [~taking_part[rows, None], (made.seats == 0)[None, :], *(rule.forbids(sides) for rule in rules)]
        forbidden = reduce(np.logical_or, sorted(forbids, key=np.shape))  # what says the same of all mentees first
        np.bitwise_or(profiles.fit(rows), all_bits(forbidden), out=made.fit[rows])
    return made


def all_bits(which: np.ndarray) -> np.ndarray:
    """FORBIDDEN, which is every bit, where it is so, and no bit elsewhere."""
    return -which.view(np.int8).astype(np.int16)


def _missing_reasons(problem: Problem, sides: Sides, rules: tuple[Rule, ...]) -> list[str]:
    """Locks that break a rule, or take more places than a mentor has, without saying why."""
    bare = [lock for lock in problem.locks if not lock.reason.strip()]
    found = []
    for lock in bare:
        if words := next((rule.broken for rule in rules if sides.forbid(rule, lock.mentee, lock.mentor)), ""):
            broken = f"{words[0].lower()}{words[1:]}"
            found.append(f"The lock of {lock.mentee} and {lock.mentor} needs a reason: {broken}.")
    if not found:
        free = {mentor.id: mentor.capacity - mentor.active for mentor in problem.mentors}
        for mentor, count in Counter(lock.mentor for lock in bare).items():
            if count > free[mentor]:
                found.append(f"The {count} locks of {mentor} need a reason: there is room for {free[mentor]}.")
    return found


def _hashes(side: str, people) -> np.ndarray:
    digests = [blake2b(person.id.encode(), digest_size=8, person=side.encode()).digest() for person in people]
    return np.array([int.from_bytes(digest, "big") for digest in digests], dtype=np.uint64)


def tie_hash(row_hash: np.ndarray, column_hash: np.ndarray) -> np.ndarray:
    """A number below 2**30 for each pair, from the two ids alone (the finaliser of splitmix64)."""
    x = row_hash ^ column_hash
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (x >> np.uint64(34)).astype(np.int64)
