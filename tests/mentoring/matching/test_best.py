"""The plan is the best one: against every plan of small problems, and against scipy for larger ones."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from mentoring.matching import Order, check, solve

from .brute_force import allowed, best_values, fit, points
from .instances import cohort, small

HIGHER_IS_BETTER = {"floor", "total"}
FEW = 500


@pytest.mark.parametrize("first", range(0, 5_000, FEW))
def test_a_small_problem_is_solved_as_well_as_by_trying_every_plan(first):
    for seed in range(first, first + FEW):
        problem = small(seed)
        pricing = {"all_arcs_up_to": 0, "start_arcs": 1 + seed % 3} if seed % 2 else {}

        result = solve(problem, **pricing)

        reached = [level.value * (-1 if level.name in HIGHER_IS_BETTER else 1) for level in result.levels[:-1]]
        assert tuple(reached) == best_values(problem), seed
        check(problem, result)


@pytest.mark.parametrize(
    ("mentees", "mentors", "capacity"), [(40, 40, 1), (60, 24, 3), (150, 90, 3), (300, 120, 3), (600, 600, 1)]
)
def test_a_cohort_reaches_the_count_floor_and_total_that_scipy_finds(mentees, mentors, capacity):
    problem = cohort(mentees, mentors, seed=mentees, order=Order.FLOOR, capacity=capacity)
    problem = replace(problem, mentees=tuple(replace(mentee, priority=0) for mentee in problem.mentees))
    fits = _fits(problem)
    matched = _most_matched(fits >= 0)
    floor = _highest_floor(fits, matched)
    total = _highest_total(np.where(fits >= floor, fits, -1), matched)

    for pricing in ({}, {"all_arcs_up_to": 0}):
        result = solve(problem, **pricing)

        assert (result.headline.matched, result.headline.minimum, result.headline.total) == (matched, floor, total)
        check(problem, result)


def _fits(problem):
    """Fit of mentees with single seats, -1 where forbidden."""
    seats = [j for j, mentor in enumerate(problem.mentors) for _ in range(mentor.capacity)]
    rows = []
    for mentee in problem.mentees:
        own = points(problem, mentee)
        rows.append([fit(problem, mentee, m, own) if allowed(problem, mentee, m) else -1 for m in problem.mentors])
    return np.array(rows)[:, seats]


def _most_matched(may):
    return int((maximum_bipartite_matching(csr_array(may)) >= 0).sum())


def _highest_floor(fits, matched):
    values = np.unique(fits[fits >= 0]).tolist()
    low, high = 0, len(values) - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _most_matched(fits >= values[middle]) == matched else (low, middle - 1)
    return values[low]


def _highest_total(fits, matched):
    """Forbidden cells cost more than everything, so as few as possible are used."""
    dear = np.where(fits >= 0, fits, -10_000_000)
    rows, columns = linear_sum_assignment(dear, maximize=True)
    used = fits[rows, columns]
    assert (used >= 0).sum() == matched
    return int(used[used >= 0].sum())
