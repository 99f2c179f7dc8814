"""Coaching groups: small, mixed, and never with a colleague, a line manager or one's own coach's staff."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentoring.groups import Coachee, GroupCoach, Kept, form_groups
from modules.grouping import NoGrouping

SERVICES = ("Housing", "Children", "Health", "Policing")
PEOPLE = [
    Coachee(f"p{n:02}", f"Employer {n}", service=SERVICES[n % 4], level="AD" if n % 2 else "HoS") for n in range(24)
]


def group_of(plan, person):
    return next((group for group in plan.groups if person in group.members), None)


@pytest.mark.parametrize(
    ("people", "sizes"),
    [(24, [6, 6, 6, 6]), (23, [5, 6, 6, 6]), (13, [6, 7]), (9, [4, 5]), (8, [8]), (7, [7]), (4, [4])],
)
def test_groups_are_even_and_near_six(people, sizes):
    plan = form_groups(PEOPLE[:people])
    assert sorted(len(group.members) for group in plan.groups) == sizes
    assert plan.best_possible


def test_nine_people_are_two_groups_because_eight_is_the_most():
    assert len(form_groups(PEOPLE[:9]).groups) == 2


def test_who_is_kept_together_stays_with_their_coach_and_the_rest_is_divided_around_them():
    coaches = [GroupCoach("c1", groups=2), GroupCoach("c2", "Employer 0"), GroupCoach("c3")]
    kept = [Kept("c3", ("p01", "p02")), Kept("c1", ("p03", "p04"))]
    colleague = Coachee("q01", "Employer 1")

    plan = form_groups([*PEOPLE, colleague], coaches, kept=kept)

    assert plan.left_out == ()
    assert {*kept[0].members} <= {*group_of(plan, "p01").members}
    assert {*kept[1].members} <= {*group_of(plan, "p03").members}
    assert (group_of(plan, "p01").coach, group_of(plan, "p03").coach) == ("c3", "c1")
    assert group_of(plan, "q01") != group_of(plan, "p01")


def test_who_is_kept_with_a_coach_that_has_gone_stays_together_with_one_who_may_have_them():
    coaches = [GroupCoach("c1", "Employer 1"), GroupCoach("c2")]

    plan = form_groups(PEOPLE[:12], coaches, kept=[Kept("gone", ("p01", "p02"))])

    assert group_of(plan, "p01") == group_of(plan, "p02")
    assert group_of(plan, "p01").coach == "c2"


def test_colleagues_never_share_a_group():
    people = [Coachee(f"a{n}", "Barts Health") for n in range(4)] + PEOPLE[:20]
    plan = form_groups(people)
    assert all(sum(m.startswith("a") for m in group.members) <= 1 for group in plan.groups)
    assert plan.left_out == ()


def test_an_employer_with_many_people_gets_more_groups_rather_than_leaving_someone_out():
    people = [Coachee(f"a{n}", "Barts Health") for n in range(5)] + PEOPLE[:19]
    assert sorted(len(group.members) for group in form_groups(people).groups) == [4, 5, 5, 5, 5]


def test_whoever_cannot_be_placed_is_named_with_the_reason():
    people = [Coachee(f"a{n}", "Barts Health") for n in range(3)] + PEOPLE[:6]
    plan = form_groups(people)
    assert len(plan.groups) == 2
    ((person, why),) = plan.left_out
    assert person.startswith("a")
    assert why == "Three people from Barts Health need a group each, and there are two."
    assert "One person could not be placed." in plan.summary


def test_a_line_manager_and_their_report_never_share_a_group():
    people = [Coachee(p.id, "", line_manager="p00" if p.id in {"p01", "p02", "p03"} else "") for p in PEOPLE[:12]]
    plan = form_groups(people)
    assert {"p01", "p02", "p03"}.isdisjoint(group_of(plan, "p00").members)


def test_independents_are_nobodys_colleagues():
    assert len(form_groups([Coachee(f"i{n}", "") for n in range(6)]).groups) == 1


def test_people_the_office_keeps_apart_never_meet():
    plan = form_groups(PEOPLE[:12], apart=frozenset({frozenset({"p00", "p01"})}))
    assert "p01" not in group_of(plan, "p00").members


def test_a_coach_never_leads_a_colleague_their_manager_or_their_report():
    coaches = [
        GroupCoach("k1", "Employer 0", groups=2),
        GroupCoach("k2", "Employer 99", line_manager="p05"),
        GroupCoach("k3"),
    ]
    people = [Coachee(p.id, p.employer, "k3" if p.id == "p07" else "", p.service, p.level) for p in PEOPLE]
    plan = form_groups(people, coaches, apart=frozenset({frozenset({"k3", "p09"})}))
    assert sorted(group.coach for group in plan.groups) == ["k1", "k1", "k2", "k3"]
    assert group_of(plan, "p00").coach != "k1"
    assert group_of(plan, "p05").coach != "k2"
    assert {group_of(plan, "p07").coach, group_of(plan, "p09").coach} <= {"k1", "k2"}


def test_coaches_without_enough_room_leave_people_out_and_say_so():
    plan = form_groups(PEOPLE, [GroupCoach("k1"), GroupCoach("k2")])
    assert [len(group.members) for group in plan.groups] == [8, 8]
    assert len(plan.left_out) == 8
    assert {why for _, why in plan.left_out} == {"There is room for 16 of 24 people; another coach would help."}


@pytest.mark.parametrize(
    ("people", "coaches", "says"),
    [
        (PEOPLE[:3], (), "Three people are too few for a group of four"),
        ([], (), "No people are too few"),
        (PEOPLE, [GroupCoach("k1", groups=0)], "No coach has room"),
        ([Coachee(f"a{n}", "Barts Health") for n in range(8)], (), "No group can be made"),
    ],
)
def test_no_group_at_all_is_said_in_words(people, coaches, says):
    with pytest.raises(NoGrouping, match=says):
        form_groups(people, coaches)


def test_a_group_is_described_in_a_sentence():
    plan = form_groups(PEOPLE[:6])
    assert plan.groups[0].reason == (
        "Six people from six employers and four services; nobody meets a colleague or line manager."
    )
    assert (
        plan.summary
        == "Six people in one group of six. No other groups of this number are better mixed under these rules."
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ABCDEFGHIJ"), st.integers(0, 25)), min_size=8, max_size=22))
def test_no_group_ever_breaks_a_hard_rule(rows):
    people = [Coachee(f"p{n:02}", employer, f"p{manager:02}") for n, (employer, manager) in enumerate(rows)]
    try:
        plan = form_groups(people)
    except NoGrouping:
        return
    by_id = {p.id: p for p in people}
    for group in plan.groups:
        members = [by_id[m] for m in group.members]
        assert 4 <= len(members) <= 8
        assert len({m.employer for m in members}) == len(members)
        assert all(m.line_manager not in group.members or m.line_manager == m.id for m in members)
    placed = [m for group in plan.groups for m in group.members]
    assert sorted([*placed, *(person for person, _ in plan.left_out)]) == [p.id for p in people]
