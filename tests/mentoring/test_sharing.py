"""What a participant shows their mentor is shown to that mentor whole, and to nobody who follows or looks on."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from cohorts.models import Place
from leaders.outbox.models import Message
from mentoring.actions import end_mentorship
from mentoring.relationship import what_mentee_shares
from modules.actions import add_goal, end_goal, review_goal, share_plan, share_response
from modules.learning import shares_of
from modules.models import Goal, LearningPlan
from tests.browsers import sign_in
from tests.mentoring.factories import MATCHING_DAY, MentorFactory, matched
from tests.modules.factories import WaveFactory, after_wave, answered

pytestmark = pytest.mark.django_db

WORDS = {
    "title": "Listen longer", "why": "I answer too fast", "steps": "Count to five", "support": "A quiet room",
    "evidence": "Others finish their sentences",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _on_matching_day(time_machine):
    time_machine.move_to(MATCHING_DAY, tick=False)


@pytest.fixture
def unshared(mentorship, amara_place, amara):
    """Amara's plan: one goal, reviewed."""
    goal = add_goal(place=amara_place, by=amara, now=MATCHING_DAY, **WORDS, by_when=date(2027, 3, 1))
    review_goal(goal=goal, going="slowly", notes="Twice this week", seen=goal.review_mark, by=amara, now=MATCHING_DAY)
    return goal.plan


@pytest.fixture
def plan(unshared, amara, joanne):
    """Amara's plan, shared with Joanne, her mentor."""
    share_plan(plan=unshared, with_whom="mentor", reader=joanne, by=amara, now=MATCHING_DAY)
    return unshared


@pytest.fixture
def results(mentorship, amara_place):
    """Amara's answers before the first module, which she has shared with nobody."""
    return answered(WaveFactory(cohort=amara_place.cohort), amara_place, whole_system=2)


def goals(mentorship) -> list[str]:
    mentorship.place = Place.objects.get(pk=mentorship.place_id)
    return [goal.title for goal in what_mentee_shares(mentorship).goals]


def mentors_page(client, mentorship, joanne) -> str:
    page = sign_in(client, joanne).get(reverse("mentor_mentee", args=[mentorship.pk]))
    return page.text


def test_the_mentor_reads_a_shared_plan_with_all_that_is_written_in_it(client, plan, mentorship, joanne):
    page = mentors_page(client, mentorship, joanne)

    for words in (
        *WORDS.values(),
        "What Amara shares with you",
        "Slower than hoped",
        "Twice this week",
        "1 March 2027",
    ):
        assert words in page


def test_a_plan_is_read_also_by_a_mentor_to_whom_goals_were_told_with_the_wishes(
    client, plan, mentorship, mentee, joanne
):
    mentee.goals = "To rest"
    mentee.save()

    page = mentors_page(client, mentorship, joanne)

    assert ("To rest" in page, "Count to five" in page) == (True, True)


def test_the_mentor_sees_shared_results_as_the_mentee_does(client, results, mentorship, amara, joanne):
    share_response(response=results, with_whom="mentor", reader=joanne, by=amara, now=MATCHING_DAY)

    page = mentors_page(client, mentorship, joanne)

    assert "How Amara rated themselves" in page
    assert "You rated yourself highest in" in page
    assert "2.0" in page


def test_nothing_of_a_plan_or_of_results_is_read_that_is_not_shared(client, unshared, results, mentorship, joanne):
    page = mentors_page(client, mentorship, joanne)

    for words in (*WORDS.values(), "Twice this week", "shares with you", "rated themselves"):
        assert words not in page


def test_what_is_no_longer_shared_is_no_longer_read(client, plan, results, mentorship, amara, joanne):
    share_response(response=results, with_whom="mentor", reader=joanne, by=amara, now=MATCHING_DAY)
    share_response(response=results, with_whom="mentor", reader=None, by=amara, now=MATCHING_DAY)
    share_plan(plan=plan, with_whom="mentor", reader=None, by=amara, now=MATCHING_DAY)

    page = mentors_page(client, mentorship, joanne)

    assert ("Listen longer" in page, "rated themselves" in page, "shares with you" in page) == (False, False, False)


def test_results_that_are_shared_show_no_others_and_no_single_answer(
    client, results, mentorship, amara, amara_place, joanne
):
    """The answers at the last module, with what was answered looking back, stay Amara's."""
    share_response(response=results, with_whom="mentor", reader=joanne, by=amara, now=MATCHING_DAY)
    before = mentors_page(client, mentorship, joanne)
    later = answered(
        after_wave(amara_place.cohort, opens_on=MATCHING_DAY.date(), due_on=MATCHING_DAY.date() + timedelta(days=14)),
        Place.objects.get(pk=amara_place.pk), now=MATCHING_DAY, whole_system=5,
    )  # fmt: skip
    page = mentors_page(client, mentorship, joanne)
    assert (page.count("5.0"), "Now" in page) == (before.count("5.0"), "Now" in before)

    share_response(response=later, with_whom="mentor", reader=joanne, by=amara, now=MATCHING_DAY)
    page = mentors_page(client, mentorship, joanne)
    assert ("5.0" in page, "Looking back" in page) == (True, False)


def test_a_goal_that_was_put_aside_leaves_what_is_shared_and_none_says_where_it_came_from(
    client, plan, mentorship, amara, amara_place, joanne
):
    add_goal(place=amara_place, by=amara, now=MATCHING_DAY, title="See the whole", dimension="whole-system")
    listening = Goal.objects.get(dimension="")
    end_goal(goal=listening, done=False, by=amara, now=MATCHING_DAY)

    page = mentors_page(client, mentorship, joanne)

    assert ("See the whole" in page, "Listen longer" in page, "From your questionnaire" in page) == (True, False, False)


def test_nobody_else_reads_what_is_shared_with_the_mentor(client, plan, mentorship, helen, ade, otto, rosalind, adjoa):
    url = reverse("mentor_mentee", args=[mentorship.pk])
    for person in (helen, ade, otto, rosalind, adjoa, MentorFactory().person):
        assert sign_in(client, person).get(url).status_code == 404


def test_whoever_follows_the_mentor_reads_nothing_until_it_is_shared_anew(
    client, plan, mentorship, amara_place, amara, joanne, rosalind
):
    end_mentorship(mentorship=mentorship, by=rosalind, now=MATCHING_DAY, rematch=True, reason="A new post")
    again = matched(amara_place, MentorFactory(person__name="Ravi Kapoor"), rosalind)
    assert (goals(mentorship), goals(again)) == ([], [])
    assert "Listen longer" not in mentors_page(client, mentorship, joanne)
    mentor = shares_of(amara_place, LearningPlan.objects.get())[1]
    assert (mentor.reader.name, mentor.since, mentor.former.name) == ("Ravi Kapoor", None, "Joanne Whitfield")

    share_plan(plan=plan, with_whom="mentor", reader=again.mentor.person, by=amara, now=MATCHING_DAY)
    assert goals(again) == ["Listen longer"]


def test_the_mentor_gets_a_link_to_their_page_and_not_a_word_of_it(plan, mentorship, joanne):
    letter = Message.objects.get(kind="modules.shared")

    assert (letter.person, letter.subject) == (joanne, "Amara Mensah shares their learning plan with you")
    assert "Listen longer" not in letter.text
    assert f"{reverse('mentor_mentee', args=[mentorship.pk])}#shared" in letter.text
