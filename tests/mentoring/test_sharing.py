"""What a participant shows their mentor is shown to that mentor, and to nobody who follows."""

import pytest
from django.urls import reverse

from leaders.outbox.models import Message
from mentoring.actions import end_mentorship
from mentoring.relationship import what_mentee_tells
from modules.actions import add_goal, share_plan
from modules.learning import shares_of
from modules.models import LearningPlan
from tests.mentoring.factories import MATCHING_DAY, MentorFactory, matched

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(mentorship, amara_place, amara, joanne):
    """Amara's plan, shared with Joanne, her mentor."""
    plan = add_goal(place=amara_place, title="Listen longer", by=amara, now=MATCHING_DAY).plan
    share_plan(plan=plan, with_whom="mentor", reader=joanne, by=amara, now=MATCHING_DAY)
    return plan


def test_the_mentor_reads_a_plan_that_is_shared_with_them(plan, mentorship):
    assert what_mentee_tells(mentorship)["plan"] == ["Listen longer"]


def test_whoever_follows_the_mentor_reads_nothing_until_it_is_shared_anew(
    plan, mentorship, amara_place, amara, rosalind
):
    end_mentorship(mentorship=mentorship, by=rosalind, now=MATCHING_DAY, rematch=True, reason="A new post")
    again = matched(amara_place, MentorFactory(person__name="Ravi Kapoor"), rosalind)
    assert (what_mentee_tells(mentorship)["plan"], what_mentee_tells(again)["plan"]) == ([], [])
    mentor = shares_of(amara_place, LearningPlan.objects.get())[1]
    assert (mentor.reader.name, mentor.since, mentor.former.name) == ("Ravi Kapoor", None, "Joanne Whitfield")

    share_plan(plan=plan, with_whom="mentor", reader=again.mentor.person, by=amara, now=MATCHING_DAY)
    assert what_mentee_tells(again)["plan"] == ["Listen longer"]


def test_the_mentor_gets_a_link_to_their_page_and_not_a_word_of_it(plan, mentorship, joanne):
    letter = Message.objects.get(kind="modules.shared")

    assert (letter.person, letter.subject) == (joanne, "Amara Mensah shares their learning plan with you")
    assert "Listen longer" not in letter.text
    assert f"{reverse('mentor_mentee', args=[mentorship.pk])}#shared" in letter.text
