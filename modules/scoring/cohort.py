"""A cohort's answers as figures that point at nobody. Never by authority: one nominee each identifies the person."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from leaders.people.small_numbers import Cell, protect

from .individual import Level, Profile
from .instrument import STANDARD, Dimension, Thresholds


@dataclass(frozen=True)
class CohortDimension:
    dimension: Dimension
    n: int  # people with a valid mean
    mean: float | None  # None with n < 8
    distribution: tuple[tuple[Level, Cell], ...] | None  # how many at each level; None with n < 10


def cohort_dimensions(profiles: Iterable[Profile], limits: Thresholds = STANDARD) -> tuple[CohortDimension, ...]:
    """Each dimension of a cohort, in module order; empty without profiles."""
    columns = zip(*(profile.dimensions for profile in profiles), strict=True)
    rows = []
    for column in columns:
        means = [score.mean for score in column if score.mean is not None]
        counts = Counter(score.level for score in column if score.level is not None)
        cells = protect([counts[level] for level in Level])
        rows.append(
            CohortDimension(
                dimension=column[0].dimension,
                n=len(means),
                mean=fmean(means) if len(means) >= limits.cohort_mean_from else None,
                distribution=tuple(zip(Level, cells, strict=True))
                if len(means) >= limits.cohort_distribution_from
                else None,
            )
        )
    return tuple(rows)
