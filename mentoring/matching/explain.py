"""Arguing with a plan: why this pair, what another would cost, who stays without a mentor and what would help.

Every price here is the plain difference between two solved problems; prices of the proof are only used to look at
promising pairs first.
"""

from dataclasses import dataclass, replace
from heapq import heappop, heappush

import numpy as np

from .fit import Part, parts
from .flow import NOBODY
from .model import MOST_FIT, Order, Problem
from .result import Headline, Result
from .rules import RULES, RuleCheck, Sides, check_pair
from .solve import solve
from .table import FORBIDDEN, Table, table, tie_hash

CURABLE = ("vetoed", "untrained", "resting", "full", "mentor_opted_out")
"""Rules the office can do something about, the smallest step first."""
NEW_MENTOR = "new_mentor"
HIGHER_IS_BETTER = {"floor", "total"}
AIMS = ("unmatched", "waiting", "floor", "below", "total", "load", "tie")
TRIES = 5_000
"""Sets of mentors looked at in search of the smallest group before a possibly larger one is given."""


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
    """
    t = table(problem.without_lock(mentee))
    i = next(row for row, each in enumerate(t.mentees) if each.id == mentee)
    now = result.mentor_of(mentee)
    open_to = [j for j in np.flatnonzero(t.fit[i] != FORBIDDEN).tolist() if t.mentors[j].id != now]
    bounds = sorted((_least_loss(t, result, i, j), t.mentors[j].id, j) for j in open_to)
    found: list[tuple[tuple[int, ...], str, Alternative]] = []
    for least, id_, j in bounds:
        if len(found) >= count and least > found[count - 1][0][: len(least)]:
            break
        change = price(problem, result, mentee, id_)
        found.append((change.losses(), id_, Alternative(id_, int(t.fit[i, j]), change)))
        found.sort(key=lambda each: each[:2])
    return tuple(alternative for _, _, alternative in found[:count])


def _least_loss(t: Table, result: Result, i: int, j: int) -> tuple[int, ...]:
    """What insisting on a pair loses at least: nothing while its reduced cost is 0, and then that much."""
    fit = int(t.fit[i, j])
    losses: list[int] = []
    if any(pair.mentee == t.mentees[i].id and pair.locked for pair in result.pairs):
        return ()  # the proof does not cover people whose pair was decided
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
    if mentee not in result.unmatched:
        raise ValueError(f"{mentee} is not among the unmatched.")
    t = table(problem)
    mate = _mates(t, result)
    i = next(row for row, each in enumerate(t.mentees) if each.id == mentee)
    may = t.fit != FORBIDDEN
    broken = _broken(problem, t)
    first = [next((key for key, mask in broken.items() if mask[i, j]), "") for j in range(len(t.mentors))]
    by_rule = {key: first.count(key) for key in broken if key in first}
    chain = _chain(may, mate, i)
    rows = _smallest_group(may, t.seats, _everybody_short(may, mate, t.taking_part), chain, i)
    columns = np.flatnonzero(may[rows].any(axis=0))
    group = Group(
        tuple(t.mentees[row].id for row in rows),
        tuple(t.mentors[column].id for column in columns),
        int(t.seats[columns].sum()),
    )
    return Unmatched(mentee, by_rule, first.count(""), group, _cures(t, mate, broken, chain, i))


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


def _chain(may: np.ndarray, mate: np.ndarray, start: int) -> list[int]:
    """Everybody who could move up for `start` if one of them found another place: the mentees of the mentors `start`
    may have, the mentees of the mentors those may have, and so on. All these mentors are full, or `start` would be
    matched."""
    seen, waiting = {start}, [start]
    while waiting:
        reached = np.flatnonzero(np.isin(mate, np.flatnonzero(may[waiting.pop()])))
        new = [row for row in reached.tolist() if row not in seen]
        seen.update(new)
        waiting += new
    return sorted(seen)


def _everybody_short(may: np.ndarray, mate: np.ndarray, taking_part: np.ndarray) -> list[int]:
    """The chains of all the unmatched together: the smallest group lies inside."""
    return sorted({row for i in np.flatnonzero(taking_part & (mate == NOBODY)) for row in _chain(may, mate, int(i))})


def _smallest_group(may: np.ndarray, seats: np.ndarray, among: list[int], chain: list[int], i: int) -> list[int]:
    """The fewest people, `i` one of them, who have fewer places than heads (Hall's theorem).

    A group of k people is such a witness when the mentors they may have offer fewer than k places. So sets of mentors
    are tried by their number of places, each grown by what one more person may have; the first to which more people
    are confined than it has places holds the smallest group. The chain is always a witness, and the answer when the
    search grows too long.
    """
    wishes = {row: sum(1 << j for j in np.flatnonzero(may[row]).tolist()) for row in among}
    places = seats.tolist()

    def places_in(mentors: int) -> int:
        return sum(places[j] for j in range(mentors.bit_length()) if mentors >> j & 1)

    start = wishes[i]
    queue, seen = [(places_in(start), start)], {start}
    for _ in range(TRIES):
        if not queue:
            break
        room, mentors = heappop(queue)
        confined = [row for row in among if wishes[row] & ~mentors == 0]
        if len(confined) > room:
            return sorted([i, *[row for row in confined if row != i][:room]])
        for wish in set(wishes.values()):
            grown = mentors | wish
            if grown not in seen and (size := places_in(grown)) < len(chain):
                seen.add(grown)
                heappush(queue, (size, grown))
    return chain


def _cures(t: Table, mate: np.ndarray, broken: dict[str, np.ndarray], chain: list[int], i: int) -> tuple[Cure, ...]:
    """Pairs of the chain with one obstacle left, one the office can lift; otherwise somebody new is needed."""
    taken = np.bincount(mate[mate != NOBODY], minlength=len(t.mentors))
    full = np.broadcast_to(t.seats <= taken, t.fit.shape)
    masks = broken | {"full": full}
    obstacles = np.sum(list(masks.values()), axis=0)
    found = []
    for step, key in enumerate(CURABLE):
        for row in chain:
            for j in np.flatnonzero(masks[key][row] & (obstacles[row] == 1)).tolist():
                cure = Cure(key, t.mentees[row].id, t.mentors[j].id)
                found.append(((step, row != i, cure.mentor, cure.mentee), cure))
    best: dict[tuple[str, str], Cure] = {}
    for _, cure in sorted(found, key=lambda each: each[0]):
        best.setdefault((cure.kind, cure.mentor), cure)
    return (*best.values(), Cure(NEW_MENTOR))
