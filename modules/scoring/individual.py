"""One person's answers turned into a profile: dimension means, module scores, overall, levels, quality."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

from .instrument import HIGHEST, LOWEST, STANDARD, Answers, Dimension, Instrument, Thresholds

# Scores are means of small whole numbers; this is far below any real difference and above float noise.
TOLERANCE = 1e-9


class Level(StrEnum):
    PRIORITY = "priority"
    DEVELOP = "develop"
    STRENGTH = "strength"


class QualityFlag(StrEnum):
    """A reason to ask the person, never a reason to reject the answers."""

    SAME_ANSWER = "same_answer"  # one answer to every item
    CONTRADICTION = "contradiction"  # ... other than 3, so the reverse items say the opposite of the rest
    TOO_FAST = "too_fast"


@dataclass(frozen=True)
class DimensionScore:
    dimension: Dimension
    mean: float | None  # 1 to 5; None with fewer than four of five items answered
    level: Level | None
    no_opportunity: int
    importance: int | None  # 1 to 5, "in your role over the next 12 months"

    @property
    def gap(self) -> float | None:
        """Importance minus mean; None when either is missing."""
        return None if self.importance is None or self.mean is None else self.importance - self.mean


@dataclass(frozen=True)
class Profile:
    dimensions: tuple[DimensionScore, ...]  # in module order
    overall: float | None  # mean of dimension means; None with fewer than six of seven
    modules: Mapping[int, float | None]  # module number -> mean of its dimensions; None if one is missing

    def of(self, dimension: str) -> DimensionScore:
        return next(score for score in self.dimensions if score.dimension.key == dimension)


def score(
    instrument: Instrument,
    answers: Answers,
    importance: Mapping[str, int] | None = None,
    limits: Thresholds = STANDARD,
) -> Profile:
    """The profile of one set of raw answers; `importance` maps dimension keys to 1..5.

    Items are never averaged across dimensions. Raises ValueError for an answer or rating outside 1 to 5.
    """
    importance = importance or {}
    if any(not LOWEST <= rating <= HIGHEST for rating in importance.values()):
        raise ValueError(f"Importance is rated from {LOWEST} to {HIGHEST}.")
    scores = tuple(
        _dimension_score(instrument, dimension, answers, importance.get(dimension.key), limits)
        for dimension in instrument.dimensions
    )
    means = [s.mean for s in scores if s.mean is not None]
    by_module: dict[int, list[float | None]] = {}
    for s in scores:
        by_module.setdefault(s.dimension.module, []).append(s.mean)
    return Profile(
        dimensions=scores,
        overall=fmean(means) if len(means) >= limits.dimensions_needed else None,
        modules={number: _mean_of_all(parts) for number, parts in by_module.items()},
    )


def dimension_mean(
    instrument: Instrument, dimension: str, answers: Answers, limits: Thresholds = STANDARD
) -> float | None:
    """Mean of the answered items after reversing, or None with fewer than four answered."""
    scored = [
        item.score(answer) for item in instrument.items_of(dimension) if (answer := answers.get(item.id)) is not None
    ]
    return fmean(scored) if len(scored) >= limits.items_needed else None


def level(mean: float | None, limits: Thresholds = STANDARD) -> Level | None:
    if mean is None:
        return None
    if mean < limits.priority_below - TOLERANCE:
        return Level.PRIORITY
    return Level.DEVELOP if mean < limits.develop_below - TOLERANCE else Level.STRENGTH


def quality(
    instrument: Instrument, answers: Answers, seconds: float | None = None, limits: Thresholds = STANDARD
) -> tuple[QualityFlag, ...]:
    """What looks hurried: one answer to all items, or finished in under 90 seconds."""
    flags = []
    raw = {answers.get(item.id) for item in instrument.items}
    if len(raw) == 1 and None not in raw:
        flags.append(QualityFlag.SAME_ANSWER)
        if raw != {(LOWEST + HIGHEST) // 2}:
            flags.append(QualityFlag.CONTRADICTION)
    if seconds is not None and seconds < limits.fastest_seconds:
        flags.append(QualityFlag.TOO_FAST)
    return tuple(flags)


def _dimension_score(
    instrument: Instrument,
    dimension: Dimension,
    answers: Answers,
    importance: int | None,
    limits: Thresholds,
) -> DimensionScore:
    mean = dimension_mean(instrument, dimension.key, answers, limits)
    return DimensionScore(
        dimension=dimension,
        mean=mean,
        level=level(mean, limits),
        no_opportunity=sum(
            item.id in answers and answers[item.id] is None for item in instrument.items_of(dimension.key)
        ),
        importance=importance,
    )


def _mean_of_all(parts: list[float | None]) -> float | None:
    known = [part for part in parts if part is not None]
    return fmean(known) if len(known) == len(parts) else None
