"""A participant's first day: in by an emailed code, the questionnaire, a goal of her own, the contract; her sponsor."""

from datetime import UTC, datetime

import pytest

from modules.models import Goal, LearningContract, Response
from tests.browsers import assert_accessible
from tests.journeys.hands import Finger
from tests.modules.factories import WaveFactory, sent_contract, six_modules

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

FIRST_DAY = datetime(2026, 9, 1, 9, 30, tzinfo=UTC)
STATEMENTS = 35
# Five statements a page, one page for each dimension; only "equity" is rare in how Amara works.
OFTEN, RARELY = "Often", "Rarely"


@pytest.fixture(autouse=True)
def _first_day(time_machine):
    time_machine.move_to(FIRST_DAY)


def answer_all(page, choice):
    """The same answer to each question of a page; how many there were."""
    groups = page.get_by_role("group").all()
    for group in groups:
        group.get_by_label(choice, exact=True).check()
    return len(groups)


def test_a_participant_signs_in_by_code_and_finds_what_comes_first(browse, cohort, amara, letters):
    six_modules(cohort)
    WaveFactory(cohort=cohort)
    page = browse()
    hand = Finger(page)

    page.goto("/")
    assert_accessible(page)
    hand.follow("Sign in")
    assert_accessible(page)
    hand.write("Email", "amara.mensah@example.org")
    hand.press("Email me a code")
    assert_accessible(page)
    hand.write("Code", letters.code_to("amara.mensah@example.org"))
    hand.press("Sign in")

    assert page.url.endswith("/my/")
    assert page.get_by_role("heading", level=1).inner_text() == "Good morning, Amara"
    assert page.get_by_text("Next for you").is_visible()
    assert_accessible(page)


def test_a_participant_answers_the_questionnaire_and_makes_a_need_her_goal(browse, cohort, amara):
    six_modules(cohort)
    WaveFactory(cohort=cohort)
    page = browse(amara)
    hand = Finger(page)

    page.goto("/my/learning/")
    assert_accessible(page)
    hand.follow("Answer the questionnaire")
    assert page.get_by_text("only you, and whoever you choose").is_visible()
    assert_accessible(page)
    hand.press("Start")
    assert_accessible(page)
    answered = 0
    while answered < STATEMENTS:
        answered += answer_all(page, RARELY if answered == 0 else OFTEN)
        hand.press("Save and continue")
    assert_accessible(page)
    answer_all(page, "Essential")
    hand.press("Save and continue")
    assert page.get_by_text("All 35 statements are answered.").is_visible()
    assert_accessible(page)
    hand.press("Send and see your results")
    assert page.get_by_role("heading", name="How you see your leadership").is_visible()
    assert_accessible(page)

    hand.follow("Add to my learning plan")
    assert_accessible(page)
    hand.write("What do you want to learn or do differently?", "Ask who is missing from the room")
    hand.press("Save goal")
    assert page.get_by_role("heading", name="Ask who is missing from the room").is_visible()
    assert_accessible(page)

    assert Response.objects.get().submitted_at is not None
    assert Goal.objects.get().dimension != ""


def test_a_participant_writes_her_contract_and_sends_it(browse, amara, letters):
    page = browse(amara)
    hand = Finger(page)

    page.goto("/my/contract/")
    assert_accessible(page)
    hand.press("Begin")
    assert_accessible(page)
    hand.follow("Change")
    assert_accessible(page)
    hand.write("In your own words", "To lead across the whole system.")
    hand.press("Save")
    hand.press("Sign and send")
    assert page.get_by_text("You signed it, and it is on its way to Helen Marsh.").is_visible()
    assert_accessible(page)

    assert "/sign/" in letters.link_to("helen.marsh@example.org")
    assert "/sign/" in letters.link_to("ade.okonkwo@example.org")


def test_a_sponsor_signs_by_link_on_a_phone(browse, amara_place, letters):
    sent_contract(amara_place, now=FIRST_DAY)
    page = browse(width=390)
    hand = Finger(page)

    page.goto(letters.link_to("helen.marsh@example.org"))
    assert page.get_by_text("To lead across the whole system.").is_visible()
    assert_accessible(page)
    hand.press("Sign the contract")
    assert page.title().startswith("Error: ")
    assert_accessible(page)
    hand.choose("I have read this contract and agree to my part in it")
    hand.press("Sign the contract")
    assert page.get_by_text("Thank you. Your signature is kept.").is_visible()
    assert_accessible(page)

    assert LearningContract.objects.get().waits_for() == ["programme"]
