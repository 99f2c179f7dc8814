"""Learning in the office: contracts signed for the programme, who answered, and never an answer."""

from datetime import date

import pytest
from django.contrib import admin
from django.urls import reverse

from cohorts.actions import withdraw_place
from leaders.documents.models import Document
from leaders.people.models import AuditEvent
from leaders.people.refusals import NotPossible
from modules.actions import ask_wave, comment_on_contract, draft_contract, sign_contract, write_contract
from modules.models import (
    ContractComment,
    ContractVersion,
    Goal,
    LearningContract,
    LearningPlan,
    Response,
    Wave,
)
from modules.today import contracts, to_sign, unanswered
from tests.browsers import sign_in
from tests.cohorts.factories import NOW, CohortFactory, PlaceFactory
from tests.modules.factories import WaveFactory, after_wave, agreed_contract, answered, sent_contract
from tests.spending import spending

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_march(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def office(client, rosalind):
    sign_in(client, rosalind)
    return client


@pytest.fixture
def wave(cohort):
    return WaveFactory(cohort=cohort)


def url(name, *args):
    return reverse(f"admin:modules_{name}", args=args)


def signed_by_sponsor(place):
    contract, sponsor = sent_contract(place), place.sponsor
    return sign_contract(contract=contract, party="sponsor", name=sponsor.name, version=1, by=sponsor, now=NOW)


# Contracts


def test_the_list_says_who_waits_for_whom_and_filters_by_it(office, cohort, amara_place, helen):
    signed_by_sponsor(amara_place)
    sent_contract(PlaceFactory(cohort=cohort, person__name="Tom Brook", sponsor=helen))
    shown = office.get(url("learningcontract_changelist")).text
    assert ("Waiting for the programme" in shown, "Waiting for the sponsor and the programme" in shown) == (True, True)

    shown = office.get(url("learningcontract_changelist"), {"waits_for": "sponsor"}).text
    assert ("Tom Brook" in shown, "Amara Mensah" in shown) == (True, False)


def test_a_contract_is_read_and_signed_for_the_programme_on_a_page_that_asks_first(office, amara_place, rosalind, ade):
    contract = signed_by_sponsor(amara_place)
    comment_on_contract(contract=contract, words="Which two meetings?", by=ade, now=NOW)
    shown = office.get(url("learningcontract_read", contract.pk)).text
    assert ("To lead across the whole system." in shown, "Which two meetings?" in shown) == (True, True)
    sign = url("learningcontract_sign", contract.pk, 1)
    assert sign in shown

    assert "Your name, Rosalind Tate, stands under it." in office.get(sign).text
    contract.refresh_from_db()
    assert contract.status == "proposed"
    assert "You signed the learning contract" in office.post(sign, {"confirmed": "yes"}, follow=True).text
    contract.refresh_from_db()
    assert (contract.status, contract.signed()["programme"].name) == ("agreed", rosalind.name)
    assert sign not in office.get(url("learningcontract_read", contract.pk)).text


def test_a_version_that_was_changed_meanwhile_is_not_signed(office, amara, amara_place):
    contract = signed_by_sponsor(amara_place)
    write_contract(contract=contract, texts={"exit": "We talk."}, seen={}, by=amara, now=NOW)
    refused = office.post(url("learningcontract_sign", contract.pk, 1), {"confirmed": "yes"}).text

    assert "is changing this contract" in refused
    assert "programme" not in contract.signed(1)


def test_many_are_signed_at_once_after_a_page_that_names_them(office, cohort, amara_place, helen):
    contracts = [signed_by_sponsor(amara_place)]
    contracts.append(signed_by_sponsor(PlaceFactory(cohort=cohort, person__name="Tom Brook", sponsor=helen)))
    waiting = sent_contract(PlaceFactory(cohort=cohort, person__name="Ravi Kapoor", sponsor=helen))
    chosen = {"action": "sign_many", "_selected_action": [c.pk for c in (*contracts, waiting)]}
    asked = office.post(url("learningcontract_changelist"), chosen).text
    assert ("Sign 2 learning contracts" in asked, "Tom Brook" in asked, "Ravi Kapoor" in asked) == (True, True, False)

    ready = {"ready": [f"{contract.pk}:1" for contract in contracts]}
    assert all(f'name="ready" value="{pair}"' in asked for pair in ready["ready"])
    late = signed_by_sponsor(PlaceFactory(cohort=cohort, person__name="Asha Dey", sponsor=helen))
    chosen["_selected_action"].append(late.pk)  # was not ready when the page named the others
    done = office.post(url("learningcontract_changelist"), chosen | ready | {"confirmed": "yes"}, follow=True).text
    late.refresh_from_db()
    assert late.status == "proposed"
    chosen["_selected_action"].remove(late.pk)
    assert "You signed 2 learning contracts for the programme." in done
    assert LearningContract.objects.filter(status="agreed").count() == 2
    again = office.post(url("learningcontract_changelist"), chosen, follow=True).text
    assert "None of these waits for the programme" in again


def test_of_many_none_is_signed_in_another_version_than_was_named(office, amara, amara_place):
    contract = signed_by_sponsor(amara_place)
    write_contract(contract=contract, texts={"exit": "We talk."}, seen={}, by=amara, now=NOW)
    sent = {"action": "sign_many", "_selected_action": [contract.pk], "ready": [f"{contract.pk}:1"], "confirmed": "yes"}

    page = office.post(url("learningcontract_changelist"), sent, follow=True).text

    assert "You signed 0 learning contracts" in page
    assert "programme" not in contract.signed(1)


def test_a_draft_is_not_readable_in_the_office(office, amara_place, amara):
    contract = draft_contract(place=amara_place, by=amara, now=NOW)
    write_contract(contract=contract, texts={"purpose": "Half a thought"}, seen={}, by=amara, now=NOW)
    shown = office.get(url("learningcontract_read", contract.pk)).text

    assert ("Half a thought" in shown, "is still writing it" in shown) == (False, True)
    assert office.post(url("learningcontract_read", contract.pk)).status_code == 200
    assert not Document.objects.exists()


def test_the_office_prints_a_contract(office, amara_place):
    contract = agreed_contract(amara_place)
    assert office.post(url("learningcontract_read", contract.pk)).url == reverse(
        "document", args=[Document.objects.get().pk]
    )


def test_participants_sponsors_and_panel_members_stay_outside(client, wave, amara_place, amara, helen, priya, otto):
    contract = sent_contract(amara_place)
    for person in (amara, helen, priya, otto):
        sign_in(client, person)
        for page in (
            url("learningcontract_changelist"),
            url("learningcontract_read", contract.pk),
            url("learningcontract_sign", contract.pk, 1),
            url("wave_answers", wave.pk),
        ):
            assert client.get(page).status_code in {302, 403, 404}


# Answers


def test_confidential_records_are_not_registered_in_the_office():
    for model in (Response, LearningPlan, Goal, ContractVersion, ContractComment):
        assert not admin.site.is_registered(model)


def test_the_wave_page_names_who_has_not_answered_and_shows_no_answer(office, cohort, wave, amara_place):
    response = answered(wave, amara_place, 4, equity=2)
    PlaceFactory(cohort=cohort, person__name="Tom Brook")
    PlaceFactory(cohort=cohort, person__name="Gone Away", status="withdrawn", left_at=NOW)
    shown = office.get(url("wave_answers", wave.pk)).text

    assert "1 of 2 people have answered." in shown
    assert ("Tom Brook" in shown, "Amara Mensah" in shown, "Gone Away" in shown) == (True, False, False)
    assert "Too few people answered" in shown
    assert ("Equity in practice" in shown, f">{response.profile().overall:.1f}<" in shown) == (False, False)


@pytest.mark.parametrize(("people", "shown"), [(7, False), (8, True)])
def test_averages_are_of_eight_people_or_more(office, cohort, wave, people, shown):
    for _ in range(people):
        answered(wave, PlaceFactory(cohort=cohort), 4)
    text = office.get(url("wave_answers", wave.pk)).text

    assert ("Equity in practice" in text) is shown
    assert ("Averages appear" in text, "strength:" in text) == (False, False)


def test_averages_wait_until_the_wave_is_over(office, cohort):
    wave = after_wave(cohort)
    for _ in range(8):
        answered(wave, PlaceFactory(cohort=cohort), 4)
    assert "Averages appear when it is over, the day after 15 March" in office.get(url("wave_answers", wave.pk)).text


def test_before_and_after_are_compared_over_matched_people(office, cohort, wave):
    last = after_wave(cohort, opens_on=date(2027, 2, 1), due_on=date(2027, 2, 15))
    for number in range(10):
        place = PlaceFactory(cohort=cohort)
        answered(wave, place, 3)
        answered(last, place, 4 if number else 3)
    text = office.get(url("wave_answers", last.pk)).text

    assert text.count(">10 of 10<") == 8
    assert (">0.9<" in text, "0.7 to 1.1" in text, "0.90" in text) == (True, True, False)


@pytest.mark.parametrize(("people", "shown"), [(9, False), (10, True)])
def test_reliability_is_shown_statement_by_statement_from_ten_people_on(office, cohort, wave, people, shown):
    for number in range(people):
        answered(wave, PlaceFactory(cohort=cohort), 2 + number % 3)
    page = office.get(url("wave_answers", wave.pk))
    first = page.context["dimensions"][0]

    assert [(item["without"], item["along"]) for item in first["items"]] == [("1.00", "1.00")] * 5 * shown
    assert [item["is_turned"] for item in first["items"]].count(True) == shown
    assert not first["warning"]


def test_whoever_answers_late_is_not_told_by_a_change_of_the_averages(office, cohort):
    """Eight mean 4.0; Amara answers late with 1 throughout, and her name leaves the list of those who have not."""
    wave = after_wave(cohort, opens_on=date(2027, 2, 1), due_on=date(2027, 2, 15))
    for _ in range(8):
        answered(wave, PlaceFactory(cohort=cohort), 4)
    late = PlaceFactory(cohort=cohort, person__name="Tom Brook")
    before = office.get(url("wave_answers", wave.pk))
    assert "Tom Brook" in before.text
    answered(wave, late, 1, now=NOW)
    after = office.get(url("wave_answers", wave.pk))

    assert "Tom Brook" not in after.text
    assert after.context["dimensions"] == before.context["dimensions"]
    assert [line["n"] for line in after.context["dimensions"]] == [8] * 7


def test_whoever_leaves_is_not_told_by_a_change_of_the_averages(office, cohort):
    wave = after_wave(cohort, opens_on=date(2027, 2, 1), due_on=date(2027, 2, 15))
    places = [PlaceFactory(cohort=cohort) for _ in range(9)]
    for place in places:
        answered(wave, place, 4 if place == places[0] else 3)
    before = office.get(url("wave_answers", wave.pk)).context["dimensions"]
    withdraw_place(place=places[0], reason="A new job", by=None, now=NOW)

    assert office.get(url("wave_answers", wave.pk)).context["dimensions"] == before


def test_a_wave_whose_averages_are_known_keeps_its_due_date(office, cohort, rosalind):
    wave = after_wave(cohort, opens_on=date(2027, 2, 1), due_on=date(2027, 2, 15))
    for _ in range(8):
        answered(wave, PlaceFactory(cohort=cohort), 4)
    with pytest.raises(NotPossible, match="was due on 15 February, and its averages are known"):
        ask_wave(cohort=cohort, kind="after", opens_on=wave.opens_on, due_on=NOW.date(), by=rosalind, now=NOW)

    page = url("wave_change", wave.pk)
    assert 'name="due_on"' not in office.get(page).text
    office.post(page, {"opens_on": "2027-02-02", "due_on": "2027-03-04"})
    assert Wave.objects.values_list("opens_on", "due_on").get() == (date(2027, 2, 2), date(2027, 2, 15))


def test_the_dates_of_a_wave_are_changed_through_the_action(office, wave):
    page = url("wave_change", wave.pk)
    answer = office.post(page, {"opens_on": "2026-08-20", "due_on": "2026-09-10"})
    assert answer.status_code == 302
    assert Wave.objects.get().due_on == date(2026, 9, 10)
    assert AuditEvent.objects.filter(action="modules.wave.asked").count() == 1

    refused = office.post(page, {"opens_on": "2026-09-20", "due_on": "2026-09-10"})
    assert (refused.status_code, Wave.objects.get().opens_on) == (200, date(2026, 8, 20))


# Today


def test_late_contracts_say_who_is_waited_for_and_lead_to_them(office, cohort, amara_place, helen, rosalind):
    PlaceFactory(cohort=cohort, person__name="Sam Late")  # not begun
    agreed_contract(PlaceFactory(cohort=cohort, person__name="Tom Brook", sponsor=helen))
    sent_contract(amara_place)
    signed_by_sponsor(PlaceFactory(cohort=cohort, sponsor=helen))
    draft = PlaceFactory(cohort=cohort)
    draft_contract(place=draft, by=draft.person, now=NOW)
    late = contracts(rosalind, NOW)

    assert (late.sentence, late.count, late.late) == ("4 learning contracts are late", 4, True)
    assert late.detail == "1 not begun (Sam Late), 1 with the participant, 1 with the sponsor and then us, 1 with us"
    shown = office.get(late.url).text
    assert ("Amara Mensah" in shown, "Tom Brook" in shown) == (True, False)


def test_contracts_that_are_agreed_or_not_due_need_nobody(amara_place, rosalind):
    assert contracts(rosalind, NOW.replace(year=2026, month=8)) is None
    agreed_contract(amara_place)
    assert (contracts(rosalind, NOW), to_sign(rosalind, NOW)) == (None, None)


def test_what_waits_for_the_programme_is_one_need_with_one_link(office, amara_place, rosalind):
    signed_by_sponsor(amara_place)
    need = to_sign(rosalind, NOW)

    assert need.sentence == "1 learning contract waits for the programme’s signature"
    assert "Amara Mensah" in office.get(need.url).text


def test_missing_answers_come_up_a_week_before_and_go_four_weeks_after(cohort, amara_place, rosalind):
    wave = after_wave(cohort, due_on=date(2027, 3, 11))
    (need,) = unanswered(rosalind, NOW)
    assert need.sentence == "1 person has not answered the questionnaire at the last module"
    assert (need.detail, need.late) == ("Cohort 7: 0 of 1 answered, due 11 March", False)

    assert unanswered(rosalind, NOW.replace(month=4, day=9)) == []
    answered(wave, amara_place)
    assert unanswered(rosalind, NOW) == []


# As fast with thirty cohorts


def thirty_more():
    for _ in range(29):
        cohort = CohortFactory()
        place = PlaceFactory(cohort=cohort, sponsor=cohort.contact)
        answered(WaveFactory(cohort=cohort), place)
        after_wave(cohort, due_on=date(2027, 3, 8))
        sent_contract(place)


def test_a_participants_pages_cost_the_same_with_thirty_cohorts(client, wave, cohort, amara_place, amara):
    answered(wave, amara_place)
    sent_contract(amara_place)
    last = after_wave(cohort)
    client.force_login(amara)
    pages = [
        reverse("my_home"),
        reverse("my_learning"),
        reverse("my_plan"),
        reverse("my_contract"),
        reverse("my_results", args=[wave.pk]),
        reverse("my_questionnaire", args=[last.pk]),
    ]

    def cost(page):
        client.get(page)
        with spending() as spent:
            assert client.get(page).status_code == 200
        return spent

    alone = [cost(page) for page in pages]
    thirty_more()
    assert [cost(page) for page in pages] == alone


def test_today_costs_the_same_queries_with_thirty_cohorts(rosalind, wave, amara_place):
    sent_contract(amara_place)

    def cost():
        with spending() as spent:
            for need in (contracts, to_sign, unanswered):
                need(rosalind, NOW)
        return spent.queries

    alone = cost()
    thirty_more()
    assert cost() == alone


def test_the_list_of_contracts_costs_the_same_queries_with_thirty(office, amara_place):
    sent_contract(amara_place)

    def cost():
        office.get(url("learningcontract_changelist"))
        with spending() as spent:
            office.get(url("learningcontract_changelist"))
        return spent.queries

    alone = cost()
    thirty_more()
    assert cost() == alone


def test_the_lists_are_narrowed_to_a_cohort(office, cohort, wave, amara_place):
    sent_contract(amara_place)
    other = CohortFactory()
    for name in ("learningcontract_changelist", "wave_changelist"):
        assert len(office.get(url(name), {"of_cohort": cohort.pk}).context["cl"].result_list) == 1
        assert len(office.get(url(name), {"of_cohort": other.pk}).context["cl"].result_list) == 0
