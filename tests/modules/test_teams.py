"""Challenge teams: who is with whom, and what the office is told about it."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.grouping import NoGrouping
from modules.teams import Candidate, form_teams, team_count

RIVERS = ("Lea", "Wandle", "Ravensbourne", "Brent", "Fleet", "Effra")
SUBREGIONS = ("Central", "East", "North", "South", "West")
SERVICES = ("Housing", "Public health", "Adult social care", "Planning", "Finance", "Digital", "Culture")
COHORT = [Candidate(f"p{n:02}", f"Authority {n}", SUBREGIONS[n % 5], SERVICES[n * n % 7]) for n in range(36)]


def sizes(plan):
    return sorted(len(team.members) for team in plan.teams)


def team_of(plan, person):
    return next(team.key for team in plan.teams if person in team.members)


@pytest.mark.parametrize(
    ("people", "teams"),
    [(36, 6), (33, 6), (30, 6), (42, 6), (29, 5), (25, 5), (24, 4), (43, 7), (48, 8), (12, 2), (8, 1), (4, 1), (0, 1)],
)
def test_five_or_six_teams_are_proposed_where_the_sizes_allow(people, teams):
    assert team_count(people) == teams


def test_everyone_is_in_one_team_of_even_size():
    plan = form_teams(COHORT[:33], RIVERS)
    assert sizes(plan) == [5, 5, 5, 6, 6, 6]
    assert sorted(member for team in plan.teams for member in team.members) == [p.id for p in COHORT[:33]]
    assert [team.key for team in plan.teams] == list(RIVERS)


def test_sub_regions_and_services_are_spread_as_evenly_as_numbers_allow():
    plan = form_teams(COHORT, RIVERS)
    assert plan.best_possible
    by_id = {p.id: p for p in COHORT}
    for team in plan.teams:
        # Five sub-regions for six people: one pair cannot be helped, two can.
        assert sorted(Counter(by_id[m].subregion for m in team.members).values()) == [1, 1, 1, 1, 2]


def test_two_people_of_one_authority_are_in_different_teams():
    people = [
        *COHORT[:34],
        Candidate("q1", "Authority 0", "East", "Housing"),
        Candidate("q2", "Authority 1", "West", "Digital"),
    ]
    plan = form_teams(people, RIVERS)
    assert team_of(plan, "q1") != team_of(plan, "p00")
    assert team_of(plan, "q2") != team_of(plan, "p01")
    assert "No two people of one authority share a team." in plan.summary


def test_an_authority_with_more_people_than_teams_shares_as_little_as_it_must_and_the_office_is_told():
    people = [Candidate(f"b{n}", "Barnet") for n in range(4)] + COHORT[:8]
    plan = form_teams(people, RIVERS[:3])
    assert sorted(sum(m.startswith("b") for m in team.members) for team in plan.teams) == [1, 1, 2]
    assert "One pair of colleagues of one authority share a team." in plan.summary
    assert ["Two share Barnet: 4 people over three teams cannot all be apart." in t.reason for t in plan.teams].count(
        True
    ) == 1


def test_locks_and_keep_aparts_are_obeyed_and_named_in_the_reason():
    free = form_teams(COHORT, RIVERS)
    together = free.teams[0].members[:2]
    plan = form_teams(COHORT, RIVERS, locks={"p07": "Effra"}, apart=frozenset({frozenset(together)}))
    assert team_of(plan, "p07") == "Effra"
    assert team_of(plan, together[0]) != team_of(plan, together[1])
    assert "One person is here by the office’s choice." in plan.teams[5].reason


def test_locking_what_was_proposed_changes_nothing():
    free = form_teams(COHORT[:33], RIVERS)
    locks = {member: team.key for team in free.teams for member in team.members[:3]}
    again = form_teams(COHORT[:33], RIVERS, locks=locks)
    assert (again.score, again.best_possible) == (free.score, True)


def test_a_wish_is_granted_where_it_costs_no_mixing():
    people = [Candidate(f"p{n}", f"A{n}", wishes=("Lea", "Brent") if n < 4 else ("Brent",)) for n in range(8)]
    plan = form_teams(people, ("Lea", "Brent"))
    assert plan.teams[0].members == ("p0", "p1", "p2", "p3")
    assert "Four people asked for this challenge first." in plan.teams[0].reason


def test_a_person_who_must_be_kept_from_everyone_is_left_out_and_counted():
    apart = frozenset(frozenset({"p00", other.id}) for other in COHORT[1:33])
    plan = form_teams(COHORT[:33], RIVERS, apart=apart)
    assert plan.left_out == ("p00",)
    assert "One person could not be placed." in plan.summary


def test_fewer_people_than_teams_are_refused():
    with pytest.raises(NoGrouping, match="Three people cannot fill 6 teams"):
        form_teams(COHORT[:3], RIVERS)


def test_a_team_is_described_in_a_sentence():
    people = [
        Candidate("a", "Brent", "West", "Housing"),
        Candidate("b", "Camden", "Central", "Housing"),
        Candidate("c", "Bexley", "East", ""),
    ]
    plan = form_teams(people, ("Lea",))
    assert plan.teams[0].reason == (
        "Three people from three authorities, three sub-regions and one service. "
        "Two share Housing: 2 people over one team cannot all be apart."
    )
    assert plan.summary == (
        "Three people in one team of three. No two people of one authority share a team. "
        "No other teams are better mixed under these rules."
    )
    assert plan.score == 83  # of six chances to share a sub-region or a service, one is taken


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("ABCDEFGH"), st.sampled_from(SUBREGIONS), st.sampled_from(SERVICES)),
        min_size=4,
        max_size=20,
    ),
    st.integers(1, 4),
)
def test_any_cohort_is_placed_whole_in_even_teams_with_an_honest_score(rows, teams):
    people = [Candidate(f"p{n:02}", *row) for n, row in enumerate(rows)]
    plan = form_teams(people, RIVERS[:teams])
    assert plan.left_out == ()
    assert sizes(plan)[-1] - sizes(plan)[0] <= 1
    assert 0 <= plan.score <= 100
    if max(Counter(p.authority for p in people).values()) <= teams:
        by_id = {p.id: p for p in people}
        assert all(len({by_id[m].authority for m in team.members}) == len(team.members) for team in plan.teams)
