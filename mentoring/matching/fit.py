"""Fit: how well a mentor serves what a participant stated, an integer from 0 to 4000.

    fit = sum over criteria of (participant's weight x mentor's level)

A participant's weights are 1000 points spread over what they actually stated, in proportion to the office's weight
times the importance they gave. A mentor's level is 0 to 4. Two criteria depend on the pair: a ranked preference
(first choice 4, second 3, third 2, fourth 1) and a characteristic that both chose to offer (4, without saying which).
A participant who stated nothing is weighed by the office's own weights. Everything is an integer, so the parts add up
exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .model import LEVELS, POINTS, PREFERENCE, SHARED, Mentee, Mentor, Weights


class Profiles:
    """Weights (mentees x criteria) and levels (mentors x criteria), with what depends on the pair kept sparse."""

    def __init__(self, weights: Weights, mentees: Sequence[Mentee], mentors: Sequence[Mentor]):
        criteria = weights.criteria
        self.keys = (*(criterion.key for criterion in criteria), PREFERENCE, SHARED)
        column = {mentor.id: number for number, mentor in enumerate(mentors)}
        importance = [
            [*(mentee.wants.get(c.key, 0) for c in criteria), bool(mentee.preferences), bool(mentee.shares)]
            for mentee in mentees
        ]
        office = np.array([*(c.weight for c in criteria), weights.preference, weights.shared], dtype=np.int64)
        stated = np.array(importance, dtype=np.int64).reshape(-1, len(office))
        self.stated = (stated @ office) > 0
        self.weights = spread(stated, office)
        self.levels = np.array([[m.offers.get(c.key, 0) for c in criteria] for m in mentors], dtype=np.int64).reshape(
            len(mentors), len(criteria)
        )
        self.ranks = [
            (row, column[mentor], LEVELS - rank)
            for row, mentee in enumerate(mentees)
            for rank, mentor in enumerate(mentee.preferences[:LEVELS])
            if mentor in column
        ]
        self._ranked = np.array(self.ranks, dtype=np.int64).reshape(-1, 3)
        names = sorted(set().union(*(m.shares for m in mentees)) & set().union(*(m.shares for m in mentors)))
        self._mentee_shares = np.array([[n in m.shares for n in names] for m in mentees], dtype=np.int16)
        self._mentor_shares = np.array([[n in m.shares for n in names] for m in mentors], dtype=np.int16)
        self._small_weights = self.weights.astype(np.int16)
        self._small_levels = np.ascontiguousarray(self.levels.T.astype(np.int16))

    def fit(self, rows: slice) -> np.ndarray:
        """Fit of the mentees in `rows` with every mentor, (rows x mentors) int16."""
        weights = self._small_weights[rows]
        fit = np.einsum("ik,kj->ij", weights[:, :-2], self._small_levels)  # faster than @, which is slow for integers
        first, last = np.searchsorted(self._ranked[:, 0], (rows.start, rows.stop))
        row, column, level = self._ranked[first:last].T
        np.add.at(fit, (row - rows.start, column), (self.weights[row, -2] * level).astype(np.int16))
        if self._mentee_shares.size and self._mentor_shares.size:
            both = np.einsum("ik,jk->ij", self._mentee_shares[rows], self._mentor_shares) > 0
            fit += both * (weights[:, -1:] * np.int16(LEVELS))
        return fit


@dataclass(frozen=True)
class Part:
    """What one criterion gives a pair: `points` of at most `most`; not `stated` where the office's weights stand in."""

    key: str
    points: int
    most: int
    stated: bool = True


def parts(weights: Weights, mentee: Mentee, mentor: Mentor) -> tuple[Part, ...]:
    """The parts of one pair's fit, for what the participant stated or else what the office weighs, in the office's
    order; they add up to it exactly."""
    return parts_of(weights, [(mentee, mentor)])[0]


def parts_of(weights: Weights, pairs: Sequence[tuple[Mentee, Mentor]]) -> list[tuple[Part, ...]]:
    """The parts of each pair: see `parts`."""
    profiles = Profiles(weights, [mentee for mentee, _ in pairs], [mentor for _, mentor in pairs])
    both = [(_rank_level(mentee, mentor), LEVELS * bool(mentee.shares & mentor.shares)) for mentee, mentor in pairs]
    levels = np.hstack([profiles.levels, np.array(both, dtype=np.int64).reshape(-1, 2)])
    points, most = (profiles.weights * levels).tolist(), (profiles.weights * LEVELS).tolist()
    return [
        tuple(
            Part(key, own, top, stated) for key, own, top in zip(profiles.keys, gives, could_give, strict=True) if top
        )
        for gives, could_give, stated in zip(points, most, profiles.stated.tolist(), strict=True)
    ]


def _rank_level(mentee: Mentee, mentor: Mentor) -> int:
    return max(LEVELS - mentee.preferences.index(mentor.id), 0) if mentor.id in mentee.preferences else 0


def spread(importance: np.ndarray, office: np.ndarray) -> np.ndarray:
    """POINTS spread over each row in proportion to office x importance, by largest remainder, first criterion first.

    A row that states nothing of weight takes the office's weights for the criteria; the last two columns (preference
    and shared) belong to pairs and stay 0. Where the office weighs nothing either, the row is 0.
    """
    raw = importance * office
    silent = raw.sum(axis=1) == 0
    raw[silent] = np.concatenate([office[:-2], [0, 0]])
    total = np.maximum(raw.sum(axis=1, keepdims=True), 1)
    points, remainder = np.divmod(raw * POINTS, total)
    left = np.where(raw.any(axis=1), POINTS - points.sum(axis=1), 0)
    place = np.argsort(np.argsort(-remainder, axis=1, kind="stable"), axis=1)
    return points + (place < left[:, None])
