"""The hard rules: who can never be paired, each a small named predicate with words for both outcomes.

A predicate sees some mentees (rows) and all mentors (columns) as arrays and answers with booleans that broadcast to
rows x columns: True where the rule forbids the pair. The same predicates mask ten thousand people and explain one
pair.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from .model import Mentee, Mentor, Pair, Problem

TRAINING_MONTHS = 24
"""Mentor training, or its refresher, is good up to and including the day this many months later."""


class Sides:
    """Mentees `rows` and all mentors of a problem as arrays; made once for all rules."""

    def __init__(self, problem: Problem, mentees: Sequence[Mentee], mentors: Sequence[Mentor]):
        codes: dict[str, int] = {"": -1}
        for organisation in (*(m.organisation for m in mentees), *(m.organisation for m in mentors)):
            codes.setdefault(organisation, len(codes))
        self.mentee_organisation = np.array([codes[m.organisation] for m in mentees], dtype=np.int32)[:, None]
        self.mentor_organisation = np.array([codes[m.organisation] for m in mentors], dtype=np.int32)[None, :]
        self.mentee_opted_in = np.array([m.opted_in for m in mentees], dtype=bool)[:, None]
        self.mentor_opted_in = np.array([m.opted_in for m in mentors], dtype=bool)[None, :]
        self.trained = np.array([training_is_good(m.trained_on, problem.on) for m in mentors], dtype=bool)[None, :]
        self.rested = np.array([not m.resting_until or m.resting_until <= problem.on for m in mentors], bool)[None, :]
        self.free_seats = np.array([m.capacity - m.active for m in mentors], dtype=np.int64)[None, :]
        self.row = {mentee.id: row for row, mentee in enumerate(mentees)}
        self.column = {mentor.id: column for column, mentor in enumerate(mentors)}
        self.line_management = self._cells(problem.line_management)
        self.conflicts = self._cells(problem.conflicts)
        self.ended = self._cells(problem.ended)
        self.vetoes = self._cells((veto.mentee, veto.mentor) for veto in problem.vetoes)
        self.rows = slice(0, len(mentees))

    def _cells(self, pairs: Iterable[Pair]) -> np.ndarray:
        """The pairs as (k, 2) row and column numbers, in row order; pairs with somebody who is not here say
        nothing."""
        known = [(self.row[a], self.column[b]) for a, b in pairs if a in self.row and b in self.column]
        return np.array(sorted(known), dtype=np.int64).reshape(-1, 2)

    def forbid(self, rule: "Rule", mentee: str, mentor: str) -> bool:
        """Whether a rule forbids one pair."""
        self.rows = slice(self.row[mentee], self.row[mentee] + 1)
        forbids = rule.forbids(self)
        return bool(np.broadcast_to(forbids, (1, len(self.column)))[0, self.column[mentor]])

    def marked(self, cells: np.ndarray) -> np.ndarray:
        """The cells as a mask over the current rows."""
        first, last = np.searchsorted(cells[:, 0], (self.rows.start, self.rows.stop))
        if first == last:
            return np.zeros((1, 1), dtype=bool)
        mask = np.zeros((self.rows.stop - self.rows.start, self.mentor_organisation.shape[1]), dtype=bool)
        mask[cells[first:last, 0] - self.rows.start, cells[first:last, 1]] = True
        return mask


@dataclass(frozen=True)
class Rule:
    """A rule's key, its words when it is kept and when it is broken, and where it forbids."""

    key: str
    kept: str
    broken: str
    forbids: Callable[[Sides], np.ndarray]


def mentee_opted_out(s: Sides) -> np.ndarray:
    return ~s.mentee_opted_in[s.rows]


def mentor_opted_out(s: Sides) -> np.ndarray:
    return ~s.mentor_opted_in


def same_organisation(s: Sides) -> np.ndarray:
    """People without an organisation (independent consultants) share none."""
    organisation = s.mentee_organisation[s.rows]
    return (organisation == s.mentor_organisation) & (organisation >= 0)


def line_management(s: Sides) -> np.ndarray:
    return s.marked(s.line_management)


def conflict(s: Sides) -> np.ndarray:
    return s.marked(s.conflicts)


def ended(s: Sides) -> np.ndarray:
    return s.marked(s.ended)


def vetoed(s: Sides) -> np.ndarray:
    return s.marked(s.vetoes)


def untrained(s: Sides) -> np.ndarray:
    return ~s.trained


def resting(s: Sides) -> np.ndarray:
    return ~s.rested


def full(s: Sides) -> np.ndarray:
    return s.free_seats <= 0


RULES = (
    Rule("mentee_opted_out", "The participant has asked for a mentor", "The participant has not opted in",
         mentee_opted_out),
    Rule("mentor_opted_out", "The mentor is available", "The mentor has not opted in", mentor_opted_out),
    Rule("same_organisation", "Different organisations", "Same organisation", same_organisation),
    Rule("line_management", "No line-management relation", "A line-management relation, past or present",
         line_management),
    Rule("conflict", "No declared conflict", "A declared conflict", conflict),
    Rule("ended", "Never paired before", "A mentorship of theirs ended before", ended),
    Rule("vetoed", "Not ruled out by the office", "Ruled out by the office", vetoed),
    Rule("untrained", "Trained in the last 24 months", "Not trained in the last 24 months", untrained),
    Rule("resting", "Not resting", "Resting", resting),
    Rule("full", "Has a free place", "No free place", full),
)  # fmt: skip


@dataclass(frozen=True)
class RuleCheck:
    """One rule applied to one pair, in words."""

    key: str
    kept: bool
    words: str


def check_pair(
    problem: Problem, mentee: Mentee, mentor: Mentor, rules: tuple[Rule, ...] = RULES
) -> tuple[RuleCheck, ...]:
    """Every rule for one pair, kept or broken, in the order of `rules`."""
    sides = Sides(problem, [mentee], [mentor])
    broken = [sides.forbid(rule, mentee.id, mentor.id) for rule in rules]
    return tuple(RuleCheck(r.key, not b, r.broken if b else r.kept) for r, b in zip(rules, broken, strict=True))


def training_is_good(trained_on: date | None, on: date) -> bool:
    """Trained at all, not later than `on`, and no longer ago than TRAINING_MONTHS."""
    return trained_on is not None and trained_on <= on <= _months_later(trained_on, TRAINING_MONTHS)


def _months_later(day: date, months: int) -> date:
    """The same day of the month, or its last day where the month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for day_of_month in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, day_of_month)
        except ValueError:
            continue
    raise ValueError(day)
