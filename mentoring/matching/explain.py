"""Arguing with a plan: why this pair, what another would cost, who would rather be with whom.

Every price here is the plain difference between two solved problems.
"""

from dataclasses import dataclass, replace

import numpy as np

from .fit import Part, parts
from .flow import NOBODY
from .model import MOST_FIT, Order, Problem
from .result import Headline, Result
from .rules import RuleCheck, check_pair
from .shortage import mates
from .solve import KeepGoing, solve, solve_table
from .table import FORBIDDEN, table

PRICES = "prices"
HIGHER_IS_BETTER = {"floor", "total"}
AIMS = ("unmatched", "waiting", "floor", "below", "total", "load", "tie")


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


def load_difference(data: dict) -> Difference:
    """Read back what asdict made of a difference, by way of JSON or not."""
    return Difference(
        levels=tuple(Change(**each) for each in data["levels"]),
        moved=tuple(Move(**each) for each in data["moved"]),
        worse=data["worse"],
        before=Headline(**data["before"]),
        after=Headline(**data["after"]),
    )


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


def alternatives(
    problem: Problem, result: Result, mentee: str, count: int = 5, keep_going: KeepGoing | None = None
) -> tuple[Alternative, ...]:
    """The `count` cheapest other mentors for one person, among those no hard rule forbids, cheapest first.

    The best plan in which they have any other mentor gives them the cheapest one, and is what choosing that one leads
    to. Without both, the best plan gives the next, and so on. `keep_going(PRICES, mentors priced)` is asked before
    every step: False ends the search with what was found so far.
    """
    t = table(problem.without_lock(mentee))
    i = next(row for row, each in enumerate(t.mentees) if each.id == mentee)
    column = {mentor.id: j for j, mentor in enumerate(t.mentors)}
    t.may_be_left[i] = False
    if now := result.mentor_of(mentee):
        t.fit[i, column[now]] = FORBIDDEN
    found: list[Alternative] = []

    def ask(_aim: str = "", _done: int = 0) -> bool:
        return keep_going is None or keep_going(PRICES, len(found))

    while len(found) < count and (t.fit[i] != FORBIDDEN).any():
        plan = solve_table(t.copy(), problem.settings, ask)
        if not plan.headline.proved:
            break
        pair = next(pair for pair in plan.pairs if pair.mentee == mentee)
        found.append(Alternative(pair.mentor, pair.fit, difference(result, plan)))
        t.fit[i, column[pair.mentor]] = FORBIDDEN
    return tuple(found)


@dataclass(frozen=True)
class Proposal:
    """A changed problem with its best plan, beside the one there was."""

    problem: Problem
    result: Result
    difference: Difference


def if_mentor_leaves(problem: Problem, result: Result, mentor: str, keep_going: KeepGoing | None = None) -> Proposal:
    """The best plan without this mentor, whose locks are let go; `keep_going` as for solve."""
    changed = problem.without_mentor(mentor)
    after = solve(changed, keep_going=keep_going)
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
    mate = mates(t, result)
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
