"""The best matching of a small problem by trying every plan: the oracle of the property tests.

Rules and fit are written once more here, pair by pair, with nothing of the package but its dataclasses.
"""

from datetime import date
from fractions import Fraction
from itertools import product

from mentoring.matching import Mentee, Mentor, Order, Problem


def allowed(problem: Problem, mentee: Mentee, mentor: Mentor) -> bool:
    """Training in these problems is either missing or recent; test_rules.py looks at its dates."""
    pair = (mentee.id, mentor.id)
    apart = {*problem.line_management, *problem.conflicts, *problem.ended}
    return (
        mentee.opted_in
        and mentor.opted_in
        and not (mentee.organisation and mentee.organisation == mentor.organisation)
        and pair not in apart
        and pair not in {(veto.mentee, veto.mentor) for veto in problem.vetoes}
        and mentor.trained_on is not None
        and (mentor.resting_until or date.min) <= problem.on
        and mentor.active < mentor.capacity
    )


def points(problem: Problem, mentee: Mentee) -> list[int]:
    """1000 points over the office's criteria, preference and shared, by largest remainder."""
    weights = problem.weights
    claims = [c.weight * mentee.wants.get(c.key, 0) for c in weights.criteria]
    claims += [weights.preference * bool(mentee.preferences), weights.shared * bool(mentee.shares)]
    if not any(claims):
        claims = [*(c.weight for c in weights.criteria), 0, 0]
    if not any(claims):
        return claims
    shares = [Fraction(1000 * claim, sum(claims)) for claim in claims]
    whole = [int(share) for share in shares]
    for k in sorted(range(len(shares)), key=lambda k: whole[k] - shares[k])[: 1000 - sum(whole)]:
        whole[k] += 1
    return whole


def fit(problem: Problem, mentee: Mentee, mentor: Mentor, own: list[int]) -> int:
    rank = mentee.preferences.index(mentor.id) if mentor.id in mentee.preferences else 4
    levels = [mentor.offers.get(c.key, 0) for c in problem.weights.criteria]
    levels += [max(4 - rank, 0), 4 * bool(mentee.shares & mentor.shares)]
    return sum(point * level for point, level in zip(own, levels, strict=True))


def best_values(problem: Problem) -> tuple:
    """The best value at each level but the tie-break, in order, over every plan that keeps rules and locks."""
    locks = {lock.mentee: lock.mentor for lock in problem.locks}
    asked = [mentee for mentee in problem.mentees if mentee.opted_in or mentee.id in locks]
    fits = {
        (mentee.id, mentor.id): fit(problem, mentee, mentor, own)
        for mentee in asked
        for own in [points(problem, mentee)]
        for mentor in problem.mentors
    }
    free = [mentee for mentee in asked if mentee.id not in locks]
    choices = [[None, *(x.id for x in problem.mentors if allowed(problem, mentee, x))] for mentee in free]
    places = [(m.id, max(m.capacity - m.active - list(locks.values()).count(m.id), 0)) for m in problem.mentors]
    return min(
        _values(problem, {**locks, **dict(zip([mentee.id for mentee in free], plan, strict=True))}, fits)
        for plan in product(*choices)
        if all(plan.count(mentor) <= room for mentor, room in places)
    )


def _values(problem, plan, fits):
    pairs = [(mentee, mentor) for mentee, mentor in plan.items() if mentor]
    reached = [fits[pair] for pair in pairs]
    left = [mentee.priority for mentee in problem.mentees if mentee.id in plan and not plan[mentee.id]]
    minimum = min(reached, default=4000)
    bands = [sum(each < band for each in reached) for band in sorted(set(problem.settings.bands))]
    fair = {Order.TOTAL: [], Order.FLOOR: [-minimum], Order.BANDS: [-minimum, *bands]}[problem.settings.order]
    chosen = [mentor for _, mentor in pairs]
    load = sum((mentor.active + chosen.count(mentor.id)) ** 2 for mentor in problem.mentors)
    return (len(left), sum(left), *fair, -sum(reached), load)
