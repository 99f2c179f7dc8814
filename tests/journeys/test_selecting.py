"""Selection: a panel member reads blind, the director decides in secret and releases, an offer becomes a place."""

import pytest
from django.urls import reverse

from cohorts.models import Place
from nominations.actions import add_panel_member, assign, decide, release
from nominations.models import Assessment, Decision, Offer
from tests.browsers import assert_accessible
from tests.journeys.hands import Finger
from tests.nominations.factories import DECIDING, READING, RELEASED, complete, panel, scored

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def amina(this_round, camden):
    """Camden's nomination of Amina Rahman, complete."""
    return complete(
        this_round,
        organisation=camden,
        answers={
            "nominee_name": "Amina Rahman",
            "nominee_email": "amina.rahman@example.org",
            "why:passion": "Amina rebuilt Camden's homelessness service.",
        },
    )


def test_a_panel_member_reads_blind_and_scores(browse, this_round, amina, priya, time_machine):
    time_machine.move_to(READING)
    member = add_panel_member(round=this_round, person=priya, by=None, now=READING)
    assign(nomination=amina, member=member, by=None, now=READING)
    page = browse(priya)
    hand = Finger(page)

    page.goto("/panel/")
    assert_accessible(page)
    hand.follow("Nomination 1")
    assert_accessible(page)
    for name in ("Amina", "Rahman", "Camden", "Helen Marsh"):
        assert page.get_by_text(name).count() == 0, f"{name} is on the page of a blind reading"
    assert page.get_by_text("rebuilt").is_visible()

    page.get_by_role("group", name="Passionate about service").get_by_label("4:").check()
    hand.write("Evidence for “Passionate about service”", "Residents run part of it.")
    hand.press("Back")
    hand.follow("Nomination 1")
    assert page.get_by_label("Evidence for “Passionate about service”").input_value() == "Residents run part of it."
    hand.press("Hand in my scores")
    assert page.title().startswith("Error: ")
    assert_accessible(page)

    page.get_by_role("group", name="Keen to learn").get_by_label("3:").check()
    hand.write("Evidence for “Keen to learn”", "She asked to be contradicted.")
    hand.press("Hand in my scores")
    assert page.get_by_text("All handed in. Thank you.").is_visible()
    assessment = Assessment.objects.get()
    assert assessment.state == "submitted"
    assert dict(assessment.scores.values_list("criterion__key", "value")) == {"passion": 4, "learning": 3}


def test_the_director_decides_in_secret_and_releases(browse, this_round, amina, rosalind, letters, time_machine):
    second = complete(this_round, email="director@example.org", name="Omar Haddad")
    for member in panel(this_round):
        for nomination, scores in ((amina, (4, 4)), (second, (2, 3))):
            scored(nomination, member, scores)
    time_machine.move_to(DECIDING)
    page = browse(rosalind)
    hand = Finger(page)

    page.goto("/office/")
    assert_accessible(page)
    hand.follow("2 nominations wait for a decision")
    assert_accessible(page)
    for nomination, outcome in ((amina, "Offer a place"), (second, "Waiting list")):
        hand.follow(f"Decide about {nomination.reference}")
        assert_accessible(page)
        hand.choose(outcome)
        page.get_by_role("textbox").last.fill("A strong year. Thank you.")
        hand.press("Keep this decision")
        if not page.url.endswith("/selection/"):
            page.goto(reverse("admin:nominations_selection", args=[this_round.pk]))
    assert Decision.objects.count() == 2
    assert not Offer.objects.exists()

    page.goto(reverse("admin:nominations_release", args=[this_round.pk]))
    assert_accessible(page)
    page.get_by_text("Amina Rahman, Camden: ").click()
    assert page.get_by_text("A place for you in Cohort 7").first.is_visible()
    hand.press("Release 2 decisions")
    assert_accessible(page)
    hand.press("Release and write to everybody")
    assert_accessible(page)
    assert page.get_by_text("Released: 2 people are being written to.").is_visible()
    assert "place for you" in letters.to("amina.rahman@example.org").subject


def test_an_offer_is_accepted_by_link_and_becomes_a_place(browse, this_round, camden, rosalind, letters, time_machine):
    nomination = complete(
        this_round,
        organisation=camden,
        answers={"nominee_name": "Amina Rahman", "nominee_email": "amina.rahman@example.org"},
    )
    decide(nomination=nomination, outcome="offer", feedback="", by=rosalind, now=DECIDING)
    time_machine.move_to(RELEASED)
    release(round=this_round, by=rosalind, now=RELEASED)
    page = browse(width=390)

    page.goto(letters.link_to("amina.rahman@example.org", about="place for you"))
    assert_accessible(page)
    assert not Place.objects.exists()
    Finger(page).press("Accept my place")
    assert page.get_by_role("heading", name="Your place is confirmed").is_visible()
    assert_accessible(page)

    place = Place.objects.get()
    assert (str(place.person), place.cohort, place.organisation) == ("Amina Rahman", this_round.cohort, camden)
