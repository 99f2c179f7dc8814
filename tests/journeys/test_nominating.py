"""A director's first nomination, ten minutes between meetings; the nominee's answer on the train."""

import re

import pytest
from playwright.sync_api import expect

from nominations.actions import invite
from nominations.models import EqualityReturn, Nomination
from tests.browsers import assert_accessible
from tests.journeys.hands import Finger, Keys
from tests.nominations.factories import OPEN, fill, sent

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

WHY = "She rebuilt the homelessness service with its residents, and two boroughs copied it."


@pytest.fixture
def invited(this_round, camden, helen, rosalind, letters, time_machine):
    """Helen Marsh has been asked whom Camden puts forward; the link of her letter."""
    time_machine.move_to(OPEN)
    invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    return letters.link_to("helen.marsh@example.org")


def nominate(hand, look):
    """From the invitation to the receipt; `look` is asked to look at every page on the way."""
    look(hand.page)
    hand.press("Start your nomination")
    assert hand.page.get_by_role("heading", level=1).inner_text() == "Nominate an Assistant Director"
    look(hand.page)

    hand.follow("About you")
    assert hand.page.get_by_label("Your job title").input_value() == "Director of Housing"
    look(hand.page)
    hand.press("Save and continue")

    hand.press("Continue: who you are nominating")
    look(hand.page)
    hand.write("Their full name", "Amina Rahman")
    hand.write("Their work email address", "amina.rahman@example.org")
    hand.press("Save and continue")
    look(hand.page)
    hand.write("Their job title", "Assistant Director, Homelessness")
    hand.write("Their service or directorate", "Housing")
    hand.choose("Assistant Director")
    hand.press("Save and continue")

    hand.press("Continue: why this person, why now")
    for criterion in ("Passionate about service", "Keen to learn"):
        look(hand.page)
        hand.write(criterion, WHY)
        hand.press("Save and continue")

    hand.press("Continue: what your organisation will do")
    look(hand.page)
    hand.choose("They will be released for every module day")
    hand.press("Save and continue")
    look(hand.page)
    hand.write("Their line manager’s name", "Ade Okonkwo")
    hand.write("Their line manager’s email address", "ade.okonkwo@example.org")
    hand.write("Their sponsor’s name", "Helen Marsh")
    hand.write("Their sponsor’s email address", "helen.marsh@example.org")
    hand.press("Save and continue")
    look(hand.page)
    hand.write("Who arranges the payment?", "Bola Sanni")
    hand.write("Their email address", "bola.sanni@example.org")
    hand.press("Save and continue")

    look(hand.page)
    hand.press("Check and send")
    look(hand.page)
    hand.choose("What I send is true to the best of my knowledge")
    hand.press("Send nomination")

    assert hand.page.get_by_role("heading", name="Nomination sent").is_visible()
    look(hand.page)
    nomination = Nomination.objects.get()
    assert hand.page.get_by_text(nomination.reference).first.is_visible()
    assert (nomination.state, nomination.why["passion"]) == ("sent", WHY)


def test_a_director_nominates_on_a_phone_and_hears_a_reference(browse, invited, letters):
    page = browse(width=390)
    page.goto(invited)

    nominate(Finger(page), assert_accessible)

    receipt = letters.to("helen.marsh@example.org")
    assert re.search(r"N7-\d{4}", receipt.subject + receipt.body)
    assert "/accept/" in letters.link_to("amina.rahman@example.org")


def test_a_director_nominates_without_javascript(browse, invited):
    page = browse(width=390, javascript=False)
    page.goto(invited)

    nominate(Finger(page), lambda page: None)


def test_a_director_nominates_by_keyboard_alone(browse, invited):
    page = browse()
    page.goto(invited)

    nominate(Keys(page), lambda page: None)


def test_a_director_who_began_openly_sends_from_the_inbox(browse, this_round, camden, letters, time_machine):
    time_machine.move_to(OPEN)
    page = browse(width=390)
    page.goto(f"/nominate/{this_round.cohort.slug}/start/")
    hand = Finger(page)
    page.get_by_label("Your organisation").select_option("Camden")
    hand.write("Your full name", "Helen Marsh")
    hand.write("Your work email address", "helen.marsh@example.org")
    hand.press("Save and continue")
    fill(Nomination.objects.get())

    page.reload()
    hand.press("Check and send")
    hand.choose("What I send is true to the best of my knowledge")
    hand.press("Send nomination")
    assert page.get_by_role("heading", name="One more step: send it from your inbox").is_visible()
    assert_accessible(page)
    assert Nomination.objects.get().is_draft

    page.goto(letters.link_to("helen.marsh@example.org", about="Send your nomination"))
    assert_accessible(page)
    hand.press("Send nomination")
    assert page.get_by_role("heading", name="Nomination sent").is_visible()


def test_whoever_goes_back_or_presses_enter_finds_every_word_again(browse, invited):
    page = browse()
    page.goto(invited)
    hand = Finger(page)
    hand.press("Start your nomination")
    hand.follow("Why this person, why now")
    hand.write("Passionate about service", WHY)
    assert_accessible(page)
    hand.press("Back")
    hand.follow("Why this person, why now")
    assert page.get_by_label("Passionate about service").input_value() == WHY
    hand.press("Save and email me the link again")
    assert page.get_by_text("It comes within a minute").is_visible()

    hand.follow("About you")
    with page.expect_navigation():
        page.get_by_label("Your job title").press("Enter")
    hand.follow("Who you are nominating")
    page.get_by_label("Their full name").fill("Amina Rahman")
    page.get_by_label("Their work email address").fill("amina.rahman@example.org")
    with page.expect_navigation():
        page.get_by_label("Their work email address").press("Enter")
    assert page.get_by_role("heading", name="Their post").is_visible()


def test_a_director_who_forgets_something_is_led_to_it(browse, invited):
    page = browse(width=390)
    page.goto(invited)
    hand = Finger(page)
    hand.press("Start your nomination")
    hand.follow("Who you are nominating")
    hand.write("Their full name", "Amina Rahman")
    hand.write("Their work email address", "amina at camden")
    hand.press("Save and continue")

    assert page.title().startswith("Error: ")
    assert_accessible(page)
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("Their work email address")).to_be_focused()
    assert page.get_by_label("Their full name").input_value() == "Amina Rahman"


def test_a_nominee_stops_half_way_accepts_on_a_phone_and_finds_the_equality_form_apart(
    browse, this_round, camden, letters, time_machine
):
    time_machine.move_to(OPEN)
    sent(
        this_round,
        organisation=camden,
        answers={"nominee_name": "Amina Rahman", "nominee_email": "amina.rahman@example.org"},
    )
    page = browse(width=390)
    hand = Finger(page)

    page.goto(letters.link_to("amina.rahman@example.org"))
    assert page.get_by_role("heading", name="Amina Rahman, you are nominated").is_visible()
    assert_accessible(page)
    hand.press("Accept")
    assert_accessible(page)
    hand.write("What do you want to learn, and what would you do with it?", "To lead where nobody is in charge.")
    hand.press("Save and come back later")
    assert page.get_by_role("heading", name="Your answer is saved, not sent").is_visible()
    assert_accessible(page)

    page.goto(letters.link_to("amina.rahman@example.org"))
    assert page.get_by_text("It is not sent yet").is_visible()
    hand.press("Go on with your answer")
    assert_accessible(page)
    statement = page.get_by_label("What do you want to learn, and what would you do with it?")
    assert statement.input_value() == "To lead where nobody is in charge."
    hand.choose("Yes, on all of them")
    hand.write("What would help you take part?", "A hearing loop")
    hand.press("Accept the nomination")
    assert page.get_by_role("heading", name="You have accepted").is_visible()
    assert_accessible(page)

    hand.press("See the questions")
    assert_accessible(page)
    assert page.get_by_text("Nobody sees whose answers these are").is_visible()
    assert page.get_by_text("Amina Rahman").count() == 0
    page.get_by_role("group", name="What is your sex?").get_by_label("Female").check()
    hand.press("Save my answers")
    assert page.get_by_role("heading", name="Thank you").is_visible()
    assert_accessible(page)

    assert Nomination.objects.get().state == "complete"
    assert EqualityReturn.objects.count() == 1
