"""Matching in the office: proposed, argued with, confirmed by a human; nothing is sent before."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from cohorts.actions import change_line_manager, withdraw_place
from leaders.outbox.models import Message
from leaders.people.models import AuditEvent
from leaders.people.refusals import NotPossible
from mentoring import matching
from mentoring.actions import (
    bring_back,
    confirm_match,
    declare_conflict,
    discard,
    leave_out,
    let_go,
    lock,
    opt_in,
    opt_out,
    propose_match,
    record_meeting,
    rest,
    save_offer,
    stand_down,
    swap,
    turn_dial,
    undo,
    veto,
)
from mentoring.models import Conflict, Dial, MatchRun, MenteeProfile, Mentor, Mentorship
from tests.cohorts.factories import PlaceFactory
from tests.mentoring.factories import MATCHING_DAY, MenteeFactory, MentorFactory, crowd
from tests.people.factories import PersonFactory
from tests.spending import spending

pytestmark = pytest.mark.django_db


@pytest.fixture
def propose(cohort, rosalind):
    def propose(**how):
        return propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY, **how)

    return propose


@pytest.fixture
def three(cohort, known_criteria):
    """Three mentees and three mentors, each with one thing of their own in common."""
    keys = ("theme-politics", "theme-system", "service-housing")
    mentees = [MenteeFactory(place=PlaceFactory(cohort=cohort), wants={key: 4}) for key in keys]
    mentors = [MentorFactory(offers={key: 4}) for key in keys]
    return [mentee.place for mentee in mentees], mentors


def paired(run):
    return {pair.place_id: pair.mentor_id for pair in run.pairs.all()}


def test_the_engine_pairs_those_who_want_and_offer_the_same(propose, three):
    places, mentors = three

    run = propose()

    assert paired(run) == {place.pk: mentor.pk for place, mentor in zip(places, mentors, strict=True)}
    assert [pair.fit for pair in run.pairs.all()] == [4000, 4000, 4000]
    assert (run.state, run.number, run.what) == ("proposed", 1, "Proposed a matching")


def test_a_run_records_its_input_its_hash_and_a_proof_that_the_checker_accepts(propose, three):
    run = MatchRun.objects.get(pk=propose().pk)

    assert matching.problem_hash(run.problem) == run.input_hash
    assert run.result.headline.proved
    assert matching.check(run.problem, run.result)
    assert set(run.dial) == set(Dial.values)


def test_the_parts_of_a_pair_add_up_to_its_fit(propose, mentor, mentee):
    pair = propose().pairs.get()

    assert sum(part["points"] for part in pair.parts) == pair.fit


def test_a_proposal_of_thirty_costs_as_many_queries_as_one_of_three(propose, cohort, known_criteria):
    crowd(cohort, 3)
    propose()
    with spending() as few:
        propose()
    crowd(cohort, 27, seed=8)

    with spending() as many:
        assert propose().pairs.count() == 30
    assert many.queries - few.queries == 1  # the pairs counted just now


def test_the_three_settings_of_the_dial_are_solved_from_one_score(propose, three, monkeypatch):
    score, scored = matching.table, []

    def counted(problem):
        scored.append(problem)
        return score(problem)

    monkeypatch.setattr(matching, "table", counted)

    assert set(propose().dial) == set(Dial.values)
    assert len(scored) == 1


def test_nothing_is_sent_before_the_match_is_confirmed(propose, three, rosalind):
    places, mentors = three
    lock(run=propose(), place=places[0], mentor=mentors[1], by=rosalind, now=MATCHING_DAY)

    assert not Message.objects.exists()
    assert not Mentorship.objects.exists()


def test_confirming_tells_both_why_and_takes_a_seat(propose, mentor, mentee, rosalind):
    made = confirm_match(run=propose(), by=rosalind, now=MATCHING_DAY)

    told = Message.objects.order_by("pk")
    assert [message.to_email for message in told] == ["amara.mensah@example.org", "joanne.whitfield@example.org"]
    assert "You look for somebody who knows about" in told[0].text
    assert "housing" in told[1].text
    mentor.refresh_from_db()
    assert mentor.active == 1
    assert made[0].first_meeting_by == date(2026, 11, 10)


def test_what_both_took_back_since_the_proposal_is_told_to_neither(propose, mentor, mentee, amara, rosalind):
    run = propose()
    opt_in(place=mentee.place, by=amara, now=MATCHING_DAY, wants={"step-director": 2})
    save_offer(mentor=mentor, by=mentor.person, now=MATCHING_DAY, offers={"step-director": 3})

    made = confirm_match(run=run, by=rosalind, now=MATCHING_DAY)[0]

    assert made.why_mentee == "You look for somebody who knows about the step to director. Joanne does."
    assert made.why_mentor == "Amara looks for somebody who knows about the step to director, and you offered it."
    assert "housing" not in "".join(Message.objects.values_list("text", flat=True))


def test_somebody_who_left_open_what_they_look_for_is_given_no_reasons(propose, mentor, amara_place, rosalind):
    MenteeFactory(place=amara_place, wants={})
    run = propose()
    pair = run.pairs.get()
    assert pair.fit > 0
    assert [part["stated"] for part in pair.parts] == [False] * len(pair.parts)

    made = confirm_match(run=run, by=rosalind, now=MATCHING_DAY)[0]

    best = "Of all the matches possible in this cohort, this one leaves everybody best served."
    assert (made.why_mentee, made.why_mentor) == (best, best)


def test_a_match_is_confirmed_once(propose, mentor, mentee, rosalind):
    run = propose()
    stale = MatchRun.objects.get(pk=run.pk)
    confirm_match(run=run, by=rosalind, now=MATCHING_DAY)

    with pytest.raises(NotPossible):
        confirm_match(run=stale, by=rosalind, now=MATCHING_DAY)
    assert Mentorship.objects.count() == 1


def test_a_proposal_that_today_would_be_answered_otherwise_is_not_confirmed(propose, mentor, mentee, rosalind):
    run = propose()
    rest(mentor=mentor, until=date(2027, 1, 4), by=mentor.person, now=MATCHING_DAY)

    with pytest.raises(NotPossible, match="Something has changed"):
        confirm_match(run=run, by=rosalind, now=MATCHING_DAY)
    assert not Message.objects.exists()


def test_a_change_that_leaves_the_pairs_as_they_are_does_not_stop_the_confirmation(propose, mentor, mentee, rosalind):
    run = propose()
    save_offer(mentor=mentor, by=mentor.person, now=MATCHING_DAY, offers={"service-housing": 3, "step-director": 3})

    assert len(confirm_match(run=run, by=rosalind, now=MATCHING_DAY)) == 1


def test_a_seat_that_went_elsewhere_meanwhile_stops_the_whole_confirmation(propose, three, rosalind):
    run = propose()
    Mentor.objects.filter(pk=three[1][1].pk).update(active=1)

    with pytest.raises(NotPossible):
        confirm_match(run=run, by=rosalind, now=MATCHING_DAY)
    assert not Mentorship.objects.exists()
    assert not Message.objects.exists()


def test_the_database_refuses_more_people_than_a_mentor_takes(mentor):
    with pytest.raises(IntegrityError), transaction.atomic():
        Mentor.objects.filter(pk=mentor.pk).update(active=2)


def test_the_database_refuses_a_second_live_mentorship_of_a_place(mentorship):
    other = MentorFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Mentorship.objects.create(
            cohort=mentorship.cohort, place=mentorship.place, mentor=other, told_at=MATCHING_DAY,
            first_meeting_by=date(2026, 11, 10), why_mentee="x", why_mentor="x",
        )  # fmt: skip


def test_who_is_left_waits_with_higher_priority_and_hears_so(propose, mentor, mentee, cohort, rosalind):
    left = MenteeFactory(place=PlaceFactory(cohort=cohort))

    run = propose()
    confirm_match(run=run, by=rosalind, now=MATCHING_DAY)

    waiting = MenteeProfile.objects.get(priority=1)
    assert waiting.pk in {left.pk, mentee.pk}
    assert Message.objects.get(kind="mentoring.not_yet").person == waiting.place.person


def test_who_has_left_the_programme_since_the_proposal_is_not_told_to_wait(propose, mentor, mentee, cohort, rosalind):
    left = MenteeFactory(place=PlaceFactory(cohort=cohort, organisation=mentor.person.organisation))
    run = propose()
    withdraw_place(place=left.place, reason="Moved abroad", by=rosalind, now=MATCHING_DAY)
    Message.objects.all().delete()

    confirm_match(run=run, by=rosalind, now=MATCHING_DAY)

    left.refresh_from_db()
    assert left.priority == 0
    assert not Message.objects.filter(kind="mentoring.not_yet").exists()


def test_waiting_counts_nine_times_at_most_and_until_the_mentorship_begins(propose, mentor, mentee, amara, rosalind):
    MenteeProfile.objects.update(priority=9)
    assert MenteeProfile.objects.come_first() == 1
    mentee.refresh_from_db()
    assert mentee.priority == 9
    made = confirm_match(run=propose(), by=rosalind, now=MATCHING_DAY)[0]

    record_meeting(mentorship=made, on=MATCHING_DAY.date(), mode="video", by=amara, now=MATCHING_DAY)

    mentee.refresh_from_db()
    assert mentee.priority == 0


# Hard rules, from rows


def alone(propose):
    return [pair.mentor_id for pair in propose().pairs.all()]


def test_a_mentor_of_the_same_organisation_is_never_proposed(propose, mentor, mentee, camden):
    mentor.person.organisation = camden
    mentor.person.save()

    assert alone(propose) == [None]


def test_independent_consultants_are_nobodys_colleagues(propose, mentor, mentee, camden):
    camden.kind = "independent"
    camden.save()
    mentor.person.organisation = camden
    mentor.person.save()

    assert alone(propose) == [mentor.pk]


def test_a_line_manager_is_never_proposed(propose, mentor, mentee, amara_place):
    amara_place.line_manager = mentor.person
    amara_place.save()

    assert alone(propose) == [None]


def test_a_line_manager_of_the_past_is_never_proposed(propose, mentor, mentee, amara_place, ade, rosalind):
    for manager in (mentor.person, ade):
        change_line_manager(place=amara_place, line_manager=manager, reason="", by=rosalind, now=MATCHING_DAY)

    assert alone(propose) == [None]


def test_a_mentor_whom_the_participant_manages_is_never_proposed(propose, mentor, mentee, amara):
    PlaceFactory(person=mentor.person, line_manager=amara)

    assert alone(propose) == [None]


@pytest.mark.parametrize("who", ["mentee", "mentor"])
def test_a_conflict_that_either_side_declared_is_respected(propose, mentor, mentee, amara, who):
    one, other = (amara, mentor.person) if who == "mentee" else (mentor.person, amara)
    declare_conflict(by=one, now=MATCHING_DAY, whom=other.email.upper())

    assert alone(propose) == [None]


@pytest.mark.parametrize("who", ["mentee", "mentor"])
def test_a_line_of_management_that_either_side_declared_is_respected(propose, mentor, mentee, amara, who):
    one, other = (amara, mentor.person) if who == "mentee" else (mentor.person, amara)
    declare_conflict(by=one, now=MATCHING_DAY, kind=Conflict.Kind.LINE, person=other)

    assert alone(propose) == [None]
    mentees, mentors = (run := MatchRun.objects.get()).problem.mentees, run.problem.mentors
    broken = [rule.key for rule in matching.check_pair(run.problem, mentees[0], mentors[0]) if not rule.kept]
    assert broken == ["line_management"]


@pytest.mark.parametrize("who", ["mentee", "mentor"])
def test_a_match_is_not_confirmed_while_nobody_knows_whom_a_conflict_means(propose, mentor, mentee, rosalind, who):
    by = mentee.place.person if who == "mentee" else mentor.person
    declare_conflict(by=by, now=MATCHING_DAY, whom="Somebody from an audit of 2019")
    run = propose()

    with pytest.raises(NotPossible, match=f"Settle first whom {by.name} cannot be matched with"):
        confirm_match(run=run, by=rosalind, now=MATCHING_DAY)
    assert len(confirm_match(run=run, by=rosalind, now=MATCHING_DAY, reason="She means somebody in Kent")) == 1

    event = AuditEvent.objects.get(action="mentoring.match.confirmed")
    assert event.reason == "She means somebody in Kent"


def test_the_conflict_of_somebody_whom_it_does_not_match_holds_up_nobody(propose, mentor, mentee, cohort, rosalind):
    unmatched = MenteeFactory(place=PlaceFactory(cohort=cohort, organisation=mentor.person.organisation)).place.person
    declare_conflict(by=unmatched, now=MATCHING_DAY, whom="Somebody from an audit of 2019")

    assert len(confirm_match(run=propose(), by=rosalind, now=MATCHING_DAY)) == 1


@pytest.mark.parametrize("who", ["mentee", "mentor"])
def test_a_conflict_with_an_organisation_holds_for_everybody_there(propose, mentor, mentee, amara, camden, who):
    one, other = (amara, mentor.person.organisation) if who == "mentee" else (mentor.person, camden)
    declare_conflict(by=one, now=MATCHING_DAY, organisation=other)

    assert alone(propose) == [None]


def test_an_untrained_mentor_is_never_proposed(propose, mentee, known_criteria):
    MentorFactory(trained=False)

    assert alone(propose) == [None]


def test_training_older_than_24_months_is_not_enough(propose, mentee, known_criteria):
    MentorFactory(trained=MATCHING_DAY.date() - timedelta(days=732))

    assert alone(propose) == [None]


def test_a_resting_mentor_is_never_proposed(propose, mentor, mentee):
    rest(mentor=mentor, until=date(2026, 12, 1), by=mentor.person, now=MATCHING_DAY)

    assert alone(propose) == [None]


def test_a_participant_who_has_said_nothing_or_no_is_never_matched(propose, mentor, mentee, cohort):
    PlaceFactory(cohort=cohort)
    declined = MenteeFactory(place=PlaceFactory(cohort=cohort)).place
    opt_out(place=declined, by=declined.person, now=MATCHING_DAY)

    assert [pair.place for pair in propose().pairs.all()] == [mentee.place]


def test_a_pair_that_ended_is_never_proposed_again(mentorship, propose):
    Mentorship.objects.filter(pk=mentorship.pk).update(state="ended", ending="ended", ended_at=MATCHING_DAY)
    Mentor.objects.update(active=0)

    assert alone(propose) == [None]


def test_a_pair_that_ended_in_an_earlier_cohort_is_never_proposed_again(propose, mentor, mentee, amara):
    earlier = PlaceFactory(person=amara, status="withdrawn", left_at=MATCHING_DAY)
    Mentorship.objects.create(
        cohort=earlier.cohort, place=earlier, mentor=mentor, told_at=MATCHING_DAY, state="ended", ending="left",
        ended_at=MATCHING_DAY, first_meeting_by=MATCHING_DAY.date(), why_mentee="x", why_mentor="x",
    )  # fmt: skip

    assert alone(propose) == [None]


def test_a_person_is_never_their_own_mentor(propose, mentee, amara, known_criteria):
    MentorFactory(person=amara)
    amara.organisation = None
    amara.save()

    assert alone(propose) == [None]


def test_nobody_to_match_is_said_kindly(propose, mentor):
    with pytest.raises(NotPossible, match="Nobody in Cohort 7 has asked for a mentor"):
        propose()


def test_no_mentors_at_all_leaves_everybody_and_loses_nobody(propose, mentee):
    run = propose()

    assert [(pair.place, pair.mentor) for pair in run.pairs.all()] == [(mentee.place, None)]


# Arguing


def test_a_lock_is_kept_and_the_rest_is_matched_around_it(propose, three, rosalind):
    places, mentors = three

    run = lock(run=propose(), place=places[0], mentor=mentors[1], by=rosalind, now=MATCHING_DAY)

    assert paired(run)[places[0].pk] == mentors[1].pk
    assert run.pairs.get(place=places[0]).locked
    assert (run.number, run.based_on.state) == (2, "superseded")


def test_a_veto_is_obeyed(propose, three, rosalind):
    places, mentors = three

    run = veto(run=propose(), place=places[0], mentor=mentors[0], by=rosalind, now=MATCHING_DAY, reason="Neighbours")

    assert paired(run)[places[0].pk] != mentors[0].pk


def test_a_veto_needs_a_reason(propose, three, rosalind):
    places, mentors = three
    run = propose()

    with pytest.raises(NotPossible, match="Give a reason"):
        veto(run=run, place=places[0], mentor=mentors[0], by=rosalind, now=MATCHING_DAY, reason=" ")
    assert not run.rulings.exists()


def test_locking_a_vetoed_pair_replaces_the_veto(propose, three, rosalind):
    places, mentors = three
    run = veto(run=propose(), place=places[0], mentor=mentors[0], by=rosalind, now=MATCHING_DAY, reason="Kin")

    run = lock(run=run, place=places[0], mentor=mentors[0], by=rosalind, now=MATCHING_DAY)

    assert [ruling.kind for ruling in run.rulings.all()] == ["lock"]


def test_a_lock_against_a_rule_needs_a_reason(propose, mentor, mentee, amara_place, rosalind):
    rest(mentor=mentor, until=date(2026, 12, 1), by=mentor.person, now=MATCHING_DAY)
    run = propose()

    with pytest.raises(NotPossible, match="resting"):
        lock(run=run, place=amara_place, mentor=mentor, by=rosalind, now=MATCHING_DAY)
    run = lock(run=run, place=amara_place, mentor=mentor, by=rosalind, now=MATCHING_DAY, reason="She agreed by phone")
    assert paired(run) == {amara_place.pk: mentor.pk}


def test_a_lock_never_goes_beyond_a_mentors_capacity(propose, three, rosalind):
    places, mentors = three
    run = lock(run=propose(), place=places[0], mentor=mentors[0], by=rosalind, now=MATCHING_DAY)

    with pytest.raises(NotPossible, match="no free place"):
        lock(run=run, place=places[1], mentor=mentors[0], by=rosalind, now=MATCHING_DAY, reason="Please")


def test_a_lock_that_has_come_to_break_a_rule_is_let_go_and_that_is_said(propose, three, rosalind):
    places, mentors = three
    lock(run=propose(), place=places[0], mentor=mentors[1], by=rosalind, now=MATCHING_DAY)
    rest(mentor=mentors[2], until=date(2026, 12, 1), by=mentors[2].person, now=MATCHING_DAY)
    lock(run=propose(), place=places[1], mentor=mentors[2], by=rosalind, now=MATCHING_DAY, reason="She asked")
    rest(mentor=mentors[1], until=date(2026, 12, 1), by=mentors[1].person, now=MATCHING_DAY)

    again = propose()

    assert again.what == f"Proposed a matching; let go of {places[0].person} with {mentors[1]}: resting"
    assert [ruling.place for ruling in again.rulings.all()] == [places[1]]
    assert paired(again)[places[1].pk] == mentors[2].pk


def test_a_reason_holds_against_the_rules_it_was_given_against_and_no_later_one(
    propose, mentor, mentee, amara, rosalind
):
    """She asked for the resting mentor; then she declares a conflict, which the director never weighed."""
    rest(mentor=mentor, until=date(2026, 12, 1), by=mentor.person, now=MATCHING_DAY)
    run = lock(run=propose(), place=mentee.place, mentor=mentor, by=rosalind, now=MATCHING_DAY, reason="She asked")
    assert run.rulings.get().rules == ["resting"]
    assert alone(propose) == [mentor.pk]

    declare_conflict(by=amara, now=MATCHING_DAY, whom=mentor.person.email)
    with pytest.raises(NotPossible, match="Something has changed"):
        confirm_match(run=MatchRun.objects.get(state="proposed"), by=rosalind, now=MATCHING_DAY)
    again = propose()

    assert again.what == f"Proposed a matching; let go of Amara Mensah with {mentor}: a declared conflict"
    assert [pair.mentor for pair in again.pairs.all()] == [None]


def test_words_beside_a_harmless_lock_override_nothing(propose, mentor, mentee, amara, rosalind):
    run = lock(run=propose(), place=mentee.place, mentor=mentor, by=rosalind, now=MATCHING_DAY, reason="Both asked")
    declare_conflict(by=amara, now=MATCHING_DAY, whom=mentor.person.email)

    with pytest.raises(NotPossible, match="Something has changed"):
        confirm_match(run=run, by=rosalind, now=MATCHING_DAY)
    assert alone(propose) == [None]


def test_locks_beyond_the_room_that_a_mentor_has_now_are_let_go_the_newest_first(propose, three, rosalind):
    places, mentors = three
    Mentor.objects.filter(pk=mentors[0].pk).update(capacity=2)
    run = lock(run=propose(), place=places[1], mentor=mentors[0], by=rosalind, now=MATCHING_DAY)
    later = MATCHING_DAY + timedelta(minutes=1)
    lock(run=run, place=places[0], mentor=Mentor.objects.get(pk=mentors[0].pk), by=rosalind, now=later)
    Mentor.objects.filter(pk=mentors[0].pk).update(capacity=1)

    again = propose()

    assert "no free place" in again.what
    assert [ruling.place for ruling in again.rulings.all()] == [places[1]]


def test_every_ruling_that_is_let_go_is_said_however_many(propose, cohort, rosalind, known_criteria):
    names = ("Bartholomew Fotheringham-Smythe of Upper Norwood", "Wilhelmina Achterberg-Obuasi of Lower Sydenham")
    mentors = [MentorFactory(person__name=f"{name}, the {n}th") for n in range(3) for name in names]
    places = [MenteeFactory(place=PlaceFactory(cohort=cohort)).place for _ in mentors]
    run = propose()
    for place, mentor in zip(places, mentors, strict=True):
        run = veto(run=run, place=place, mentor=mentor, by=rosalind, now=MATCHING_DAY, reason="Kin")
    for mentor in mentors:
        stand_down(mentor=mentor, by=mentor.person, now=MATCHING_DAY)

    what = propose().what
    assert [mentor.person.name in what for mentor in mentors] == [True] * 6


def test_what_was_ruled_about_somebody_who_has_left_is_let_go(propose, three, rosalind):
    places, mentors = three
    veto(run=propose(), place=places[0], mentor=mentors[1], by=rosalind, now=MATCHING_DAY, reason="Kin")
    stand_down(mentor=mentors[1], by=mentors[1].person, now=MATCHING_DAY)

    again = propose()

    assert again.what.endswith("one of them takes no part any more")
    assert not again.rulings.exists()


def test_letting_go_brings_the_best_matching_back(propose, three, rosalind):
    places, mentors = three
    first = propose()
    changed = lock(run=first, place=places[0], mentor=mentors[1], by=rosalind, now=MATCHING_DAY)

    run = let_go(run=changed, place=places[0], mentor=mentors[1], by=rosalind, now=MATCHING_DAY)

    assert run.result_hash == first.result_hash


def test_two_people_change_mentors(propose, three, rosalind):
    places, mentors = three

    run = swap(run=propose(), one=places[0], other=places[2], by=rosalind, now=MATCHING_DAY)

    assert paired(run) == {places[0].pk: mentors[2].pk, places[1].pk: mentors[1].pk, places[2].pk: mentors[0].pk}


def test_undo_goes_back_one_step_at_a_time(propose, three, rosalind):
    places, mentors = three
    first = propose()
    second = lock(run=first, place=places[0], mentor=mentors[1], by=rosalind, now=MATCHING_DAY)
    third = veto(run=second, place=places[1], mentor=mentors[2], by=rosalind, now=MATCHING_DAY, reason="Kin")

    back = undo(run=third, by=rosalind, now=MATCHING_DAY)
    assert (back.pk, back.state) == (second.pk, "proposed")
    assert undo(run=back, by=rosalind, now=MATCHING_DAY).pk == first.pk
    first.refresh_from_db()
    with pytest.raises(NotPossible, match="nothing to undo"):
        undo(run=first, by=rosalind, now=MATCHING_DAY)


def test_after_undo_something_else_can_be_tried(propose, three, rosalind):
    places, mentors = three
    second = lock(run=propose(), place=places[0], mentor=mentors[1], by=rosalind, now=MATCHING_DAY)
    back = undo(run=second, by=rosalind, now=MATCHING_DAY)

    run = lock(run=back, place=places[0], mentor=mentors[2], by=rosalind, now=MATCHING_DAY)

    assert paired(run)[places[0].pk] == mentors[2].pk
    assert run.number == 3


def test_a_mentor_who_drops_out_is_left_out_and_can_come_back(propose, three, rosalind):
    _, mentors = three
    first = propose()

    run = leave_out(run=first, mentor=mentors[0], by=rosalind, now=MATCHING_DAY)
    assert mentors[0].pk not in paired(run).values()
    assert sum(pair.mentor is None for pair in run.pairs.all()) == 1

    assert bring_back(run=run, mentor=mentors[0], by=rosalind, now=MATCHING_DAY).result_hash == first.result_hash


def test_the_dial_is_turned_by_a_new_run(propose, three, rosalind):
    run = turn_dial(run=propose(), dial=Dial.TOTAL, by=rosalind, now=MATCHING_DAY)

    assert (run.dial_order, run.problem.settings.order) == ("total", matching.Order.TOTAL)


def test_proposing_again_keeps_what_the_office_ruled(propose, three, rosalind):
    places, mentors = three
    lock(run=propose(), place=places[0], mentor=mentors[1], by=rosalind, now=MATCHING_DAY)

    assert paired(propose())[places[0].pk] == mentors[1].pk


def test_only_the_open_proposal_can_be_changed(propose, three, rosalind):
    places, mentors = three
    first = propose()
    stale = MatchRun.objects.get(pk=first.pk)
    lock(run=first, place=places[0], mentor=mentors[1], by=rosalind, now=MATCHING_DAY)

    stale.refresh_from_db()
    with pytest.raises(NotPossible, match="replaced meanwhile"):
        veto(run=stale, place=places[1], mentor=mentors[1], by=rosalind, now=MATCHING_DAY, reason="Kin")


def test_of_two_changes_to_one_proposal_the_second_is_refused(propose, three, rosalind):
    places, mentors = three
    first = propose()
    stale = MatchRun.objects.get(pk=first.pk)
    lock(run=first, place=places[0], mentor=mentors[1], by=rosalind, now=MATCHING_DAY)

    with pytest.raises(NotPossible), transaction.atomic():
        veto(run=stale, place=places[1], mentor=mentors[1], by=rosalind, now=MATCHING_DAY, reason="Kin")
    assert MatchRun.objects.filter(state="proposed").count() == 1


def test_a_proposal_can_be_put_away(propose, three, rosalind):
    run = propose()
    discard(run=run, by=rosalind, now=MATCHING_DAY)

    assert MatchRun.objects.get().state == "superseded"


def test_every_change_is_in_the_trail_with_its_reason(propose, three, rosalind):
    places, mentors = three
    veto(
        run=propose(), place=places[0], mentor=mentors[0], by=rosalind, now=MATCHING_DAY, reason="They sit on one board"
    )

    event = AuditEvent.objects.filter(action="mentoring.match.asked").first()
    assert (event.actor, event.reason) == ("Rosalind Tate", "They sit on one board")


def test_the_stored_problem_is_unreadable_in_the_database(propose, mentor, mentee, amara):
    MenteeProfile.objects.update(shares_words="")
    declare_conflict(by=amara, now=MATCHING_DAY, whom=PersonFactory().email)
    run = propose()

    raw = MatchRun.objects.filter(pk=run.pk).extra(select={"raw": "problem_text || ''"}).values_list("raw", flat=True)
    assert "mentor:" not in raw[0]
