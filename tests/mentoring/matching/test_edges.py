"""Problems with hardly anything in them, and runs that are stopped."""

from dataclasses import replace

import pytest

from mentoring.matching import Lock, Mentee, Mentor, Order, Problem, Settings, check, solve

from .instances import TODAY, TRAINED, cohort, small

OPTIONS = [{}, {"all_arcs_up_to": 0}]


def mentor(name, **more):
    return Mentor(name, **{"trained_on": TRAINED, **more})


def solved(problem, **options):
    result = solve(problem, **options)
    check(problem, result)
    return result


@pytest.mark.parametrize("options", OPTIONS, ids=["all pairs", "pricing"])
@pytest.mark.parametrize("order", Order)
class TestEdges:
    def test_nobody_at_all_is_a_plan_without_pairs(self, order, options):
        result = solved(Problem(TODAY, settings=Settings(order)), **options)

        assert (result.headline.matched, result.headline.asked, result.headline.minimum) == (0, 0, None)
        assert result.sentence() == "Matched 0 of 0; proved best: 0 pairs checked"

    def test_no_mentors_leave_everybody_unmatched(self, order, options):
        problem = Problem(TODAY, mentees=(Mentee("amina"), Mentee("ben")), settings=Settings(order))

        assert solved(problem, **options).unmatched == ("amina", "ben")

    def test_no_mentees_leave_every_mentor_free(self, order, options):
        problem = Problem(TODAY, mentors=(mentor("carla"), mentor("dev", active=1)), settings=Settings(order))

        result = solved(problem, **options)

        assert (result.pairs, result.headline.load) == ((), 1)

    def test_no_seats_leave_everybody_unmatched(self, order, options):
        mentors = (mentor("carla", capacity=0), mentor("dev", active=1))
        problem = Problem(TODAY, mentors, (Mentee("amina"),), settings=Settings(order))

        assert solved(problem, **options).unmatched == ("amina",)

    def test_blank_profiles_are_matched_at_fit_0(self, order, options):
        problem = Problem(TODAY, (mentor("carla"), mentor("dev")), (Mentee("a"), Mentee("b")), settings=Settings(order))

        result = solved(problem, **options)

        assert (result.headline.matched, result.headline.minimum) == (2, 0)

    def test_equal_scores_spread_the_load(self, order, options):
        mentors = tuple(mentor(f"m{number}", capacity=3) for number in range(3))
        mentees = tuple(Mentee(f"p{number}") for number in range(6))

        result = solved(Problem(TODAY, mentors, mentees, settings=Settings(order)), **options)

        assert (result.headline.load, result.headline.most) == (12, 2)

    def test_one_mentor_takes_as_many_as_they_have_places_for(self, order, options):
        mentees = tuple(Mentee(f"p{number}", priority=number) for number in range(3))
        problem = Problem(TODAY, (mentor("carla", capacity=2),), mentees, settings=Settings(order))

        assert solved(problem, **options).unmatched == ("p0",)

    def test_every_pair_forbidden_leaves_everybody_unmatched(self, order, options):
        mentors = (mentor("carla", organisation="Barnet"), mentor("dev", organisation="Barnet"))
        mentees = (Mentee("amina", organisation="Barnet"), Mentee("ben", organisation="Barnet"))

        result = solved(Problem(TODAY, mentors, mentees, settings=Settings(order)), **options)

        assert (result.unmatched, result.headline.pairs_checked) == (("amina", "ben"), 0)

    def test_everybody_locked_leaves_nothing_to_decide(self, order, options):
        locks = (Lock("amina", "carla"), Lock("ben", "dev"))
        mentees = (Mentee("amina"), Mentee("ben"))
        problem = Problem(TODAY, (mentor("carla"), mentor("dev")), mentees, settings=Settings(order), locks=locks)

        assert solved(problem, **options).headline.matched == 2


def test_nobody_is_dropped_silently():
    for seed in range(300):
        problem = small(seed)
        result = solve(problem)
        named = [*(pair.mentee for pair in result.pairs), *result.unmatched, *result.opted_out]

        assert sorted(named) == sorted(mentee.id for mentee in problem.mentees)


def test_people_who_have_not_opted_in_do_not_count_as_asked():
    problem = Problem(TODAY, (mentor("carla"),), (Mentee("amina", opted_in=False), Mentee("ben")))

    result = solved(problem)

    assert (result.headline.asked, result.unmatched, result.opted_out) == (1, (), ("amina",))


def test_running_mentorships_and_locks_count_as_load():
    mentors = (mentor("carla", capacity=3, active=1), mentor("dev", capacity=3))
    problem = Problem(TODAY, mentors, (Mentee("amina"), Mentee("ben")), locks=(Lock("amina", "dev"),))

    result = solved(problem)

    assert (result.headline.load, result.headline.most) == (5, 2)


def test_the_waiting_come_before_a_better_fit():
    mentors = (mentor("carla", offers={"themes": 4}),)
    problem = cohort(2, 1)
    mentees = (Mentee("amina", wants={"themes": 4}), Mentee("ben", priority=1))
    problem = replace(problem, mentors=mentors, mentees=mentees)

    assert solved(problem).mentor_of("ben") == "carla"


@pytest.mark.parametrize("options", OPTIONS, ids=["all pairs", "pricing"])
def test_a_stopped_run_returns_its_last_finished_aim_and_says_so(options):
    problem = cohort(30, 16)
    names = [level.name for level in solve(problem).levels]
    for finished in range(1, len(names)):
        result = solve(problem, keep_going=lambda _, done, enough=finished: done < enough, **options)

        check(problem, result)
        assert not result.headline.proved
        assert [level.name for level in result.levels] == names[: len(result.levels)]
        assert result.headline.stopped_before == names[len(result.levels)]
        assert len(result.levels) >= finished


def test_a_run_that_is_stopped_at_once_still_matches_as_many_as_possible():
    problem = cohort(30, 8)

    result = solve(problem, keep_going=lambda _aim, _done: False)

    assert result.headline.matched == solve(problem).headline.matched
    assert result.sentence().endswith("best so far")


def test_progress_names_every_aim_that_needed_work():
    heard = []

    solve(cohort(30, 16), keep_going=lambda aim, done: heard.append((aim, done)) or True)

    assert heard == sorted(heard, key=lambda step: step[1])
    assert {aim for aim, _ in heard} >= {"floor", "total", "load", "tie"}
