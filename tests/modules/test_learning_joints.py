"""What learning brings to the home, graduation, reminders, the office, a cohort's figures and privacy."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from cohorts.actions import change_sponsor
from leaders.documents.actions import request_document
from leaders.documents.models import Document
from leaders.home.gather import home, tasks
from leaders.outbox.delivery import send_due
from leaders.outbox.models import Message
from leaders.people.privacy import holdings
from leaders.reminders.actions import materialise, tick
from leaders.reminders.registry import rules
from modules.actions import (
    add_goal,
    comment_on_contract,
    propose_contract,
    review_contract,
    review_goal,
    save_answers,
    settle_comment,
    sign_contract,
    start_response,
    write_contract,
)
from modules.aggregates import change_of
from modules.facts import change, questionnaire
from modules.models import ContractComment, Goal, LearningContract, Response, Signature
from modules.requirements import learning_contract, learning_plan, questionnaires
from tests.cohorts.factories import NOW, PlaceFactory
from tests.modules.factories import WaveFactory, after_wave, agreed_contract, answered, sent_contract

pytestmark = pytest.mark.django_db

BEFORE_START = datetime(2026, 8, 24, 9, 30, tzinfo=UTC)  # a Monday, two weeks before onboarding is due
SECRET = "a canary sang in the boiler room"


@pytest.fixture
def wave(cohort):
    return WaveFactory(cohort=cohort)


def asked(person, now=NOW):
    person.__dict__.pop("_current_place", None)
    return [todo.title for todo in tasks(person, now)[0]]


# The home


def test_before_the_start_the_home_asks_for_questionnaire_and_contract(wave, amara):
    titles = asked(amara, BEFORE_START)
    assert "Answer the leadership questionnaire, before the first module" in titles
    assert "Write your learning contract" in titles
    assert "Write your learning contract" not in asked(amara, BEFORE_START - timedelta(days=60))


def test_what_is_begun_says_how_far_it_is(wave, amara, amara_place):
    response = start_response(wave=wave, place=amara_place, today=BEFORE_START.date(), now=BEFORE_START)
    save_answers(response=response, answers={"equity-1": 3}, by=amara)
    todo = next(todo for todo in tasks(amara, BEFORE_START)[0] if "questionnaire" in todo.title)

    assert (todo.why, todo.button, todo.due) == ("1 of 35 statements answered.", "Go on", wave.due_on)


def test_after_the_first_questionnaire_the_home_draws_it_and_asks_for_a_plan(wave, amara, amara_place):
    assert not any(section.key == "leadership" for section in home(amara, NOW).after)
    answered(wave, amara_place, 4, equity=2)
    amara.__dict__.pop("_current_place")
    drawn = next(section.html for section in home(amara, NOW).after if section.key == "leadership")

    assert ("How you see your leadership" in drawn, "lowest in equity in practice" in drawn) == (True, True)
    assert "Only you, and the people you choose, can see these answers." in drawn
    assert "Begin your learning plan" in asked(amara)


def test_a_graduate_is_not_asked_for_ever_what_was_asked_at_the_last_module(cohort, amara, amara_place):
    title = "Answer the leadership questionnaire, at the last module"
    due_on = after_wave(cohort).due_on
    type(amara_place).objects.update(status="graduated", graduated_at=NOW)

    found = [asked(amara, NOW.replace(month=month, day=10)) for month in (4, 6)]

    assert ([title in titles for titles in found], due_on) == ([True, False], date(2027, 3, 15))


def test_the_review_is_asked_for_two_weeks_ahead(amara, amara_place):
    contract = agreed_contract(amara_place)
    title = "Review your learning contract with Helen"

    found = [title in asked(amara, datetime(2027, 2, day, 9, tzinfo=UTC)) for day in (15, 16)]

    assert (found, contract.review_on) == ([False, True], date(2027, 3, 2))


def test_a_goal_whose_rating_hardly_moved_is_named_on_the_home(wave, cohort, amara, amara_place):
    answered(wave, amara_place, 3)
    answered(after_wave(cohort), amara_place, 4, equity=3)
    add_goal(place=amara_place, title="Ask", dimension="equity", by=amara, now=NOW)
    drawn = next(section.html for section in home(amara, NOW).after if section.key == "leadership")

    assert "Equity in practice has hardly changed; it is one of the goals in your learning plan" in drawn


def test_goals_are_asked_about_after_two_months_without_a_review(amara, amara_place):
    goal = add_goal(place=amara_place, title="Listen", by=amara, now=NOW - timedelta(days=61))
    assert "Say how your learning is going" in asked(amara)
    review_goal(goal=goal, seen=goal.review_mark, going="well", notes="", by=amara, now=NOW)
    assert "Say how your learning is going" not in asked(amara)


def test_the_home_follows_the_contract_from_comment_to_review(amara, amara_place, ade, helen, rosalind):
    contract = sent_contract(amara_place)
    assert not any("contract" in title for title in asked(amara))
    comment = comment_on_contract(contract=contract, words="Which meetings?", by=ade, now=NOW)
    assert "Read what Ade Okonkwo says about your contract" in asked(amara)
    settle_comment(comment=comment, by=amara, now=NOW)

    changed = write_contract(contract=contract, texts={"exit": "We talk."}, seen={}, by=amara, now=NOW)
    assert "Sign and send your learning contract again" in asked(amara)
    propose_contract(contract=changed, version=2, by=amara, now=NOW)
    for party, person in (("sponsor", helen), ("programme", rosalind)):
        sign_contract(contract=contract, party=party, name=person.name, version=2, by=person, now=NOW)
    assert "Review your learning contract with Helen" in asked(amara)
    review_contract(contract=contract, by=amara, now=NOW)
    assert not any("contract" in title for title in asked(amara))


def test_my_learning_is_in_the_navigation_of_those_with_a_place(client, amara, otto, time_machine):
    time_machine.move_to(NOW, tick=False)
    for person, shown in ((amara, True), (otto, False)):
        client.force_login(person)
        assert (reverse("my_learning") in client.get(reverse("my_dates")).text) is shown


# Graduation


def test_both_questionnaires_are_needed_and_what_is_missing_is_said(wave, cohort, amara_place):
    last = after_wave(cohort)
    answered(wave, amara_place)
    settings = {"waves": ["T0", "T1"]}
    assert questionnaires(amara_place, settings).text == "Questionnaire: still to answer at the last module"

    answered(last, amara_place)
    del amara_place._asked
    assert (questionnaires(amara_place, settings).done, questionnaires(amara_place, settings).text) == (
        True,
        "Questionnaire: answered",
    )
    assert not questionnaires(amara_place, {"waves": ["T2"]}).done


def test_the_contract_counts_when_all_three_have_signed_what_stands_now(amara, amara_place):
    assert learning_contract(amara_place, {}).text == "Learning contract: not begun"
    contract = agreed_contract(amara_place)
    assert learning_contract(amara_place, {}).done
    write_contract(contract=contract, texts={"exit": "We talk."}, seen={}, by=amara, now=NOW)
    assert learning_contract(amara_place, {}).text == "Learning contract: being changed"


def test_a_plan_counts_with_a_goal_that_was_reviewed(amara, amara_place):
    assert not learning_plan(amara_place, {}).done
    goal = add_goal(place=amara_place, title="Listen", by=amara, now=NOW)
    assert learning_plan(amara_place, {"goals": 1, "reviewed": 1}).text == "Learning plan: 1 goal, 0 reviewed"
    review_goal(goal=goal, seen=goal.review_mark, going="well", notes="", by=amara, now=NOW)
    assert learning_plan(amara_place, {"goals": 1, "reviewed": 1}).done
    assert not learning_plan(amara_place, {"goals": 2}).done


# Reminders


def occurrences(key, now=NOW, scope=None):
    return [(o.recipient.name, o.step, o.on) for o in rules[key].brings.plan(now, scope)]


def needed(key, subject, person, now=NOW):
    return rules[key].brings.needed(subject, person, now)


def test_a_wave_is_announced_chased_and_chased_once_more(wave, amara):
    assert occurrences("modules.questionnaire", BEFORE_START) == [
        ("Amara Mensah", "when it opens", date(2026, 8, 18)),
        ("Amara Mensah", "a week before", date(2026, 9, 1)),
        ("Amara Mensah", "the day after", date(2026, 9, 9)),
    ]


def test_those_who_answered_or_missed_the_wave_hear_nothing(wave, cohort, amara, amara_place):
    assert needed("modules.questionnaire", wave, amara, BEFORE_START)
    assert not needed("modules.questionnaire", wave, amara, BEFORE_START - timedelta(days=30))
    after_wave(cohort)
    assert not needed("modules.questionnaire", wave, amara, NOW)
    answered(wave, amara_place)
    assert not needed("modules.questionnaire", wave, amara, BEFORE_START)


def test_the_last_wave_reaches_graduates_of_a_closed_cohort(cohort):
    cohort.status, cohort.closed_at = "graduated", NOW
    cohort.save()
    graduate = PlaceFactory(cohort=cohort, status="graduated", graduated_at=NOW)
    PlaceFactory(cohort=cohort, status="withdrawn", left_at=NOW)
    WaveFactory(cohort=cohort, kind="later", opens_on=date(2027, 2, 22), due_on=date(2027, 3, 15))

    assert {name for name, *_ in occurrences("modules.questionnaire")} == {graduate.person.name}


def test_the_participant_is_reminded_to_write_until_it_is_sent(amara, amara_place):
    assert [on for *_, on in occurrences("modules.contract", BEFORE_START)] == [
        date(2026, 8, 24),
        date(2026, 9, 3),
        date(2026, 9, 9),
    ]
    assert needed("modules.contract", amara_place, amara)
    sent_contract(amara_place)
    assert not needed("modules.contract", amara_place, amara)


def test_the_sponsor_gets_a_letter_of_their_own_until_they_sign(amara_place, helen):
    contract = sent_contract(amara_place, now=BEFORE_START)
    assert occurrences("modules.signing", BEFORE_START) == [
        ("Helen Marsh", "version 1, 5 working days after", date(2026, 9, 1)),
        ("Helen Marsh", "version 1, 10 working days after", date(2026, 9, 8)),
    ]
    assert needed("modules.signing", contract, helen)
    letter = rules["modules.signing"].brings.letter(contract, helen, "", NOW)
    assert letter.subject == "Amara Mensah’s learning contract waits for your signature"
    sign_contract(contract=contract, party="sponsor", name=helen.name, version=1, by=helen, now=NOW)
    assert not needed("modules.signing", contract, helen)


def test_the_reminder_to_sign_goes_out_once_with_a_link_that_works(client, amara_place, helen, time_machine):
    sent_contract(amara_place, now=BEFORE_START)
    monday = datetime(2026, 9, 1, 9, 5, tzinfo=UTC)
    time_machine.move_to(monday, tick=False)
    for _ in range(2):
        materialise(monday)
        tick(monday)
        send_due(monday)

    chased = Message.objects.filter(person=helen, subject__contains="waits for your signature")
    assert chased.count() == 1
    token = chased.get().text.split("/sign/")[1].split("/")[0]
    assert client.get(reverse("sign_contract", args=[token])).status_code == 200


def test_the_review_is_reminded_of_until_it_is_noted(amara, amara_place):
    contract = agreed_contract(amara_place)
    assert [on for *_, on in occurrences("modules.contract_review")] == [contract.review_on, date(2027, 3, 16)]
    assert needed("modules.contract_review", contract, amara)
    review_contract(contract=contract, by=amara, now=NOW)
    contract.refresh_from_db()
    assert not needed("modules.contract_review", contract, amara)


# A cohort's figures


def cohort_of(cohort, wave, last, people, *, up=1):
    for _ in range(people):
        place = PlaceFactory(cohort=cohort)
        answered(wave, place, 3)
        answered(last, place, 3 + up)


@pytest.mark.parametrize(("people", "shown"), [(7, 0), (8, 8)])
def test_change_is_told_of_eight_matched_people_or_more(wave, cohort, people, shown):
    last = after_wave(cohort)
    cohort_of(cohort, wave, last, people)
    over = NOW + timedelta(days=12)
    assert change(cohort, over - timedelta(days=1)) == []  # while people may still answer

    facts = change(cohort, over)
    assert len(facts) == shown
    if shown:
        said = "People rated themselves 1.0 higher overall at the end, on a scale of 1 to 5 (8 people)"
        assert (facts[-1].key, facts[-1].value, facts[-1].text) == ("change_overall", 1.0, said)
        equity = next(each for each in change_of(cohort, over.date()) if each.key == "equity")
        assert (equity.change.matched, equity.change.total, equity.looking_back.mean) == (8, 8, 2.0)


def test_a_cohort_without_both_waves_has_no_change(wave, cohort, amara_place):
    answered(wave, amara_place)
    assert change(cohort, NOW) == []


def test_how_many_answered_is_told_unless_few_are_missing(wave, cohort):
    for number in range(12):
        place = PlaceFactory(cohort=cohort)
        if number < 6:
            answered(wave, place)
    assert [fact.text for fact in questionnaire(cohort, NOW)] == [
        "6 of 12 people answered the questionnaire before the first module"
    ]
    for place in cohort.places.exclude(responses__isnull=False)[:4]:
        answered(wave, place)
    assert questionnaire(cohort, NOW) == []


# Privacy


def test_nothing_confidential_stands_in_plain_text_in_the_database(wave, amara, amara_place, ade):
    response = answered(wave, amara_place)
    contract = sent_contract(amara_place, purpose=SECRET)
    comment_on_contract(contract=contract, words=SECRET, by=ade, now=NOW)
    words = dict.fromkeys(("title", "why", "steps", "support", "evidence"), SECRET)
    goal = add_goal(place=amara_place, by=amara, now=NOW, **words)
    review_goal(goal=goal, seen=goal.review_mark, going="well", notes=SECRET, by=amara, now=NOW)

    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            rows = repr(cursor.fetchall())
            assert SECRET not in rows
            assert "equity-1" not in rows
    assert (Goal.objects.get().notes, response.given["answers"]["equity-1"]) == (SECRET, 4)


def test_everything_is_exported_to_the_person_and_erased(wave, amara, amara_place, ade):
    answered(wave, amara_place)
    contract = sent_contract(amara_place, purpose=SECRET)
    comment_on_contract(contract=contract, words="Which meetings?", by=ade, now=NOW)
    add_goal(place=amara_place, title=SECRET, by=amara, now=NOW)
    request_document("modules.learning_contract", subject=contract, now=NOW)
    keys = ("modules.questionnaire", "modules.learning_plan", "modules.learning_contract")
    exported = json.dumps([list(holdings[key].brings.export(amara)) for key in keys])
    assert exported.count(SECRET) == 2
    assert "Equity in practice" in exported

    for key in keys:
        holdings[key].brings.erase(amara, NOW)
    assert SECRET not in json.dumps([list(holdings[key].brings.export(amara)) for key in keys])
    assert Response.objects.get().answered == 0
    assert (ContractComment.objects.get().words, Signature.objects.get().name) == ("Erased", "Erased")
    assert not Document.objects.exists()
    assert LearningContract.objects.get().texts == {}


def test_a_line_manager_who_is_erased_takes_their_comments_along(amara_place, ade):
    contract = sent_contract(amara_place, purpose=SECRET)
    comment_on_contract(contract=contract, words="Which meetings?", by=ade, now=NOW)
    held = holdings["modules.learning_contract"].brings
    assert [row["comment"] for row in held.export(ade)] == ["Which meetings?"]

    held.erase(ade, NOW)
    assert ContractComment.objects.get().words == "Erased"
    assert contract.texts["purpose"] == SECRET


def test_a_former_sponsor_is_told_what_they_said_and_signed_and_may_have_it_erased(amara_place, helen, otto):
    contract = agreed_contract(amara_place, purpose=SECRET)
    comment_on_contract(contract=contract, words="Which meetings?", by=helen, now=NOW)
    change_sponsor(place=amara_place, sponsor=otto, reason="Helen left", by=None, now=NOW)
    held = holdings["modules.learning_contract"].brings
    rows = list(held.export(helen))
    assert [row.get("signed as") or row["comment"] for row in rows] == ["Sponsor", "Which meetings?"]
    assert list(held.export(otto)) == []

    held.erase(helen, NOW)
    assert (ContractComment.objects.get().words, ContractComment.objects.get().name) == ("Erased", "Erased")
    assert Signature.objects.get(party="sponsor").name == "Erased"
    assert Signature.objects.get(party="participant").name == "Amara Mensah"
