"""Fit is an integer from 0 to 4000 whose parts can be shown."""

import numpy as np
import pytest

from mentoring.matching import Criterion, Mentee, Mentor, Part, Weights, parts, parts_of, story
from mentoring.matching.fit import spread
from mentoring.matching.table import table

from .brute_force import fit, points
from .instances import cohort, small

OFFICE = Weights((Criterion("themes", 3), Criterion("service", 2), Criterion("steps", 1)), preference=2, shared=1)
CARLA = Mentor("carla", offers={"themes": 4, "service": 1}, shares=frozenset({"faith", "carer"}))


def test_parts_add_up_to_the_fit_of_every_allowed_pair():
    pairs = 0
    for seed in range(500):
        problem = small(seed)
        t = table(problem)
        for i, j in np.argwhere(t.fit >= 0).tolist():
            told = story(problem, t.mentees[i].id, t.mentors[j].id)
            expected = fit(problem, t.mentees[i], t.mentors[j], points(problem, t.mentees[i]))
            assert (told.fit, sum(part.points for part in told.parts), int(t.fit[i, j])) == (expected,) * 3
            pairs += 1
    assert pairs > 1_000


def test_weights_are_1000_points_spread_over_what_was_stated():
    r = np.random.default_rng(1)
    importance = r.integers(0, 5, (500, 7))
    office = r.integers(1, 9, 7)

    spread_out = spread(importance, office)

    assert (spread_out.sum(axis=1) == 1000).all()
    stated = (importance > 0) | (importance[:, :-2].sum(axis=1, keepdims=True) == 0)
    assert (spread_out[~stated] == 0).all()


def test_a_spread_is_off_the_exact_share_by_less_than_a_point():
    importance, office = np.array([[1, 1, 1, 0, 0]]), np.array([1, 1, 1, 5, 5])

    assert spread(importance, office).tolist() == [[334, 333, 333, 0, 0]]


def test_the_best_mentor_for_everything_stated_fits_fully():
    mentee = Mentee("amina", wants={"themes": 2}, preferences=("carla",), shares=frozenset({"carer"}))

    assert parts(OFFICE, mentee, CARLA) == (
        Part("themes", 2668, 2668),
        Part("preference", 888, 888),
        Part("shared", 444, 444),
    )


def test_somebody_who_stated_nothing_is_weighed_by_the_office():
    assert parts(OFFICE, Mentee("amina"), CARLA) == (
        Part("themes", 2000, 2000, stated=False),
        Part("service", 333, 1332, stated=False),
        Part("steps", 0, 668, stated=False),
    )


def test_an_office_without_weights_gives_nobody_any_points():
    assert parts(Weights((Criterion("themes", 0),)), Mentee("amina", wants={"themes": 4}), CARLA) == ()


@pytest.mark.parametrize(("rank", "level"), [(1, 4), (2, 3), (3, 2), (4, 1), (5, 0)])
def test_a_preference_counts_by_its_rank(rank, level):
    wishes = [f"m{number}" for number in range(6)]
    wishes[rank - 1] = "carla"
    mentee = Mentee("amina", preferences=tuple(wishes))

    assert parts(OFFICE, mentee, CARLA) == (Part("preference", 1000 * level, 4000),)


def test_a_shared_characteristic_is_counted_and_never_named():
    one = parts(OFFICE, Mentee("amina", shares=frozenset({"faith"})), CARLA)
    other = parts(OFFICE, Mentee("amina", shares=frozenset({"carer"})), CARLA)

    assert one == other == (Part("shared", 4000, 4000),)
    assert "faith" not in repr(one)


def test_a_characteristic_only_one_side_offers_gives_nothing():
    assert parts(OFFICE, Mentee("amina", shares=frozenset({"age"})), CARLA) == (Part("shared", 0, 4000),)


def test_the_parts_of_many_pairs_are_those_of_each():
    for seed in range(60):
        problem = small(seed)
        pairs = [(mentee, mentor) for mentee in problem.mentees for mentor in problem.mentors]

        assert parts_of(problem.weights, pairs) == [parts(problem.weights, *pair) for pair in pairs]


def test_fit_stays_between_0_and_4000_at_a_cohorts_size():
    fits = table(cohort(300, 120)).fit

    assert fits.min() >= -1
    assert 2000 < fits.max() <= 4000
