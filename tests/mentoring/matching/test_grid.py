"""A pass over all pairs in play misses nothing, in 16 bits as in 64."""

import numpy as np
import pytest

from mentoring.matching.aims import FIT_LOST, NO_COST, TIE_HASH, is_below
from mentoring.matching.flow import Prices
from mentoring.matching.grid import Grid
from mentoring.matching.table import FORBIDDEN, blocks, table

from .instances import cohort

FAR = 1 << 40


def grid(rows, columns, seed=1, *, equal=False):
    """Random fits, a third of them not in play."""
    r = np.random.default_rng(seed)
    t = table(cohort(rows, columns, seed))
    t.fit[:] = 2000 if equal else r.integers(0, 4001, t.fit.shape)
    t.fit[r.random(t.fit.shape) < 1 / 3] = FORBIDDEN
    return Grid(t)


def prices(g, seed, size):
    r = np.random.default_rng(seed)
    n, m = g.fit.shape
    return Prices(r.integers(-size, size, n), r.integers(-size, size, m))


def reduced(g, cost, at):
    """All at once and in 64 bits, FAR where not in play."""
    t = g.table
    costs = cost.of(g.fit, t.row_hash[:, None], t.column_hash).astype(np.int64) - at.u[:, None] + at.p
    return np.where(g.fit != FORBIDDEN, costs, FAR)


COSTS = {"nothing": NO_COST, "a band": is_below(1500), "fit": FIT_LOST, "the tie-break": TIE_HASH}


@pytest.mark.parametrize("name", COSTS)
@pytest.mark.parametrize("size", [4_000, 14_300, 1 << 33], ids=["16 bits", "nearly too large for 16 bits", "64 bits"])
@pytest.mark.parametrize("shape", [(1, 1), (3, 50), (70, 9), (130, 257), (700, 90)])
def test_the_lowest_pair_of_every_mentee_and_mentor_is_found(shape, size, name):
    g = grid(*shape)
    at = prices(g, 2, size)
    expected = reduced(g, COSTS[name], at)

    i, j, costs = g.lowest(COSTS[name], at, 1)

    assert (costs == expected[i, j]).all()
    assert (expected[i, j] < FAR).all()
    by_mentee, by_mentor = np.full(shape[0], FAR), np.full(shape[1], FAR)
    np.minimum.at(by_mentee, i, costs)
    np.minimum.at(by_mentor, j, costs)
    assert (by_mentee == expected.min(axis=1)).all()
    assert (by_mentor == expected.min(axis=0)).all()


@pytest.mark.parametrize("size", [4_000, 1 << 33])
def test_pairs_of_reduced_cost_0_and_no_others_are_kept(size):
    g = grid(130, 257)
    at = prices(g, 3, size)
    row, column = np.argwhere(g.fit != FORBIDDEN)[::40].T
    at.u[row] = -g.fit[row, column].astype(np.int64) + at.p[column]
    expected = reduced(g, FIT_LOST, at) == 0

    g.keep_least(FIT_LOST, at)

    assert expected.sum() >= len(np.unique(row))
    assert ((g.fit != FORBIDDEN) == expected).all()
    assert g.count == expected.sum()
    assert [*zip(*g.pairs(), strict=True)] == [*map(tuple, np.argwhere(expected))]


def test_only_pairs_from_a_floor_on_are_kept():
    g = grid(60, 40)
    expected = g.fit >= 1000

    g.keep_from(1000)

    assert ((g.fit != FORBIDDEN) == expected).all()
    assert g.count == expected.sum()


def test_pairs_of_equal_cost_are_spread_over_the_other_side():
    g = grid(512, 512, equal=True)
    i, j, _ = g.lowest(FIT_LOST, Prices.zero(512, 512), 10)

    assert np.bincount(i, minlength=512).max() <= 40
    assert np.bincount(j, minlength=512).max() <= 40


@pytest.mark.parametrize("shape", [(0, 5), (5, 0), (1, 1), (60, 60), (1000, 300), (9, 100_000)])
def test_blocks_cover_every_row_once_and_start_where_groups_do(shape):
    for rows_at_most in (1, 8, 64):
        found = [*blocks(shape, rows_at_most)]

        assert [row for rows in found for row in range(rows.start, rows.stop)] == [*range(shape[0])]
        assert {rows.stop - rows.start for rows in found[:-1]} <= {1, 2, 4, 8, 16, 32, 64}
        assert all(rows.stop - rows.start <= rows_at_most for rows in found)
