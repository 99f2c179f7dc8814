"""The solver behind teams and coaching groups, against trying every division of a few people."""

from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.grouping import (
    Grouping,
    Member,
    NoGrouping,
    Problem,
    count_of,
    fewest_left_out,
    fewest_pairs,
    listed,
    pairs_sharing,
    solve,
)


def value_of(problem: Problem, division: dict[str, str]) -> tuple[int, int, int] | None:
    """(left out, clashes, cost) of a division (member -> group), or None where it breaks a rule."""
    members = {member.id: member for member in problem.members}
    groups = {group: [m for m in members if division.get(m) == group] for group in problem.groups}
    used = [ids for ids in groups.values() if ids]
    opened = len(problem.groups) if problem.opened is None else problem.opened
    clashes = sum(pairs_sharing([members[m] for m in ids], problem.split) for ids in used)
    if (
        len(used) != opened
        or any(not problem.smallest <= len(ids) <= problem.largest for ids in used)
        or any(division.get(member) != group for member, group in problem.locks.items())
        or any(pair in problem.barred for pair in division.items())
        or any(frozenset(pair) in problem.apart for ids in used for pair in combinations(ids, 2))
        or (problem.strict and clashes)
    ):
        return None
    cost = sum(
        weight * pairs_sharing([members[m] for m in ids], trait)
        for trait, weight in problem.weights.items()
        for ids in used
    )
    wishes = sum(problem.costs.get(pair, 0) for pair in division.items())
    return len(members) - len(division), clashes, cost + wishes


def best_by_trying_all(problem: Problem) -> tuple[int, int, int] | None:
    ids = [member.id for member in problem.members]
    divisions = (
        {m: g for m, g in zip(ids, choice, strict=True) if g}
        for choice in product([*problem.groups, None], repeat=len(ids))
    )
    values = [value for division in divisions if division and (value := value_of(problem, division)) is not None]
    return min(values, default=None)


@st.composite
def problems(draw):
    ids = [f"p{n}" for n in range(draw(st.integers(2, 6)))]
    groups = ["x", "y", "z"][: draw(st.integers(1, 3 if len(ids) < 6 else 2))]
    trait = st.sampled_from(["", "red", "blue", "green"])
    smallest = draw(st.integers(1, 2))
    pairs = [frozenset(pair) for pair in combinations(ids, 2)]
    places = [(m, g) for m in ids for g in groups]
    barred = draw(st.frozensets(st.sampled_from(places), max_size=3))
    locks = draw(st.dictionaries(st.sampled_from(ids), st.sampled_from(groups), max_size=1))
    return Problem(
        members=[Member(i, {"house": draw(trait), "craft": draw(trait), "home": draw(trait)}) for i in ids],
        groups=groups,
        smallest=smallest,
        largest=draw(st.integers(smallest, 4)),
        weights={"craft": draw(st.integers(0, 3)), "home": draw(st.integers(0, 2))},
        split="house",
        strict=draw(st.booleans()),
        opened=draw(st.one_of(st.none(), st.integers(1, len(groups)))),
        apart=draw(st.frozensets(st.sampled_from(pairs), max_size=3)),
        locks={m: g for m, g in locks.items() if (m, g) not in barred},
        barred=barred,
        costs=draw(st.dictionaries(st.sampled_from(places), st.integers(0, 3), max_size=4)),
    )


def solution_of(problem: Problem) -> tuple[tuple[int, int, int], Grouping] | None:
    try:
        grouping = solve(problem)
    except NoGrouping:
        return None
    division = {member: group for group, members in grouping.groups.items() for member in members}
    return value_of(problem, division), grouping


@settings(max_examples=150, deadline=None)
@given(problems())
def test_no_division_is_better_than_the_one_found(problem):
    best = best_by_trying_all(problem)
    found = solution_of(problem)
    assert (found and found[0]) == best
    if found:
        value, grouping = found
        assert (grouping.proved, grouping.cost, grouping.bound) == (True, value[2], value[2])
        assert len(grouping.left_out) == value[0] == fewest_left_out(problem)


@settings(max_examples=25, deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(problem, random):
    shuffled = list(problem.members)
    random.shuffle(shuffled)
    other = Problem(**{**vars(problem), "members": shuffled})
    assert solution_of(other) == solution_of(problem)


PEOPLE = [Member(f"p{n}", {"house": f"h{n}"}) for n in range(6)]


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ({"locks": {"p0": "x", "p9": "y"}}, "p9"),
        ({"locks": {"p0": "nowhere"}}, "nowhere"),
        ({"locks": {"p0": "x", "p1": "x"}, "apart": frozenset({frozenset({"p0", "p1"})})}, "must be kept apart"),
        ({"locks": {"p0": "x"}, "barred": frozenset({("p0", "x")})}, "a rule forbids"),
        ({"locks": {f"p{n}": "x" for n in range(4)}}, "4 people are locked to x, which holds 3"),
        ({"smallest": 4, "largest": 4}, "6 people cannot fill 2 groups of 4 to 4"),
        (
            {"members": [Member("a", {"house": "h"}), Member("b", {"house": "h"})], "locks": {"a": "x", "b": "x"}},
            "both of h",
        ),
        ({"members": []}, "nobody"),
    ],
)
def test_rules_that_contradict_each_other_are_said_in_words(rules, says):
    problem = Problem(
        **{"members": PEOPLE, "groups": ["x", "y"], "smallest": 1, "largest": 3, "weights": {}, "split": "house"}
        | rules
    )
    with pytest.raises(NoGrouping, match=says):
        solve(problem)


@pytest.mark.parametrize(("count", "groups", "pairs"), [(6, 6, 0), (7, 6, 1), (12, 6, 6), (9, 2, 16), (5, 1, 10)])
def test_the_fewest_pairs_come_from_an_even_spread(count, groups, pairs):
    assert fewest_pairs(count, groups) == pairs


def test_counts_and_lists_read_as_words():
    assert (count_of(1, "person", "people"), count_of(12, "person", "people")) == ("one person", "12 people")
    assert [listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
