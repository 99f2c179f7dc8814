"""Every pair of a large problem in one array, and the passes over it.

A pass looks at all pairs in play, a hundred million of them for ten thousand people. It goes block by block, in blocks
that stay in the processor's cache, and in 16 bits where the numbers allow it; no step of it chooses cell by cell,
which would take longer than all the others together.
"""

from collections.abc import Iterator

import numpy as np

from .aims import PairCost
from .flow import Prices
from .table import BLOCK, FORBIDDEN, Table, all_bits, blocks

LOWEST, HIGHEST = np.int16(-(1 << 15)), (1 << 15) - 1


class Grid:
    """The fit of every pair in play, FORBIDDEN elsewhere. It starts from a table and uses the table's array up."""

    def __init__(self, table: Table):
        self.table, self.fit = table, table.fit
        self.count = sum(int(np.count_nonzero(self.fit[rows] != FORBIDDEN)) for rows in blocks(self.fit.shape))

    def pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """Rows and columns of the pairs in play."""
        m = self.fit.shape[1]
        cells = [np.flatnonzero(self.fit[rows] != FORBIDDEN) + rows.start * m for rows in blocks(self.fit.shape)]
        i, j = np.divmod(np.concatenate(cells), m) if cells else np.empty((2, 0), dtype=np.int64)
        return i, j

    def _reduced(self, cost: PairCost, at: Prices, rows_at_most: int = BLOCK) -> Iterator[tuple[slice, np.ndarray]]:
        """Rows, and the reduced costs of their pairs: higher than any other for those not in play."""
        t = self.table
        highest = cost.most + int(np.abs(at.u).max(initial=0) + np.abs(at.p).max(initial=0))
        kind, room = (np.int16, 0) if highest < HIGHEST else (np.int64, 32)
        u, p = at.u.astype(kind)[:, None], at.p.astype(kind)
        for rows in blocks(self.fit.shape, rows_at_most):
            fit = self.fit[rows]
            costs: np.ndarray = cost.of(fit, t.row_hash[rows, None], t.column_hash).astype(kind, copy=False)
            reduced = costs - u[rows]
            reduced += p
            all_bits_if_shut = fit >> 15
            least: np.ndarray = (all_bits_if_shut ^ LOWEST).astype(kind, copy=False)  # HIGHEST if shut, else LOWEST
            yield rows, np.maximum(reduced, least << room, out=reduced)

    def lowest(self, cost: PairCost, at: Prices, each: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """For each mentee and each mentor `each` pairs of low reduced cost, as rows, columns and reduced costs.

        The other side is cut into 16 to 32 groups of neighbours, and the lowest pair with every group is a candidate.
        So the very lowest is always found: where no reduced cost given is below 0, none is.

        A minimum carries its place along in its lowest bits: the numbers of mentee and mentor, mixed (xor), from which
        either gets the other's number within its group. Mixing also settles ties, differently for different people.
        """
        n, m = self.fit.shape
        row_bits, column_bits = (max(0, (size - 1).bit_length() - 5) for size in (n, m))
        bits = max(row_bits, column_bits)
        low_bits = (1 << bits) - 1
        row, column = np.arange(n)[:, None] & low_bits, np.arange(m) & low_bits
        column_groups = np.arange(0, m, 1 << column_bits)
        by_mentee = np.empty((n, len(column_groups)), dtype=np.int64)
        by_mentor = np.full((len(range(0, n, 1 << row_bits)), m), np.iinfo(np.int64).max)
        for rows, reduced in self._reduced(cost, at, 1 << row_bits):
            kind = np.int32 if reduced.itemsize == 2 else np.int64
            key: np.ndarray = reduced.astype(kind)
            key <<= bits
            key |= row[rows].astype(kind) ^ column.astype(kind)
            by_mentee[rows] = np.minimum.reduceat(key, column_groups, axis=1)
            group = by_mentor[rows.start >> row_bits]
            np.minimum(group, key.min(axis=0), out=group)
        found = [_lowest(by_mentee, each, column_bits, bits), _lowest(by_mentor.T, each, row_bits, bits)]
        (i, their_j, i_costs), (j, their_i, j_costs) = found
        i, j, costs = np.concatenate([i, their_i]), np.concatenate([their_j, j]), np.concatenate([i_costs, j_costs])
        in_play = self.fit[i, j] != FORBIDDEN
        return i[in_play], j[in_play], costs[in_play]

    def keep_least(self, cost: PairCost, at: Prices) -> None:
        """Keep the pairs of reduced cost 0."""
        if cost.most == 0 and not at.u.any() and not at.p.any():
            return  # they all are
        self.count = 0
        for rows, reduced in self._reduced(cost, at):
            self._shut(rows, reduced != 0)

    def keep_from(self, floor: int) -> None:
        """Keep the pairs of a fit of at least `floor`."""
        self.count = 0
        for rows in blocks(self.fit.shape):
            self._shut(rows, self.fit[rows] < floor)

    def _shut(self, rows: slice, which: np.ndarray) -> None:
        self.fit[rows] |= all_bits(which)
        self.count += int(np.count_nonzero(self.fit[rows] != FORBIDDEN))

    def best(self) -> tuple[np.ndarray, np.ndarray]:
        """The best fit of each mentee and each mentor."""
        return self.fit.max(axis=1, initial=FORBIDDEN), self.fit.max(axis=0, initial=FORBIDDEN)


def _lowest(keys: np.ndarray, each: int, group_bits: int, bits: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Take keys (people x groups) apart: the `each` lowest of each person, as person, other person, reduced cost."""
    group = np.broadcast_to(np.arange(keys.shape[1]), keys.shape)
    if keys.shape[1] > each:
        group = np.argpartition(keys, each - 1, axis=1)[:, :each]
        keys = np.take_along_axis(keys, group, axis=1)
    person = np.broadcast_to(np.arange(len(keys))[:, None], keys.shape)
    other = group << group_bits | (keys ^ person) & ((1 << group_bits) - 1)
    return person.ravel(), other.ravel(), (keys >> bits).ravel()
