"""The plans still in play, and the search for the cheapest of them.

After each aim only its best plans stay: by complementary slackness these are exactly the plans that use pairs of
reduced cost 0 and stay inside narrowed bounds. So a face is a set of pairs and Bounds, and no aim ever needs to know
the aims before it.

A small face is held as a list of all its pairs. A large one is held as an array (grid.py), and flows run over a few
arcs of it: about 30 for each person to begin with, then whatever the prices show to be missing, until every pair in
play has been priced and none is.
"""

from collections.abc import Callable

import numpy as np

from .aims import FIT_LOST, Aim
from .flow import NOBODY, Arcs, Bounds, Prices, cheapest, possible, prices
from .grid import Grid
from .model import MOST_FIT
from .table import FORBIDDEN, Table

KEPT = 10
"""Arcs a person kept from one round to the next."""
IMPOSSIBLE = np.iinfo(np.int64).max


class Face:
    """Bounds and pairs in play, and the arcs flows run over: all pairs once there is no grid any more.

    A face uses up the table's array of fits, except for the pairs that stay in play.
    """

    def __init__(self, table: Table, start_arcs: int, all_arcs_up_to: int):
        n, m = table.fit.shape
        self.table = table
        self.bounds = Bounds(table.taking_part, table.may_be_left, np.zeros(m, dtype=np.int64), table.seats)
        self.listed_up_to = max(all_arcs_up_to, all_arcs_up_to * (n + m) // 1000)
        self.grid: Grid | None = Grid(table)
        self.count = self.grid.count
        self.each = max(1, start_arcs // 3)
        if not self._list_all_pairs():
            self.arcs = self.first_arcs = self._first_arcs(self.grid)

    def _list_all_pairs(self) -> bool:
        """Hold the face as a list once it is small enough; says whether it is one."""
        if self.grid and self.grid.count <= self.listed_up_to:
            self.arcs, self.grid = Arcs.of(*self.grid.pairs()), None
        return self.grid is None

    def _first_arcs(self, grid: Grid) -> Arcs:
        """For each mentee and each mentor: who is best for them at the first prices; who is by fit alone, for the sake
        of the floor; and some pseudo-random others, so that the graph is connected even where all scores are equal."""
        n, m = self.table.fit.shape
        some = self.each // 2 + 1
        i, number = np.repeat(np.arange(n), some), np.tile(np.arange(some, dtype=np.uint64), n)
        mixed = self.table.row_hash[i] + number * np.uint64(0x9E3779B97F4A7C15)
        found = [
            grid.lowest(FIT_LOST, self._first_prices(), self.each)[:2],
            grid.lowest(FIT_LOST, Prices.zero(n, m), self.each // 3 + 1)[:2],
            (i, (mixed >> np.uint64(20)).astype(np.int64) % m),
        ]
        arcs = Arcs.of(*(np.concatenate(side) for side in zip(*found, strict=True)))
        return arcs.kept(self.table.fit[arcs.i, arcs.j] != FORBIDDEN)

    def _first_prices(self) -> Prices:
        """Prices at which everybody has about as many people within reach: one in fifty.

        By fit alone all would be sent to the same strong mentors. So what a mentor costs is what one mentee in fifty
        would give for them, who could otherwise have one mentor in fifty at these very prices. Two rounds from the
        mentors' averages come close enough, with some 500 people of either side asked.
        """
        fit = self.table.fit
        rows, columns = (slice(None, None, max(1, size // 500)) for size in fit.shape)
        p = fit[rows].mean(axis=0).astype(np.int16)
        u = -fiftieth(fit[:, columns] - p[columns])
        p = fiftieth((fit[rows] + u[rows, None]).T)
        u = -fiftieth(fit[:, columns] - p[columns])
        return Prices(u.astype(np.int64), p.astype(np.int64))

    # --- what an aim costs

    def costs(self, aim: Aim) -> np.ndarray:
        """The cost of each arc."""
        t, (i, j) = self.table, (self.arcs.i, self.arcs.j)
        return aim.pair.of(t.fit[i, j], t.row_hash[i], t.column_hash[j]).astype(np.int64)

    def value(self, aim: Aim, mate: np.ndarray) -> int:
        """What the plan costs, locks included."""
        t, i = self.table, np.flatnonzero(mate != NOBODY)
        j = mate[i]
        taken = np.bincount(j, minlength=len(t.seats))
        pairs = aim.pair.of(t.fit[i, j], t.row_hash[i], t.column_hash[j]).sum(dtype=np.int64)
        left = aim.left[(mate == NOBODY) & t.taking_part].sum()
        return int(pairs + left + aim.load[np.arange(len(taken)), taken].sum()) + aim.locked

    # --- the search

    def optimise(self, aim: Aim, mate: np.ndarray, keep_going: Callable[[], None]) -> tuple[np.ndarray, Prices]:
        """A cheapest plan of the face, with prices that prove it against every pair in play; `mate` is any plan."""
        nothing = at = Prices.zero(*self.table.fit.shape)
        least = self._least(aim) if aim.sign > 0 else None
        if self.value(aim, mate) == least:
            return mate, nothing
        self._use(mate)
        best = None
        while True:
            keep_going()
            cost = self.costs(aim)
            mate = cheapest(self.arcs, cost, aim.left, aim.load, self.bounds)
            reached = self.value(aim, mate)
            if reached == least:
                return mate, nothing
            at = prices(self.arcs, cost, aim.left, aim.load, self.bounds, mate=mate, start=at.p)
            if self.grid is None:
                return mate, at
            i, j, reduced = self.grid.lowest(aim.pair, at, self.each)
            if reduced.min(initial=0) == 0:
                return mate, at
            if aim.sign < 0 and (best is None or reached < best):  # otherwise arcs could come and go for ever
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
        if self.grid and len(i):
            self._add(i, mate[i])

    def _add(self, i: np.ndarray, j: np.ndarray) -> None:
        self.arcs = Arcs.of(np.concatenate([self.arcs.i, i]), np.concatenate([self.arcs.j, j]))

    # --- narrowing

    def narrow(self, aim: Aim, at: Prices) -> None:
        """Keep the cheapest plans: those of pairs of reduced cost 0, loads of least rent and the cheaper of being
        paired or left."""
        arcs = self.arcs
        self.arcs = arcs.kept(self.costs(aim) - at.u[arcs.i] + at.p[arcs.j] == 0)
        if self.grid:
            self.grid.keep_least(aim.pair, at)
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
            in_play = self.table.fit[self.first_arcs.i, self.first_arcs.j] != FORBIDDEN
            self.arcs = self.first_arcs = self.first_arcs.kept(in_play)

    def keep_from(self, floor: int) -> None:
        """Keep the plans without a pair below `floor`."""
        self.arcs = self.arcs.kept(self.table.fit[self.arcs.i, self.arcs.j] >= floor)
        if self.grid:
            self.grid.keep_from(floor)
            self._go_back_to_first_arcs()
        self._list_all_pairs()

    # --- the highest floor

    def minimum(self, mate: np.ndarray) -> int:
        """The lowest fit in a plan."""
        i = np.flatnonzero(mate != NOBODY)
        return int(self.table.fit[i, mate[i]].min(initial=MOST_FIT))

    def raise_minimum(self, mate: np.ndarray, highest: int, keep_going: Callable[[], None]) -> np.ndarray:
        """The plan with the highest minimum, `highest` at most, over the arcs there are; by bisection."""
        fit = self.table.fit[self.arcs.i, self.arcs.j]
        floors = np.unique(fit[(fit > self.minimum(mate)) & (fit <= highest)])
        tried = len(floors) - 1  # `highest` itself is often reached
        while len(floors):
            keep_going()
            plan = possible(self.arcs.kept(fit >= floors[tried]), self.bounds)
            if plan is None:
                floors = floors[:tried]
            else:
                mate, floors = plan, floors[floors > self.minimum(plan)]
            tried = len(floors) // 2
        return mate

    def least_choice(self) -> tuple[int, Prices] | None:
        """The lowest best fit of anybody who must be paired: no floor can exceed it, as these prices prove.

        A mentee must be where they may not be left, and a mentor where the others have too few places.
        """
        n, m = self.table.fit.shape
        if self.grid:
            by_row, by_column = self.grid.best()
        else:
            by_row, by_column = np.full(n, FORBIDDEN), np.full(m, FORBIDDEN)
            fit = self.table.fit[self.arcs.i, self.arcs.j]
            np.maximum.at(by_row, self.arcs.i, fit)
            np.maximum.at(by_column, self.arcs.j, fit)
        b, at = self.bounds, Prices.zero(n, m)
        must = np.flatnonzero(~b.may_be_left)
        forced, needed = b.fewest > 0, len(must) > b.most.sum() - b.most
        columns = np.flatnonzero(forced | needed)
        if not len(must) and not len(columns):
            return None
        if not len(columns) or (len(must) and by_row[must].min() <= by_column[columns].min()):
            who = must[by_row[must].argmin()]
            at.u[who] = 1
            return int(by_row[who]), at
        who = columns[by_column[columns].argmin()]
        if needed[who]:
            at.u[must], at.p[:], at.p[who] = 1, 1, 0
        else:
            at.p[who] = -1
        return int(by_column[who]), at


def fiftieth(values: np.ndarray) -> np.ndarray:
    """What one in fifty of each row exceeds."""
    place = values.shape[1] - 1 - values.shape[1] // 50
    return np.partition(values, place, axis=1)[:, place]
