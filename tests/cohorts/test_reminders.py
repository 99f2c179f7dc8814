from datetime import UTC, date, datetime, timedelta

import pytest

from cohorts import actions
from cohorts.models import Narrative
from cohorts.reminders import (
    cohorts,
    details_needed,
    graduation,
    narrative_letter,
    narrative_needed,
    plan_details,
    plan_narratives,
    plan_overdue_narratives,
    plan_pulses,
    plan_quotes,
    pulse_letter,
    pulse_needed,
    quote_needed,
    signed_by_the_contact,
    signed_by_the_contact_of_the_past,
)
from leaders.components.dates import london_date
from leaders.outbox.delivery import send_due
from leaders.outbox.models import Message
from leaders.people.models import Person
from leaders.reminders.actions import materialise, tick
from leaders.reminders.models import Reminder
from tests.cohorts.factories import NOW, CohortFactory, PlaceFactory


def days(occurrences):
    return [(found.step, found.on) for found in occurrences]


@pytest.fixture
def alumna(amara_place, rosalind):
    """Amara, graduated on 4 March 2027, who stays in touch."""
    actions.graduate_place(place=amara_place, by=rosalind, now=NOW)
    return actions.stay_in_touch(place=amara_place, by=amara_place.person, now=NOW)


class TestNarrative:
    def test_steps_count_back_in_working_days_over_the_bank_holiday(self, amara_place):
        # Due on Saturday 12 June 2027; Monday 31 May is a bank holiday.
        assert days(plan_narratives(NOW, None)) == [
            ("four weeks before", date(2027, 5, 14)),
            ("a week before", date(2027, 6, 7)),
            ("the day before", date(2027, 6, 11)),
        ]
        assert days(plan_overdue_narratives(NOW, None)) == [("the day after", date(2027, 6, 14))]

    def test_extension_moves_the_steps_of_one_person(self, amara_place, rosalind):
        actions.extend_date(
            place=amara_place, what="narratives_due", until=date(2027, 6, 25), reason="Ill", by=rosalind, now=NOW
        )
        assert days(plan_narratives(NOW, None))[-1] == ("the day before", date(2027, 6, 24))

    def test_more_time_for_one_person_moves_what_is_planned_for_them_alone(self, cohort, amara_place, rosalind):
        other = PlaceFactory(cohort=cohort)
        materialise(NOW)
        actions.extend_date(
            place=amara_place, what="narratives_due", until=date(2027, 6, 25), reason="Ill", by=rosalind, now=NOW
        )
        materialise(NOW)
        rows = Reminder.objects.filter(rule="cohorts.narrative", step="the day before")
        assert {row.recipient: (row.on, row.due_on) for row in rows} == {
            amara_place.person: (date(2027, 6, 24), date(2027, 6, 25)),
            other.person: (date(2027, 6, 11), date(2027, 6, 12)),
        }

    def test_a_moved_date_plans_anew_what_is_not_sent_and_nothing_else(self, cohort, amara_place, rosalind):
        def planned():
            rows = Reminder.objects.filter(rule__startswith="cohorts.narrative").order_by("on")
            return [(row.step, row.state, row.due_on, london_date(row.due_at)) for row in rows]

        due, later = date(2027, 6, 12), date(2027, 6, 24)
        materialise(NOW)
        sent_on = date(2027, 5, 13)  # the Thursday before
        tick(datetime(2027, 5, 13, 9, tzinfo=UTC))
        actions.change_dates(
            cohort=cohort, dates={"narratives_due": later}, by=rosalind, now=datetime(2027, 5, 14, 9, tzinfo=UTC)
        )
        materialise(datetime(2027, 5, 14, 9, 5, tzinfo=UTC))
        assert planned() == [
            ("four weeks before", "written", due, sent_on),
            ("a week before", "pending", later, date(2027, 6, 17)),
            ("the day before", "pending", later, date(2027, 6, 17)),
            ("the day after", "pending", later, date(2027, 6, 25)),
        ]

    def test_planned_cohort_can_be_rehearsed_and_is_not_planned_otherwise(self, programme):
        planned = CohortFactory(programme=programme, number=8, status="planned", starts_on=date(2027, 9, 14))
        PlaceFactory(cohort=planned)
        assert list(plan_narratives(NOW, None)) == []
        assert len(list(plan_narratives(NOW, planned))) == 3
        assert planned in cohorts()

    def test_somebody_who_has_acted_or_left_hears_nothing(self, amara_place, amara, rosalind):
        assert narrative_needed(amara_place, amara, NOW)
        written = Narrative.objects.create(place=amara_place, saved_at=NOW, submitted_at=NOW)
        assert not narrative_needed(amara_place, amara, NOW)
        written.delete()
        actions.withdraw_place(place=amara_place, reason="x", by=rosalind, now=NOW)
        assert not narrative_needed(amara_place, amara, NOW)
        assert list(plan_narratives(NOW, None)) == []

    def test_overdue_letter_says_the_date_and_how_to_get_more_time(self, amara_place, amara):
        letter = narrative_letter(amara_place, amara, "the day after", NOW)
        assert letter.subject == "Your narrative was due; you can still send it"
        assert "Saturday 12 June 2027" in letter.opening[0]
        assert (letter.signed_by, letter.reply_to) == ("Rosalind Tate", "rosalind.tate@example.org")


class TestDetails:
    def test_asked_before_onboarding_until_they_were_looked_through(self, amara_place, amara):
        before = datetime(2026, 8, 20, 9, tzinfo=UTC)
        assert days(plan_details(before, None))[0] == ("three weeks before", date(2026, 8, 17))
        assert details_needed(amara_place, amara, before)
        amara_place.details_at = before
        assert not details_needed(amara_place, amara, before)

    def test_not_asked_any_more_after_the_start(self, amara_place, amara):
        assert not details_needed(amara_place, amara, NOW)


class TestQuotes:
    def test_one_chase_five_working_days_after_asking(self, amara_place, rosalind, amara):
        quote = actions.propose_quote(place=amara_place, words="x", by=rosalind, now=NOW)
        assert days(plan_quotes(NOW, None)) == [("a week after", date(2027, 3, 11))]
        actions.withdraw_quote(quote=quote, by=amara, now=NOW)
        assert list(plan_quotes(NOW, None)) == []
        assert not quote_needed(quote, amara, NOW)


class TestPulse:
    def test_alumni_who_stay_in_touch_are_asked_three_times(self, alumna):
        assert days(plan_pulses(NOW, None)) == [
            ("6 months", date(2027, 9, 4)),
            ("12 months", date(2028, 3, 4)),
            ("24 months", date(2029, 3, 4)),
        ]

    def test_those_who_did_not_agree_are_not_asked(self, alumna, amara):
        actions.stop_in_touch(place=alumna, by=amara, now=NOW)
        assert list(plan_pulses(NOW, None)) == []
        assert not pulse_needed(alumna, amara, NOW + timedelta(days=200))

    def test_nothing_is_asked_after_the_answer(self, alumna, amara):
        later = NOW + timedelta(days=200)
        assert pulse_needed(alumna, amara, later)
        assert pulse_letter(alumna, amara, "6 months", later).subject == "6 months on: how is it going?"
        actions.answer_pulse(place=alumna, months=6, role="same", works_across=False, by=amara, now=later)
        assert not pulse_needed(alumna, amara, later)

    def test_the_question_can_be_stopped_with_one_click_which_ends_the_agreement(self, alumna, amara, client):
        morning = datetime(2027, 9, 6, 8, tzinfo=UTC)
        materialise(NOW)
        tick(morning)
        message = Message.objects.get(kind="cohorts.pulse")
        assert message.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        address = message.headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8000")
        client.get(address)
        alumna.refresh_from_db()
        assert alumna.in_touch_since == NOW
        client.post(address, {"List-Unsubscribe": "One-Click"})
        alumna.refresh_from_db()
        assert alumna.in_touch_since is None
        send_due(morning)
        message.refresh_from_db()
        assert (message.state, message.reason) == ("skipped", "They have not agreed to promotional mail")

    def test_graduates_of_long_ago_are_not_read(self, alumna):
        assert list(plan_pulses(NOW + timedelta(days=900), None)) == []


def test_digest_is_signed_by_the_contact_of_the_cohort(amara, otto):
    signed = signed_by_the_contact(amara, NOW)
    assert (signed.name, signed.role) == ("Rosalind Tate", "Programme director, 020 7946 0100")
    assert signed.why_you == "You have a place in Cohort 7 of the London Leadership Programme."
    assert signed_by_the_contact(otto, NOW) is None


def test_digest_to_somebody_who_took_part_is_signed_for_what_they_do_today(alumna, amara):
    person = Person.objects.get(pk=amara.pk)
    assert signed_by_the_contact(person, NOW) is None
    assert signed_by_the_contact_of_the_past(person, NOW).why_you == (
        "You took part in Cohort 7 of the London Leadership Programme."
    )


def test_graduation_comes_up_in_the_digest_of_its_fortnight(amara):
    person = Person.objects.get(pk=amara.pk)
    week = datetime(2027, 7, 8, 9, tzinfo=UTC)
    assert graduation(person, week, week + timedelta(days=14)) == [
        (datetime(2027, 7, 15, 13, tzinfo=UTC), "Graduation of Cohort 7"),
    ]
    assert graduation(person, NOW, NOW + timedelta(days=14)) == []
