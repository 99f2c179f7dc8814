"""Arguing with a plan: why this pair, what another would cost, who stays without a mentor and what would help.

Every price here is the plain difference between two solved problems; prices of the proof are only used to look at
promising pairs first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from heapq import heappop, heappush

import numpy as np

from .fit import Part, parts
from .flow import NOBODY
from .model import MOST_FIT, Order, Problem
from .result import Headline, Result
from .rules import RULES, RuleCheck, Sides, check_pair
from .solve import solve, solve_table
from .table import FORBIDDEN, Table, table, tie_hash

CURABLE = ("vetoed", "untrained", "resting", "full", "mentor_opted_out")
"""Rules the office can do something about, the smallest step first."""
NEW_MENTOR = "new_mentor"
HIGHER_IS_BETTER = {"floor", "total"}
AIMS = ("unmatched", "waiting", "floor", "below", "total", "load", "tie")
TRIES = 2_000
"""Sets of mentors thought of in search of the smallest group before a possibly larger one is given."""


@dataclass(frozen=True)
class Story:
    """One pair: the parts of its fit, every hard rule kept or broken, and the rank the mentee gave (1 is first)."""

    fit: int
    parts: tuple[Part, ...]
    rules: tuple[RuleCheck, ...]
    rank: int | None


def story(problem: Problem, mentee: str, mentor: str) -> Story:
    """Why this pair fits as it does. A shared characteristic is counted and never named."""
    a, b = problem.mentee(mentee), problem.mentor(mentor)
    found = parts(problem.weights, a, b)
    rank = a.preferences.index(mentor) + 1 if mentor in a.preferences else None
    return Story(sum(part.points for part in found), found, check_pair(problem, a, b), rank)


@dataclass(frozen=True)
class Change:
    """What a level reaches before and after; None where a run came to no such figure."""

    name: str
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Move:
    """A mentee whose mentor differs."""

    mentee: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Difference:
    """Two plans compared: every level, everybody who moves, whether the second is worse at the first level that
    differs (ties aside), and the headlines of both."""

    levels: tuple[Change, ...]
    moved: tuple[Move, ...]
    worse: bool
    before: Headline
    after: Headline

    def losses(self) -> tuple[int, ...]:
        """What the second plan loses at each level, in order: comparable as a tuple, smaller is better."""
        return tuple(
            (c.before - c.after) * (1 if c.name in HIGHER_IS_BETTER else -1)
            for c in self.levels
            if c.before is not None and c.after is not None
        )


def difference(before: Result, after: Result) -> Difference:
    """What changes from one plan to another, also between settings: then by what each plan reaches, sought or not."""
    names = sorted({level.name for level in (*before.levels, *after.levels)}, key=_in_order)
    everybody = sorted({*(pair.mentee for pair in before.pairs), *(pair.mentee for pair in after.pairs)})
    moves = (Move(each, before.mentor_of(each), after.mentor_of(each)) for each in everybody)
    found = Difference(
        tuple(Change(name, _reached(before, name), _reached(after, name)) for name in names),
        tuple(move for move in moves if move.before != move.after),
        worse=False, before=before.headline, after=after.headline,
    )  # fmt: skip
    without_ties = replace(found, levels=tuple(change for change in found.levels if change.name != "tie"))
    return replace(found, worse=next((loss for loss in without_ties.losses() if loss), 0) > 0)


def _in_order(name: str) -> tuple[int, int]:
    kind, _, band = name.partition(":")
    return AIMS.index(kind), int(band or 0)


def _reached(result: Result, name: str) -> int | None:
    """What a plan reaches at a level that its own setting may not have sought."""
    kind, _, band = name.partition(":")
    if kind == "floor":
        return MOST_FIT if result.headline.minimum is None else result.headline.minimum
    if kind == "below":
        return sum(pair.fit < int(band) for pair in result.pairs)
    return result.headline.total if kind == "total" else result.value(name)


def price(problem: Problem, result: Result, mentee: str, mentor: str, reason: str = "") -> Difference:
    """What it costs to insist on a pair, and whom it moves: the difference to solving again with that lock.

    Raises ProblemError when the pair breaks a hard rule and there is no reason.
    """
    return difference(result, solve(problem.with_lock(mentee, mentor, reason)))


@dataclass(frozen=True)
class Alternative:
    """Another mentor for somebody, and what choosing them would change."""

    mentor: str
    fit: int
    difference: Difference


def alternatives(problem: Problem, result: Result, mentee: str, count: int = 5) -> tuple[Alternative, ...]:
    """The `count` cheapest other mentors for one person, among those no hard rule forbids, cheapest first.

    A pair's reduced cost bounds its price from below, so pairs are tried in that order until no bound can still win.
    Somebody whose pair is locked has no price in the plan: theirs are those of the best plan without that lock.
    """
    free = problem.without_lock(mentee)
    t = table(free)
    i = next(row for row, each in enumerate(t.mentees) if each.id == mentee)
    now = result.mentor_of(mentee)
    base = result if free.locks == problem.locks else solve_table(t.copy(), free.settings)
    open_to = [j for j in np.flatnonzero(t.fit[i] != FORBIDDEN).tolist() if t.mentors[j].id != now]
    bounds = sorted((_least_loss(t, base, i, j), t.mentors[j].id, j) for j in open_to)
    found: list[tuple[tuple[int, ...], str, Alternative]] = []
    for least, id_, j in bounds:
        if len(found) >= count and least > found[count - 1][0][: len(least)]:
            break
        plan = solve_table(t.with_lock(i, j), free.settings)
        change = Alternative(id_, int(t.fit[i, j]), difference(result, plan))
        found.append((difference(base, plan).losses(), id_, change))
        found.sort(key=lambda each: each[:2])
    return tuple(alternative for _, _, alternative in found[:count])


def _least_loss(t: Table, result: Result, i: int, j: int) -> tuple[int, ...]:
    """What insisting on a pair loses at least: nothing while its reduced cost is 0, and then that much."""
    fit = int(t.fit[i, j])
    losses: list[int] = []
    for proof in result.certificate.proofs:
        if proof.name == "floor":
            losses.append(max(proof.value - fit, 0))
        else:
            cost = {"total": -fit, "tie": int(tie_hash(t.row_hash[i : i + 1], t.column_hash[j])[0])}.get(proof.name, 0)
            if proof.name.startswith("below:"):
                cost = int(fit < int(proof.name.removeprefix("below:")))
            losses.append(cost - proof.u[i] + proof.p[j])
        if losses[-1]:
            break
    return tuple(losses)


@dataclass(frozen=True)
class Proposal:
    """A changed problem with its best plan, beside the one there was."""

    problem: Problem
    result: Result
    difference: Difference


def if_mentor_leaves(problem: Problem, result: Result, mentor: str) -> Proposal:
    """The best plan without this mentor, whose locks are let go."""
    changed = problem.without_mentor(mentor)
    after = solve(changed)
    return Proposal(changed, after, difference(result, after))


def dial(problem: Problem, **options) -> dict[Order, Result]:
    """The best plan at each setting of the fairness dial; `options` as for solve."""
    return {order: solve(problem.with_order(order), **options) for order in Order}


@dataclass(frozen=True)
class Blocking:
    """Two people not paired who would both rather be: each would gain in fit (None: has nobody or a free place)."""

    mentee: str
    mentor: str
    fit: int
    mentee_has: int | None
    mentor_has: int | None


def blocking_pairs(problem: Problem, result: Result) -> tuple[Blocking, ...]:
    """Every such pair no hard rule forbids, best fit first. Locked pairs are left alone."""
    t = table(problem)
    mate = _mates(t, result)
    paired = np.flatnonzero(mate != NOBODY)
    own = np.full(len(t.mentees), FORBIDDEN, dtype=np.int64)
    own[paired] = t.fit[paired, mate[paired]]
    lowest = np.full(len(t.mentors), MOST_FIT + 1, dtype=np.int64)
    np.minimum.at(lowest, mate[paired], own[paired])
    lowest[np.bincount(mate[paired], minlength=len(t.mentors)) < t.seats] = FORBIDDEN
    rows, columns = np.nonzero((t.fit != FORBIDDEN) & (t.fit > own[:, None]) & (t.fit > lowest))

    def has(fit: int) -> int | None:
        return None if fit == FORBIDDEN else fit

    found = [
        Blocking(t.mentees[i].id, t.mentors[j].id, int(t.fit[i, j]), has(int(own[i])), has(int(lowest[j])))
        for i, j in zip(rows.tolist(), columns.tolist(), strict=True)
    ]
    return tuple(sorted(found, key=lambda pair: (-pair.fit, pair.mentee, pair.mentor)))


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
        self.mate = _mates(t, result)
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


def _mates(t: Table, result: Result) -> np.ndarray:
    """The plan as the column of each row, locked pairs aside."""
    column = {mentor.id: j for j, mentor in enumerate(t.mentors)}
    free = {pair.mentee: column[pair.mentor] for pair in result.pairs if not pair.locked}
    return np.array([free.get(mentee.id, NOBODY) for mentee in t.mentees], dtype=np.int64)


def _broken(problem: Problem, t: Table) -> dict[str, np.ndarray]:
    """Where each rule forbids, (n x m) each; places taken by locks count as full."""
    sides = Sides(problem, t.mentees, t.mentors)
    found = {rule.key: np.broadcast_to(rule.forbids(sides), t.fit.shape) for rule in RULES}
    return found | {"full": found["full"] | (t.seats == 0)}
