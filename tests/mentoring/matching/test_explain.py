"""The plan can be argued with, and every answer is true of the problem solved again."""

from dataclasses import replace
from itertools import combinations
from time import process_time

import numpy as np
import pytest

from mentoring.matching import (
    NEW_MENTOR,
    Blocking,
    Mentee,
    Mentor,
    Order,
    Problem,
    alternatives,
    blocking_pairs,
    check,
    dial,
    difference,
    explain,
    if_mentor_leaves,
    price,
    reasons,
    solve,
    story,
    why_unmatched,
)
from mentoring.matching.solve import solve_table
from mentoring.matching.table import table

from .instances import TODAY, TRAINED, cohort, small


def scarce(seeds):
    """Small problems in which somebody is left, with the first of them."""
    for seed in seeds:
        problem = small(seed)
        result = solve(problem)
        if result.unmatched:
            yield problem, result, result.unmatched[0]


def test_the_price_of_a_pair_equals_solving_again_with_that_lock():
    problem = cohort(20, 9, seed=2)
    result = solve(problem)
    t = table(problem)
    for i, j in np.argwhere(t.fit >= 0)[::7].tolist():
        mentee, mentor = t.mentees[i].id, t.mentors[j].id
        again = solve(problem.with_lock(mentee, mentor))

        cost = price(problem, result, mentee, mentor)

        assert [change.after for change in cost.levels] == [level.value for level in again.levels]
        assert {move.mentee: move.after for move in cost.moved} == {
            m.id: again.mentor_of(m.id) for m in problem.mentees if again.mentor_of(m.id) != result.mentor_of(m.id)
        }
        assert cost.losses() >= (0,) * len(cost.levels)


def test_the_price_of_a_pair_already_made_is_nothing():
    problem = cohort(20, 12)
    result = solve(problem)
    pair = result.pairs[0]

    cost = price(problem, result, pair.mentee, pair.mentor)

    assert (cost.moved, cost.worse, set(cost.losses())) == ((), False, {0})


@pytest.mark.parametrize("order", Order)
def test_alternatives_are_the_cheapest_of_all_other_mentors(order):
    problem = cohort(16, 9, seed=4, order=order)
    result = solve(problem)
    t = table(problem)
    for i, mentee in enumerate(t.mentees):
        prices = sorted(
            (price(problem, result, mentee.id, t.mentors[j].id).losses(), t.mentors[j].id)
            for j in np.flatnonzero(t.fit[i] >= 0)
            if t.mentors[j].id != result.mentor_of(mentee.id)
        )

        found = alternatives(problem, result, mentee.id)

        assert [(each.difference.losses(), each.mentor) for each in found] == prices[:5]


def test_alternatives_to_a_locked_pair_are_the_cheapest_of_all_other_mentors_too():
    problem = cohort(16, 9, seed=4)
    for mentee, mentor in (
        ("mentee-00002", "mentor-00001"),
        ("mentee-00007", solve(problem).mentor_of("mentee-00007")),
    ):
        kept = problem.with_lock(mentee, mentor, "Both asked")
        result = solve(kept)
        t = table(problem)
        others = [t.mentors[j].id for j in np.flatnonzero(t.fit[int(mentee[-5:])] >= 0) if t.mentors[j].id != mentor]
        prices = sorted((price(kept, result, mentee, other).losses(), other) for other in others)

        found = alternatives(kept, result, mentee)

        assert [(each.difference.losses(), each.mentor) for each in found] == prices[:5]


def test_five_alternatives_are_found_by_solving_five_times_also_to_a_locked_pair(monkeypatch):
    problem = cohort(60, 60, capacity=1)
    mentee, solved = "mentee-00030", []

    def solve_and_count(*given):
        solved.append(given)
        return solve_table(*given)

    monkeypatch.setattr(explain, "solve_table", solve_and_count)
    kept = problem.with_lock(mentee, solve(problem).mentor_of(mentee))

    assert len(alternatives(kept, solve(kept), mentee)) == 5 == len(solved)


def test_alternatives_are_the_cheapest_whatever_is_locked_short_or_forbidden():
    seen = set()
    for seed in range(120):
        problem = small(seed)
        result = solve(problem)
        for mentee in problem.mentees:
            t = table(problem.without_lock(mentee.id))
            open_to = t.fit[[each.id for each in t.mentees].index(mentee.id)] >= 0
            others = [each.id for each, is_open in zip(t.mentors, open_to, strict=True) if is_open]
            prices = sorted(
                (price(problem, result, mentee.id, other).losses(), other)
                for other in others
                if other != result.mentor_of(mentee.id)
            )

            found = alternatives(problem, result, mentee.id)

            assert [(each.difference.losses(), each.mentor) for each in found] == prices[:5]
            seen.add((len(found), result.mentor_of(mentee.id) is None))
    assert seen >= {(0, True), (2, True), (0, False), (2, False)}


def test_a_story_ticks_every_rule_and_gives_the_rank():
    problem = cohort(5, 5)
    wish = problem.mentees[0].preferences[1]

    told = story(problem, "mentee-00000", wish)

    assert told.rank == 2
    assert len(told.rules) == 10
    assert told.fit == sum(part.points for part in told.parts)


def test_a_group_is_closed_and_larger_than_its_seats_and_none_is_smaller():
    seen = 0
    for problem, result, left in scarce(range(400)):
        t = table(problem)
        group = why_unmatched(problem, result, left).group
        rows = [i for i, mentee in enumerate(t.mentees) if mentee.id in group.mentees]
        mentors = {t.mentors[j].id for i in rows for j in np.flatnonzero(t.fit[i] >= 0)}

        assert left in group.mentees
        assert mentors == set(group.mentors)
        assert sum(int(t.seats[j]) for j, m in enumerate(t.mentors) if m.id in mentors) == group.seats
        assert len(group.mentees) > group.seats
        assert len(group.mentees) == _smallest_witness(t, left)
        seen += 1
    assert seen > 100


def _smallest_witness(t, left):
    """Try every group of people that holds this one, the small ones first."""
    people = [i for i in range(len(t.mentees)) if t.taking_part[i]]
    own = next(i for i in people if t.mentees[i].id == left)
    others = [i for i in people if i != own]
    for size in range(len(people)):
        for rest in combinations(others, size):
            reach = (t.fit[[own, *rest]] >= 0).any(axis=0)
            if t.seats[reach].sum() < size + 1:
                return size + 1
    raise AssertionError(left)


def test_every_mentor_is_accounted_for_in_the_reason():
    for problem, result, left in scarce(range(200)):
        reason = why_unmatched(problem, result, left)

        assert sum(reason.by_rule.values()) + reason.open == len(problem.mentors)
        assert reason.cures[-1].kind == NEW_MENTOR


def test_every_cure_gives_at_least_one_more_person_a_mentor():
    seen = set()
    for problem, result, left in scarce(range(400)):
        for cure in why_unmatched(problem, result, left).cures[:-1]:
            cured = solve(_after(problem, cure))

            assert cured.headline.matched > result.headline.matched, cure
            seen.add(cure.kind)
    assert seen == {"vetoed", "untrained", "resting", "full", "mentor_opted_out"}


def _after(problem, cure):
    mentor = problem.mentor(cure.mentor)
    locks = sum(lock.mentor == cure.mentor for lock in problem.locks)
    changed = {
        "vetoed": {},
        "untrained": {"trained_on": problem.on},
        "resting": {"resting_until": None},
        "full": {"capacity": max(mentor.capacity, mentor.active + locks) + 1},
        "mentor_opted_out": {"opted_in": True},
    }[cure.kind]
    if cure.kind == "vetoed":
        return problem.without_veto(cure.mentee, cure.mentor)
    mentors = tuple(replace(m, **changed) if m.id == cure.mentor else m for m in problem.mentors)
    return replace(problem, mentors=mentors)


def test_the_reasons_of_several_people_are_those_of_each_alone():
    for problem, result, _ in scarce(range(200)):
        assert reasons(problem, result, result.unmatched) == tuple(
            why_unmatched(problem, result, each) for each in result.unmatched
        )


def test_the_reasons_of_everybody_who_is_left_in_a_shortage_are_found_in_no_time():
    problem = cohort(300, 180, capacity=1)
    result = solve(problem)
    began = process_time()

    found = reasons(problem, result, result.unmatched)

    assert process_time() - began < 2  # one at a time they took more than a minute
    assert len(found) == 300 - 180 == len({each.mentee for each in found})


def test_a_new_mentor_from_elsewhere_gives_one_more_person_a_mentor():
    for problem, result, left in scarce(range(60)):
        new = Mentor("new", organisation="Elsewhere", trained_on=TRAINED)

        with_new = solve(replace(problem, mentors=(*problem.mentors, new)))

        assert with_new.headline.matched == result.headline.matched + 1, left


def test_the_reason_of_somebody_who_has_a_mentor_is_not_asked():
    problem = cohort(6, 6)
    with pytest.raises(ValueError, match="not among the unmatched"):
        why_unmatched(problem, solve(problem), "mentee-00000")


def test_blocking_pairs_are_all_who_would_both_rather_be_together():
    for seed in range(150):
        problem = small(seed)
        result = solve(problem)

        assert {(b.mentee, b.mentor) for b in blocking_pairs(problem, result)} == _blocking(problem, result)


def _blocking(problem, result):
    t = table(problem)
    free = {pair.mentee: pair for pair in result.pairs if not pair.locked}
    found = set()
    for i, j in np.argwhere(t.fit >= 0).tolist():
        mentee, mentor, fit = t.mentees[i].id, t.mentors[j].id, int(t.fit[i, j])
        mine = free[mentee].fit if mentee in free else -1
        theirs = [pair.fit for pair in free.values() if pair.mentor == mentor]
        spare = len(theirs) < t.seats[j]
        if fit > mine and (spare or fit > min(theirs)):
            found.add((mentee, mentor))
    return found


def test_a_blocking_pair_says_what_each_has_now():
    mentors = (Mentor("carla", trained_on=TRAINED, offers={"a": 4}), Mentor("dev", trained_on=TRAINED, offers={"b": 1}))
    mentees = (Mentee("amina", wants={"a": 4}), Mentee("ben", wants={"a": 1, "b": 4}))
    problem = replace(cohort(0, 0), mentors=mentors, mentees=mentees).with_veto("amina", "dev")
    problem = replace(problem, weights=replace(problem.weights, criteria=_criteria("a", "b")))
    plan = solve(problem)

    assert blocking_pairs(problem, plan) == ()
    assert blocking_pairs(problem.without_veto("amina", "dev"), _swapped(plan)) == (
        Blocking("amina", "carla", 4000, 0, 800),
    )


def _criteria(*keys):
    return tuple(type(cohort(0, 0).weights.criteria[0])(key, 1) for key in keys)


def _swapped(plan):
    first, second = plan.pairs
    return replace(plan, pairs=(replace(first, mentor=second.mentor), replace(second, mentor=first.mentor)))


def test_a_mentor_who_leaves_is_in_no_pair_of_the_new_plan():
    problem = cohort(20, 12)
    pair = solve(problem).pairs[1]
    problem = problem.with_lock(pair.mentee, pair.mentor)
    result = solve(problem)

    proposal = if_mentor_leaves(problem, result, pair.mentor)

    assert proposal.result.mentees_of(pair.mentor) == ()
    assert {move.mentee for move in proposal.difference.moved} >= set(result.mentees_of(pair.mentor))
    assert proposal.difference.worse
    check(proposal.problem, proposal.result)


def test_two_plans_differ_by_their_levels_and_who_moves():
    problem = cohort(20, 12)
    before, after = solve(problem), solve(problem.with_veto("mentee-00000", solve(problem).mentor_of("mentee-00000")))

    found = difference(before, after)

    assert [(c.before, c.after) for c in found.levels] == [
        (level.value, after.value(level.name)) for level in before.levels
    ]
    assert "mentee-00000" in {move.mentee for move in found.moved}
    assert found.worse
    assert not difference(after, before).worse
    assert difference(before, before).moved == ()


def test_between_settings_plans_are_compared_by_what_they_reach_sought_or_not():
    plans = dial(cohort(40, 20, seed=5))

    found = difference(plans[Order.TOTAL], plans[Order.BANDS])

    assert [change.name for change in found.levels] == [level.name for level in plans[Order.BANDS].levels]
    floor = next(change for change in found.levels if change.name == "floor")
    assert floor.before == plans[Order.TOTAL].headline.minimum < floor.after
    assert not found.worse


def test_the_dial_buys_fairness_with_total():
    plans = dial(cohort(40, 20, seed=5))

    assert list(plans) == [Order.TOTAL, Order.FLOOR, Order.BANDS]
    total, floor, bands = (plan.headline for plan in plans.values())
    assert total.total >= floor.total >= bands.total
    assert total.minimum <= floor.minimum == bands.minimum
    assert {plan.headline.matched for plan in plans.values()} == {40}


def test_a_problem_verb_changes_one_decision_and_leaves_the_rest():
    problem = Problem(TODAY, (Mentor("carla"),), (Mentee("amina"),))

    assert problem.with_veto("amina", "carla").without_veto("amina", "carla") == problem
    assert problem.with_lock("amina", "carla", "Both asked").without_lock("amina") == problem
    assert len(problem.with_lock("amina", "carla").with_lock("amina", "carla", "Again").locks) == 1
