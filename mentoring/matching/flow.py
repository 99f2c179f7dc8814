"""One cheapest flow, with integer prices that prove it.

Each mentee is worth one unit that goes to one mentor and on to the sink, or straight to the sink ("left": unmatched).

    mentee i --pair cost--> mentor j --marginal cost of load--> sink
    mentee i --cost of being left------------------------------> sink

OR-Tools finds the flow; it keeps its own prices to itself, so they are worked out from the flow afterwards, as
shortest distances in the residual network (Bellman-Ford over arrays). Prices (u for mentees, p for mentors, the sink
at 0) obey

    pair cost - u[i] + p[j] >= 0    with equality where i is paired with j,

and that is all a proof of optimality needs: see certificate.py.
"""

from dataclasses import dataclass

import numpy as np

NOBODY = -1


@dataclass(frozen=True)
class Bounds:
    """Which plans are still in play, apart from the pairs: who must or must not be left, and how few or many each
    mentor takes. Narrowed level by level."""

    may_pair: np.ndarray  # (n,) bool: may have a mentor
    may_be_left: np.ndarray  # (n,) bool: may have none
    fewest: np.ndarray  # (m,) int64
    most: np.ndarray  # (m,) int64


@dataclass(frozen=True)
class Arcs:
    """Pairs that may be used, sorted by mentor so that each mentor's arcs lie together."""

    i: np.ndarray
    j: np.ndarray

    @classmethod
    def of(cls, i: np.ndarray, j: np.ndarray) -> "Arcs":
        """Sorted and without doubles."""
        key = np.sort(j.astype(np.int64) << 32 | i)
        key = key[np.diff(key, prepend=-1) > 0]
        return cls(key & 0xFFFFFFFF, key >> 32)

    def kept(self, keep: np.ndarray) -> "Arcs":
        return Arcs(self.i[keep], self.j[keep])


def cheapest(arcs: Arcs, cost: np.ndarray, left: np.ndarray, load: np.ndarray, bounds: Bounds) -> np.ndarray:
    """The mentor of each mentee (NOBODY for none) in a cheapest flow. `load` (m x k) is the cost of taking 0..k-1."""
    mate = _flow(arcs, cost, left, load, bounds)
    if mate is None:
        raise RuntimeError("No plan keeps the bounds.")
    return mate


def possible(arcs: Arcs, bounds: Bounds) -> np.ndarray | None:
    """The mentor of each mentee in any plan that keeps the bounds, None where there is no such plan."""
    load = np.zeros((len(bounds.most), int(bounds.most.max(initial=0)) + 1), dtype=np.int64)
    return _flow(arcs, np.zeros_like(arcs.i), np.zeros(len(bounds.may_pair), dtype=np.int64), load, bounds)


def _flow(arcs: Arcs, cost: np.ndarray, left: np.ndarray, load: np.ndarray, bounds: Bounds) -> np.ndarray | None:
    from ortools.graph.python import min_cost_flow  # half of this package's memory, and only solving needs it

    n, m = len(left), len(load)
    sink = n + m
    free = np.flatnonzero(bounds.may_pair & bounds.may_be_left)
    step = np.diff(load, axis=1)
    takes = np.arange(step.shape[1])
    mentor, unit = np.nonzero((takes >= bounds.fewest[:, None]) & (takes < bounds.most[:, None]))
    supply = np.zeros(sink + 1, dtype=np.int64)
    supply[:n] = bounds.may_pair
    supply[n:sink] = -bounds.fewest
    supply[sink] = bounds.fewest.sum() - bounds.may_pair.sum()

    network = min_cost_flow.SimpleMinCostFlow()
    tails = np.concatenate([arcs.i, free, n + mentor])
    heads = np.concatenate([n + arcs.j, np.full(len(free) + len(mentor), sink)])
    costs = np.concatenate([cost, left[free], step[mentor, unit]])
    network.add_arcs_with_capacity_and_unit_cost(tails, heads, np.ones(len(tails), dtype=np.int64), costs)
    network.set_nodes_supplies(np.arange(sink + 1), supply)
    status = network.solve()
    if status == network.INFEASIBLE:
        return None
    if status != network.OPTIMAL:
        raise RuntimeError(f"The flow solver answered {status}.")
    used = np.flatnonzero(network.flows(np.arange(len(arcs.i))))
    mate = np.full(n, NOBODY, dtype=np.int64)
    mate[arcs.i[used]] = arcs.j[used]
    return mate


@dataclass(frozen=True)
class Prices:
    """u (n,) for mentees and p (m,) for mentors, integers."""

    u: np.ndarray
    p: np.ndarray

    @classmethod
    def zero(cls, n: int, m: int) -> "Prices":
        return cls(np.zeros(n, dtype=np.int64), np.zeros(m, dtype=np.int64))


def prices(
    arcs: Arcs,
    cost: np.ndarray,
    left: np.ndarray,
    load: np.ndarray,
    bounds: Bounds,
    *,
    mate: np.ndarray,
    start: np.ndarray,
) -> Prices:
    """Prices that prove `mate` cheapest over `arcs`, starting the search from the mentor prices `start`.

    Shortest distances from a virtual source: z to the sink, b[j] to mentor j; a mentee's distance follows from the
    one arc that carries their unit. At most as many rounds as there are mentors, in practice a few.
    """
    n, m = len(left), len(load)
    paired = np.flatnonzero(mate >= 0)
    position = np.full(n, 0)
    used = np.flatnonzero(mate[arcs.i] == arcs.j)
    position[arcs.i[used]] = used
    own_cost = cost[position[paired]]
    may_leave = paired[bounds.may_be_left[paired]]
    left_now = np.flatnonzero((mate < 0) & bounds.may_pair)
    taken = np.bincount(mate[paired], minlength=m)
    more, fewer = np.flatnonzero(taken < bounds.most), np.flatnonzero(taken > bounds.fewest)
    next_cost = load[more, taken[more] + 1] - load[more, taken[more]]
    last_cost = load[fewer, taken[fewer]] - load[fewer, taken[fewer] - 1]
    heads, first = np.unique(arcs.j, return_index=True)

    a, b, z = np.zeros(n, dtype=np.int64), -start.astype(np.int64), 0
    for _ in range(2 * m + 3):
        before, z_before = b.copy(), z
        a[paired] = b[mate[paired]] - own_cost
        z = min(z, (a[may_leave] + left[may_leave]).min(initial=z), (b[more] + next_cost).min(initial=z))
        a[left_now] = z - left[left_now]
        b[fewer] = np.minimum(b[fewer], z - last_cost)
        if len(first):
            b[heads] = np.minimum(b[heads], np.minimum.reduceat(a[arcs.i] + cost, first))
        if z == z_before and np.array_equal(b, before):
            return Prices(u=np.where(bounds.may_pair, z - a, 0), p=z - b)
    raise RuntimeError("The flow is not cheapest: its residual network has a negative cycle.")
