"""A problem as arrays: mentees are rows, mentors are columns, both in the order of their ids.

The order of ids, not of arrival, is what makes the answer independent of how the rows came in.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from .fit import Profiles
from .model import Mentee, Mentor, Pair, Problem, ProblemError
from .rules import RULES, Rule, Sides

FORBIDDEN = -1
BLOCK = 1 << 20
"""Cells worked on at a time: a few megabytes, which stay in the processor's cache."""


@dataclass(frozen=True)
class Table:
    """`fit` (n x m, int16) is FORBIDDEN where a hard rule forbids; locked and opted-out mentees have no cell open.

    `seats` are a mentor's free places after running mentorships and locks, `load` is what those two take up.
    `waiting` is each mentee's priority; `taking_part` says which rows the solver decides about.
    """

    mentees: tuple[Mentee, ...]
    mentors: tuple[Mentor, ...]
    fit: np.ndarray
    seats: np.ndarray
    load: np.ndarray
    waiting: np.ndarray
    taking_part: np.ndarray
    locked: dict[int, int]
    locked_fit: dict[int, int]
    row_hash: np.ndarray
    column_hash: np.ndarray


def blocks(rows: int, columns: int) -> Iterator[slice]:
    """Slices of rows, about BLOCK cells each."""
    step = max(1, BLOCK // max(columns, 1))
    for start in range(0, rows, step):
        yield slice(start, min(start + step, rows))


def table(problem: Problem, rules: tuple[Rule, ...] = RULES) -> Table:
    """Score and mask a whole problem. Raises ProblemError when a lock breaks a hard rule without a reason."""
    mentees = tuple(sorted(problem.mentees, key=lambda m: m.id))
    mentors = tuple(sorted(problem.mentors, key=lambda m: m.id))
    row = {mentee.id: number for number, mentee in enumerate(mentees)}
    column = {mentor.id: number for number, mentor in enumerate(mentors)}
    locked = {row[lock.mentee]: column[lock.mentor] for lock in problem.locks}

    sides, profiles = Sides(problem, mentees, mentors), Profiles(problem.weights, mentees, mentors)
    taking_part = np.array([m.opted_in and row[m.id] not in locked for m in mentees], dtype=bool)
    load = np.array([mentor.active for mentor in mentors], dtype=np.int64)
    np.add.at(load, list(locked.values()), 1)
    capacity = np.array([mentor.capacity for mentor in mentors], dtype=np.int64)
    made = Table(
        mentees, mentors,
        fit=np.full((len(mentees), len(mentors)), FORBIDDEN, dtype=np.int16),
        seats=np.maximum(capacity - load, 0),
        load=load,
        waiting=np.array([mentee.priority for mentee in mentees], dtype=np.int64),
        taking_part=taking_part,
        locked=locked,
        locked_fit={},
        row_hash=_hashes("mentee", mentees),
        column_hash=_hashes("mentor", mentors),
    )  # fmt: skip
    broken: dict[Pair, str] = {}
    for rows in blocks(*made.fit.shape):
        sides.rows = rows
        fit = profiles.fit(rows)
        locks_here = [(i, j) for i, j in locked.items() if rows.start <= i < rows.stop]
        forbidden = ~taking_part[rows, None] | (made.seats == 0)[None, :]
        for rule in rules:
            forbids = np.broadcast_to(rule.forbids(sides), fit.shape)
            forbidden = forbidden | forbids
            broken |= {(mentees[i].id, mentors[j].id): rule.broken for i, j in locks_here if forbids[i - rows.start, j]}
        made.locked_fit.update({i: int(fit[i - rows.start, j]) for i, j in locks_here})
        np.copyto(made.fit[rows], fit, where=~forbidden)
    if missing := _missing_reasons(problem, broken):
        raise ProblemError(missing)
    return made


def _missing_reasons(problem: Problem, broken: dict[Pair, str]) -> list[str]:
    """Locks that break a rule, or take more places than a mentor has, without saying why."""
    bare = [lock for lock in problem.locks if not lock.reason.strip()]
    found = [
        f"The lock of {lock.mentee} and {lock.mentor} needs a reason: {words[0].lower()}{words[1:]}."
        for lock in bare
        if (words := broken.get((lock.mentee, lock.mentor)))
    ]
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
