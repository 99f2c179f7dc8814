"""The relationship: begun, met, agreed, reviewed, ended kindly; and mentors who offer, train, rest and are thanked."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string

from cohorts.actions import graduate_place, withdraw_place
from leaders.components.dates import day_time
from leaders.documents.actions import claim_document, make_document
from leaders.documents.models import Document
from leaders.outbox.models import Message
from leaders.people.actions import erase_person
from leaders.people.models import AuditEvent, Role
from leaders.people.privacy import export
from leaders.people.refusals import NotPossible
from mentoring.actions import (
    agree,
    answer_review,
    approve_mentor,
    ask_to_talk,
    call_off_meeting,
    change_agreement,
    change_meeting,
    close_mentorships,
    confirm_match,
    declare_conflict,
    decline_mentorship,
    end_mentorship,
    invite_mentor,
    lock,
    note_talk,
    opt_in,
    opt_out,
    plan_meeting,
    propose_match,
    record_meeting,
    record_training,
    remove_meeting,
    remove_note,
    rest,
    save_offer,
    settle_conflict,
    stand_down,
    state_preferences,
    thank_mentors,
    volunteer,
    withdraw_conflict,
    write_note,
)
from mentoring.actions.mentors import take_seat
from mentoring.documents import service as service_certificate
from mentoring.matching import rules
from mentoring.models import (
    Conflict,
    MatchRun,
    Meeting,
    MenteeProfile,
    Mentor,
    MentoringRules,
    Mentorship,
    MentorTraining,
    PrivateNote,
    Ruling,
    RunPair,
    ServiceRecord,
)
from mentoring.training import TRAINING_MONTHS, good_until, training_is_good
from tests.cohorts.factories import PlaceFactory
from tests.mentoring.factories import MATCHING_DAY, TRAINED_ON, MenteeFactory, MentorFactory, matched

pytestmark = pytest.mark.django_db
TODAY = MATCHING_DAY.date()


# Mentors


@pytest.fixture
def graduate(amara_place, amara, rosalind, known_criteria):
    graduate_place(place=amara_place, by=rosalind, now=MATCHING_DAY)
    return amara


def test_a_graduate_offers_is_approved_and_trained_and_can_then_be_matched(graduate, rosalind):
    mentor = volunteer(person=graduate, by=graduate, now=MATCHING_DAY, capacity=2, offers={"service-housing": 3})
    assert (mentor.status, graduate.has_role(Role.MENTOR)) == ("volunteered", True)

    approve_mentor(mentor=mentor, by=rosalind, now=MATCHING_DAY)
    assert mentor.free_seats(TODAY) == 0
    record_training(mentor=mentor, kind="full", on=TODAY, by=rosalind, now=MATCHING_DAY)

    assert Mentor.objects.with_training().get().free_seats(TODAY) == 2
    assert Message.objects.filter(kind__startswith="mentoring.").get().kind == "mentoring.mentor_approved"


def test_nobody_offers_for_somebody_else(graduate, otto):
    with pytest.raises(NotPossible):
        volunteer(person=graduate, by=otto, now=MATCHING_DAY)


def test_only_graduates_and_those_who_were_asked_can_offer(otto, rosalind, known_criteria):
    with pytest.raises(NotPossible, match="graduates"):
        volunteer(person=otto, by=otto, now=MATCHING_DAY)

    invite_mentor(person=otto, by=rosalind, now=MATCHING_DAY)
    assert volunteer(person=otto, by=otto, now=MATCHING_DAY).status == "volunteered"


def test_offering_twice_is_refused(graduate):
    volunteer(person=graduate, by=graduate, now=MATCHING_DAY)
    with pytest.raises(NotPossible, match="already"):
        volunteer(person=graduate, by=graduate, now=MATCHING_DAY)


def test_an_invitation_is_sent_once_a_day_and_not_to_mentors(otto, mentor, rosalind):
    invite_mentor(person=otto, by=rosalind, now=MATCHING_DAY)
    invite_mentor(person=otto, by=rosalind, now=MATCHING_DAY + timedelta(hours=1))
    assert Message.objects.filter(kind="mentoring.mentor_invited").count() == 1
    with pytest.raises(NotPossible):
        invite_mentor(person=mentor.person, by=rosalind, now=MATCHING_DAY)


def test_a_mentor_is_approved_once(mentor, rosalind):
    with pytest.raises(NotPossible):
        approve_mentor(mentor=mentor, by=rosalind, now=MATCHING_DAY)


def test_capacity_does_not_go_below_the_people_mentored_now(mentorship, mentor, joanne):
    mentor.refresh_from_db()
    save_offer(mentor=mentor, by=joanne, now=MATCHING_DAY, capacity=3)
    Mentor.objects.filter(pk=mentor.pk).update(active=2)

    with pytest.raises(NotPossible, match="more people now"):
        save_offer(mentor=mentor, by=joanne, now=MATCHING_DAY, capacity=1)
    with pytest.raises(NotPossible, match="one to three"):
        save_offer(mentor=mentor, by=joanne, now=MATCHING_DAY, capacity=4)


def test_an_offer_is_changed_by_its_mentor_only_and_keeps_what_is_not_given(mentor, joanne, otto):
    with pytest.raises(NotPossible):
        save_offer(mentor=mentor, by=otto, now=MATCHING_DAY, offer="Mine now")

    save_offer(
        mentor=mentor, by=joanne, now=MATCHING_DAY, offers={"theme-politics": 4, "unknown": 3, "step-director": 0}
    )

    mentor.refresh_from_db()
    assert mentor.offers == {"theme-politics": 4}
    assert mentor.offer == "I ask where the resident is in the sentence."


def test_a_level_outside_the_scale_is_refused(mentor, joanne):
    with pytest.raises(NotPossible):
        save_offer(mentor=mentor, by=joanne, now=MATCHING_DAY, offers={"theme-politics": 5})


def test_one_seat_is_taken_once(mentor):
    assert [take_seat(mentor), take_seat(mentor)] == [True, False]


def test_a_refresher_needs_a_full_training_and_no_training_lies_ahead(rosalind, known_criteria):
    mentor = MentorFactory(trained=False)
    with pytest.raises(NotPossible, match="full training"):
        record_training(mentor=mentor, kind="refresher", on=TODAY, by=rosalind, now=MATCHING_DAY)
    with pytest.raises(NotPossible, match="taken place"):
        record_training(mentor=mentor, kind="full", on=TODAY + timedelta(days=1), by=rosalind, now=MATCHING_DAY)


def test_a_refresher_counts_from_its_day_and_nothing_counts_without_the_full_one(known_criteria):
    mentor = MentorFactory(trained=date(2024, 1, 20))
    kinds = {"recorded_at": MATCHING_DAY, "recorded_by": "Rosalind Tate"}
    MentorTraining.objects.create(mentor=mentor, kind="refresher", on=date(2023, 1, 1), **kinds)
    assert mentor.trained_on(TODAY) == date(2024, 1, 20)
    assert not mentor.is_trained(TODAY)

    MentorTraining.objects.create(mentor=mentor, kind="refresher", on=date(2025, 11, 3), **kinds)
    assert mentor.training_ends(TODAY) == date(2027, 11, 3)
    assert mentor.is_trained(TODAY)


@pytest.mark.parametrize(
    ("on", "until"),
    [(date(2024, 2, 29), date(2026, 2, 28)), (date(2024, 12, 31), date(2026, 12, 31)), (TRAINED_ON, date(2028, 1, 20))],
)
def test_training_is_good_for_24_months_to_the_day(on, until):
    assert good_until(on) == until
    assert training_is_good(on, until)
    assert not training_is_good(on, until + timedelta(days=1))


def test_pages_and_the_engine_agree_about_training():
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(0, 1100, 7)]
    assert TRAINING_MONTHS == rules.TRAINING_MONTHS
    assert [training_is_good(date(2024, 2, 29), day) for day in days] == [
        rules.training_is_good(date(2024, 2, 29), day) for day in days
    ]


def test_a_rest_ends_and_never_lies_in_the_past(mentor, joanne):
    with pytest.raises(NotPossible):
        rest(mentor=mentor, until=TODAY, by=joanne, now=MATCHING_DAY)
    rest(mentor=mentor, until=date(2027, 1, 4), by=joanne, now=MATCHING_DAY)
    assert (mentor.is_resting(date(2027, 1, 3)), mentor.is_resting(date(2027, 1, 4))) == (True, False)


def test_standing_down_waits_for_the_last_mentee(mentorship, mentor, joanne, rosalind):
    mentor.refresh_from_db()
    with pytest.raises(NotPossible, match="first"):
        stand_down(mentor=mentor, by=joanne, now=MATCHING_DAY)
    end_mentorship(mentorship=mentorship, by=joanne, now=MATCHING_DAY)

    assert stand_down(mentor=mentor, by=joanne, now=MATCHING_DAY).status == "stood_down"
    assert not type(joanne).objects.get(pk=joanne.pk).has_role(Role.MENTOR)


# Conflicts


def test_words_that_name_nobody_we_know_wait_for_the_office(amara, mentor, rosalind, mentee, cohort):
    conflict = declare_conflict(by=amara, now=MATCHING_DAY, whom="The one who ran our audit", reason="It was ugly")
    assert list(Conflict.objects.unsettled()) == [conflict]

    settle_conflict(conflict=conflict, person=mentor.person, by=rosalind, now=MATCHING_DAY)

    assert not Conflict.objects.unsettled().exists()
    assert propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY).pairs.get().mentor is None


def test_settling_needs_one_of_both_and_happens_once(amara, mentor, rosalind, camden):
    conflict = declare_conflict(by=amara, now=MATCHING_DAY, whom="Somebody")
    for wrong in ({}, {"person": mentor.person, "organisation": camden}, {"person": amara}):
        with pytest.raises(NotPossible):
            settle_conflict(conflict=conflict, by=rosalind, now=MATCHING_DAY, **wrong)
    settle_conflict(conflict=conflict, organisation=camden, by=rosalind, now=MATCHING_DAY)
    with pytest.raises(NotPossible):
        settle_conflict(conflict=conflict, organisation=camden, by=rosalind, now=MATCHING_DAY)


def test_the_trail_of_a_conflict_names_nobody_it_is_with(amara, joanne):
    declare_conflict(by=amara, now=MATCHING_DAY, whom=joanne.email, reason="Secret reason")

    event = AuditEvent.objects.get(action="mentoring.conflict.declared")
    assert "Joanne" not in event.sentence + event.subject + event.reason + str(event.detail)
    assert "Secret" not in event.sentence + event.subject + event.reason + str(event.detail)


def test_nobody_takes_back_the_conflict_of_somebody_else(amara, joanne):
    conflict = declare_conflict(by=amara, now=MATCHING_DAY, whom=joanne.email)
    with pytest.raises(NotPossible):
        withdraw_conflict(conflict=conflict, by=joanne, now=MATCHING_DAY)


def test_a_conflict_is_with_a_person_or_an_organisation_never_with_one_of_two_unsaid(amara, mentor):
    for both in ({"whom": mentor.person.email}, {"person": mentor.person}):
        with pytest.raises(NotPossible, match="one at a time"):
            declare_conflict(by=amara, now=MATCHING_DAY, organisation=mentor.person.organisation, **both)


def test_a_conflict_names_somebody_else(amara):
    with pytest.raises(NotPossible):
        declare_conflict(by=amara, now=MATCHING_DAY, whom="")
    with pytest.raises(NotPossible):
        declare_conflict(by=amara, now=MATCHING_DAY, person=amara)


# Mentees


def test_opting_out_removes_what_was_said(amara, amara_place, mentor, known_criteria):
    opt_in(place=amara_place, by=amara, now=MATCHING_DAY, wants={"theme-politics": 4}, looking_for="Hope")
    state_preferences(place=amara_place, mentors=[mentor], by=amara, now=MATCHING_DAY)

    opt_out(place=amara_place, by=amara, now=MATCHING_DAY)

    profile = MenteeProfile.objects.get()
    assert (profile.wants, profile.looking_for, profile.preferences.count()) == ({}, "", 0)


def test_everybody_says_for_themselves_whether_they_want_a_mentor(amara_place, otto, rosalind):
    for somebody in (otto, rosalind):
        with pytest.raises(NotPossible):
            opt_in(place=amara_place, by=somebody, now=MATCHING_DAY)


def test_preferences_are_at_most_four_different_mentors_after_a_yes(amara, amara_place, mentor, known_criteria):
    with pytest.raises(NotPossible, match="first"):
        state_preferences(place=amara_place, mentors=[mentor], by=amara, now=MATCHING_DAY)
    opt_in(place=amara_place, by=amara, now=MATCHING_DAY)
    with pytest.raises(NotPossible, match="once"):
        state_preferences(place=amara_place, mentors=[mentor, mentor], by=amara, now=MATCHING_DAY)
    with pytest.raises(NotPossible, match="at most"):
        five = [mentor, *(MentorFactory() for _ in range(4))]
        state_preferences(place=amara_place, mentors=five, by=amara, now=MATCHING_DAY)


def test_opting_out_with_a_mentor_is_refused(mentorship, amara):
    with pytest.raises(NotPossible, match="You have a mentor now"):
        opt_out(place=mentorship.place, by=amara, now=MATCHING_DAY)


# Declining


def test_a_decline_names_nobody_frees_the_seat_and_tells_the_other(mentorship, mentor, amara, joanne):
    Message.objects.all().delete()
    decline_mentorship(mentorship=mentorship, by=amara, now=MATCHING_DAY)

    mentor.refresh_from_db()
    assert (mentor.active, Mentorship.objects.get().ending) == (0, "declined")
    told = Message.objects.get()
    assert told.person == joanne
    event = AuditEvent.objects.get(action="mentoring.mentorship.declined")
    assert event.actor_id is None


def test_each_side_declines_once(mentorship, amara, joanne, rosalind):
    place = mentorship.place
    second, third = MentorFactory(), MentorFactory()
    decline_mentorship(mentorship=mentorship, by=amara, now=MATCHING_DAY)
    run = MatchRun.objects.get(state="proposed")
    confirm_match(run=run, by=rosalind, now=MATCHING_DAY)
    again = Mentorship.objects.live().with_people().get(place=place)
    assert again.mentor in {second, third}

    with pytest.raises(NotPossible, match="rosalind"):
        decline_mentorship(mentorship=again, by=amara, now=MATCHING_DAY)
    decline_mentorship(mentorship=again, by=again.mentor.person, now=MATCHING_DAY)
    assert MatchRun.objects.get(state="proposed").pairs.get().mentor in {second, third} - {again.mentor}


def test_the_database_holds_that_a_place_declines_once(mentorship, amara):
    decline_mentorship(mentorship=mentorship, by=amara, now=MATCHING_DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mentorship.objects.create(
            cohort=mentorship.cohort, place=mentorship.place, mentor=MentorFactory(), told_at=MATCHING_DAY,
            state="ended", ending="declined", ended_side="mentee", ended_at=MATCHING_DAY, why_mentee="x",
            why_mentor="x", first_meeting_by=TODAY,
        )  # fmt: skip


def test_who_was_declined_comes_first_next_time(mentorship, joanne, mentee):
    decline_mentorship(mentorship=mentorship, by=joanne, now=MATCHING_DAY)

    mentee.refresh_from_db()
    assert mentee.priority == 1
    assert MatchRun.objects.get(state="proposed").problem.mentees[0].priority == 1


def test_whoever_has_declined_before_asks_to_talk_and_the_match_stands(mentorship, amara, joanne, rosalind):
    with pytest.raises(NotPossible, match="between the two"):
        ask_to_talk(mentorship=mentorship, by=rosalind, now=MATCHING_DAY)
    Message.objects.all().delete()

    review = ask_to_talk(mentorship=mentorship, by=amara, now=MATCHING_DAY)

    assert Mentorship.objects.live().get() == mentorship
    assert not Message.objects.exists()
    note_talk(review=review, by=rosalind, now=MATCHING_DAY)
    record_meeting(mentorship=mentorship, on=TODAY, mode="video", by=joanne, now=MATCHING_DAY)
    with pytest.raises(NotPossible, match="begun"):
        ask_to_talk(mentorship=mentorship, by=amara, now=MATCHING_DAY)


def test_a_decline_is_never_refused_for_what_the_office_has_set(mentorship, amara, cohort):
    MentoringRules.objects.create(programme=cohort.programme, bands=[9000])

    decline_mentorship(mentorship=mentorship, by=amara, now=MATCHING_DAY)

    assert not Mentorship.objects.live().exists()
    assert not MatchRun.objects.filter(state="proposed").exists()


def test_a_mentorship_that_has_begun_is_not_declined(mentorship, amara):
    record_meeting(mentorship=mentorship, on=TODAY, mode="video", by=amara, now=MATCHING_DAY)
    with pytest.raises(NotPossible, match="ended rather than declined"):
        decline_mentorship(mentorship=mentorship, by=amara, now=MATCHING_DAY)


# Meeting, agreeing, noting


def test_the_first_meeting_begins_the_mentorship(mentorship, amara):
    record_meeting(mentorship=mentorship, on=TODAY, mode="video", by=amara, now=MATCHING_DAY)

    mentorship.refresh_from_db()
    assert (mentorship.state, mentorship.begun_at) == ("active", MATCHING_DAY)


def test_the_second_to_record_a_day_adds_only_their_own_view(mentorship, amara, joanne):
    for person, useful in ((amara, True), (joanne, False)):
        record_meeting(mentorship=mentorship, on=TODAY, mode="video", by=person, now=MATCHING_DAY, useful=useful)

    meeting = Meeting.objects.get()
    assert (meeting.useful_mentee, meeting.useful_mentor) == (True, False)
    assert AuditEvent.objects.filter(action="mentoring.mentorship.met").count() == 1


@pytest.mark.parametrize("days", [1, -1])
def test_a_meeting_lies_between_being_told_and_today(mentorship, amara, days):
    with pytest.raises(NotPossible):
        record_meeting(
            mentorship=mentorship, on=TODAY + timedelta(days=days), mode="video", by=amara, now=MATCHING_DAY
        )  # fmt: skip


def test_an_outsider_does_nothing_in_a_mentorship(mentorship, otto, rosalind):
    tomorrow = MATCHING_DAY + timedelta(days=1)
    acts = (
        lambda by: record_meeting(mentorship=mentorship, on=TODAY, mode="video", by=by, now=MATCHING_DAY),
        lambda by: plan_meeting(mentorship=mentorship, at=tomorrow, mode="video", by=by, now=MATCHING_DAY),
        lambda by: decline_mentorship(mentorship=mentorship, by=by, now=MATCHING_DAY),
        lambda by: write_note(mentorship=mentorship, words="x", by=by, now=MATCHING_DAY),
        lambda by: agree(mentorship=mentorship, version=1, by=by, now=MATCHING_DAY),
    )
    for person in (otto, rosalind):
        for act in acts:
            with pytest.raises(NotPossible, match="between the two"):
                act(person)


def test_a_planned_meeting_is_told_to_the_other_and_goes_when_it_was_held(mentorship, amara, joanne):
    at = MATCHING_DAY + timedelta(days=6)
    plan_meeting(mentorship=mentorship, at=at, mode="phone", by=amara, now=MATCHING_DAY)
    told = Message.objects.get(kind="mentoring.meeting_planned")
    assert told.person == joanne
    assert f"When: {day_time(at)}\nHow: By phone" in told.text

    record_meeting(mentorship=mentorship, on=at.date(), mode="phone", by=joanne, now=at + timedelta(hours=2))
    mentorship.refresh_from_db()
    assert mentorship.next_at is None


def test_a_second_click_on_a_meeting_writes_no_second_mail(mentorship, amara, joanne):
    at = MATCHING_DAY + timedelta(days=6)
    for seconds, when in ((0, at), (1, at), (60, at + timedelta(days=1)), (120, at)):
        now = MATCHING_DAY + timedelta(seconds=seconds)
        plan_meeting(mentorship=mentorship, at=when, mode="phone", by=amara, now=now)

    assert Message.objects.filter(kind="mentoring.meeting_planned", person=joanne).count() == 3


def test_a_meeting_is_not_planned_in_the_past(mentorship, amara):
    with pytest.raises(NotPossible):
        plan_meeting(mentorship=mentorship, at=MATCHING_DAY, mode="phone", by=amara, now=MATCHING_DAY)


def test_a_meeting_is_planned_within_the_year_of_the_programme(mentorship, cohort, amara):
    last = datetime.combine(cohort.ends_on, time(16), UTC)
    with pytest.raises(NotPossible, match="The programme ends on Friday 16 July 2027"):
        plan_meeting(mentorship=mentorship, at=last + timedelta(days=1), mode="phone", by=amara, now=MATCHING_DAY)
    plan_meeting(mentorship=mentorship, at=last, mode="phone", by=amara, now=MATCHING_DAY)
    assert mentorship.next_at == last


def test_a_meeting_is_called_off_and_the_other_hears_once(mentorship, amara, joanne):
    at = MATCHING_DAY + timedelta(days=6)
    plan_meeting(mentorship=mentorship, at=at, mode="in_person", where="Room 4", by=amara, now=MATCHING_DAY)
    Message.objects.all().delete()

    call_off_meeting(mentorship=mentorship, by=joanne, now=MATCHING_DAY)

    mentorship.refresh_from_db()
    assert (mentorship.next_at, mentorship.next_mode, mentorship.next_where) == (None, "", "")
    told = Message.objects.get()
    assert (told.person, told.subject) == (amara, "You do not meet Joanne Whitfield on Monday 19 October 2026, 10:30am")
    with pytest.raises(NotPossible):
        call_off_meeting(mentorship=mentorship, by=amara, now=MATCHING_DAY)
    assert Message.objects.count() == 1


def test_where_two_meet_stands_in_no_letter_and_in_no_trail(mentorship, amara):
    at = MATCHING_DAY + timedelta(days=6)
    for where in ("Room 4", "Room 5"):
        plan_meeting(mentorship=mentorship, at=at, mode="in_person", where=where, by=amara, now=MATCHING_DAY)
    assert mentorship.next_where == "Room 5"

    kept = [f"{each.sentence} {each.detail}" for each in AuditEvent.objects.all()]
    assert "Room" not in "".join([*kept, *(each.text + each.html for each in Message.objects.all())])


def test_a_meeting_is_corrected_by_either_and_each_changes_their_own_view_alone(mentorship, amara, joanne):
    for person in (amara, joanne):
        record_meeting(mentorship=mentorship, on=TODAY, mode="video", by=person, now=MATCHING_DAY, useful=True)
    meeting, later = Meeting.objects.get(), MATCHING_DAY + timedelta(days=3)

    change_meeting(meeting=meeting, on=later.date(), mode="phone", useful=False, by=joanne, now=later)

    meeting.refresh_from_db()
    assert (meeting.on, meeting.mode) == (later.date(), "phone")
    assert (meeting.useful_mentee, meeting.useful_mentor) == (True, False)
    sentence = AuditEvent.objects.get(action="mentoring.mentorship.meeting_changed").sentence
    assert "Friday 16 October 2026, which was recorded as Tuesday 13 October 2026" in sentence


def test_what_one_found_of_a_meeting_changes_without_a_trace(mentorship, amara):
    meeting = record_meeting(mentorship=mentorship, on=TODAY, mode="video", by=amara, now=MATCHING_DAY, useful=True)
    change_meeting(meeting=meeting, on=TODAY, mode="video", useful=False, by=amara, now=MATCHING_DAY)
    assert not AuditEvent.objects.filter(action="mentoring.mentorship.meeting_changed").exists()


def test_a_meeting_is_not_moved_to_the_future_nor_onto_another(mentorship, amara, otto):
    later = MATCHING_DAY + timedelta(days=3)
    first = record_meeting(mentorship=mentorship, on=TODAY, mode="video", by=amara, now=later)
    record_meeting(mentorship=mentorship, on=later.date(), mode="video", by=amara, now=later)
    for on, by in ((later.date() + timedelta(days=1), amara), (later.date(), amara), (TODAY, otto)):
        with pytest.raises(NotPossible):
            change_meeting(meeting=first, on=on, mode="phone", by=by, now=later)
    with pytest.raises(NotPossible):
        remove_meeting(meeting=first, by=otto, now=later)


def test_without_the_only_meeting_it_has_not_begun_and_can_be_declined_again(mentorship, amara, joanne):
    meeting = record_meeting(mentorship=mentorship, on=TODAY, mode="video", by=amara, now=MATCHING_DAY)

    remove_meeting(meeting=meeting, by=joanne, now=MATCHING_DAY)

    mentorship.refresh_from_db()
    assert (mentorship.state, mentorship.begun_at) == ("proposed", None)
    with pytest.raises(NotPossible, match="removed already"):
        remove_meeting(meeting=meeting, by=amara, now=MATCHING_DAY)
    decline_mentorship(mentorship=mentorship, by=amara, now=MATCHING_DAY)


def test_without_a_meeting_it_is_under_way_where_another_took_place_or_both_agreed(mentorship, amara, joanne):
    one, two = (
        record_meeting(mentorship=mentorship, on=TODAY + timedelta(days=days), mode="video", by=amara,
                       now=MATCHING_DAY + timedelta(days=1))
        for days in (0, 1)
    )  # fmt: skip
    remove_meeting(meeting=one, by=amara, now=MATCHING_DAY)
    assert Mentorship.objects.get().state == "active"

    words = {"aims": "To think", "frequency": "Monthly", "ending": "Any time"}
    change_agreement(mentorship=mentorship, version=1, by=amara, now=MATCHING_DAY, **words)
    agree(mentorship=mentorship, version=2, by=joanne, now=MATCHING_DAY)
    remove_meeting(meeting=two, by=amara, now=MATCHING_DAY)
    assert Mentorship.objects.get().state == "active"


def test_an_agreement_holds_when_both_have_said_yes_to_the_same_words(mentorship, amara, joanne):
    words = {"aims": "To think aloud", "frequency": "Monthly", "ending": "Any time"}
    change_agreement(mentorship=mentorship, version=1, by=amara, now=MATCHING_DAY, **words)
    agreement = agree(mentorship=mentorship, version=2, by=joanne, now=MATCHING_DAY)
    assert agreement.is_agreed

    changed = change_agreement(mentorship=mentorship, version=2, by=joanne, now=MATCHING_DAY, **words)
    assert (changed.is_agreed, changed.agreed_by("mentor"), changed.agreed_by("mentee")) == (False, True, False)


def test_notes_are_unreadable_in_the_database_and_not_in_the_trail(mentorship, amara, joanne):
    note = write_note(mentorship=mentorship, words="Between me and me", by=amara, now=MATCHING_DAY)

    raw = PrivateNote.objects.extra(select={"raw": "words || ''"}).values_list("raw", flat=True)
    assert "Between" not in raw[0]
    assert not AuditEvent.objects.filter(action__contains="note").exists()
    with pytest.raises(NotPossible):
        remove_note(note=note, by=joanne)


# Reviews, endings


def test_somebody_who_would_like_to_talk_is_talked_to_once(mentorship, amara, rosalind):
    with pytest.raises(NotPossible, match="not begun"):
        answer_review(
            mentorship=mentorship, kind="middle", going="well", wants_to_talk=True, by=amara, now=MATCHING_DAY
        )
    record_meeting(mentorship=mentorship, on=TODAY, mode="video", by=amara, now=MATCHING_DAY)
    review = answer_review(
        mentorship=mentorship, kind="middle", going="partly", wants_to_talk=True, by=amara, now=MATCHING_DAY
    )

    note_talk(review=review, by=rosalind, now=MATCHING_DAY)
    with pytest.raises(NotPossible):
        note_talk(review=review, by=rosalind, now=MATCHING_DAY)


def test_the_office_ends_a_mentorship_with_its_reason_in_the_trail_and_tells_both(mentorship, rosalind, otto):
    Message.objects.all().delete()
    with pytest.raises(NotPossible):
        end_mentorship(mentorship=mentorship, by=otto, now=MATCHING_DAY)
    end_mentorship(mentorship=mentorship, by=rosalind, now=MATCHING_DAY, reason="Both asked us to")

    assert Message.objects.filter(kind="mentoring.ended").count() == 2
    assert AuditEvent.objects.get(action="mentoring.mentorship.ended").reason == "Both asked us to"
    assert "Both asked" not in "".join(Message.objects.values_list("text", flat=True))


@pytest.mark.parametrize(("who", "priority"), [("amara", 0), ("joanne", 1), ("rosalind", 1)])
def test_who_did_not_end_it_comes_first_next_time(mentorship, mentee, request, who, priority):
    end_mentorship(mentorship=mentorship, by=request.getfixturevalue(who), now=MATCHING_DAY, rematch=True)

    mentee.refresh_from_db()
    assert mentee.priority == priority


def test_a_match_that_the_office_ends_before_it_began_does_not_go_ahead(mentorship, rosalind):
    Message.objects.all().delete()
    end_mentorship(mentorship=mentorship, by=rosalind, now=MATCHING_DAY, rematch=True, reason="They talked to me")

    assert {message.kind for message in Message.objects.all()} == {"mentoring.not_going_ahead"}


def test_a_mentor_of_somebody_who_leaves_after_they_met_reads_that_it_has_ended(mentorship, amara, rosalind):
    record_meeting(mentorship=mentorship, on=MATCHING_DAY.date(), mode="video", by=amara, now=MATCHING_DAY)
    withdraw_place(place=mentorship.place, reason="A new post", by=rosalind, now=MATCHING_DAY)
    Message.objects.all().delete()
    assert close_mentorships(now=MATCHING_DAY) == 1
    assert Message.objects.get().subject == "Your mentorship with Amara Mensah has ended"


def test_an_ended_mentorship_stays_ended(mentorship, amara):
    end_mentorship(mentorship=mentorship, by=amara, now=MATCHING_DAY)
    for act in (
        lambda: end_mentorship(mentorship=mentorship, by=amara, now=MATCHING_DAY),
        lambda: record_meeting(mentorship=mentorship, on=TODAY, mode="video", by=amara, now=MATCHING_DAY),
        lambda: agree(mentorship=mentorship, version=1, by=amara, now=MATCHING_DAY),
    ):
        with pytest.raises(NotPossible):
            act()


def test_who_is_not_to_be_matched_again_is_not_and_reads_how_to_ask(mentorship, mentee, rosalind, amara):
    end_mentorship(mentorship=mentorship, by=rosalind, now=MATCHING_DAY, reason="Both asked us to")

    mentee.refresh_from_db()
    assert mentee.choice == "out"
    told = " ".join(Message.objects.get(kind="mentoring.ended", person=amara).text.split())
    assert "From now on you have no mentor. If you would like another, say so" in told


def test_who_ends_without_wanting_another_mentor_is_not_matched_again(mentorship, amara, mentee):
    end_mentorship(mentorship=mentorship, by=amara, now=MATCHING_DAY)

    mentee.refresh_from_db()
    assert mentee.choice == "out"
    assert not MatchRun.objects.filter(state="proposed").exists()


def test_a_mentorship_closes_when_the_mentee_leaves_and_frees_the_mentor(mentorship, mentor, joanne, rosalind):
    withdraw_place(place=mentorship.place, reason="Moved abroad", by=rosalind, now=MATCHING_DAY)
    Message.objects.all().delete()

    assert [close_mentorships(now=MATCHING_DAY), close_mentorships(now=MATCHING_DAY)] == [1, 0]

    mentor.refresh_from_db()
    assert mentor.active == 0
    assert Message.objects.get().person == joanne


def test_a_mentee_whose_mentor_is_erased_comes_first_as_the_letter_says(mentorship, mentee, joanne, rosalind):
    erase_person(person=joanne, by=rosalind, reason="She asked", now=MATCHING_DAY)

    mentee.refresh_from_db()
    assert mentee.priority == 1
    assert "you come first" in " ".join(Message.objects.get(kind="mentoring.not_going_ahead").text.split())


def test_a_mentorship_comes_to_its_end_with_the_cohort(mentorship):
    assert close_mentorships(now=datetime(2027, 7, 16, 9, tzinfo=UTC)) == 0
    assert close_mentorships(now=datetime(2027, 7, 19, 9, tzinfo=UTC)) == 1
    assert Mentorship.objects.get().ending == "completed"


def test_mentors_who_met_somebody_are_thanked_once_with_a_certificate(mentorship, cohort, amara, joanne, rosalind):
    with pytest.raises(NotPossible):
        thank_mentors(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    record_meeting(mentorship=mentorship, on=TODAY, mode="video", by=amara, now=MATCHING_DAY)

    thank_mentors(cohort=cohort, by=rosalind, now=MATCHING_DAY)

    service = ServiceRecord.objects.get()
    assert (service.name, service.mentees, service.meetings) == ("Joanne Whitfield", 1, 1)
    assert Message.objects.get(kind="mentoring.thanks").person == joanne
    with pytest.raises(NotPossible):
        thank_mentors(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    document = claim_document(now=MATCHING_DAY)
    assert make_document(document=document, now=MATCHING_DAY)
    assert bytes(Document.objects.get().content).startswith(b"%PDF")
    source = service_certificate(service)
    assert 'class="certificate"' in render_to_string(source.template, source.context)  # no crossings: it was no course


# Privacy


def test_what_is_held_is_given_to_its_person_and_not_to_the_other(mentorship, amara, joanne):
    write_note(mentorship=mentorship, words="Mine alone", by=amara, now=MATCHING_DAY)
    declare_conflict(by=amara, now=MATCHING_DAY, whom="Somebody", reason="Because of that")

    mine, theirs = str(export(amara)), str(export(joanne))

    for words in ("Mine alone", "Because of that", "You look for somebody"):
        assert words in mine
        assert words not in theirs


def test_an_export_names_no_mentor_where_the_programme_shows_no_names(mentee, mentor, amara, cohort):
    state_preferences(place=mentee.place, mentors=[mentor], by=amara, now=MATCHING_DAY)
    assert "Joanne Whitfield" in str(export(amara))
    MentoringRules.objects.create(programme=cohort.programme, shows_names=False)

    told = str(export(amara))

    assert "Joanne" not in told
    assert "Director of Housing" in told


def test_somebody_who_is_erased_leaves_no_words_behind(mentorship, amara, mentor, rosalind):
    write_note(mentorship=mentorship, words="Mine alone", by=amara, now=MATCHING_DAY)
    declare_conflict(by=amara, now=MATCHING_DAY, whom="Somebody", reason="Because of that")

    erase_person(person=amara, by=rosalind, reason="She asked", now=MATCHING_DAY)

    mentorship.refresh_from_db()
    mentor.refresh_from_db()
    assert (mentorship.state, mentorship.why_mentee, mentorship.why_mentor, mentor.active) == ("ended", "", "", 0)
    assert not PrivateNote.objects.exists()
    assert not Conflict.objects.exists()
    assert MatchRun.objects.get().problem is None


def test_what_the_office_wrote_about_somebody_who_is_erased_goes_from_every_proposal(
    mentor, mentee, cohort, amara, rosalind
):
    run = propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    lock(run=run, place=mentee.place, mentor=mentor, by=rosalind, now=MATCHING_DAY, reason="She is ill, she told me")
    assert all(pair.parts for pair in RunPair.objects.all())

    erase_person(person=amara, by=rosalind, reason="She asked", now=MATCHING_DAY)

    assert [pair.parts for pair in RunPair.objects.all()] == [[], []]
    assert [ruling.reason for ruling in Ruling.objects.all()] == [""]
    assert sorted(run.what for run in MatchRun.objects.all()) == [
        "Proposed a matching",
        "somebody stays with Joanne Whitfield",
    ]


def test_an_open_proposal_in_which_somebody_is_erased_is_put_away_with_all_it_held(mentor, mentee, cohort, rosalind):
    """Also of a mentor who was not matched in it, and of proposals before it."""
    unmatched = MentorFactory()
    first = propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    second = propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    spare = ({mentor, unmatched} - {second.pairs.get().mentor}).pop()

    erase_person(person=spare.person, by=rosalind, reason="They asked", now=MATCHING_DAY)

    assert set(MatchRun.objects.values_list("state", flat=True)) == {"superseded"}
    assert {run.problem_text for run in MatchRun.objects.all()} == {""}
    assert MatchRun.objects.get(pk=first.pk).result_hash == first.result_hash
    again = propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    assert again.based_on is None


def test_an_erased_mentor_is_offered_to_nobody(mentor, mentee, joanne, rosalind, cohort):
    erase_person(person=joanne, by=rosalind, reason="She asked", now=MATCHING_DAY)

    assert propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY).pairs.get().mentor is None


def test_two_mentees_never_share_the_last_seat_of_a_mentor(mentor, mentee, cohort, rosalind):
    """Two proposals of two cohorts count on the same seat: the second confirmation is refused."""
    other = MenteeFactory(place=PlaceFactory(cohort__contact=rosalind)).place
    first = propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    second = propose_match(cohort=other.cohort, by=rosalind, now=MATCHING_DAY)
    assert first.pairs.get().mentor == second.pairs.get().mentor == mentor

    confirm_match(run=first, by=rosalind, now=MATCHING_DAY)
    with pytest.raises(NotPossible):
        confirm_match(run=second, by=rosalind, now=MATCHING_DAY)
    mentor.refresh_from_db()
    assert (mentor.active, Mentorship.objects.count()) == (1, 1)


def test_a_cohort_to_come_takes_those_whose_pair_did_not_end(mentorship, mentor, rosalind):
    """Somebody else of a later cohort may have the mentor that Amara had."""
    Mentor.objects.update(capacity=2)
    later = MenteeFactory(place=PlaceFactory(cohort__contact=rosalind)).place

    assert matched(later, Mentor.objects.get(), rosalind).mentor == mentor
