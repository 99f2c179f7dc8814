"""Matching day and coaching groups on the office's screens, by role and label."""

import re
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from leaders.outbox.models import Message
from leaders.people.models import Person
from mentoring.actions import (
    answer_review,
    confirm_match,
    declare_conflict,
    form_groups,
    invite_mentor,
    lock,
    opt_out,
    propose_match,
    record_meeting,
    state_preferences,
    turn_dial,
    volunteer,
)
from mentoring.models import (
    Coach,
    CoachingGroup,
    CoachingGroupMember,
    Conflict,
    Dial,
    MatchRun,
    MenteeProfile,
    Mentor,
    MentoringRules,
    Mentorship,
)
from mentoring.office.story import AimChanged, Story
from mentoring.today import conflicts, groups, matchings, silence, talks, thanks, training, volunteers
from mentoring.wording import percent
from tests.browsers import sign_in
from tests.cohorts.factories import CohortFactory, PlaceFactory
from tests.mentoring.factories import MATCHING_DAY, CoachFactory, MenteeFactory, MentorFactory, crowd
from tests.people.factories import PersonFactory
from tests.spending import spending

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_matching_day(time_machine):
    time_machine.move_to(MATCHING_DAY)


@pytest.fixture
def office(client, rosalind):
    return sign_in(client, rosalind)


@pytest.fixture
def three(cohort, known_criteria):
    keys = ("theme-politics", "theme-system", "service-housing")
    names = ("Ada One", "Ben Two", "Cy Three")
    places = [
        MenteeFactory(place=PlaceFactory(cohort=cohort, person__name=name), wants={key: 4}).place
        for name, key in zip(names, keys, strict=True)
    ]
    mentors = [
        MentorFactory(offers={key: 4}, person__name=name)
        for key, name in zip(keys, ("Xu Alpha", "Yan Beta", "Zoe Gamma"), strict=True)
    ]
    return places, mentors


def url(name, *args):
    return reverse(f"admin:mentoring_{name}", args=args)


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def do(office, cohort, **posted):
    """Press a button of the proposal that is open, as its page would."""
    seen = cohort.match_runs.filter(state__in=["waiting", "proposed"]).values_list("pk", flat=True).first()
    return office.post(url("match", cohort.pk), {"run": seen or "", **posted}, follow=True)


def test_matching_begins_with_what_there_is_and_one_button(office, cohort, three):
    page = office.get(url("match", cohort.pk))

    assert "3 of 3 people would like a mentor" in words(page)
    assert "3 seats free with 3 mentors" in words(page)
    assert "Propose a matching" in page.text


def test_the_proposal_shows_headline_proof_dial_and_every_pair(office, cohort, three):
    page = words(do(office, cohort, do="propose"))

    for said in ("Matched 3 of 3.", "Lowest fit 100%",
                 "Proved best No other matching that the rules allow serves these aims better.",
                 "Fairness dial", "Best total",
                 "Ada One", "Xu Alpha", "Working with politicians", "both rather be together: 0"):  # fmt: skip
        assert said in page
    assert not Message.objects.exists()


def test_a_lock_is_one_button_and_its_difference_is_shown(office, cohort, three):
    places, mentors = three
    do(office, cohort, do="propose")

    page = words(do(office, cohort, do="lock", place=places[0].pk, mentor=mentors[1].pk))

    assert "What this changed" in page
    assert "Ada One: Xu Alpha → Yan Beta" in page
    assert "Worse Lowest fit: 100% → 0%" in page
    page = words(do(office, cohort, do="undo"))
    assert "One step back." in page
    assert "What this changed" not in page


def test_a_pairs_page_shows_parts_rules_and_what_the_next_best_cost(office, cohort, three, rosalind):
    places, mentors = three
    state_preferences(place=places[0], mentors=[mentors[1], mentors[0]], by=places[0].person, now=MATCHING_DAY)
    run = propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY)

    page = words(office.get(url("match_pair", cohort.pk, places[0].pk)))

    pair = run.pairs.get(place=places[0])
    assert f"Together {percent(pair.fit)}% 100%" in page
    assert "Kept Different organisations" in page
    assert pair.mentor == mentors[0]
    assert "Ada’s second choice" in page
    assert "Choose Yan Beta" in page
    assert "Choose Zoe Gamma" in page
    assert "What it costs" in page


def test_reasons_are_not_invented_for_somebody_who_left_open_what_they_look_for(office, cohort, mentor):
    place = MenteeFactory(place=PlaceFactory(cohort=cohort, person__name="Ada One"), wants={}).place

    assert "They left open what they look for" in words(do(office, cohort, do="propose"))
    page = words(office.get(url("match_pair", cohort.pk, place.pk)))
    assert "Ada left open what they look for, so each thing counts as the office weighs it." in page
    assert "What Ada looks for" not in page


def test_undo_is_not_offered_where_there_is_nothing_to_go_back_to(office, cohort, three):
    places, mentors = three
    do(office, cohort, do="propose")
    assert ">Undo<" in do(office, cohort, do="lock", place=places[0].pk, mentor=mentors[1].pk).text

    MatchRun.objects.filter(number=1).update(problem_text="")  # somebody in it was erased

    assert ">Undo<" not in office.get(url("match", cohort.pk)).text
    assert "There is nothing to undo" in words(do(office, cohort, do="undo"))


def test_a_vetoed_pair_is_listed_and_let_go(office, cohort, three):
    places, mentors = three
    do(office, cohort, do="propose")
    page = words(
        do(office, cohort, do="veto", place=places[0].pk, mentor=mentors[0].pk, reason="Neighbours", at=places[0].pk)
    )
    assert "Ada One" in page

    assert "Neighbours" in words(office.get(url("match", cohort.pk)))
    do(office, cohort, do="let_go", place=places[0].pk, mentor=mentors[0].pk)
    assert MatchRun.objects.get(state="proposed").pairs.get(place=places[0]).mentor == mentors[0]


def test_a_veto_without_a_reason_is_asked_for_one(office, cohort, three):
    places, mentors = three
    do(office, cohort, do="propose")

    page = words(do(office, cohort, do="veto", place=places[0].pk, mentor=mentors[0].pk, at=places[0].pk))

    assert "Give a reason for keeping them apart" in page
    assert MatchRun.objects.count() == 1


def test_a_participant_is_kept_with_a_resting_mentor_from_their_page_for_a_reason(office, cohort, three):
    """Nobody proposed the two, and the rule that forbids them stands on no list of alternatives."""
    places, _ = three
    resting = MentorFactory(person__name="Rhea Resting", resting_until=date(2027, 1, 4))
    do(office, cohort, do="propose")
    pair = {"do": "lock", "place": places[0].pk, "mentor": resting.pk, "at": places[0].pk}

    page = do(office, cohort, **pair)
    assert "goes against a rule (resting)" in page.text
    assert f'<option value="{resting.pk}" selected>' in page.text
    page = do(office, cohort, **pair, reason="She agreed by phone")

    assert "Together with Rhea Resting She agreed by phone" in words(page)
    assert MatchRun.objects.get(state="proposed").pairs.get(place=places[0]).mentor == resting


def test_somebody_without_a_mentor_is_kept_apart_from_one_on_their_page(office, cohort, known_criteria):
    mentor = MentorFactory(person__name="Una Trained", trained=False)
    place = MenteeFactory(place=PlaceFactory(cohort=cohort, person__name="Ada One")).place
    do(office, cohort, do="propose")

    page = words(office.get(url("match_pair", cohort.pk, place.pk)))
    assert "Rule on Ada and a mentor" in page
    do(office, cohort, do="veto", place=place.pk, mentor=mentor.pk, at=place.pk, reason="Neighbours")

    assert "Apart from Una Trained Neighbours" in words(office.get(url("match_pair", cohort.pk, place.pk)))


def test_what_was_typed_stays_on_the_page_when_it_is_refused(office, cohort, three):
    places, mentors = three
    do(office, cohort, do="propose")
    Mentor.objects.filter(pk=mentors[1].pk).update(active=1)
    at = {"place": places[0].pk, "at": places[0].pk, "reason": "They asked for it"}

    page = do(office, cohort, do="lock", mentor=mentors[1].pk, **at)
    assert 'name="reason" size="36" value="They asked for it"' in page.text
    assert f'<option value="{mentors[1].pk}" selected>' in page.text
    page = do(office, cohort, do="swap", other=places[1].pk, **at)

    assert 'id="swap-reason" name="reason" size="36" value="They asked for it"' in page.text
    assert f'<option value="{places[1].pk}" selected>' in page.text


def test_two_people_change_mentors_from_a_pairs_page(office, cohort, three):
    places, mentors = three
    do(office, cohort, do="propose")

    do(office, cohort, do="swap", place=places[0].pk, other=places[2].pk, at=places[0].pk)

    assert MatchRun.objects.get(state="proposed").pairs.get(place=places[0]).mentor == mentors[2]


def test_what_if_a_mentor_drops_out_changes_nothing_until_it_is_chosen(office, cohort, three):
    _, mentors = three
    do(office, cohort, do="propose")
    page = words(office.get(url("match_what_if", cohort.pk), {"mentor": mentors[0].pk}))
    assert "Then 2 of 3 would be matched" in page
    assert MatchRun.objects.count() == 1

    page = words(do(office, cohort, do="leave_out", mentor=mentors[0].pk))

    assert "Xu Alpha is left out this time" in page
    assert "Matched 3 of 3" in words(do(office, cohort, do="bring_back", mentor=mentors[0].pk))


def test_somebody_without_a_mentor_has_the_exact_reason_the_group_and_a_cure(office, cohort, known_criteria):
    mentor = MentorFactory(person__name="Only One")
    MentorFactory(person__name="Una Trained", trained=False)
    for name in ("Ada One", "Ben Two"):
        MenteeFactory(place=PlaceFactory(cohort=cohort, person__name=name))

    page = words(do(office, cohort, do="propose"))

    assert "1 of 2 mentors: not trained in the last 24 months" in page
    assert "compete for 1 seat with Only One" in page
    assert "Ada One, Ben Two" in page
    assert "Train Una Trained" in page
    assert mentor.person.name in page


def test_the_dial_says_what_each_setting_prefers_and_what_is_poor(office, cohort, three):
    page = words(do(office, cohort, do="propose"))

    assert "A match is called poor with a fit below 50%, worst of all below 25%." in page
    for said in ("Prefers the highest average.", "whoever is matched worst", "as few poor matches as can be"):
        assert said in page


def test_the_proposal_speaks_plainly_and_keeps_fingerprints_for_the_record(office, cohort, three):
    page = do(office, cohort, do="propose").text

    for jargon in ("points in all", "pairs checked", "unevenness", "engine"):
        assert jargon not in page
    assert page.index("For the record") < page.index(MatchRun.objects.get().input_hash[:12])


def test_the_office_sees_who_has_not_said_and_who_would_rather_not_and_can_write(office, cohort, three):
    silent = PlaceFactory(cohort=cohort, person__name="Sol Silent").person
    places, _ = three
    opt_out(place=places[2], by=places[2].person, now=MATCHING_DAY)

    for press in (None, "propose"):
        page = do(office, cohort, do=press) if press else office.get(url("match", cohort.pk))
        assert f'Sol Silent: <a href="mailto:{silent.email}">' in page.text
        assert "Who would rather not Cy Three" in words(page)


def test_turning_the_dial_is_one_button(office, cohort, three):
    do(office, cohort, do="propose")

    do(office, cohort, do="dial", dial="total")

    assert MatchRun.objects.get(state="proposed").dial_order == "total"
    assert "Choose one of the three settings" in words(do(office, cohort, do="dial", dial="upwards"))


def test_two_proposals_stand_side_by_side(office, cohort, three, rosalind):
    places, mentors = three
    one = propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    other = lock(run=one, place=places[0], mentor=mentors[1], by=rosalind, now=MATCHING_DAY)

    page = words(office.get(url("match_compare", cohort.pk), {"one": one.pk, "other": other.pk}))

    assert "Differs" in page
    assert "of 3 people differ" in page


def test_two_people_of_one_name_stand_side_by_side_each_in_a_row(office, cohort, three, rosalind):
    places, mentors = three
    Person.objects.filter(pk__in=[place.person_id for place in places]).update(name="Ada One")
    one = propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    other = lock(run=one, place=places[0], mentor=mentors[1], by=rosalind, now=MATCHING_DAY)

    page = words(office.get(url("match_compare", cohort.pk), {"one": one.pk, "other": other.pk}))

    assert "2 of 3 people differ." in page


def test_nobody_of_a_long_proposal_is_without_a_link(office, cohort, three, monkeypatch):
    places, mentors = three
    Mentor.objects.filter(pk=mentors[0].pk).update(capacity=3)
    extra = [MenteeFactory(place=PlaceFactory(cohort=cohort, person__name=f"Extra {n}")).place for n in range(5)]
    monkeypatch.setattr("mentoring.office.matching.PAIRS_SHOWN", 1)
    monkeypatch.setattr("mentoring.actions.questions.LEFT_SHOWN", 1)

    page = do(office, cohort, do="propose").text

    assert "And 4 more with the same or a higher fit" in page
    assert "And 2 more, each with the reason on their page" in page
    for place in (*places, *extra):
        assert url("match_pair", cohort.pk, place.pk) in page


def test_more_people_matched_is_better_whatever_else_is_worse(office, cohort, three, rosalind):
    places, _ = three
    MenteeProfile.objects.exclude(place=places[0]).update(choice="out")
    one = propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    MenteeProfile.objects.update(choice="in")
    MenteeProfile.objects.filter(place=places[1]).update(wants={"step-director": 4})
    other = propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY)

    there = words(office.get(url("match_compare", cohort.pk), {"one": one.pk, "other": other.pk}))
    back = words(office.get(url("match_compare", cohort.pk), {"one": other.pk, "other": one.pk}))

    whole = "on the whole : the first line decides."
    assert f"Better {whole} Better People matched: 1 → 3 Worse Lowest fit: 100% → 0%" in there
    assert f"Worse {whole} Worse People matched: 3 → 1 Better Lowest fit: 0% → 100%" in back
    assert "evenly" not in there + back


def test_the_lowest_fit_is_compared_also_with_a_setting_that_did_not_seek_it(rosalind, cohort, known_criteria):
    crowd(cohort, 40, seed=5)
    sought = propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    total = turn_dial(run=sought, dial=Dial.TOTAL, by=rosalind, now=MATCHING_DAY)
    one, other = Story(sought), Story(total)
    lowest = [story.headline["minimum"] for story in (one, other)]
    assert lowest[0] > lowest[1]

    there, back = other.changed(sought), one.changed(total)

    assert there.aims[0] == AimChanged(f"lowest fit: {lowest[0]}% → {lowest[1]}%", better=False)
    assert back.aims[0] == AimChanged(f"lowest fit: {lowest[1]}% → {lowest[0]}%", better=True)
    assert (there.better, back.better) == (False, True)
    for aim in (*there.aims, *back.aims):
        before, _, after = aim.words.rpartition(": ")[2].partition(" → ")
        assert before != after


def test_two_proposals_of_the_same_figures_are_called_the_same(office, cohort, three, rosalind):
    one = propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    other = propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY)

    page = words(office.get(url("match_compare", cohort.pk), {"one": one.pk, "other": other.pk}))

    assert "The same Every figure is as before." in page
    assert "Better" not in page
    assert "Worse" not in page


def test_the_record_of_a_proposal_says_what_went_in_what_came_out_and_checks_the_proof(office, cohort, three, rosalind):
    places, mentors = three
    run = propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    run = lock(run=run, place=places[0], mentor=mentors[0], by=rosalind, now=MATCHING_DAY)
    page = words(office.get(url("matchrun_change", run.pk)))

    for said in (
        run.input_hash, run.result_hash, "Together: Ada One and Xu Alpha (Rosalind Tate)", "housing: 2",
        "a mentor they named: 4", "people without a mentor: 0", "lowest fit: 100%", "It holds: checked again just now",
        "ortools",
    ):  # fmt: skip
        assert said in page

    outcome = run.outcome
    outcome["certificate"]["proofs"][0]["value"] -= 1
    MatchRun.objects.filter(pk=run.pk).update(outcome=outcome)
    assert "It does not hold" in words(office.get(url("matchrun_change", run.pk)))


def test_the_record_stays_when_somebody_in_it_was_erased_and_one_stopped_says_so(office, cohort, three, rosalind):
    run = propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    MatchRun.objects.filter(pk=run.pk).update(problem_text="")
    page = words(office.get(url("matchrun_change", run.pk)))
    assert "its hash and the answer stay" in page
    assert run.result_hash in page

    MatchRun.objects.filter(pk=run.pk).update(outcome={}, state="stopped", solved_at=None)
    assert "Not solved" in words(office.get(url("matchrun_change", run.pk)))


def test_confirming_names_everybody_first_and_then_tells_them(office, cohort, three):
    do(office, cohort, do="propose")
    confirm = url("match_confirm", cohort.pk) + f"?run={MatchRun.objects.get().pk}"
    page = words(office.get(confirm))
    for name in ("Ada One with Xu Alpha", "Ben Two with Yan Beta", "Cy Three with Zoe Gamma"):
        assert name in page
    assert not Message.objects.exists()

    office.post(confirm, {"confirmed": "yes"})

    assert Mentorship.objects.count() == 3
    assert Message.objects.count() == 6


def test_a_conflict_that_names_nobody_plainly_is_on_the_proposal_and_confirming_asks_why(office, cohort, three):
    places, _ = three
    conflict = declare_conflict(by=places[0].person, now=MATCHING_DAY, whom="The auditor", reason="canary-reason")
    page = do(office, cohort, do="propose")
    assert "1 declared conflict of people matched here does not say plainly who is meant." in words(page)
    assert url("conflict_settle", conflict.pk) in page.text

    confirm = url("match_confirm", cohort.pk) + f"?run={MatchRun.objects.get().pk}"
    page = office.post(confirm, {"confirmed": "yes"})
    assert "Ada One cannot be matched with “The auditor”: nobody has said yet who that is" in words(page)
    assert "Give a reason." in page.text
    assert "canary-reason" not in page.text
    office.post(confirm, {"confirmed": "yes", "reason": "An auditor of ours, no mentor"})

    assert Mentorship.objects.count() == 3


def test_nobody_confirms_a_proposal_that_another_director_has_changed_meanwhile(office, cohort, three, rosalind):
    places, mentors = three
    seen = propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    lock(run=seen, place=places[0], mentor=mentors[1], by=rosalind, now=MATCHING_DAY)

    for given in ({}, {"run": seen.pk}):
        page = office.post(url("match_confirm", cohort.pk) + f"?{urlencode(given)}", {"confirmed": "yes"}, follow=True)
        assert "confirmed or replaced meanwhile" in page.text
    assert not Mentorship.objects.exists()


def test_a_second_click_changes_nothing_more(office, cohort, three):
    for _ in range(2):
        office.post(url("match", cohort.pk), {"do": "propose", "run": ""})
    places, mentors = three
    seen = MatchRun.objects.get()
    twice = {"do": "lock", "run": seen.pk, "place": places[0].pk, "mentor": mentors[1].pk}

    for _ in range(2):
        page = office.post(url("match", cohort.pk), twice, follow=True)

    assert "confirmed or replaced meanwhile" in page.text
    assert [run.number for run in MatchRun.objects.order_by("number")] == [1, 2]


def test_a_refusal_is_said_on_the_same_page(office, cohort, three):
    places, mentors = three
    do(office, cohort, do="propose")
    Mentor.objects.filter(pk=mentors[1].pk).update(active=1)

    page = words(do(office, cohort, do="lock", place=places[0].pk, mentor=mentors[1].pk))

    assert "has no free place" in page


@pytest.mark.parametrize(
    "posted",
    [
        {"do": "lock"},
        {"do": "lock", "place": "x", "mentor": "1"},
        {"do": "leave_out", "mentor": "0"},
        {"do": "leave_out", "mentor": "\N{SUPERSCRIPT TWO}"},
    ],
)
def test_a_mangled_button_is_not_found_and_nothing_breaks(office, cohort, three, posted):
    do(office, cohort, do="propose")
    assert do(office, cohort, **posted).status_code == 404


def test_an_unknown_button_and_a_proposal_that_is_gone_are_said_kindly(office, cohort, three):
    assert "There is no open proposal" in words(do(office, cohort, do="undo"))
    do(office, cohort, do="propose")
    assert "Choose one of the buttons" in words(do(office, cohort, do="dance"))
    do(office, cohort, do="discard")
    assert office.get(url("match_pair", cohort.pk, three[0][0].pk)).status_code == 302


def test_nobody_but_the_office_opens_its_screens(client, cohort, three, amara, joanne, priya, otto):
    screens = [url("matches"), url("match", cohort.pk), url("supply"), url("conflicts"), url("coaching_boards"),
               url("coaching_board", cohort.pk), url("match_confirm", cohort.pk)]  # fmt: skip
    for person in (amara, joanne, priya, otto):
        client.force_login(person)
        assert {client.get(screen).status_code for screen in screens} == {302}


def test_every_screen_opens_for_the_administrator(client, adjoa, cohort, three, mentor, miriam):
    office = sign_in(client, adjoa)
    screens = [url("matches"), url("match", cohort.pk), url("supply"), url("conflicts"), url("coaching_boards"),
               url("coaching_board", cohort.pk), url("mentor_invite"), url("mentor_training", mentor.pk),
               *(url(f"{name}_changelist") for name in ("mentor", "matchrun", "mentorship", "matchcriterion", "coach",
                                                         "coachinggroup", "mentoringrules", "servicerecord")),
               url("mentor_change", mentor.pk)]  # fmt: skip
    assert {office.get(screen).status_code for screen in screens} == {200}


def test_the_proposal_costs_the_same_with_thirty_cohorts(office, cohort, three):
    do(office, cohort, do="propose")
    office.get(url("match", cohort.pk))
    with spending() as before:
        office.get(url("match", cohort.pk))
    for number in range(29):
        MenteeFactory(place=PlaceFactory(cohort=CohortFactory(starts_on=date(2020, 9, 15) + timedelta(days=number))))
    with spending() as after:
        office.get(url("match", cohort.pk))
    assert after == before


def test_reasons_and_what_people_share_are_nowhere_in_the_office(office, cohort, three, mentor):
    places, mentors = three
    canary = "canary-11cd"
    for place in places:
        place.mentee_profile.shares_words = f'["{canary}-share"]'
        place.mentee_profile.looking_for = f"{canary}-hope"
        place.mentee_profile.save()
    mentors[0].shares_words = f'["{canary}-share"]'
    mentors[0].save()
    for person in (places[0].person, mentors[1].person):
        declare_conflict(by=person, now=MATCHING_DAY, whom="Somebody unknown", reason=f"{canary}-reason")
    do(office, cohort, do="propose")
    screens = [url("match", cohort.pk), url("conflicts"), url("supply"), url("matchrun_changelist"),
               url("match_pair", cohort.pk, places[0].pk), url("match_confirm", cohort.pk),
               url("mentor_change", mentors[0].pk), url("matchrun_change", MatchRun.objects.get().pk)]  # fmt: skip

    assert [screen for screen in screens if canary in office.get(screen).text] == []


# Mentors in the office


def test_supply_stands_beside_demand(office, cohort, three):
    MentorFactory(trained=date(2024, 11, 20), person__name="Tia Due")
    page = words(office.get(url("supply")))

    assert "4 mentors with 4 free seats" in page
    assert "Tia Due Good until Friday 20 November 2026" in page


def test_supply_serves_all_cohorts_together_and_marks_a_theme_that_is_short(office, cohort, three):
    MentorFactory(trained=False)
    places, _ = three
    MenteeProfile.objects.filter(place=places[1]).update(wants={"theme-politics": 4})
    CohortFactory(starts_on=date(2026, 9, 16))

    page = words(office.get(url("supply")))

    assert "4 mentors with 3 free seats today, 1 of them to be trained first." in page
    assert "The same 3 free seats serve all cohorts together." in page
    assert page.count("Enough") + page.count("seats too few") == 1
    assert "Working with politicians 1 too few 2 1 1" in page
    assert "3 seats free with 4 mentors, 1 of them to be trained first." in words(office.get(url("match", cohort.pk)))


def test_a_theme_is_not_short_once_those_who_look_for_it_are_matched(office, cohort, three, rosalind):
    confirm_match(run=propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY), by=rosalind, now=MATCHING_DAY)

    page = words(office.get(url("supply")))

    assert "Working with politicians 0 1 0" in page
    assert "Enough" in page


def test_the_office_can_write_to_both_of_a_silent_pair(office, mentorship, time_machine, amara, joanne):
    joanne.phone = "020 7946 0911"
    joanne.save()
    time_machine.move_to(MATCHING_DAY + timedelta(days=60))
    sign_in(office, mentorship.cohort.contact)

    page = office.get(url("mentorship_changelist") + "?silent=60").text

    assert f'href="mailto:{amara.email}"' in page
    assert f'href="mailto:{joanne.email}">{joanne.email}</a>, 020 7946 0911' in page


def test_the_office_finds_the_silent_pairs_in_the_list(office, mentorship, cohort, time_machine):
    time_machine.move_to(MATCHING_DAY + timedelta(days=60))
    sign_in(office, cohort.contact)
    silent = url("mentorship_changelist") + "?silent="

    assert "Amara Mensah" in words(office.get(silent + "60"))
    for days in ("61", "many", "9" * 30):
        assert "1 mentorship" in words(office.get(silent + days))
    record_meeting(
        mentorship=mentorship, on=date(2026, 12, 1), mode="video", by=mentorship.place.person,
        now=MATCHING_DAY + timedelta(days=60),
    )  # fmt: skip
    assert "Nothing matches" in words(office.get(silent + "30"))


def test_demand_counts_each_cohort_by_itself_at_the_same_cost(office, cohort, three, mentor, rosalind):
    matched_now = propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    confirm_match(run=matched_now, by=rosalind, now=MATCHING_DAY)
    opt_out(place=(without := PlaceFactory(cohort=cohort)), by=without.person, now=MATCHING_DAY)
    PlaceFactory(cohort=cohort)
    office.get(url("supply"))
    with spending() as alone:
        page = words(office.get(url("supply")))
    assert re.search(r"Cohort 7 3 1 ", page)

    for number in range(8):
        PlaceFactory(cohort=CohortFactory(starts_on=date(2026, 9, 16) + timedelta(days=number)))
    with spending() as among_others:
        office.get(url("supply"))
    assert among_others.queries == alone.queries


def test_somebody_is_asked_approved_and_trained_from_the_office(office, known_criteria):
    office.post(url("mentor_invite"), {"email": "new.mentor@example.org", "name": "Nia New"})
    mentor = Mentor.objects.get()
    assert Message.objects.get().to_email == "new.mentor@example.org"
    volunteer(person=mentor.person, by=mentor.person, now=MATCHING_DAY, offer="Short questions")

    assert "Short questions" in office.get(url("mentor_approve", mentor.pk)).text
    office.post(url("mentor_approve", mentor.pk), {"confirmed": "yes"})
    office.post(url("mentor_training", mentor.pk), {"kind": "full", "on": "2026-10-12"})

    mentor.refresh_from_db()
    assert (mentor.status, mentor.trainings.get().on) == ("approved", date(2026, 10, 12))


def test_training_ahead_is_pointed_out_on_the_form(office, mentor):
    page = office.post(url("mentor_training", mentor.pk), {"kind": "refresher", "on": "2030-01-01"})

    assert "Record training when it has taken place" in page.text


def test_a_conflict_in_words_is_settled_without_its_reason(office, amara, mentor):
    conflict = declare_conflict(by=amara, now=MATCHING_DAY, whom="Joanne from Hackney", reason="canary-reason")
    page = office.get(url("conflict_settle", conflict.pk))
    assert "Joanne from Hackney" in page.text
    assert "canary-reason" not in page.text

    assert "We know nobody" in office.post(url("conflict_settle", conflict.pk), {"email": "no@example.org"}).text
    office.post(url("conflict_settle", conflict.pk), {"email": mentor.person.email})

    assert Conflict.objects.get().person == mentor.person


def test_the_office_ends_a_mentorship_with_a_reason(office, mentorship):
    page = office.post(url("mentorship_end", mentorship.pk), {"confirmed": "yes"})
    assert "Give a reason" in page.text

    office.post(url("mentorship_end", mentorship.pk) + "?rematch=yes", {"confirmed": "yes", "reason": "Both asked"})

    assert Mentorship.objects.get().ending == "ended"
    assert MatchRun.objects.filter(state="proposed").exists()


# Today


def test_today_asks_for_a_matching_then_for_its_confirmation(cohort, three, rosalind):
    assert matchings(rosalind, MATCHING_DAY)[0].sentence == "3 people wait for a mentor in Cohort 7"

    propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY)

    assert [need.sentence for need in matchings(rosalind, MATCHING_DAY)] == ["A matching of Cohort 7 is proposed"]


def test_today_says_of_a_matching_day_gone_by_that_it_was(cohort, three, rosalind):
    late = matchings(rosalind, MATCHING_DAY + timedelta(days=90))[0]

    assert (late.late, late.detail.startswith("Everybody was to be matched on ")) == (True, True)


def test_a_proposal_says_first_how_many_it_leaves_out_because_they_asked_later(office, cohort, three, rosalind):
    places, _ = three
    MenteeProfile.objects.exclude(place=places[0]).update(choice="out")
    propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    assert "does not cover" not in office.get(url("match", cohort.pk)).text
    MenteeProfile.objects.update(choice="in")

    page = words(office.get(url("match", cohort.pk)))
    assert "2 people wait whom this proposal does not cover : Ben Two, Cy Three. Propose for all 3" in page
    assert "2 people wait whom it does not cover" in matchings(rosalind, MATCHING_DAY)[0].detail

    assert "Matched 3 of 3." in words(do(office, cohort, do="propose"))
    assert "does not cover" not in matchings(rosalind, MATCHING_DAY)[0].detail


def test_today_costs_as_many_queries_with_five_cohorts_waiting(cohort, three, rosalind):
    with spending() as alone:
        assert len(matchings(rosalind, MATCHING_DAY)) == 1
    for number in range(4):
        MenteeFactory(place=PlaceFactory(cohort=CohortFactory(starts_on=date(2026, 9, 16) + timedelta(days=number))))

    with spending() as five:
        assert len(matchings(rosalind, MATCHING_DAY)) == 5
    assert five.queries == alone.queries


def test_today_leaves_out_cohorts_in_which_everybody_is_matched_or_nobody_mentors(cohort, mentorship, rosalind):
    other = MenteeFactory().place
    MentoringRules.objects.create(programme=other.cohort.programme, has_mentoring=False)

    assert matchings(rosalind, MATCHING_DAY) == []


def test_today_counts_mentors_to_be_trained_in_one_query(rosalind, mentor):
    MentorFactory(trained=False)
    MentorFactory(trained=date(2024, 11, 11))
    MentorFactory(trained=date(2024, 11, 12))
    MentorFactory(trained=False, active=1)  # busy anyway: not counted

    with spending() as spent:
        need = training(rosalind, MATCHING_DAY)

    assert (need.sentence, spent.queries) == ("2 mentors need training before they can be matched", 1)


def test_today_names_pairs_that_have_been_silent_for_sixty_days(mentorship, amara, rosalind):
    record_meeting(mentorship=mentorship, on=MATCHING_DAY.date(), mode="video", by=amara, now=MATCHING_DAY)

    assert silence(rosalind, MATCHING_DAY + timedelta(days=59)) is None
    need = silence(rosalind, MATCHING_DAY + timedelta(days=60))
    assert (need.sentence, need.detail) == ("1 pair has not met for 60 days", "Amara Mensah and Joanne Whitfield")


def test_today_is_quiet_when_there_is_nothing(rosalind, db):
    parts = (matchings, volunteers, conflicts, silence, talks, training, groups, thanks)
    assert not any(part(rosalind, MATCHING_DAY) for part in parts)


def test_today_says_who_offered_whose_training_ends_and_which_conflict_is_unclear(rosalind, mentor, amara, graduate):
    declare_conflict(by=amara, now=MATCHING_DAY, whom="Somebody")
    volunteer(person=graduate, by=graduate, now=MATCHING_DAY)
    MentorFactory(trained=False)

    assert volunteers(rosalind, MATCHING_DAY).count == 1
    assert conflicts(rosalind, MATCHING_DAY).late
    assert training(rosalind, MATCHING_DAY).count == 1


@pytest.fixture
def graduate(rosalind, db):
    person = PersonFactory()
    invite_mentor(person=person, by=rosalind, now=MATCHING_DAY)
    return person


def test_today_says_who_would_like_to_talk_and_never_to_the_other(mentorship, amara, rosalind):
    record_meeting(mentorship=mentorship, on=MATCHING_DAY.date(), mode="video", by=amara, now=MATCHING_DAY)
    answer_review(mentorship=mentorship, kind="middle", going="not", wants_to_talk=True, by=amara, now=MATCHING_DAY)

    need = talks(rosalind, MATCHING_DAY)[0]
    assert need.sentence == "Amara Mensah would like to talk about mentoring"
    assert need.detail.startswith("Paired with Joanne Whitfield. amara.mensah@example.org")


def test_whoever_talks_to_them_sees_how_to_reach_them_and_with_whom_they_are_paired(office, mentorship, amara):
    record_meeting(mentorship=mentorship, on=MATCHING_DAY.date(), mode="video", by=amara, now=MATCHING_DAY)
    review = answer_review(
        mentorship=mentorship, kind="middle", going="not", wants_to_talk=True, by=amara, now=MATCHING_DAY
    )

    page = office.get(url("review_talked", review.pk))

    assert 'href="mailto:amara.mensah@example.org"' in page.text
    assert "Paired with Joanne Whitfield, in Cohort 7." in words(page)


# Coaching groups


@pytest.fixture
def twelve(cohort, db):
    for _ in range(2):
        CoachFactory()
    return [PlaceFactory(cohort=cohort) for _ in range(12)]


def test_groups_are_proposed_shown_with_reasons_and_confirmed_by_name(office, cohort, twelve):
    board = url("coaching_board", cohort.pk)
    page = words(office.post(board, {"do": "propose"}, follow=True))
    assert "12 people in two groups of six." in page
    assert "nobody meets a colleague or line manager" in page
    assert not Message.objects.exists()

    assert "Coaching group 1, " in words(office.get(url("coaching_confirm", cohort.pk)))
    office.post(url("coaching_confirm", cohort.pk), {"confirmed": "yes"})

    assert CoachingGroup.objects.confirmed().count() == 2
    assert Message.objects.count() == 14


def test_somebody_is_kept_moved_and_a_group_given_another_coach(office, cohort, twelve, rosalind):
    form_groups(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    board = url("coaching_board", cohort.pk)
    member = CoachingGroupMember.objects.filter(group__number=1).first()
    second, coach = CoachingGroup.objects.get(number=2), CoachFactory()

    office.post(board, {"do": "move", "place": member.place_id, "group": second.pk})
    office.post(board, {"do": "coach", "group": second.pk, "coach": coach.pk})

    member.refresh_from_db()
    second.refresh_from_db()
    assert (member.group, member.locked, second.coach) == (second, True, coach)
    assert "may be moved" in words(office.post(board, {"do": "lock", "member": member.pk}, follow=True))


def test_a_move_that_needs_a_reason_asks_for_it_beside_the_person(office, cohort, twelve, rosalind):
    form_groups(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    board = url("coaching_board", cohort.pk)
    member = CoachingGroupMember.objects.filter(group__number=1).select_related("place").first()
    second = CoachingGroup.objects.get(number=2)
    member.place.line_manager = second.members.first().place.person
    member.place.save()
    move = {"do": "move", "place": member.place_id, "group": second.pk}
    assert 'name="reason"' not in office.get(board).text

    page = office.post(board, move)
    assert f'id="reason-{member.place_id}" name="reason"' in page.text
    assert page.text.count('name="reason"') == 1
    assert "would meet their line manager" in page.text
    office.post(board, {**move, "reason": "They asked for it"})

    member.refresh_from_db()
    assert member.group == second


def test_a_coach_stands_down_in_the_office(office, cohort, twelve, rosalind):
    coach = Coach.objects.first()
    assert url("coach_stand_down", coach.pk) in office.get(url("coach_changelist")).text

    office.post(url("coach_stand_down", coach.pk), {"confirmed": "yes"})

    coach.refresh_from_db()
    assert coach.stood_down_at
    assert url("coach_stand_down", coach.pk) not in office.get(url("coach_changelist")).text


def test_too_few_people_for_a_group_is_said_kindly(office, cohort, miriam):
    CoachFactory(person=miriam)
    PlaceFactory(cohort=cohort)

    page = words(office.post(url("coaching_board", cohort.pk), {"do": "propose"}, follow=True))

    assert "too few for a group" in page


def test_a_coach_is_added_in_the_office(office, miriam):
    office.post(url("coach_add"), {"person": miriam.pk, "groups_at_once": 2, "about": "Listens"})

    assert Coach.objects.get().person == miriam
