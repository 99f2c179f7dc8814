"""The proof that a plan is best, small enough to keep with the run and to check by hand in principle.

For each aim in turn there are integer prices: u for each mentee, p for each mentor. For a pair (i, j) still in play

    reduced cost = cost(i, j) - u[i] + p[j]

Whatever the plan, its cost at this aim is the sum of: u over the mentees, reduced costs over its pairs, (left[i] -
u[i]) over those left out, and (load cost - p[j] x people taken) over mentors. If no reduced cost is negative, no plan
can cost less than u plus the least of each of the other terms taken alone. When our plan costs exactly that, it is
cheapest; and a plan is as cheap exactly when it uses pairs of reduced cost 0 and each other term is at its least.
Those plans are what is in play for the next aim, so the proof goes on by itself.

The floor is proved by its opposite: for the question "how many pairs lie below floor + 1?" the same sum is above 0,
so no plan has a higher minimum. Where a lock sits at the floor, nothing needs to be shown (there are no prices).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Proof:
    """Prices for one aim, in the order of ids of mentees and mentors; `value` is what the plan reaches."""

    name: str
    value: int
    u: tuple[int, ...] = ()
    p: tuple[int, ...] = ()

    @property
    def needs_no_prices(self) -> bool:
        """A floor that a lock, or the scale itself, holds down."""
        return self.name == "floor" and not self.u and not self.p


@dataclass(frozen=True)
class Certificate:
    """One proof for each finished aim, and how many pairs the first one covers: all that no hard rule forbids."""

    proofs: tuple[Proof, ...]
    pairs: int
