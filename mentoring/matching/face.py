"""The plans still in play, and the search for the cheapest of them.

After each aim only its best plans stay: by complementary slackness these are exactly the plans that use pairs of
reduced cost 0 and stay inside narrowed bounds. So a face is a set of pairs and Bounds, and no aim ever needs to know
the aims before it.

A small face is held as a list of all its pairs. A large one is held as a mask, and flows run over a few arcs of it:
about 30 for each person to begin with, then whatever pairs the prices show to be missing, until every pair in play
has been priced and none is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from .flow import NOBODY, Arcs, Bounds, Prices, cheapest, prices
from .table import FORBIDDEN, Table, blocks

ADDED = 24
"""Missing pairs added for each mentee in one round, the worst first."""
KEPT = 10
"""Arcs a person kept from one round to the next."""
LOWEST = np.iinfo(np.int32).min
IMPOSSIBLE = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Aim:
    """One aim as costs, to be made as small as possible.

    `pair` is a function of (fit, row hash, column hash), elementwise; `left` (n,) the cost of having no mentor; `load`
    (m x k) that of taking 0 to k-1 people; `locked` what the locks cost already. `sign` is -1 where pairs cost less
    than 0 and the value reported is the opposite of the cost.
    """

    name: str
    pair: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
    left: np.ndarray
    load: np.ndarray
    locked: int = 0
    sign: int = 1


class Face:
    """Pairs and bounds in play, `count` of those pairs, and the arcs flows run over."""

    def __init__(self, table: Table, start_arcs: int, all_arcs_up_to: int):
        n, m = table.fit.shape
        self.table = table
        self.all_arcs_up_to = all_arcs_up_to
        self.pairs = table.fit != FORBIDDEN
        self.listed = False
        self.count = int(np.count_nonzero(self.pairs))
        self.bounds = Bounds(table.taking_part, np.ones(n, dtype=bool), np.zeros(m, dtype=np.int64), table.seats)
        if not self._list_all_pairs():
            self.arcs = self.first_arcs = Arcs.of(*self._first_arcs(start_arcs))

    def _list_all_pairs(self) -> bool:
        """Hold the face as a list once it is small enough; says whether it is one."""
        if not self.listed and self.count <= self.all_arcs_up_to:
            self.arcs = Arcs.of(*np.nonzero(self.pairs))
            self.pairs, self.listed = np.empty((0, 0), dtype=bool), True
        return self.listed

    def _first_arcs(self, wanted: int) -> tuple[np.ndarray, np.ndarray]:
        """Half of `wanted` for each mentee, a third for each mentor, the rest pseudo-random.

        The best are those that stand out from what the other side gets on average: by fit alone everybody would be
        sent to the same strong mentors. Ties are broken differently for each person for the same reason, and the
        random arcs keep the graph connected.
        """
        t = self.table
        n, m = t.fit.shape
        mentor_average = (sum(t.fit[rows].sum(axis=0, dtype=np.int64) for rows in blocks(n, m)) // n).astype(np.int32)
        mentee_average = (t.fit.sum(axis=1, dtype=np.int64) // m).astype(np.int32)

        found = [self._random_arcs(max(1, wanted // 6))]
        for rows in blocks(n, m):
            key = t.fit[rows] - mentor_average << 8 | noise(t.row_hash[rows], t.column_hash)
            i, j = largest(np.where(self.pairs[rows], key, LOWEST), max(1, wanted // 2))
            found.append((i + rows.start, j))
        for columns in blocks(m, n):
            key = t.fit[:, columns] - mentee_average[:, None] << 8 | noise(t.row_hash, t.column_hash[columns])
            j, i = largest(np.where(self.pairs[:, columns], key, LOWEST).T.copy(), max(1, wanted // 3))
            found.append((i, j + columns.start))
        i, j = (np.concatenate(each) for each in zip(*found, strict=True))
        keep = self.pairs[i, j]
        return i[keep], j[keep]

    def _random_arcs(self, each: int) -> tuple[np.ndarray, np.ndarray]:
        n, m = self.table.fit.shape
        i = np.repeat(np.arange(n), each)
        step = self.table.row_hash[i] + np.tile(np.arange(each, dtype=np.uint64), n) * np.uint64(0x9E3779B97F4A7C15)
        return i, ((step >> np.uint64(20)) % np.uint64(m)).astype(np.int64)

    # --- what an aim costs

    def costs(self, aim: Aim) -> np.ndarray:
        """The cost of each arc."""
        t, (i, j) = self.table, (self.arcs.i, self.arcs.j)
        return aim.pair(t.fit[i, j], t.row_hash[i], t.column_hash[j]).astype(np.int64)

    def value(self, aim: Aim, mate: np.ndarray) -> int:
        """What the plan costs, locks included."""
        t, i = self.table, np.flatnonzero(mate != NOBODY)
        j = mate[i]
        taken = np.bincount(j, minlength=len(t.seats))
        pairs = aim.pair(t.fit[i, j], t.row_hash[i], t.column_hash[j]).sum()
        left = aim.left[(mate == NOBODY) & t.taking_part].sum()
        return int(pairs + left + aim.load[np.arange(len(taken)), taken].sum()) + aim.locked

    def blocks(self, aim: Aim, at: Prices) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
        """Rows, the pairs in play among them, and their reduced costs; only for a face held as a mask."""
        t = self.table
        highest = max(np.abs(at.u).max(initial=0), np.abs(at.p).max(initial=0))
        kind = np.int32 if highest < 1 << 29 else np.int64
        u, p = at.u.astype(kind), at.p.astype(kind)
        for rows in blocks(*t.fit.shape):
            cost: np.ndarray = aim.pair(t.fit[rows], t.row_hash[rows, None], t.column_hash[None, :]).astype(kind)
            cost -= u[rows, None]
            cost += p
            yield rows, self.pairs[rows], cost

    # --- the search

    def optimise(self, aim: Aim, mate: np.ndarray, keep_going: Callable[[], None]) -> tuple[np.ndarray, Prices]:
        """A cheapest plan of the face, with prices that prove it against every pair in play; `mate` is any plan."""
        at, best = Prices.zero(*self.table.fit.shape), None
        if aim.sign > 0 and self.value(aim, mate) == self._least(aim):
            return mate, at
        self._use(mate)
        while True:
            keep_going()
            cost = self.costs(aim)
            mate = cheapest(self.arcs, cost, aim.left, aim.load, self.bounds)
            at = prices(self.arcs, cost, aim.left, aim.load, self.bounds, mate=mate, start=at.p)
            if self.listed:
                return mate, at
            i, j = self._missing(aim, at)
            if not len(i):
                return mate, at
            reached = self.value(aim, mate)
            if aim.sign < 0 and (best is None or reached < best):  # else arcs could come and go for ever
                best = reached
                self._drop_useless(cost - at.u[self.arcs.i] + at.p[self.arcs.j])
            self._add(i, j)

    def _drop_useless(self, reduced: np.ndarray) -> None:
        """Keep about KEPT arcs a person, those of lowest reduced cost."""
        wanted = KEPT * len(self.table.taking_part)
        if len(reduced) > wanted:
            self.arcs = self.arcs.kept(reduced <= np.partition(reduced, wanted)[wanted])

    def _least(self, aim: Aim) -> int:
        """What any plan costs at least where no pair costs less than 0: what prices of 0 prove."""
        must_leave = self.table.taking_part & ~self.bounds.may_pair
        load = self._rents(aim, np.zeros(len(aim.load), dtype=np.int64)).min(axis=1, initial=IMPOSSIBLE)
        return int(aim.left[must_leave].sum() + load.sum()) + aim.locked

    def _rents(self, aim: Aim, p: np.ndarray) -> np.ndarray:
        """For each mentor and number of people taken: what the load costs, less p for each of them."""
        takes = np.arange(aim.load.shape[1])
        possible = (takes >= self.bounds.fewest[:, None]) & (takes <= self.bounds.most[:, None])
        return np.where(possible, aim.load - p[:, None] * takes, IMPOSSIBLE)

    def _use(self, mate: np.ndarray) -> None:
        """A plan known to be possible is always among the arcs."""
        i = np.flatnonzero(mate != NOBODY)
        if not self.listed and len(i):
            self._add(i, mate[i])

    def _add(self, i: np.ndarray, j: np.ndarray) -> None:
        self.arcs = Arcs.of(np.concatenate([self.arcs.i, i]), np.concatenate([self.arcs.j, j]))

    def _missing(self, aim: Aim, at: Prices) -> tuple[np.ndarray, np.ndarray]:
        """Pairs in play that would make the plan cheaper at these prices: the ADDED worst of each mentee."""
        t, found_i, found_j = self.table, [], []
        for rows, pairs, reduced in self.blocks(aim, at):
            bad = reduced < 0
            bad &= pairs
            some = np.flatnonzero(bad.any(axis=1))
            if not len(some):
                continue
            worst = np.where(bad[some], -reduced[some], 0).clip(max=1 << 22).astype(np.int32)
            row, column = largest(worst << 8 | noise(t.row_hash[rows][some], t.column_hash), ADDED)
            negative = worst[row, column] > 0
            row, column = row[negative], column[negative]
            found_i.append(some[row] + rows.start)
            found_j.append(column)
        if not found_i:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        return np.concatenate(found_i), np.concatenate(found_j)

    # --- narrowing

    def narrow(self, aim: Aim, at: Prices) -> None:
        """Keep the cheapest plans: those of pairs of reduced cost 0, loads of least rent and the cheaper of being
        paired or left."""
        arcs = self.arcs
        self.arcs = arcs.kept(self.costs(aim) - at.u[arcs.i] + at.p[arcs.j] == 0)
        if not self.listed:
            self.count = 0
            for _rows, pairs, reduced in self.blocks(aim, at):
                np.logical_and(pairs, reduced == 0, out=pairs)
                self.count += int(np.count_nonzero(pairs))
            self._go_back_to_first_arcs()
        b, leaving = self.bounds, aim.left - at.u
        both = b.may_pair & b.may_be_left
        rents = self._rents(aim, at.p)
        least = rents == rents.min(axis=1, keepdims=True, initial=IMPOSSIBLE)
        self.bounds = Bounds(
            may_pair=b.may_pair & ~(both & (leaving < 0)),
            may_be_left=b.may_be_left & ~(both & (leaving > 0)),
            fewest=least.argmax(axis=1),
            most=least.shape[1] - 1 - least[:, ::-1].argmax(axis=1),
        )
        self._list_all_pairs()

    def _go_back_to_first_arcs(self) -> None:
        """Arcs added for one aim seldom serve the next, unless it left hardly any others in play."""
        if len(self.arcs.i) > len(self.first_arcs.i):
            keep = self.pairs[self.first_arcs.i, self.first_arcs.j]
            self.arcs = self.first_arcs = self.first_arcs.kept(keep)

    def keep_from(self, floor: int) -> None:
        """Keep the plans without a pair below `floor`."""
        self.arcs = self.arcs.kept(self.table.fit[self.arcs.i, self.arcs.j] >= floor)
        if not self.listed:
            self.count = 0
            for rows in blocks(*self.table.fit.shape):
                self.pairs[rows] &= self.table.fit[rows] >= floor
                self.count += int(np.count_nonzero(self.pairs[rows]))
            self._go_back_to_first_arcs()
        self._list_all_pairs()

    # --- questions the search for the highest floor asks

    def least_choice(self) -> tuple[int, Prices] | None:
        """The lowest best fit among people who must be paired: no floor can exceed it, as these prices prove."""
        n, m = self.table.fit.shape
        by_row, by_column = np.full(n, FORBIDDEN), np.full(m, FORBIDDEN)
        if self.listed:
            fit = self.table.fit[self.arcs.i, self.arcs.j]
            np.maximum.at(by_row, self.arcs.i, fit)
            np.maximum.at(by_column, self.arcs.j, fit)
        else:
            for rows in blocks(*self.table.fit.shape):
                fit = np.where(self.pairs[rows], self.table.fit[rows], FORBIDDEN)
                by_row[rows] = fit.max(axis=1)
                np.maximum(by_column, fit.max(axis=0), out=by_column)
        must = np.flatnonzero(~self.bounds.may_be_left)
        needed = np.flatnonzero(self.bounds.fewest > 0)
        if not len(must) and not len(needed):
            return None
        at = Prices.zero(n, m)
        if len(must) and (not len(needed) or by_row[must].min() <= by_column[needed].min()):
            who = must[by_row[must].argmin()]
            at.u[who] = 1
            return int(by_row[who]), at
        who = needed[by_column[needed].argmin()]
        at.p[who] = -1
        return int(by_column[who]), at

    def best_beyond(self, at: Prices, below: int) -> int:
        """The best fit under `below` among pairs that these prices do not cover: the next floor worth trying."""
        if self.listed:
            fit = self.table.fit[self.arcs.i, self.arcs.j]
            crossing = at.u[self.arcs.i] > at.p[self.arcs.j]
            return int(fit[crossing & (fit < below)].max(initial=FORBIDDEN))
        best, u, p = FORBIDDEN, at.u.astype(np.int32), at.p.astype(np.int32)
        for rows in blocks(*self.table.fit.shape):
            fit = self.table.fit[rows]
            crossing = self.pairs[rows] & (u[rows, None] > p) & (fit < below)
            best = max(best, int(np.max(fit, where=crossing, initial=FORBIDDEN)))
        return best


def noise(row_hash: np.ndarray, column_hash: np.ndarray) -> np.ndarray:
    """0 to 255 for each pair, so that ties fall differently for each person."""
    return (row_hash & np.uint64(0xFF)).astype(np.int32)[:, None] ^ (column_hash & np.uint64(0xFF)).astype(np.int32)


def largest(key: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns of the k largest cells of each row."""
    k = min(k, key.shape[1])
    best = np.argpartition(key, key.shape[1] - k, axis=1)[:, key.shape[1] - k :]
    return np.repeat(np.arange(len(key)), k), best.ravel()
