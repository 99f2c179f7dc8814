"""The best matching of a small problem by trying every plan: the oracle of the property tests.

Written from the words of the rules, with nothing of the package but its dataclasses.
"""

from itertools import product

from mentoring.matching import Order, Problem


def best_values(problem: Problem, allowed: set[tuple[str, str]], fit: dict[tuple[str, str], int]) -> tuple:
    """The best value at each level but the tie-break, in order, over every plan that keeps rules and locks."""
    locks = {lock.mentee: lock.mentor for lock in problem.locks}
    asked = [m for m in problem.mentees if m.opted_in or m.id in locks]
    choices = [
        [locks[m.id]] if m.id in locks else [None, *(x.id for x in problem.mentors if (m.id, x.id) in allowed)]
        for m in asked
    ]
    plans = (plan for plan in product(*choices) if _fits(problem, asked, plan, locks))
    return min(_values(problem, asked, plan, locks, fit) for plan in plans)


def _fits(problem, asked, plan, locks):
    """Nobody beyond what locks force takes a mentor over capacity."""
    for mentor in problem.mentors:
        forced = mentor.active + sum(locked == mentor.id for locked in locks.values())
        chosen = sum(each == mentor.id and m.id not in locks for m, each in zip(asked, plan, strict=True))
        if chosen and forced + chosen > mentor.capacity:
            return False
    return True


def _values(problem, asked, plan, locks, fit):
    pairs = [(mentee.id, mentor) for mentee, mentor in zip(asked, plan, strict=True) if mentor]
    fits = [fit[pair] for pair in pairs]
    unmatched = [mentee for mentee, mentor in zip(asked, plan, strict=True) if not mentor]
    minimum = min(fits, default=4000)
    bands = [sum(each < band for each in fits) for band in sorted(set(problem.settings.bands))]
    fair = {Order.TOTAL: [], Order.FLOOR: [-minimum], Order.BANDS: [-minimum, *bands]}[problem.settings.order]
    load = sum((m.active + sum(mentor == m.id for _, mentor in pairs)) ** 2 for m in problem.mentors)
    return (len(unmatched), sum(m.priority for m in unmatched), *fair, -sum(fits), load)
