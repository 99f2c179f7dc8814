"""How well the items of a dimension hang together in one wave: Cronbach's alpha and its two companions.

Pool cohorts of the same instrument version for a steadier estimate. The instrument is not validated.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import StatisticsError, correlation, variance

from .instrument import STANDARD, Answers, Instrument, Thresholds


class Band(StrEnum):
    WEAK = "weak"
    CAUTION = "caution"
    GOOD = "good"
    REPETITIVE = "items may repeat each other"


@dataclass(frozen=True)
class Reliability:
    n: int  # complete cases
    alpha: float | None
    if_deleted: Mapping[str, float | None]  # item id -> alpha of the other items
    item_total: Mapping[str, float | None]  # item id -> its correlation with the sum of the others
    indicative: bool  # 10 to 19 people
    hidden: bool  # fewer than 10: shown to nobody, the office included

    @property
    def band(self) -> Band | None:
        if self.alpha is None:
            return None
        return next(band for bound, band in _BANDS if self.alpha < bound)

    @property
    def warning(self) -> bool:
        """A negative alpha is almost always an item scored the wrong way round."""
        return self.alpha is not None and self.alpha < 0


_BANDS = ((0.6, Band.WEAK), (0.7, Band.CAUTION), (0.9, Band.GOOD), (float("inf"), Band.REPETITIVE))


def dimension_reliability(
    instrument: Instrument, dimension: str, responses: Iterable[Answers], limits: Thresholds = STANDARD
) -> Reliability:
    """The reliability of one dimension over complete cases, after reversing."""
    items = instrument.items_of(dimension)
    cases = [
        [item.score(answers[item.id]) for item in items]  # type: ignore[arg-type]
        for answers in responses
        if all(answers.get(item.id) is not None for item in items)
    ]
    columns = [[case[place] for case in cases] for place in range(len(items))]
    others = {item.id: columns[:place] + columns[place + 1 :] for place, item in enumerate(items)}
    return Reliability(
        n=len(cases),
        alpha=cronbach_alpha(columns),
        if_deleted={key: cronbach_alpha(rest) for key, rest in others.items()},
        item_total={
            item.id: _correlation(column, _totals(others[item.id])) for item, column in zip(items, columns, strict=True)
        },
        indicative=limits.alpha_from <= len(cases) < limits.alpha_steady_from,
        hidden=len(cases) < limits.alpha_from,
    )


def cronbach_alpha(columns: Sequence[Sequence[int]]) -> float | None:
    """k / (k - 1) * (1 - sum of item variances / variance of totals), sample variances throughout.

    `columns` holds one sequence per item, all over the same people. None with fewer than two people or
    items, or when everyone has the same total.
    """
    k = len(columns)
    if k < 2 or len(columns[0]) < 2:
        return None
    spread = variance(_totals(columns))
    if spread == 0:
        return None
    return k / (k - 1) * (1 - sum(variance(column) for column in columns) / spread)


def _totals(columns: Sequence[Sequence[int]]) -> list[int]:
    return [sum(case) for case in zip(*columns, strict=True)]


def _correlation(one: Sequence[int], other: Sequence[int]) -> float | None:
    try:
        return correlation(one, other)
    except StatisticsError:  # fewer than two people, or no spread in one of them
        return None
