"""The questionnaire: answered a page at a time, sent once, seen by nobody but the person who answered."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse

from cohorts.actions import change_sponsor
from cohorts.models import Place
from leaders.outbox.models import Message
from leaders.people.models import AuditEvent, Organisation
from leaders.people.refusals import NotPossible
from modules.actions import (
    add_goal,
    ask_wave,
    save_answers,
    share_plan,
    share_response,
    start_response,
    submit_response,
)
from modules.learning import Results, asked_of, claims_of, pages_of, shared_results
from modules.models import Goal, Response, Wave
from tests.cohorts.factories import NOW, PlaceFactory
from tests.modules.factories import WaveFactory, after_wave, answered, sent_contract, six_modules
from tests.people.factories import OrganisationFactory

pytestmark = pytest.mark.django_db

TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _in_march(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def wave(cohort):
    return WaveFactory(cohort=cohort)


@pytest.fixture
def signed_in(client, amara):
    client.force_login(amara)
    return client


@pytest.fixture
def response(wave, amara_place):
    return start_response(wave=wave, place=amara_place, today=TODAY, now=NOW)


def page(name, wave, *more):
    return reverse(name, args=[wave.pk, *more])


# Actions


def test_a_questionnaire_cannot_be_begun_before_it_opens(wave, amara_place):
    with pytest.raises(NotPossible, match="opens on 18 August"):
        start_response(wave=wave, place=amara_place, today=date(2026, 8, 17), now=NOW)


def test_a_questionnaire_of_another_cohort_cannot_be_begun(wave):
    with pytest.raises(NotPossible, match="another cohort"):
        start_response(wave=wave, place=PlaceFactory(), today=TODAY, now=NOW)


def test_a_questionnaire_closes_when_the_next_one_opens_but_what_was_begun_goes_on(wave, cohort, amara_place, response):
    after_wave(cohort)

    with pytest.raises(NotPossible, match="closed"):
        start_response(wave=wave, place=PlaceFactory(cohort=cohort), today=TODAY, now=NOW)
    assert start_response(wave=wave, place=amara_place, today=TODAY, now=NOW) == response


def test_starting_twice_goes_on_with_the_same_answers(wave, amara_place, response):
    assert start_response(wave=wave, place=amara_place, today=TODAY, now=NOW) == response
    assert Response.objects.count() == 1


def test_asking_a_wave_again_moves_its_dates(cohort, rosalind):
    for day in (1, 8):
        ask_wave(
            cohort=cohort, kind="after", opens_on=date(2027, 7, day), due_on=date(2027, 7, 20), by=rosalind, now=NOW
        )

    assert Wave.objects.get().opens_on == date(2027, 7, 8)


def test_answers_are_kept_page_by_page_and_no_opportunity_is_an_answer(response, amara):
    save_answers(response=response, answers={"equity-1": 4}, by=amara)
    kept = save_answers(response=response, answers={"equity-2": None}, importance={"equity": 5}, by=amara)

    assert kept.given == {"answers": {"equity-1": 4, "equity-2": None}, "importance": {"equity": 5}, "then": {}}


@pytest.mark.parametrize(
    "wrong",
    [
        {"answers": {"equity-1": 6}},
        {"answers": {"equity-1": 0}},
        {"answers": {"nothing-1": 3}},
        {"importance": {"equity": None}},
        {"importance": {"equity-1": 3}},
        {"then": {"equity": 9}},
    ],
)
def test_what_the_instrument_does_not_have_is_not_kept(response, amara, wrong):
    with pytest.raises(ValueError, match="is no answer to"):
        save_answers(response=response, by=amara, **wrong)
    response.refresh_from_db()
    assert response.answered == 0


def test_nobody_else_answers_sends_or_shares(response, ade):
    for act in (
        lambda: save_answers(response=response, answers={"equity-1": 4}, by=ade),
        lambda: submit_response(response=response, by=ade, now=NOW),
        lambda: share_response(response=response, with_whom="sponsor", reader=ade, by=ade, now=NOW),
    ):
        with pytest.raises(NotPossible, match="Only the person who answers"):
            act()


def test_an_unfinished_questionnaire_is_not_sent(response, amara):
    save_answers(response=response, answers={item.id: 3 for item in response.wave.instrument.items[:34]}, by=amara)

    with pytest.raises(NotPossible, match="1 statement still to answer"):
        submit_response(response=response, by=amara, now=NOW)


def test_sent_answers_stay_as_they_are_and_are_sent_once(wave, amara_place, amara):
    response = answered(wave, amara_place)
    sent_at = response.submitted_at

    assert submit_response(response=response, by=amara, now=NOW).submitted_at == sent_at
    assert AuditEvent.objects.filter(action="modules.response.submitted").count() == 1
    with pytest.raises(NotPossible, match="sent this questionnaire already"):
        save_answers(response=response, answers={"equity-1": 1}, by=amara)


def test_only_sent_results_are_shared(response, amara, helen):
    with pytest.raises(NotPossible, match="Finish and send"):
        share_response(response=response, with_whom="sponsor", reader=helen, by=amara, now=NOW)


def shown(place, whom, reader):
    """Whether `reader` sees results as the participant's `whom`, on a page opened now."""
    return bool(shared_results(Place.objects.get(pk=place.pk), whom, reader))


def test_results_are_shared_with_one_and_taken_back(wave, amara_place, amara, helen):
    response = answered(wave, amara_place)
    share_response(response=response, with_whom="sponsor", reader=helen, by=amara, now=NOW)
    assert (shown(amara_place, "sponsor", helen), shown(amara_place, "mentor", helen)) == (True, False)

    share_response(response=response, with_whom="sponsor", reader=None, by=amara, now=NOW)
    assert not shown(amara_place, "sponsor", helen)


def test_the_sponsor_gets_a_link_to_shared_results_and_no_figure(wave, amara_place, amara, helen):
    sent_contract(amara_place, now=NOW)
    response = answered(wave, amara_place)
    share_response(response=response, with_whom="sponsor", reader=helen, by=amara, now=NOW)

    letter = Message.objects.get(kind="modules.shared")
    assert (letter.person, letter.subject) == (
        helen, "Amara Mensah shares their results of the questionnaire with you",
    )  # fmt: skip
    assert ("4.0" in letter.text, "#shared" in letter.text) == (False, True)


def test_whoever_follows_the_sponsor_sees_no_results_until_they_are_shared_anew(wave, amara_place, amara, helen, otto):
    response = answered(wave, amara_place)
    share_response(response=response, with_whom="sponsor", reader=helen, by=amara, now=NOW)
    change_sponsor(place=amara_place, sponsor=otto, reason="Helen left", by=None, now=NOW)
    assert not any(shown(amara_place, "sponsor", person) for person in (helen, otto))

    with pytest.raises(NotPossible, match="Your sponsor is now Otto Outsider"):
        share_response(response=response, with_whom="sponsor", reader=helen, by=amara, now=NOW)
    share_response(response=response, with_whom="sponsor", reader=otto, by=amara, now=NOW)
    assert shown(amara_place, "sponsor", otto)


# Pages


def test_a_whole_questionnaire_is_answered_in_the_browser_without_script(signed_in, wave, amara_place):
    assert "Who can read this" in signed_in.get(page("my_questionnaire", wave)).text
    at = signed_in.post(page("my_questionnaire", wave)).url
    assert at == page("my_questionnaire_page", wave, 1)
    response = Response.objects.get()
    for items in pages_of(response):
        shown = signed_in.get(at).text
        assert all(item.text.split('"')[0] in shown.replace("&#x27;", "'") for item in items)
        at = signed_in.post(at, {item.id: "none" if item.reverse else "4" for item in items}).url
    assert "How important is this in your role" in signed_in.get(at).text
    at = signed_in.post(at, {"equity": "5"}).url
    assert at == page("my_send", wave)
    assert "All 35 statements are answered" in signed_in.get(at).text
    assert signed_in.post(at).url == page("my_results", wave)

    response.refresh_from_db()
    assert (response.submitted_at, response.given["importance"]) == (NOW, {"equity": 5})


def test_a_page_left_out_is_named_before_sending(signed_in, response):
    wave = response.wave
    signed_in.post(page("my_questionnaire_page", wave, 1), {item.id: "3" for item in pages_of(response)[0][:3]})

    shown = signed_in.get(page("my_send", wave)).text
    assert "2 statements to answer" in shown
    assert shown.count("5 statements to answer") == 6
    again = signed_in.post(page("my_send", wave), follow=True)
    assert "32 statements still to answer" in again.text
    assert signed_in.post(page("my_questionnaire", wave)).url == page("my_questionnaire_page", wave, 1)


def test_answers_come_back_filled_in(signed_in, response, amara):
    first = pages_of(response)[0][0]
    save_answers(response=response, answers={first.id: None}, by=amara)

    shown = signed_in.get(page("my_questionnaire_page", response.wave, 1)).text
    assert f'name="{first.id}" type="radio" value="none" checked' in shown


def test_an_answer_that_is_not_offered_is_an_error_that_keeps_the_others(signed_in, response):
    first, second = pages_of(response)[0][:2]
    refused = signed_in.post(page("my_questionnaire_page", response.wave, 1), {first.id: "9", second.id: "2"})

    assert "Error: " in refused.text
    assert f'name="{second.id}" type="radio" value="2" checked' in refused.text


def test_the_last_questionnaire_also_looks_back_with_one_statement_for_each_part(signed_in, cohort, amara_place):
    wave = after_wave(cohort)
    signed_in.post(page("my_questionnaire", wave))
    shown = signed_in.get(page("my_questionnaire_page", wave, 9)).text

    assert "Looking back, how often was this true before the programme?" in shown
    assert "I noticed who was missing out and acted on it myself." in shown
    assert signed_in.get(page("my_questionnaire_page", wave, 10)).status_code == 404


def test_people_outside_london_read_their_region(client, wave, cohort):
    place = PlaceFactory(cohort=cohort, organisation=OrganisationFactory(kind=Organisation.Kind.OUTSIDE))
    response = start_response(wave=wave, place=place, today=TODAY, now=NOW)
    client.force_login(place.person)

    shown = "".join(client.get(page("my_questionnaire_page", wave, number)).text for number in range(1, 9))
    assert "Acting for your region as a whole" in shown
    elsewhere = [item for item in response.wave.instrument.items if item.elsewhere]
    assert elsewhere
    assert not any(item.text in shown for item in elsewhere)


def test_the_pages_of_sent_answers_lead_to_the_results(signed_in, wave, amara_place):
    answered(wave, amara_place)

    for url in (
        page("my_questionnaire", wave),
        page("my_questionnaire_page", wave, 1),
        page("my_send", wave),
    ):
        assert signed_in.get(url).url == page("my_results", wave)
        assert signed_in.post(url).url == page("my_results", wave)


@pytest.fixture
def others(cohort, otto, rosalind, helen):
    """Another participant, an outsider, the programme director, the sponsor."""
    return [PlaceFactory(cohort=cohort).person, otto, rosalind, helen]


def test_nobody_opens_the_answers_of_somebody_else(client, wave, amara_place, others):
    answered(wave, amara_place)

    for person in others:
        client.force_login(person)
        for name, more in (("my_results", ()), ("my_send", ()), ("my_questionnaire_page", (1,))):
            assert client.get(page(name, wave, *more)).status_code == 404
        assert client.post(reverse("my_results_share", args=[wave.pk, "sponsor"])).status_code == 404


def test_an_anonymous_visitor_is_asked_to_sign_in(client, wave):
    assert "/my/questionnaires/" in client.get(page("my_results", wave)).url


# Results


def test_results_say_one_plain_sentence_and_what_the_questionnaire_is_not(signed_in, wave, amara_place):
    answered(wave, amara_place, 4, equity=2)
    shown = signed_in.get(page("my_results", wave)).text

    assert "lowest in equity in practice (2.0)" in shown
    assert "a development conversation aid, not a validated test" in shown
    assert 'data-label="Rating">2.0<' in shown


def test_before_and_now_stand_side_by_side_with_the_largest_move(signed_in, wave, cohort, amara_place):
    answered(wave, amara_place, 3)
    wave_after = after_wave(cohort)
    answered(wave_after, amara_place, 3, communities=4)
    shown = signed_in.get(page("my_results", wave_after)).text

    assert "Your largest move is in sharing power with communities (up 1.0)." in shown
    assert ("August 2026, before the first module" in shown, "March 2027, at the last module" in shown) == (True, True)
    assert 'data-label="Before">3.0<' in shown
    assert 'data-label="Now">4.0<' in shown
    assert "Looking back" in shown
    earlier = signed_in.get(page("my_results", wave)).text
    assert 'data-label="Now"' not in earlier


@pytest.mark.parametrize(
    ("level", "said"), [(3, "Your ratings have hardly changed."), (2, "You rate yourself lower than before.")]
)
def test_a_fall_or_no_change_is_said_kindly(wave, cohort, amara_place, level, said):
    answered(wave, amara_place, 3)
    answered(after_wave(cohort), amara_place, level)

    assert Results(asked_of(amara_place)).sentence.startswith(said)


def varied(wave, place, number, **levels):
    """Answers of one of many people: each part at a level that depends on who it is, a little uneven within it."""
    response = start_response(wave=wave, place=place, today=TODAY, now=NOW)
    answers = {}
    for n, item in enumerate(wave.instrument.items):
        level = levels.get(item.dimension, 2 + number % 3 + (n + number) % 7 // 6)
        answers[item.id] = 6 - level if item.reverse else level
    save_answers(response=response, answers=answers, by=place.person)
    now = datetime.combine(wave.due_on, time(9), UTC)
    return submit_response(response=response, by=place.person, now=now)


@pytest.mark.parametrize(("people", "claims"), [(19, 0), (20, 2)])
def test_change_is_claimed_only_where_it_is_reliable_and_it_is_said_where_it_is_not(
    signed_in, cohort, amara_place, people, claims
):
    wave = WaveFactory(cohort=cohort)
    for number in range(people - 1):
        varied(wave, PlaceFactory(cohort=cohort), number)
    varied(wave, amara_place, 0)
    last = after_wave(cohort)
    varied(last, amara_place, 0, equity=5)
    said = claims_of(Results(asked_of(amara_place)))

    assert len(said) == claims
    if claims:
        assert said[0].endswith("imprecision explains: equity in practice.")
        assert said[1].startswith("No reliable change, which is common")
        assert said[1] in signed_in.get(page("my_results", last)).text


@pytest.mark.parametrize(
    ("answer", "minutes", "said"),
    [
        (4, 5, "Some of them are turned round"),
        (3, 5, "You gave the same answer to every statement. Is that what you mean?"),
        (None, 5, ""),
        (None, 1, "You were very quick."),
    ],
)
def test_answers_that_look_hurried_are_asked_about_and_never_refused(
    signed_in, response, amara, time_machine, answer, minutes, said
):
    answers = {item.id: answer or 1 + n % 5 for n, item in enumerate(response.wave.instrument.items)}
    save_answers(response=response, answers=answers, by=amara)
    time_machine.move_to(NOW + timedelta(minutes=minutes), tick=False)
    shown = signed_in.get(page("my_send", response.wave)).text
    assert [words in shown for words in ("the same answer", "You were very quick.")] == [
        "same answer" in said or "turned round" in said, "quick" in said,
    ]  # fmt: skip
    assert said in shown

    assert signed_in.post(page("my_send", response.wave)).url == page("my_results", response.wave)


def test_needs_are_offered_to_the_plan_until_they_are_in_it(signed_in, wave, cohort, amara_place):
    six_modules(cohort)
    answered(wave, amara_place, 4, equity=2)
    link = f"{reverse('my_goal_new')}?from=equity"
    shown = signed_in.get(page("my_results", wave)).text
    assert link in shown
    assert "Module 3, Addressing Inequality, is about this." in shown

    signed_in.post(link, {"title": "Ask who is missing", "dimension": "equity"})
    assert Goal.objects.get().dimension == "equity"
    assert link not in signed_in.get(page("my_results", wave)).text


def test_results_are_shared_and_unshared_by_a_button(signed_in, wave, amara_place, helen):
    answered(wave, amara_place)
    share = reverse("my_results_share", args=[wave.pk, "sponsor"])

    assert "Helen Marsh can now see these results." in signed_in.post(share, {"reader": helen.pk}, follow=True).text
    assert (Response.objects.get().shared_with_sponsor, Response.objects.get().shared_with_sponsor_at) == (helen, NOW)
    assert "can no longer see" in signed_in.post(share, follow=True).text
    assert Response.objects.get().shared_with_sponsor is None
    assert signed_in.get(share).status_code == 405


def test_pages_say_who_reads_now_once_results_and_plan_are_shared(signed_in, wave, amara_place, amara, helen):
    response = answered(wave, amara_place)
    plan = add_goal(place=amara_place, title="Listen", by=amara, now=NOW).plan
    results, learning = page("my_results", wave), reverse("my_learning")
    assert "only you, and whoever you choose" in signed_in.get(results).text
    assert "Private unless you share them." in signed_in.get(learning).text

    share_response(response=response, with_whom="sponsor", reader=helen, by=amara, now=NOW)
    share_plan(plan=plan, with_whom="sponsor", reader=helen, by=amara, now=NOW)

    shown = signed_in.get(results).text
    assert "you and your sponsor, Helen Marsh, because you chose so. The programme office sees that" in shown
    assert "only you, and whoever you choose" not in shown
    shown = signed_in.get(learning).text
    assert "You and your sponsor, Helen Marsh, can read them." in shown
    assert ("Private unless" in shown, "only you" in shown) == (False, False)


def test_a_page_with_gaps_is_saved_and_says_how_many(signed_in, response):
    first, second = page("my_questionnaire_page", response.wave, 1), page("my_questionnaire_page", response.wave, 2)

    gaps = signed_in.post(first, {"csrfmiddlewaretoken": "as a browser sends"}, follow=True)
    assert (gaps.redirect_chain, "5 statements are unanswered on page 1." in gaps.text) == ([(second, 302)], True)
    *most, last = (item.id for item in pages_of(response)[0])
    assert "1 statement is unanswered" in signed_in.post(first, dict.fromkeys(most, "4"), follow=True).text
    assert "unanswered" not in signed_in.post(first, {last: "none"}, follow=True).text


def test_my_learning_says_where_everything_stands(signed_in, wave, cohort, amara_place):
    after_wave(cohort)
    shown = signed_in.get(reverse("my_learning")).text
    assert "Not answered, and closed since the next one opened" in shown
    assert "Answer the questionnaire at the last module" in shown
    assert ("No goals yet" in shown, "Not begun yet" in shown) == (True, True)


def test_an_extension_gives_longer_for_the_first_questionnaire(wave, amara_place):
    amara_place.extensions.create(what="onboarding_due", until=date(2026, 10, 1), reason="Ill", given_at=NOW)

    assert asked_of(amara_place)[0].due_on == date(2026, 10, 1)


def test_somebody_without_a_place_has_no_learning_pages(client, otto, wave):
    client.force_login(otto)
    for name in ("my_learning", "my_plan", "my_goal_new", "my_contract"):
        assert client.get(reverse(name)).status_code == 404


def test_a_graduate_answers_half_a_year_later(client, cohort):
    place = PlaceFactory(cohort=cohort, status="graduated", graduated_at=datetime(2027, 7, 15, tzinfo=UTC))
    wave = WaveFactory(cohort=cohort, kind="later", opens_on=date(2027, 2, 1), due_on=date(2027, 3, 20))
    client.force_login(place.person)

    assert client.post(page("my_questionnaire", wave)).url == page("my_questionnaire_page", wave, 1)
