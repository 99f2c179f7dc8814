"""What mentoring brings to reminders, graduation, case studies and the set-up."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis.strategies import dates as some_dates
from hypothesis.strategies import integers

from cohorts.models import Cohort
from cohorts.registry import requirements
from leaders.components.dates import LONDON
from leaders.outbox.delivery import send_due
from leaders.outbox.models import Message
from leaders.reminders.actions import materialise, tick
from leaders.reminders.models import Reminder
from leaders.reminders.registry import rules
from leaders.reminders.working_days import is_working_day
from mentoring.actions import (
    agree,
    answer_review,
    change_agreement,
    end_mentorship,
    opt_in,
    opt_out,
    plan_meeting,
    record_meeting,
    record_training,
)
from mentoring.facts import coaching as coaching_facts
from mentoring.facts import mentoring as mentoring_facts
from mentoring.models import MatchCriterion, MentoringRules, Mentorship
from mentoring.relationship import open_review, review_dates
from mentoring.reminders import dates, signed_for_mentors_and_coaches
from mentoring.setup import CRITERIA, load_criteria, load_rules
from tests.cohorts.factories import PlaceFactory, ProgrammeFactory
from tests.mentoring.factories import MATCHING_DAY, MentorFactory, matched

pytestmark = pytest.mark.django_db
TODAY = MATCHING_DAY.date()
dates_of_the_century = some_dates(date(2020, 1, 1), date(2099, 12, 31))


def planned(key, now=MATCHING_DAY):
    """(recipient, step) of every occurrence that a rule has now, and whether it is still needed."""
    rule = rules[key].brings
    return {
        (each.recipient.name, each.step): rule.needed(each.subject, each.recipient, now)
        for each in rule.plan(now, None)
    }


def test_participants_are_asked_for_their_wishes_until_they_say_yes_or_no(cohort, amara, amara_place, known_criteria):
    other = PlaceFactory(cohort=cohort, person__name="Ben Osei")
    assert set(planned("mentoring.wishes").values()) == {True}

    opt_in(place=amara_place, by=amara, now=MATCHING_DAY)
    opt_out(place=other, by=other.person, now=MATCHING_DAY)

    assert set(planned("mentoring.wishes").values()) == {False}


def test_a_programme_without_mentors_reminds_nobody(cohort, amara_place):
    MentoringRules.objects.create(programme=cohort.programme, has_mentoring=False)
    assert planned("mentoring.wishes") == {}


def test_both_are_reminded_of_the_first_meeting_until_they_met_or_planned_it(mentorship, amara):
    assert planned("mentoring.first_meeting") == {
        (name, step): True
        for name in ("Amara Mensah", "Joanne Whitfield")
        for step in ("a week before", "a week after")
    }
    plan_meeting(mentorship=mentorship, at=MATCHING_DAY + timedelta(days=9), mode="phone", by=amara, now=MATCHING_DAY)
    assert set(planned("mentoring.first_meeting").values()) == {False}


def test_thirty_days_of_silence_are_noticed_once_and_counted_anew(mentorship, amara):
    record_meeting(mentorship=mentorship, on=TODAY, mode="video", by=amara, now=MATCHING_DAY)
    later = MATCHING_DAY + timedelta(days=30)
    assert set(planned("mentoring.silence", later - timedelta(days=1)).values()) == {False}
    assert planned("mentoring.silence", later) == {
        ("Amara Mensah", "silent since 2026-10-13"): True,
        ("Joanne Whitfield", "silent since 2026-10-13"): True,
    }

    record_meeting(mentorship=mentorship, on=later.date(), mode="video", by=amara, now=later)

    assert planned("mentoring.silence", later) == {
        ("Amara Mensah", "silent since 2026-11-12"): False,
        ("Joanne Whitfield", "silent since 2026-11-12"): False,
    }


def test_who_did_not_write_the_agreement_reads_of_each_version_in_a_weekly_email_until_they_say_yes(
    mentorship, amara, joanne
):
    words = {"aims": "To think", "frequency": "Monthly", "ending": "Any time"}
    assert planned("mentoring.agreement") == {}
    for version in (1, 2):
        change_agreement(mentorship=mentorship, version=version, by=amara, now=MATCHING_DAY, **words)
        assert planned("mentoring.agreement") == {("Joanne Whitfield", f"version {version + 1}"): True}
    materialise(MATCHING_DAY)
    assert [each.recipient for each in Reminder.objects.filter(rule="mentoring.agreement")] == [joanne]
    item = rules["mentoring.agreement"].brings.item(mentorship, joanne, "version 3", MATCHING_DAY)
    assert item.title == "Read your agreement with Amara"
    assert item.url == f"/mentor/{mentorship.pk}/#agreement"

    agree(mentorship=mentorship, version=3, by=joanne, now=MATCHING_DAY)

    assert planned("mentoring.agreement") == {}


def test_silence_is_written_to_both_once_through_the_ledger(mentorship, amara, smtp_sink):
    record_meeting(mentorship=mentorship, on=TODAY, mode="video", by=amara, now=MATCHING_DAY)
    Message.objects.all().delete()
    materialise(MATCHING_DAY)
    first = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
    for days in range(9):
        now = first + timedelta(days=days)
        materialise(now)
        tick(now)
        send_due(now)

    told = Message.objects.filter(text__icontains="have not met since")
    assert sorted(message.to_email for message in told) == ["amara.mensah@example.org", "joanne.whitfield@example.org"]
    assert Reminder.objects.filter(rule="mentoring.silence").count() == 2


def test_training_is_reminded_of_sixty_days_before_it_ends(mentor, rosalind):
    # Trained on 20 January 2026: good until 20 January 2028.
    ahead = datetime(2027, 11, 22, 9, tzinfo=UTC)
    assert planned("mentoring.training", ahead - timedelta(days=2)) == {("Joanne Whitfield", "ends 2028-01-20"): False}
    assert planned("mentoring.training", ahead) == {("Joanne Whitfield", "ends 2028-01-20"): True}

    record_training(mentor=mentor, kind="refresher", on=ahead.date(), by=rosalind, now=ahead)

    assert planned("mentoring.training", ahead) == {("Joanne Whitfield", "ends 2029-11-22"): False}


def test_the_question_half_way_stops_with_an_answer_by_each_side(mentorship, amara):
    record_meeting(mentorship=mentorship, on=TODAY, mode="video", by=amara, now=MATCHING_DAY)
    half_way = MATCHING_DAY + timedelta(days=140)
    assert planned("mentoring.review", half_way)[("Amara Mensah", "middle")]
    answer_review(mentorship=mentorship, kind="middle", going="well", wants_to_talk=False, by=amara, now=half_way)

    after = planned("mentoring.review", half_way)
    assert (after["Amara Mensah", "middle"], after["Joanne Whitfield", "middle"]) == (False, True)


def test_who_is_matched_late_is_asked_the_last_question_only_and_a_yes_stops_it(mentorship, amara):
    """Told five weeks before graduation: half way is no earlier than the end."""
    late = datetime(2027, 6, 10, 9, 30, tzinfo=UTC)
    Mentorship.objects.update(told_at=late)
    mentorship.refresh_from_db()
    record_meeting(mentorship=mentorship, on=late.date(), mode="video", by=amara, now=late)
    due = late + timedelta(days=20)
    asked = {("Amara Mensah", "end"): True, ("Joanne Whitfield", "end"): True}
    assert planned("mentoring.review", due) == asked
    assert open_review(mentorship, "mentee", due.date()).kind == "end"

    answer_review(mentorship=mentorship, kind="end", going="well", wants_to_talk=False, by=amara, now=due)

    assert planned("mentoring.review", due) == asked | {("Amara Mensah", "end"): False}
    assert open_review(Mentorship.objects.get(), "mentee", due.date()) is None


def test_after_an_early_ending_both_are_asked_for_two_weeks_how_it_went(mentorship, amara):
    record_meeting(mentorship=mentorship, on=TODAY, mode="video", by=amara, now=MATCHING_DAY)
    end_mentorship(mentorship=mentorship, by=amara, now=MATCHING_DAY)

    for side in ("mentee", "mentor"):
        assert open_review(mentorship, side, TODAY + timedelta(days=14)).kind == "end"
        assert open_review(mentorship, side, TODAY + timedelta(days=15)) is None
    assert planned("mentoring.review", MATCHING_DAY) == {}


def test_every_rule_writes_a_line_that_names_only_the_other(mentorship, amara, joanne):
    record_meeting(mentorship=mentorship, on=TODAY, mode="video", by=amara, now=MATCHING_DAY)
    for key, step in (
        ("mentoring.first_meeting", "a week before"),
        ("mentoring.silence", "x"),
        ("mentoring.agreement", "version 2"),
        ("mentoring.review", "end"),
    ):
        for person, other in ((amara, "Joanne"), (joanne, "Amara")):
            item = rules[key].brings.item(mentorship, person, step, MATCHING_DAY)
            assert other in item.title


def test_the_digest_knows_meetings_and_who_signs_for_mentors(mentorship, amara, joanne):
    at = MATCHING_DAY + timedelta(days=5)
    plan_meeting(mentorship=mentorship, at=at, mode="video", by=amara, now=MATCHING_DAY)

    assert dates(joanne, MATCHING_DAY, at + timedelta(days=1)) == [(at, "Mentoring with Amara: you meet by video")]
    assert [what for _, what in dates(amara, at + timedelta(days=1), at + timedelta(days=300))] == [
        "Mentoring with Joanne: the last day for a first meeting",
        "Mentoring with Joanne: one question: how is it going, half way?",
        "Mentoring with Joanne: one question: how did it go?",
    ]
    assert signed_for_mentors_and_coaches(joanne, MATCHING_DAY).name == "Rosalind Tate"
    assert signed_for_mentors_and_coaches(amara, MATCHING_DAY) is None


def test_a_question_that_is_due_is_a_line_of_the_digest_and_does_not_come_up_as_well(mentorship, amara, joanne):
    record_meeting(mentorship=mentorship, on=TODAY, mode="video", by=amara, now=MATCHING_DAY)
    half_way = datetime.combine(review_dates(mentorship)["middle"], time(9), LONDON)
    before = half_way - timedelta(days=1)
    asked = "Mentoring with Joanne: one question: how is it going, half way?"
    assert asked in [what for _, what in dates(amara, before, before + timedelta(days=14))]
    assert asked not in [what for _, what in dates(amara, half_way, half_way + timedelta(days=14))]


def test_mentoring_can_be_asked_for_to_graduate_and_doing_without_counts(
    mentorship, amara, amara_place, known_criteria
):
    asked = requirements["mentoring"].brings
    assert asked(amara_place, {"meetings": 1}).done is False
    record_meeting(mentorship=mentorship, on=TODAY, mode="video", by=amara, now=MATCHING_DAY)
    assert asked(amara_place, {"meetings": 1}).text == "Mentoring: 1 of 1 meetings"

    other = PlaceFactory(cohort=amara_place.cohort)
    opt_out(place=other, by=other.person, now=MATCHING_DAY)
    assert asked(other, {"meetings": 6}).done is True


def test_coaching_can_be_asked_for_to_graduate(amara_place):
    evidence = requirements["coaching"].brings(amara_place, {"sessions": 2})
    assert (evidence.done, evidence.text) == (False, "Coaching group: 0 of 2 sessions")


def test_small_numbers_of_mentors_are_not_told(mentorship, cohort, amara, rosalind):
    record_meeting(mentorship=mentorship, on=TODAY, mode="video", by=amara, now=MATCHING_DAY)
    assert mentoring_facts(cohort, MATCHING_DAY) == []
    for _ in range(4):
        place, mentor = PlaceFactory(cohort=cohort), MentorFactory()
        other = matched(place, mentor, rosalind)
        record_meeting(mentorship=other, on=TODAY, mode="video", by=place.person, now=MATCHING_DAY)

    assert [fact.text for fact in mentoring_facts(cohort, MATCHING_DAY)] == [
        "5 alumni mentored 5 participants",
        "The pairs met 5 times",
    ]
    assert coaching_facts(cohort, MATCHING_DAY) == []


@pytest.mark.parametrize("key", ["preference", "shared"])
def test_a_criterion_is_not_called_what_means_something_else_to_the_matching(key, db):
    with pytest.raises(ValidationError, match="a meaning of its own"):
        MatchCriterion(key=key, group="theme", label="x").full_clean()
    MatchCriterion(key=key, group=key, label="x").full_clean()


@pytest.mark.parametrize("bands", [[9000], [1000.5], "1000", 1000, [True]])
def test_bands_that_are_none_are_pointed_out_to_the_office(programme, bands):
    with pytest.raises(ValidationError, match="from 0 to 4000"):
        MentoringRules(programme=programme, bands=bands).full_clean()


def test_rules_come_with_a_programme_that_was_loaded_with_them(cohort, django_assert_num_queries):
    MentoringRules.objects.create(programme=cohort.programme, wishes_days=4)
    with_rules = Cohort.objects.select_related("programme__mentoring_rules").get()

    with django_assert_num_queries(0):
        assert MentoringRules.of(with_rules).wishes_days == 4


def test_a_programme_without_rules_is_asked_once(cohort, django_assert_num_queries):
    alone = Cohort.objects.select_related("programme").get()
    with django_assert_num_queries(1):
        assert [MentoringRules.of(alone).wishes_days for _ in range(2)] == [21, 21]


@given(starts=dates_of_the_century, days=integers(0, 60))
def test_days_on_which_something_is_due_are_working_days(starts, days):
    cohort = Cohort(starts_on=starts, graduation_on=starts + timedelta(days=300))
    rules = MentoringRules(wishes_days=days, matching_days=days, first_meeting_days=days)
    told = datetime.combine(starts, time(12), UTC)
    reviews = review_dates(Mentorship(cohort=cohort, told_at=told)).values()

    due = [rules.wishes_due(cohort), rules.matching_on(cohort), rules.first_meeting_by(starts), *reviews]

    assert [day for day in due if not is_working_day(day)] == []


def test_setting_up_adds_what_is_missing_and_leaves_what_the_office_edited(db):
    ProgrammeFactory(slug="leaders-for-london")
    ProgrammeFactory()
    assert (load_criteria(MATCHING_DAY), load_rules(MATCHING_DAY)) == (len(CRITERIA), 2)
    MatchCriterion.objects.filter(key="theme-self").update(weight=9)

    assert (load_criteria(MATCHING_DAY), load_rules(MATCHING_DAY)) == (0, 0)
    assert MatchCriterion.objects.get(key="theme-self").weight == 9
    assert list(MentoringRules.objects.filter(has_mentoring=False).values_list("programme__slug", flat=True)) == [
        "leaders-for-london"
    ]
