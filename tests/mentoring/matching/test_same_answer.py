"""The answer depends on who takes part and on nothing else."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from mentoring.matching import (
    Order,
    dump_problem,
    dump_result,
    load_problem,
    load_result,
    problem_hash,
    solve,
)

from .instances import cohort, small

PRICING = {"all_arcs_up_to": 0}


def shuffled(problem, seed):
    r = np.random.default_rng(seed)
    mixed = {name: [*getattr(problem, name)] for name in ("mentors", "mentees", "locks", "vetoes")}
    for rows in mixed.values():
        r.shuffle(rows)
    return replace(problem, **{name: tuple(rows) for name, rows in mixed.items()})


@pytest.mark.parametrize("options", [{}, PRICING], ids=["all pairs", "pricing"])
def test_shuffled_rows_give_the_same_pairs_and_hashes(options):
    for seed in range(40):
        problem = small(seed) if seed % 2 else cohort(40, 20, seed)
        first, second = solve(problem, **options), solve(shuffled(problem, seed), **options)

        assert (first.pairs, first.result_hash, first.input_hash) == (
            second.pairs,
            second.result_hash,
            second.input_hash,
        )


def test_pricing_and_all_pairs_give_the_same_plan():
    for seed in range(20):
        problem = cohort(50, 25, seed)

        assert solve(problem).pairs == solve(problem, **PRICING).pairs


def test_equal_scores_are_settled_the_same_way_by_every_path():
    problem = cohort(30, 30, capacity=2)
    problem = replace(problem, mentees=tuple(replace(m, wants={}, preferences=()) for m in problem.mentees))
    problem = replace(problem, mentors=tuple(replace(m, offers={}) for m in problem.mentors))

    results = [solve(problem), solve(problem, **PRICING), solve(shuffled(problem, 3), start_arcs=3, **PRICING)]

    assert len({result.result_hash for result in results}) == 1


def test_threads_give_the_same_result():
    problem = cohort(60, 30)
    with ThreadPoolExecutor(4) as threads:
        hashes = set(threads.map(lambda _: solve(problem).result_hash, range(8)))

    assert hashes == {solve(problem).result_hash}


def test_processes_give_the_same_result():
    problem = cohort(60, 30)
    script = (
        "import json, sys; from mentoring.matching import load_problem, solve;"
        "print(solve(load_problem(json.load(sys.stdin))).result_hash)"
    )
    hashes = {
        subprocess.run(
            [sys.executable, "-c", script],
            input=json.dumps(dump_problem(problem)),
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }

    assert hashes == {solve(problem).result_hash}


@pytest.mark.parametrize("order", Order)
def test_locking_any_part_of_the_plan_gives_the_same_plan(order):
    for seed in range(60):
        r = np.random.default_rng(seed)
        problem = small(seed).with_order(order) if seed % 3 else cohort(30, 14, seed, order=order)
        plan = solve(problem)
        locked = problem
        for pair in plan.pairs:
            if not pair.locked and r.random() < 0.4:
                locked = locked.with_lock(pair.mentee, pair.mentor)

        again = solve(locked)

        assert [(p.mentee, p.mentor, p.fit) for p in again.pairs] == [(p.mentee, p.mentor, p.fit) for p in plan.pairs]
        assert again.levels == plan.levels


def test_problem_and_result_read_back_from_json():
    for seed in range(30):
        problem = small(seed)
        result = solve(problem)
        stored = json.loads(json.dumps([dump_problem(problem), dump_result(result)]))

        assert problem_hash(load_problem(stored[0])) == problem_hash(problem)
        assert load_result(stored[1]) == result


def test_the_hash_of_a_problem_changes_with_any_person_or_decision():
    problem = cohort(4, 3)
    changed = [
        problem.with_veto("mentee-00000", "mentor-00001"),
        problem.with_lock("mentee-00000", "mentor-00001", "Both asked"),
        problem.without_mentor("mentor-00002"),
        problem.with_order(Order.TOTAL),
        replace(problem, mentees=problem.mentees[1:]),
        replace(problem, weights=replace(problem.weights, preference=9)),
        replace(problem, ended=frozenset({("mentee-00000", "mentor-00001")})),
    ]

    assert len({problem_hash(each) for each in [problem, *changed]}) == len(changed) + 1


def test_the_package_needs_neither_django_nor_a_solver_to_be_read():
    script = (
        "import sys, mentoring.matching as m; m.story;"
        "print(sorted({'django', 'ortools.graph', 'scipy', 'pandas'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "[]"
