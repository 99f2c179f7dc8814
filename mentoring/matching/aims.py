"""What is wanted, one aim after another, each as costs to be made as small as possible.

1. fewest unmatched, 2. least waiting priority left out, 3. the highest minimum, 4. the fewest below each band, 5. the
highest total, 6. load spread, 7. ties by a hash of ids. Aims 3 and 4 are the director's choice (Settings.order).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .model import MOST_FIT, Order, Settings
from .table import Table, tie_hash

FLOOR = "floor"


class PairCost(NamedTuple):
    """What a pair costs, as a function of (fit, row hash, column hash) that works on arrays of any shape, and the
    largest size it gives."""

    of: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
    most: int


NO_COST = PairCost(lambda fit, _row, _column: np.zeros(fit.shape, dtype=np.int16), 0)
FIT_LOST = PairCost(lambda fit, _row, _column: -fit, MOST_FIT)
TIE_HASH = PairCost(lambda _fit, row, column: tie_hash(row, column), 1 << 30)


def is_below(band: int) -> PairCost:
    return PairCost(lambda fit, _row, _column: (fit < band).astype(np.int16), 1)


@dataclass(frozen=True)
class Aim:
    """One aim: what a pair costs, `left` (n,) what it costs that somebody has no mentor, `load` (m x k) that a mentor
    takes 0 to k-1 people, `locked` what the locks cost already.

    `sign` is -1 where pairs cost less than 0 and the value reported is the opposite of the cost.
    """

    name: str
    pair: PairCost
    left: np.ndarray
    load: np.ndarray
    locked: int = 0
    sign: int = 1


def aims(t: Table, settings: Settings) -> Iterator[Aim | str]:
    """Every aim in order; the highest minimum is not a cost and only has its name, FLOOR."""
    n, m = t.fit.shape
    locks = np.fromiter(t.locked_fit.values(), dtype=np.int64)
    nobody_minds = np.zeros(n, dtype=np.int64)
    any_load = np.zeros((m, int(t.seats.max(initial=0)) + 1), dtype=np.int64)

    yield Aim("unmatched", NO_COST, nobody_minds + 1, any_load)
    yield Aim("waiting", NO_COST, t.waiting, any_load)
    if settings.order in {Order.FLOOR, Order.BANDS}:
        yield FLOOR
    if settings.order is Order.BANDS:
        for band in sorted(set(settings.bands)):
            yield below(band, t, int((locks < band).sum()))
    yield Aim("total", FIT_LOST, nobody_minds, any_load, locked=-int(locks.sum()), sign=-1)
    yield Aim("load", NO_COST, nobody_minds, (t.load[:, None] + np.arange(any_load.shape[1])) ** 2)
    i, j = np.fromiter(t.locked, dtype=np.int64), np.fromiter(t.locked.values(), dtype=np.int64)
    locked = int(tie_hash(t.row_hash[i], t.column_hash[j]).sum())
    yield Aim("tie", TIE_HASH, nobody_minds, any_load, locked)


def below(band: int, t: Table, locked: int = 0) -> Aim:
    """Few pairs with a fit below `band`."""
    n, m = t.fit.shape
    any_load = np.zeros((m, int(t.seats.max(initial=0)) + 1), dtype=np.int64)
    return Aim(f"below:{band}", is_below(band), np.zeros(n, dtype=np.int64), any_load, locked)
