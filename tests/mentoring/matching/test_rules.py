"""Each hard rule is kept by the solver, and each would be missed if it were gone."""

from dataclasses import replace
from datetime import date

import pytest

from mentoring.matching import (
    RULES,
    CheckFailed,
    Criterion,
    Lock,
    Mentee,
    Mentor,
    Problem,
    ProblemError,
    Veto,
    Weights,
    check,
    check_pair,
    problem_hash,
    solve,
)
from mentoring.matching.rules import training_is_good
from mentoring.matching.solve import solve_table
from mentoring.matching.table import table

from .instances import TODAY, TRAINED

BEST = Mentor("best", organisation="Camden", trained_on=TRAINED, offers={"themes": 4})
OTHER = Mentor("other", organisation="Ealing", trained_on=TRAINED, offers={"themes": 1})
AMINA = Mentee("amina", organisation="Barnet", wants={"themes": 4})
FREE = Problem(TODAY, (BEST, OTHER), (AMINA,), Weights((Criterion("themes"),)))
PAIR = frozenset({("amina", "best")})


def with_best(**changes):
    return replace(FREE, mentors=(replace(BEST, **changes), OTHER))


BROKEN = {
    "mentee_opted_out": replace(FREE, mentees=(replace(AMINA, opted_in=False),)),
    "mentor_opted_out": with_best(opted_in=False),
    "same_organisation": with_best(organisation="Barnet"),
    "line_management": replace(FREE, line_management=PAIR),
    "conflict": replace(FREE, conflicts=PAIR),
    "ended": replace(FREE, ended=PAIR),
    "vetoed": replace(FREE, vetoes=(Veto("amina", "best"),)),
    "untrained": with_best(trained_on=date(2025, 5, 13)),
    "resting": with_best(resting_until=date(2027, 5, 15)),
    "full": with_best(capacity=2, active=2),
}


def test_every_rule_has_a_case():
    assert list(BROKEN) == [rule.key for rule in RULES]


def test_without_an_obstacle_the_best_pair_is_made():
    assert solve(FREE).mentor_of("amina") == "best"


@pytest.mark.parametrize("key", BROKEN)
def test_a_rule_keeps_the_best_pair_apart(key):
    result = solve(BROKEN[key])

    assert result.mentor_of("amina") == (None if key == "mentee_opted_out" else "other")
    check(BROKEN[key], result)


@pytest.mark.parametrize("key", BROKEN)
def test_a_rule_alone_is_named_as_broken_for_the_pair(key):
    checks = check_pair(BROKEN[key], BROKEN[key].mentees[0], BROKEN[key].mentors[0])

    assert [each.key for each in checks if not each.kept] == [key]
    assert [each.words for each in checks] == [rule.broken if rule.key == key else rule.kept for rule in RULES]


def without(key, problem):
    """A solver that has forgotten one rule; what else it goes by is made to agree."""
    t = table(problem, tuple(rule for rule in RULES if rule.key != key))
    if key == "full":
        t = table(with_best(capacity=1), RULES)
    if key == "mentee_opted_out":
        t = table(replace(problem, mentees=(AMINA,)), RULES)
    return replace(solve_table(t, problem.settings), input_hash=problem_hash(problem))


@pytest.mark.parametrize("key", BROKEN)
def test_a_solver_that_forgets_a_rule_is_found_out_by_the_checker(key):
    result = without(key, BROKEN[key])

    assert result.mentor_of("amina") == "best"
    with pytest.raises(CheckFailed):
        check(BROKEN[key], result)


@pytest.mark.parametrize("key", [key for key in BROKEN if key != "vetoed"])
def test_a_lock_that_breaks_a_rule_needs_a_reason(key):
    words = next(rule.broken for rule in RULES if rule.key == key)
    with pytest.raises(ProblemError) as refused:
        solve(BROKEN[key].with_lock("amina", "best"))
    result = solve(BROKEN[key].with_lock("amina", "best", "Both asked for it"))

    assert refused.value.problems == [f"The lock of amina and best needs a reason: {words[0].lower()}{words[1:]}."]
    assert result.mentor_of("amina") == "best"
    check(BROKEN[key].with_lock("amina", "best", "Both asked for it"), result)


def test_a_veto_cannot_be_overruled_by_a_lock():
    with pytest.raises(ProblemError, match="both locked and vetoed"):
        BROKEN["vetoed"].with_lock("amina", "best", "Both asked for it")


def test_more_locks_than_places_need_a_reason():
    problem = replace(FREE, mentees=(AMINA, replace(AMINA, id="ben")))
    crowded = problem.with_lock("amina", "best").with_lock("ben", "best")
    with pytest.raises(ProblemError, match="The 2 locks of best need a reason: there is room for 1"):
        solve(crowded)

    result = solve(crowded.with_lock("ben", "best", "They share an office"))

    assert result.mentees_of("best") == ("amina", "ben")
    check(crowded.with_lock("ben", "best", "They share an office"), result)


def test_people_without_an_organisation_do_not_share_one():
    problem = replace(with_best(organisation=""), mentees=(replace(AMINA, organisation=""),))

    assert solve(problem).mentor_of("amina") == "best"


@pytest.mark.parametrize(
    ("trained_on", "on", "good"),
    [
        (date(2025, 5, 14), date(2027, 5, 14), True),
        (date(2025, 5, 14), date(2027, 5, 15), False),
        (date(2024, 2, 29), date(2026, 2, 28), True),
        (date(2024, 2, 29), date(2026, 3, 1), False),
        (date(2027, 5, 15), date(2027, 5, 14), False),
        (None, date(2027, 5, 14), False),
    ],
)
def test_training_is_good_for_24_months(trained_on, on, good):
    assert training_is_good(trained_on, on) is good
    mentors = (replace(BEST, trained_on=trained_on), replace(OTHER, trained_on=on))
    problem = replace(FREE, on=on, mentors=mentors)
    assert solve(problem).mentor_of("amina") == ("best" if good else "other")
    check(problem, solve(problem))


def test_a_rest_ends_on_its_day():
    assert solve(with_best(resting_until=TODAY)).mentor_of("amina") == "best"


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        ({"locks": (Lock("nobody", "best"),)}, "names a mentee who is not here"),
        ({"locks": (Lock("amina", "nobody"),)}, "names a mentor who is not here"),
        ({"locks": (Lock("amina", "best"), Lock("amina", "other"))}, "2 entries for lock for mentee amina"),
        ({"mentees": (AMINA, AMINA)}, "2 entries for mentee amina"),
        ({"mentors": (BEST, BEST)}, "2 entries for mentor best"),
        ({"mentees": (replace(AMINA, wants={"themes": 5}),)}, "importance of amina is 5, outside 0 to 4"),
        ({"mentors": (replace(BEST, capacity=-1),)}, "capacity of best is -1, outside 0 to any number"),
        ({"mentees": (replace(AMINA, preferences=("best", "best")),)}, "2 entries for preference of amina: best"),
    ],
)
def test_a_problem_that_contradicts_itself_is_refused(broken, sentence):
    with pytest.raises(ProblemError, match=sentence):
        replace(FREE, **broken)
