"""Before and after: matched pairs, their spread, and what may be claimed of one person's change."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import fmean, stdev

from .individual import TOLERANCE
from .instrument import STANDARD, Thresholds
from .student_t import t_quantile

Scores = Mapping[str, float | None]
"""Person -> score of one dimension (or overall) in one wave; None or no key when there is none."""


@dataclass(frozen=True)
class Change:
    """Change from one wave to another over matched people. Figures are None where too few are matched."""

    matched: int
    total: int  # people with a score in either wave
    before: float | None = None  # mean of the matched, first wave
    after: float | None = None
    mean: float | None = None  # mean of (after - before)
    sd: float | None = None
    interval: tuple[float, float] | None = None  # 95%
    dz: float | None = None  # Cohen's dz; None also when everyone changed by the same amount


def matched_change(before: Scores, after: Scores, limits: Thresholds = STANDARD) -> Change:
    """Compare matched people only: nothing under 8, the means for 8 and 9, everything from 10.

    The means for 8 and 9 only where nobody answered one wave alone: beside the waves' own averages they would tell
    what that person answered. From 10 on rounding to one decimal leaves that open.
    """
    first, second = _given(before), _given(after)
    people = sorted(first.keys() & second.keys())
    n, total = len(people), len(first.keys() | second.keys())
    if n < limits.cohort_mean_from or n < min(limits.change_spread_from, total):
        return Change(n, total)
    # Rounded: 3.4 - 3.2 and 2.4 - 2.2 are the same change, and must give a spread of exactly zero.
    differences = [round(second[p] - first[p], 9) for p in people]
    means = fmean(first[p] for p in people), fmean(second[p] for p in people), fmean(differences)
    if n < max(limits.change_spread_from, 2):
        return Change(n, total, *means)
    sd = stdev(differences)
    half = t_quantile(0.975, n - 1) * sd / sqrt(n)
    mean = means[2]
    return Change(n, total, *means, sd, (mean - half, mean + half), mean / sd if sd else None)


@dataclass(frozen=True)
class ResponseShift:
    """The same people's change measured twice: against what they said then, and what they say now of then."""

    before_after: Change
    then_after: Change


def response_shift(before: Scores, then: Scores, after: Scores, limits: Thresholds = STANDARD) -> ResponseShift:
    """Side by side over the people who answered all three, so that the two differ by the yardstick alone."""
    all_three = _given(before).keys() & _given(then).keys() & _given(after).keys()
    first, looking_back, last = ({p: wave[p] for p in all_three} for wave in (before, then, after))
    return ResponseShift(matched_change(first, last, limits), matched_change(looking_back, last, limits))


class Claim(StrEnum):
    IMPROVED = "improved"
    DECLINED = "declined"
    NO_RELIABLE_CHANGE = "no reliable change"


@dataclass(frozen=True)
class ReliableChange:
    direction: int  # -1, 0 or 1: the arrow, which claims nothing
    rci: float | None
    claim: Claim | None  # None: show the arrow only


def reliable_change(
    before: float,
    after: float,
    *,
    sd_before: float | None,
    alpha: float | None,
    n: int,
    limits: Thresholds = STANDARD,
) -> ReliableChange:
    """The reliable change index (after - before) / (SD * sqrt(2 * (1 - alpha))), claimed beyond 1.96.

    `sd_before`, `alpha` and `n` are those of the whole first wave. Without at least 20 people and an
    alpha of 0.6, or where the index is undefined, there is an arrow and no claim.
    Source: Jacobson and Truax 1991.
    """
    difference = round(after - before, 9)
    direction = (difference > 0) - (difference < 0)
    if n < limits.reliable_change_from or alpha is None or alpha < limits.reliable_change_alpha - TOLERANCE:
        return ReliableChange(direction, None, None)
    if not sd_before or alpha >= 1:
        return ReliableChange(direction, None, None)
    rci = difference / (sd_before * sqrt(2 * (1 - alpha)))
    if abs(rci) <= limits.reliable_change_index:
        return ReliableChange(direction, rci, Claim.NO_RELIABLE_CHANGE)
    return ReliableChange(direction, rci, Claim.IMPROVED if rci > 0 else Claim.DECLINED)


def _given(wave: Scores) -> dict[str, float]:
    return {person: score for person, score in wave.items() if score is not None}
