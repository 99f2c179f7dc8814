"""Who stays without a mentor, why exactly, and what would help."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from heapq import heappop, heappush

import numpy as np

from .flow import NOBODY
from .model import Problem
from .result import Result
from .rules import RULES, Sides
from .table import FORBIDDEN, Table, table

CURABLE = ("vetoed", "untrained", "resting", "full", "mentor_opted_out")
"""Rules the office can do something about, the smallest step first."""
NEW_MENTOR = "new_mentor"
TRIES = 2_000
"""Sets of mentors thought of in search of the smallest group before a possibly larger one is given."""


@dataclass(frozen=True)
class Group:
    """People who between them may only have these mentors, with fewer free places than there are people."""

    mentees: tuple[str, ...]
    mentors: tuple[str, ...]
    seats: int


@dataclass(frozen=True)
class Cure:
    """One step after which at least one more person can be matched, this one or somebody they compete with.

    `kind` is the rule to see to for this pair (a key of RULES), or NEW_MENTOR with no names.
    """

    kind: str
    mentee: str = ""
    mentor: str = ""


@dataclass(frozen=True)
class Unmatched:
    """Why somebody has no mentor. `by_rule` counts mentors by the first rule that forbids them; the other `open`
    mentors are taken by people who need them, `group`. Cures start with the smallest step."""

    mentee: str
    by_rule: dict[str, int]
    open: int
    group: Group
    cures: tuple[Cure, ...]


def load_unmatched(data: dict) -> Unmatched:
    """Read back what asdict made of a reason, by way of JSON or not."""
    group = data["group"]
    return Unmatched(
        mentee=data["mentee"],
        by_rule=data["by_rule"],
        open=data["open"],
        group=Group(tuple(group["mentees"]), tuple(group["mentors"]), group["seats"]),
        cures=tuple(Cure(**each) for each in data["cures"]),
    )


def why_unmatched(problem: Problem, result: Result, mentee: str) -> Unmatched:
    """The exact reason one person is left, and what would help. Raises ValueError for somebody who is not left."""
    return reasons(problem, result, [mentee])[0]


def reasons(problem: Problem, result: Result, mentees: Sequence[str]) -> tuple[Unmatched, ...]:
    """As why_unmatched, for several people at once: what their reasons have in common is worked out once."""
    for mentee in mentees:
        if mentee not in result.unmatched:
            raise ValueError(f"{mentee} is not among the unmatched.")
    shortage = _Shortage(problem, result)
    return tuple(shortage.reason(mentee) for mentee in mentees)


class _Shortage:
    """A plan that leaves people out: who may have whom, what forbids the rest, and who competes with whom."""

    def __init__(self, problem: Problem, result: Result):
        self.t = t = table(problem)
        self.mate = mates(t, result)
        self.may = t.fit != FORBIDDEN
        self.row = {mentee.id: row for row, mentee in enumerate(t.mentees)}
        self.broken = _broken(problem, t)
        taken = np.bincount(self.mate[self.mate != NOBODY], minlength=len(t.mentors))
        self.obstacles = self.broken | {"full": np.broadcast_to(t.seats <= taken, t.fit.shape)}
        self.single = np.sum(list(self.obstacles.values()), axis=0) == 1
        self.places: list[int] = t.seats.tolist()
        self.wishes: dict[int, list[int]] = {}  # a set of mentors, a bit each -> the people who may have just those
        for row in np.flatnonzero(self._chain(t.taking_part & (self.mate == NOBODY))).tolist():
            self.wishes.setdefault(self._wish(row), []).append(row)
        self.witness = cache(self._witness)

    def reason(self, mentee: str) -> Unmatched:
        i, t = self.row[mentee], self.t
        forbids = np.array([mask[i] for mask in self.broken.values()])
        first = np.bincount(np.where(forbids.any(axis=0), forbids.argmax(axis=0), len(forbids)), minlength=1)
        by_rule = {key: int(count) for key, count in zip(self.broken, first, strict=False) if count}
        chain = np.flatnonzero(self._chain(np.arange(len(t.mentees)) == i))
        rows = self._smallest_group(i, chain)
        columns = np.flatnonzero(self.may[rows].any(axis=0))
        group = Group(
            tuple(t.mentees[row].id for row in rows),
            tuple(t.mentors[column].id for column in columns),
            int(t.seats[columns].sum()),
        )
        return Unmatched(mentee, by_rule, len(t.mentors) - sum(by_rule.values()), group, self._cures(i, chain))

    def _chain(self, start: np.ndarray) -> np.ndarray:
        """Everybody, as a mask, who could move up for `start` if one of them found another place: the mentees of the
        mentors `start` may have, the mentees of the mentors those may have, and so on. All these mentors are full, or
        `start` would be matched."""
        seen = front = start
        while front.any():
            reached = np.append(self.may[front].any(axis=0), False)  # the last is NOBODY
            front = reached[self.mate] & ~seen
            seen = seen | front
        return seen

    def _smallest_group(self, i: int, chain: np.ndarray) -> list[int]:
        """The fewest people, `i` one of them, who have fewer places than heads (Hall's theorem)."""
        found = self.witness(self._wish(i), len(chain))
        if found is None:
            return chain.tolist()
        mentors, room = found
        return sorted([i, *[row for row in self._confined(mentors) if row != i][:room]])

    def _witness(self, start: int, most: int) -> tuple[int, int] | None:
        """The mentors of the smallest group of somebody who may have `start`, with their places; None for the chain.

        A group of k people is a witness when the mentors they may have offer fewer than k places. So sets of mentors
        are tried by their number of places, each grown by what one more person may have; the first to which more people
        are confined than it has places holds the smallest group. The chain is always a witness, of `most` people, and
        the answer when the search grows too long: all the unmatched's chains together hold the smallest group.
        """
        queue, seen = [(self._places(start), start)], {start}
        while queue and len(seen) < TRIES:
            room, mentors = heappop(queue)
            if len(self._confined(mentors)) > room:
                return mentors, room
            for wish in self.wishes:
                grown = mentors | wish
                if grown not in seen and (size := room + self._places(wish & ~mentors)) < most:
                    seen.add(grown)
                    heappush(queue, (size, grown))
        return None

    def _confined(self, mentors: int) -> list[int]:
        return sorted(row for wish, rows in self.wishes.items() if wish & ~mentors == 0 for row in rows)

    def _wish(self, row: int) -> int:
        """The mentors somebody may have, a bit each."""
        return int.from_bytes(np.packbits(self.may[row], bitorder="little").tobytes(), "little")

    def _places(self, mentors: int) -> int:
        found = 0
        while mentors:
            found += self.places[(mentors & -mentors).bit_length() - 1]
            mentors &= mentors - 1
        return found

    def _cures(self, i: int, chain: np.ndarray) -> tuple[Cure, ...]:
        """Pairs of the chain with one obstacle left, one the office can lift, for each mentor the person's own first;
        otherwise somebody new is needed."""
        rows = np.array([i, *chain[chain != i]])
        single, found = self.single[rows], []
        for step, key in enumerate(CURABLE):
            curable = self.obstacles[key][rows] & single
            columns = np.flatnonzero(curable.any(axis=0))
            for row, j in zip(rows[curable[:, columns].argmax(axis=0)].tolist(), columns.tolist(), strict=True):
                found.append((step, row != i, Cure(key, self.t.mentees[row].id, self.t.mentors[j].id)))
        found.sort(key=lambda each: (*each[:2], each[2].mentor, each[2].mentee))
        return (*(cure for _, _, cure in found), Cure(NEW_MENTOR))


def _broken(problem: Problem, t: Table) -> dict[str, np.ndarray]:
    """Where each rule forbids, (n x m) each; places taken by locks count as full."""
    sides = Sides(problem, t.mentees, t.mentors)
    found = {rule.key: np.broadcast_to(rule.forbids(sides), t.fit.shape) for rule in RULES}
    return found | {"full": found["full"] | (t.seats == 0)}


def mates(t: Table, result: Result) -> np.ndarray:
    """The plan as the column of each row, locked pairs aside."""
    column = {mentor.id: j for j, mentor in enumerate(t.mentors)}
    free = {pair.mentee: column[pair.mentor] for pair in result.pairs if not pair.locked}
    return np.array([free.get(mentee.id, NOBODY) for mentee in t.mentees], dtype=np.int64)
