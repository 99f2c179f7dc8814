"""The panel reads blind, scores, and sees nothing else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from leaders.people.refusals import NotPossible
from nominations.actions import add_panel_member, assign, score
from nominations.models import Assessment
from tests.browsers import sign_in
from tests.nominations.factories import READING, complete, panel, scored

pytestmark = pytest.mark.django_db
SEEN = {"comment_passion": "Libraries", "comment_learning": "Asked for feedback"}


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(READING)


@pytest.fixture
def reading(this_round, camden, priya):
    nomination = complete(
        this_round,
        organisation=camden,
        answers={
            "nominee_name": "Amina Rahman",
            "why:passion": "Amina Rahman rebuilt Camden’s front door; Helen Marsh saw it.",
        },
    )
    member = add_panel_member(round=this_round, person=priya, by=None, now=READING)
    return assign(nomination=nomination, member=member, by=None, now=READING)


def page_of(assessment):
    return reverse("panel_read", args=[assessment.pk])


def test_a_panel_member_reads_without_names(client, priya, reading):
    page = text(sign_in(client, priya).get(page_of(reading)))

    assert "[name] rebuilt [organisation]’s front door; [name] saw it." in page
    for secret in ("Amina", "Rahman", "Camden", "Helen", "Marsh", "N7-0001", "hearing loop", "amina"):
        assert secret not in page


def test_the_list_shows_numbers_only(client, priya, reading):
    page = text(sign_in(client, priya).get(reverse("panel")))

    assert "Nomination 1" in page
    assert "N7-0001" not in page


def test_the_menu_leads_a_panel_member_to_their_messages_and_their_data(client, priya, reading):
    page = text(sign_in(client, priya).get(reverse("panel")))

    for name in ("my_messages", "my_privacy"):
        assert f'href="{reverse(name)}"' in page


def test_nobody_else_reads_it(client, amara, reading, otto, rosalind):
    other = panel(reading.member.round, 1)[0].person
    assert sign_in(client, other).get(page_of(reading)).status_code == 404
    for person in (otto, rosalind, amara):
        assert sign_in(client, person).get(page_of(reading)).status_code == 403
        assert client.get(reverse("panel")).status_code == 403


def test_a_stranger_is_asked_to_sign_in(client, reading):
    assert client.get(page_of(reading)).status_code == 302


def test_a_draft_is_saved_and_comes_back(client, priya, reading):
    sign_in(client, priya).post(
        page_of(reading), {"score_passion": "3", "comment_passion": "Libraries", "later": "yes"}
    )
    reading.refresh_from_db()

    assert reading.state == "draft"
    assert "Libraries" in text(client.get(page_of(reading)))


def test_handing_in_needs_every_score_and_keeps_what_was_written(client, priya, reading):
    answer = sign_in(client, priya).post(
        page_of(reading), {"score_passion": "3", "comment_passion": "Libraries", "submit": "yes"}
    )

    assert answer.status_code == 422
    assert "Libraries" in text(answer)
    assert "Select a score for “Keen to learn”" in text(answer)
    assert "Say what you saw for “Keen to learn”" in text(answer)


def test_a_score_is_handed_in_with_what_was_seen_and_for_good(client, priya, reading):
    page = text(sign_in(client, priya).get(page_of(reading)))
    assert "When you hand in, your scores are final; only Rosalind Tate can open them for you again." in page
    assert "feedback letter (optional)" in page

    answer = client.post(page_of(reading), {"score_passion": "3", "score_learning": "4", "submit": "yes"})

    assert answer.status_code == 422
    assert "Say what you saw for “Passionate about service”" in text(answer)
    with pytest.raises(NotPossible, match="Say what you saw"):
        score(assessment=reading, scores={"passion": (3, ""), "learning": (4, "")}, by=priya, now=READING)


def test_the_way_back_from_a_reading_saves_it(client, priya, reading):
    page = text(sign_in(client, priya).get(page_of(reading)))
    assert '<button form="reading" class="govuk-back-link" name="back"' in page
    client.post(page_of(reading), {"score_passion": "3", "comment_passion": "Libraries", "back": "yes"})

    assert "Libraries" in text(client.get(page_of(reading)))


def test_scores_are_handed_in_once(client, priya, reading):
    given = {"score_passion": "3", "score_learning": "4", "submit": "yes", "discuss": "on", **SEEN}
    sign_in(client, priya).post(page_of(reading), given)
    answer = client.post(page_of(reading), {**given, "score_passion": "0"})

    reading.refresh_from_db()
    assert (reading.state, reading.discuss) == ("submitted", True)
    assert answer.status_code == 422
    assert "handed these scores in" in text(answer)
    assert list(reading.scores.values_list("value", flat=True)) == [3, 4]


def test_a_score_off_the_scale_is_refused(client, priya, reading):
    answer = sign_in(client, priya).post(page_of(reading), {"score_passion": "9", "submit": "yes"})

    assert answer.status_code == 422


def test_a_conflict_goes_to_another_member(client, priya, reading, this_round):
    panel(this_round, 2)
    page = text(sign_in(client, priya).get(reverse("panel_conflict", args=[reading.pk])))
    assert "Scores are due" in page
    assert "Closes" not in page
    client.post(reverse("panel_conflict", args=[reading.pk]), {"reason": "A former colleague"})

    assert client.get(page_of(reading)).status_code == 404
    assert Assessment.objects.exclude(pk=reading.pk).count() == 2


def test_the_list_costs_the_same_with_more_to_read(client, priya, reading, this_round, django_assert_num_queries):
    sign_in(client, priya).get(reverse("panel"))
    with CaptureQueriesContext(connection) as alone:
        client.get(reverse("panel"))
    for _ in range(5):
        scored(complete(this_round), reading.member, submit=False)
    with django_assert_num_queries(len(alone)):
        client.get(reverse("panel"))
