"""A plain second opinion on a result: is it allowed, does it say what it is, and is it proved best?

Shares nothing with the solver but the two hashes of what went in and what came out: rules, fit, tie hashes and the
bookkeeping of the proof are written a second time here, in loops over people with one array over mentors each, from
the words of the rules alone. certificate.py says why it is a proof.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from hashlib import blake2b

import numpy as np

from .certificate import Proof
from .model import Mentee, Mentor, Problem
from .record import problem_hash, result_hash
from .result import Result


class CheckFailed(Exception):
    """The result is not what it claims to be; the message says where."""


@dataclass(frozen=True)
class Checked:
    """What was verified: allowed pairs priced at the first aim, and the aims proved."""

    pairs: int
    levels: tuple[str, ...]


def check(problem: Problem, result: Result) -> Checked:
    """Verify plan, figures and proof against the problem. Raises CheckFailed."""
    audit = _Audit(problem, result)
    audit.people()
    audit.pairs()
    audit.hashes()
    audit.figures()
    audit.proof()
    return Checked(audit.allowed_pairs, tuple(level.name for level in result.levels))


def _insist(truth: bool, otherwise: str) -> None:
    if not truth:
        raise CheckFailed(otherwise)


class _Audit:
    def __init__(self, problem: Problem, result: Result):
        self.problem, self.result = problem, result
        self.mentees = sorted(problem.mentees, key=lambda mentee: mentee.id)
        self.mentors = sorted(problem.mentors, key=lambda mentor: mentor.id)
        self.column = {mentor.id: j for j, mentor in enumerate(self.mentors)}
        self.locks = {lock.mentee: lock.mentor for lock in problem.locks}
        self.plan = {pair.mentee: pair.mentor for pair in result.pairs}
        self.taking_part = [m for m in self.mentees if m.opted_in and m.id not in self.locks]
        self.before = {mentor.id: mentor.active for mentor in self.mentors}
        for mentor in self.locks.values():
            self.before[mentor] += 1
        self.seats = {m.id: max(m.capacity - self.before[m.id], 0) for m in self.mentors}
        self.taken = {mentor.id: 0 for mentor in self.mentors}
        for mentee, mentor in self.plan.items():
            if mentee not in self.locks and mentor in self.taken:
                self.taken[mentor] += 1
        self.scorer = _Scorer(problem, self.mentors)
        self.ruler = _Ruler(problem, self.mentors, self.seats)
        self.allowed_pairs = 0

    def people(self) -> None:
        """Everybody is accounted for, once."""
        r = self.result
        _insist(len(self.plan) == len(r.pairs), "Somebody is paired twice.")
        named = [*self.plan, *r.unmatched, *r.opted_out]
        _insist(sorted(named) == [m.id for m in self.mentees], "Not every mentee is accounted for exactly once.")
        opted_out = {m.id for m in self.mentees if not m.opted_in}
        _insist(not opted_out & set(r.unmatched), "Somebody who has not opted in counts as unmatched.")
        _insist(set(r.opted_out) == opted_out - set(self.locks), "The people who have not opted in are not as given.")
        for mentee, mentor in self.locks.items():
            _insist(self.plan.get(mentee) == mentor, f"The lock of {mentee} and {mentor} is not kept.")
        for mentor, taken in self.taken.items():
            _insist(taken <= self.seats[mentor], f"{mentor} has more mentees than places.")

    def pairs(self) -> None:
        """Each pair is allowed and its fit is right."""
        mentees = {mentee.id: mentee for mentee in self.mentees}
        for pair in self.result.pairs:
            _insist(pair.mentor in self.column, f"{pair.mentor} is not a mentor here.")
            j, mentee = self.column[pair.mentor], mentees[pair.mentee]
            fit = self.scorer.row(mentee)[j]
            _insist(pair.fit == fit, f"The fit of {pair.mentee} and {pair.mentor} is {fit}, not {pair.fit}.")
            locked = pair.mentee in self.locks
            _insist(pair.locked == locked, f"{pair.mentee} and {pair.mentor} are wrongly marked as locked or not.")
            if not locked:
                allowed = self.ruler.row(mentee)[j]
                _insist(allowed, f"A hard rule forbids the pair {pair.mentee} and {pair.mentor}.")

    def hashes(self) -> None:
        r = self.result
        _insist(r.result_hash == result_hash(r.pairs, r.levels), "The result's hash is not that of its content.")
        _insist(r.input_hash == problem_hash(self.problem), "The result belongs to another problem.")
        _insist([p.mentee for p in r.pairs] == sorted(self.plan), "The pairs are not in order.")

    def figures(self) -> None:
        """The headline and each level say what the plan reaches."""
        h, fits = self.result.headline, [pair.fit for pair in self.result.pairs]
        loads = [self.before[mentor] + self.taken[mentor] for mentor in self.before]
        _insist(h.matched == len(fits), "The number matched is wrong.")
        _insist(h.asked == len(fits) + len(self.result.unmatched), "The number who asked is wrong.")
        _insist(h.minimum == min(fits, default=None), "The minimum is wrong.")
        _insist(h.total == sum(fits), "The total is wrong.")
        _insist(h.load == sum(load * load for load in loads), "The load is wrong.")
        _insist(h.most == max(loads, default=0), "The largest load is wrong.")
        proofs = [(proof.name, proof.value) for proof in self.result.certificate.proofs]
        _insist(proofs == [(level.name, level.value) for level in self.result.levels], "Levels and proofs differ.")
        names, wanted = [name for name, _ in proofs], self._aims()
        _insist(names == wanted[: len(names)] and names[:1] == wanted[:1], "The aims are not those asked for.")
        _insist(h.proved == (names == wanted), "It says it is proved and is not, or the other way round.")
        _insist(h.stopped_before == ("" if h.proved else wanted[len(names)]), "It says it stopped somewhere else.")
        for name, value in proofs:
            reached = self._reached(name)
            _insist(reached == value, f"At “{name}” the plan reaches {reached}, not {value}.")

    def _aims(self) -> list[str]:
        settings = self.problem.settings
        bands = [f"below:{band}" for band in sorted(set(settings.bands))]
        fair = {"total": [], "floor": ["floor"], "bands": ["floor", *bands]}[str(settings.order)]
        return ["unmatched", "waiting", *fair, "total", "load", "tie"]

    def _reached(self, name: str) -> int:
        fits = [pair.fit for pair in self.result.pairs]
        left = set(self.result.unmatched)
        if name.startswith("below:"):
            return sum(fit < int(name.removeprefix("below:")) for fit in fits)
        return {
            "unmatched": len(left),
            "waiting": sum(mentee.priority for mentee in self.mentees if mentee.id in left),
            "floor": min(fits, default=4000),
            "total": sum(fits),
            "load": sum((self.before[mentor] + self.taken[mentor]) ** 2 for mentor in self.before),
            "tie": sum(_tie(mentee, mentor) for mentee, mentor in self.plan.items()),
        }[name]

    # --- the proof

    def proof(self) -> None:
        """Every allowed pair is priced at every aim it is still in play for, and each plan costs what it must."""
        proofs = self.result.certificate.proofs
        for proof in proofs:
            if proof.needs_no_prices:
                self._floor_needs_no_proof(proof)
            else:
                whole = all(isinstance(price, int) for price in (*proof.u, *proof.p))
                sizes = len(proof.u) == len(self.mentees) and len(proof.p) == len(self.mentors)
                _insist(whole and sizes, f"The prices of “{proof.name}” are not one integer for each person.")
        self._price_pairs(proofs)
        self._price_people(proofs)
        pairs = self.result.certificate.pairs
        said = self.result.headline.pairs_checked
        _insist(pairs == self.allowed_pairs == said, "The count of pairs checked is wrong.")

    def _floor_needs_no_proof(self, proof: Proof) -> None:
        held_down = any(pair.locked and pair.fit == proof.value for pair in self.result.pairs)
        _insist(held_down or proof.value == 4000, "Nothing shows that the minimum could not be higher.")

    def _price_pairs(self, proofs: tuple[Proof, ...]) -> None:
        prices = [np.array(proof.p, dtype=np.int64) for proof in proofs]
        for i, mentee in enumerate(self.mentees):
            if not mentee.opted_in or mentee.id in self.locks:
                continue
            fit, allowed = self.scorer.row(mentee), self.ruler.row(mentee)
            mine, in_play = self.column.get(self.plan.get(mentee.id, "")), np.flatnonzero(allowed)
            self.allowed_pairs += len(in_play)
            for proof, p in zip(proofs, prices, strict=True):
                if not proof.needs_no_prices:
                    reduced = self._pair_costs(proof, mentee.id, in_play, fit[in_play]) - proof.u[i] + p[in_play]
                    _insist(not (reduced < 0).any(), f"A better plan may exist for “{proof.name}”, for {mentee.id}.")
                in_play = in_play[fit[in_play] >= proof.value if proof.name == "floor" else reduced == 0]
                kept = mine is None or mine in in_play
                _insist(kept, f"The pair of {mentee.id} is not among the best for “{proof.name}”.")

    def _pair_costs(self, proof: Proof, mentee: str, columns: np.ndarray, fit: np.ndarray) -> np.ndarray:
        if proof.name == "floor":
            return (fit < proof.value + 1).astype(np.int64)
        if proof.name.startswith("below:"):
            return (fit < int(proof.name.removeprefix("below:"))).astype(np.int64)
        if proof.name == "total":
            return -fit
        if proof.name == "tie":
            return _ties(mentee, [self.mentors[j].id for j in columns])
        return np.zeros(len(columns), dtype=np.int64)

    def _price_people(self, proofs: tuple[Proof, ...]) -> None:
        row = {mentee.id: i for i, mentee in enumerate(self.mentees)}
        left_in_play = {mentee.id: {0, 1} for mentee in self.taking_part}
        load_in_play = {mentor.id: set(range(self.seats[mentor.id] + 1)) for mentor in self.mentors}
        for proof in proofs:
            if proof.needs_no_prices:
                continue
            bound = 0
            for mentee in self.taking_part:
                u = proof.u[row[mentee.id]]
                left = {"unmatched": 1, "waiting": mentee.priority}.get(proof.name, 0)
                terms = {out: (left - u) * out for out in left_in_play[mentee.id]}
                bound += u + min(terms.values())
                if proof.name != "floor":
                    left_in_play[mentee.id] = {out for out, term in terms.items() if term == min(terms.values())}
                    _insist(
                        int(mentee.id not in self.plan) in left_in_play[mentee.id],
                        f"Whether {mentee.id} is matched is not best for “{proof.name}”.",
                    )
            for mentor in self.mentors:
                p, before = proof.p[self.column[mentor.id]], self.before[mentor.id]
                squares = proof.name == "load"
                terms = {k: ((before + k) ** 2 if squares else 0) - p * k for k in load_in_play[mentor.id]}
                bound += min(terms.values())
                if proof.name != "floor":
                    load_in_play[mentor.id] = {k for k, term in terms.items() if term == min(terms.values())}
                    _insist(
                        self.taken[mentor.id] in load_in_play[mentor.id],
                        f"The number {mentor.id} takes is not best for “{proof.name}”.",
                    )
            self._compare(proof, bound)

    def _compare(self, proof: Proof, bound: int) -> None:
        if proof.name == "floor":
            _insist(bound > 0, "The prices do not show that the minimum could not be higher.")
            return
        locked = [pair for pair in self.result.pairs if pair.locked]
        if proof.name.startswith("below:"):
            bound += sum(pair.fit < int(proof.name.removeprefix("below:")) for pair in locked)
        elif proof.name == "total":
            bound -= sum(pair.fit for pair in locked)
        elif proof.name == "tie":
            bound += sum(_tie(pair.mentee, pair.mentor) for pair in locked)
        reached = -proof.value if proof.name == "total" else proof.value
        _insist(bound == reached, f"For “{proof.name}” the plan costs {reached} and the prices prove {bound}.")


class _Scorer:
    """Fit of one mentee with every mentor."""

    def __init__(self, problem: Problem, mentors: list[Mentor]):
        self.weights, self.mentors = problem.weights, mentors
        self.column = {mentor.id: j for j, mentor in enumerate(mentors)}
        self.levels = {
            c.key: np.array([mentor.offers.get(c.key, 0) for mentor in mentors], dtype=np.int64)
            for c in problem.weights.criteria
        }

    def row(self, mentee: Mentee) -> np.ndarray:
        points = self._points(mentee)
        fit = np.zeros(len(self.mentors), dtype=np.int64)
        for criterion in self.weights.criteria:
            fit += points[criterion.key] * self.levels[criterion.key]
        for rank, mentor in enumerate(mentee.preferences[:4]):
            if mentor in self.column:
                fit[self.column[mentor]] += points["preference"] * (4 - rank)
        if mentee.shares and points["shared"]:
            both = [bool(mentee.shares & mentor.shares) for mentor in self.mentors]
            fit += points["shared"] * 4 * np.array(both, dtype=np.int64)
        return fit

    def _points(self, mentee: Mentee) -> dict[str, int]:
        weights = self.weights
        claims = {c.key: c.weight * mentee.wants.get(c.key, 0) for c in weights.criteria}
        claims["preference"] = weights.preference if mentee.preferences else 0
        claims["shared"] = weights.shared if mentee.shares else 0
        if not any(claims.values()):
            claims |= {c.key: c.weight for c in weights.criteria}
        total = sum(claims.values())
        if total == 0:
            return claims
        exact = {key: Fraction(1000 * claim, total) for key, claim in claims.items()}
        points = {key: int(share) for key, share in exact.items()}
        by_remainder = sorted(exact, key=lambda key: points[key] - exact[key])
        for key in by_remainder[: 1000 - sum(points.values())]:
            points[key] += 1
        return points


class _Ruler:
    """Who one mentee may be paired with."""

    def __init__(self, problem: Problem, mentors: list[Mentor], seats: dict[str, int]):
        self.column = {mentor.id: j for j, mentor in enumerate(mentors)}
        self.available = np.array([self._is_available(m, problem.on, seats[m.id]) for m in mentors], dtype=bool)
        self.organisations: dict[str, list[int]] = {}
        for j, mentor in enumerate(mentors):
            self.organisations.setdefault(mentor.organisation, []).append(j)
        self.kept_apart: dict[str, list[int]] = {}
        vetoes = {(veto.mentee, veto.mentor) for veto in problem.vetoes}
        for mentee, forbidden in (*problem.line_management, *problem.conflicts, *problem.ended, *vetoes):
            if forbidden in self.column:
                self.kept_apart.setdefault(mentee, []).append(self.column[forbidden])

    @staticmethod
    def _is_available(mentor: Mentor, on: date, seats: int) -> bool:
        if not mentor.opted_in or mentor.trained_on is None or mentor.trained_on > on or seats == 0:
            return False
        months = (on.year - mentor.trained_on.year) * 12 + on.month - mentor.trained_on.month
        # The 29th of February two years on is the 28th.
        last_day_has_come = on.day > mentor.trained_on.day
        if months > 24 or (months == 24 and last_day_has_come):
            return False
        return mentor.resting_until is None or mentor.resting_until <= on

    def row(self, mentee: Mentee) -> np.ndarray:
        allowed = self.available & mentee.opted_in
        if mentee.organisation:
            allowed[self.organisations.get(mentee.organisation, [])] = False
        allowed[self.kept_apart.get(mentee.id, [])] = False
        return allowed


def _ties(mentee: str, mentors: list[str]) -> np.ndarray:
    """The tie-break of one mentee with some mentors: two 8-byte BLAKE2b digests, mixed, the top 30 bits."""
    return np.array([_tie(mentee, mentor) for mentor in mentors], dtype=np.int64)


def _tie(mentee: str, mentor: str) -> int:
    x = _digest("mentee", mentee) ^ _digest("mentor", mentor)
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) % 2**64
    return x >> 34


@cache
def _digest(side: str, name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8, person=side.encode()).digest(), "big")
