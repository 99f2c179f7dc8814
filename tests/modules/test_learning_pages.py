"""Every page of learning in a real browser: nothing that axe finds, nothing in the console, no sideways scroll."""

from datetime import date

import pytest
from django.urls import reverse

from modules.actions import (
    add_goal,
    comment_on_contract,
    end_goal,
    propose_contract,
    review_goal,
    save_answers,
    share_plan,
    share_response,
    sign_contract,
    signing_link,
    start_response,
    write_contract,
)
from tests.browsers import assert_accessible
from tests.cohorts.factories import NOW, PlaceFactory
from tests.journeys.hands import Finger
from tests.modules.factories import WaveFactory, after_wave, answered, sent_contract, six_modules

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

LEVELS = {"equity": 2, "political_judgement": 3, "communities": 3, "self_awareness": 5}


@pytest.fixture
def learning(time_machine, cohort, amara, amara_place, helen, ade):
    """Amara in mid-year: both questionnaires, two goals, a contract that was changed and has a comment."""
    time_machine.move_to(NOW)
    six_modules(cohort)
    first = WaveFactory(cohort=cohort)
    answered(first, amara_place, 4, **LEVELS)
    last = after_wave(cohort, opens_on=date(2027, 2, 1), due_on=date(2027, 2, 15))
    response = answered(last, amara_place, 4, **LEVELS | {"equity": 4})
    share_response(response=response, with_whom="sponsor", reader=helen, by=amara, now=NOW)
    goal = add_goal(
        place=amara_place,
        title="Hear what members need before I bring a paper",
        why="Two of my papers came back this year, and both times I had not asked.",
        steps="Meet the cabinet member before each paper.\nAsk what would make it hard to say yes.",
        support="Helen, who has done this for years",
        evidence="No paper comes back for want of a conversation",
        by_when=date(2027, 6, 1),
        dimension="political-judgement",
        by=amara,
        now=NOW,
    )
    review_goal(
        goal=goal,
        seen=goal.review_mark,
        going="slowly",
        notes="Two tries so far; the second went better.",
        by=amara,
        now=NOW,
    )
    done = add_goal(place=amara_place, title="Chair without filling silences", by=amara, now=NOW)
    end_goal(goal=done, done=True, by=amara, now=NOW)
    share_plan(plan=goal.plan, with_whom="sponsor", reader=helen, by=amara, now=NOW)
    contract = sent_contract(amara_place, now=NOW, purpose="To lead across housing, health and the voluntary sector.")
    sign_contract(contract=contract, party="sponsor", name=helen.name, version=1, by=helen, now=NOW)
    words = "My sponsor will release two days a month, and take the Tuesday board for me."
    changed = write_contract(contract=contract, texts={"sponsor": words}, seen={}, by=amara, now=NOW)
    propose_contract(contract=changed, version=2, by=amara, now=NOW)
    comment_on_contract(contract=contract, words="Could we say which two meetings you will hand over?", by=ade, now=NOW)
    others = [PlaceFactory(cohort=cohort) for _ in range(10)]
    for number, place in enumerate(others[:9]):
        answered(first, place, 3)
        answered(last, place, 4 if number else 3)
    later = WaveFactory(cohort=cohort, kind="later", opens_on=date(2027, 3, 1), due_on=date(2027, 3, 15))
    begun = start_response(wave=later, place=amara_place, today=NOW.date(), now=NOW)
    save_answers(response=begun, answers={item.id: 4 for item in later.instrument.items[:12]}, by=amara)
    return {
        "home": reverse("my_home"),
        "learning": reverse("my_learning"),
        "questionnaire": reverse("my_questionnaire", args=[later.pk]),
        "statements": reverse("my_questionnaire_page", args=[later.pk, 2]),
        "importance": reverse("my_questionnaire_page", args=[later.pk, 8]),
        "send": reverse("my_send", args=[later.pk]),
        "results": reverse("my_results", args=[last.pk]),
        "plan": reverse("my_plan"),
        "goal": reverse("my_goal", args=[goal.pk]),
        "review": reverse("my_goal_review", args=[goal.pk]),
        "contract": reverse("my_contract"),
        "section": reverse("my_contract_section", args=["sponsor"]),
        "sign": reverse("sign_contract", args=[signing_link(contract, helen, NOW).token]),
        "link-problem": reverse("sign_contract", args=["0" * 40]),
        "office-contract": reverse("admin:modules_learningcontract_read", args=[contract.pk]),
        "office-sign": reverse("admin:modules_learningcontract_sign", args=[contract.pk, 2]),
        "office-answers": reverse("admin:modules_wave_answers", args=[last.pk]),
    }


def who_opens(name, amara, rosalind):
    """The office's pages by the director, the private link by nobody in particular, the rest by the participant."""
    return rosalind if name.startswith("office") else None if name in {"sign", "link-problem"} else amara


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, False), (1280, True), (320, True)])
def test_every_page_of_learning_is_accessible(browse, learning, amara, rosalind, width, dark):
    pages = {person: browse(person, width=width, dark=dark) for person in (amara, rosalind, None)}
    for name, url in learning.items():
        page = pages[who_opens(name, amara, rosalind)]
        page.goto(url)
        assert_accessible(page)


def test_a_sponsor_signs_on_a_phone_without_script(browse, learning):
    page = browse(width=390, javascript=False)
    page.goto(learning["sign"])
    page.get_by_label("I have read this contract").check()
    Finger(page).press("Sign the contract")

    assert page.get_by_text("Thank you. Your signature is kept.").is_visible()
