"""The nominee's answer, the sponsor's word, and the equality return kept apart."""

from datetime import UTC, datetime, timedelta

import pytest

from leaders.components.dates import LONDON
from leaders.outbox.models import Message
from leaders.people.models import AuditEvent, PrivateLink
from leaders.people.refusals import NotPossible
from nominations.actions import (
    accept_nomination,
    cut_equality_links,
    decline_endorsement,
    decline_nomination,
    endorse,
    extend_deadline,
    save_equality_return,
    send_nomination,
    withdraw_nomination,
)
from nominations.links import EQUALITY
from nominations.models import EqualityReturn, Nomination
from tests.nominations.factories import ANSWERING, OPEN, READING, applied, complete, draft, fill, sent

pytestmark = pytest.mark.django_db


def accept(nomination, now=ANSWERING, **words):
    given = {"statement": "My words.", "dates_agreed": True, "access_needs": "A hearing loop", **words}
    return accept_nomination(nomination=nomination, by=nomination.nominee, now=now, **given)


def test_a_nominee_accepts_with_their_own_words(this_round):
    nomination = accept(sent(this_round))

    nomination.refresh_from_db()
    assert (nomination.state, nomination.statement, nomination.access_needs) == (
        "complete",
        "My words.",
        "A hearing loop",
    )
    assert nomination.completed_at == ANSWERING
    assert Message.objects.filter(to_email="helen.marsh@example.org").order_by("-pk").first().kind == (
        "nominations.nominee_accepted"
    )


def test_a_nominator_hears_of_reading_without_being_told_that_it_has_begun(this_round):
    accept(sent(this_round))

    said = Message.objects.get(kind="nominations.nominee_accepted").text
    assert "has accepted your nomination. You do not need to do anything: the panel reads it with" in said


def test_access_needs_are_encrypted_at_rest_and_never_in_the_trail(this_round):
    nomination = accept(sent(this_round))
    stored = Nomination.objects.filter(pk=nomination.pk).extra(select={"raw": "access_needs"}).values("raw")[0]["raw"]

    assert "hearing" not in stored
    assert "hearing" not in str(list(AuditEvent.objects.values()))


def test_accepting_twice_changes_nothing(this_round):
    nomination = accept(sent(this_round))
    accept(nomination, statement="Other words.")

    nomination.refresh_from_db()
    assert nomination.statement == "My words."
    assert Message.objects.filter(kind="nominations.nominee_accepted").count() == 1


@pytest.mark.parametrize(
    ("words", "problem"),
    [({"statement": " "}, "Write a statement"), ({"dates_agreed": False}, "Say whether you can come")],
)
def test_an_acceptance_needs_words_and_dates(this_round, words, problem):
    with pytest.raises(NotPossible, match=problem):
        accept(sent(this_round), **words)


def test_a_clash_with_one_date_can_be_named(this_round):
    assert accept(sent(this_round), dates_agreed=False, date_clash="Module 2").state == "complete"


def test_it_is_too_late_after_the_statements_are_due(this_round):
    with pytest.raises(NotPossible, match="The last moment to answer was Friday 15 May 2026, 6pm"):
        accept(sent(this_round), now=READING)


def test_one_nominee_may_have_more_time(this_round, rosalind):
    nomination = sent(this_round)
    extend_deadline(subject=nomination, until=READING + timedelta(days=1), reason="Leave", by=rosalind, now=READING)

    assert accept(nomination, now=READING).state == "complete"


def test_a_nominee_who_is_asked_late_has_working_days_to_answer(this_round, rosalind):
    after_statements = datetime(2026, 5, 20, 10, tzinfo=UTC)
    late = fill(draft(this_round))
    extend_deadline(subject=late, until=after_statements + timedelta(hours=2), reason="Ill", by=rosalind, now=OPEN)
    late.refresh_from_db()
    late = send_nomination(nomination=late, attested_by="Helen Marsh", by=None, now=after_statements, proved=True)

    # Five working days, and Monday 25 May is a bank holiday.
    assert late.answer_deadline == datetime(2026, 5, 28, 17, tzinfo=LONDON)
    for kind in ("nominations.accept", "nominations.sent"):
        assert "Thursday 28 May 2026" in Message.objects.get(kind=kind).text
    assert accept(late, now=datetime(2026, 5, 28, 15, tzinfo=UTC)).state == "complete"


def test_a_nominee_keeps_the_date_they_were_told_when_the_cohorts_moves_earlier(this_round):
    nomination = sent(this_round)
    told = nomination.answer_deadline
    this_round.cohort.statements_due -= timedelta(days=7)
    this_round.cohort.save()
    nomination = Nomination.objects.in_words().get(pk=nomination.pk)

    assert nomination.answer_deadline == told


def test_a_withdrawn_nomination_is_no_longer_answered(this_round):
    nomination = sent(this_round)
    withdraw_nomination(nomination=nomination, reason="", by="Helen Marsh", now=OPEN)

    with pytest.raises(NotPossible, match="withdrawn"):
        accept(nomination)


def test_a_nominee_declines_once_and_the_slot_is_free(this_round, camden):
    nomination = sent(this_round, organisation=camden)
    for _ in range(2):
        nomination = decline_nomination(nomination=nomination, reason="Not now", by="Amina", now=ANSWERING)

    assert (nomination.state, nomination.quota_slot, nomination.ended_reason) == ("nominee_declined", None, "Not now")
    assert Message.objects.filter(kind="nominations.nominee_declined").count() == 1


def test_a_complete_nomination_is_not_declined_by_the_old_link(this_round):
    with pytest.raises(NotPossible, match="complete"):
        decline_nomination(nomination=complete(this_round), by="Amina", now=ANSWERING)


def test_a_sponsor_endorses_once(open_programme):
    nomination = applied(open_programme, endorsed=False)
    for words in ("I know his work.", "Other words."):
        endorsement = endorse(
            endorsement=nomination.endorsement, statement=words, role_title="Director", by="Grace Lin", now=ANSWERING
        )

    nomination.refresh_from_db()
    assert (endorsement.statement, endorsement.state, nomination.state) == ("I know his work.", "given", "complete")


def test_a_sponsor_may_decline_and_the_application_waits(open_programme):
    nomination = applied(open_programme, endorsed=False)
    endorsement = decline_endorsement(endorsement=nomination.endorsement, by="Grace Lin", now=ANSWERING)

    nomination.refresh_from_db()
    assert (endorsement.state, nomination.state) == ("declined", "sent")


def test_the_equality_questions_come_by_a_link_of_their_own(this_round):
    nomination = accept(sent(this_round))
    message = Message.objects.get(kind="nominations.equality")

    assert PrivateLink.objects.get(purpose="nominations.equality").token in message.text
    assert (message.to_email, message.about_id) == (nomination.nominee_email, "")


def test_an_equality_return_points_at_nobody(this_round):
    nomination = accept(sent(this_round))
    save_equality_return(nomination=nomination, question_set="2026-05", answers={"sex": "Female", "religion": ""})

    row = EqualityReturn.objects.values().get()
    assert row.pop("pseudonym") not in {"", None}
    assert set(row) == {"id", "round_id", "question_set", "answers"}
    assert row["answers"] == {"sex": "Female"}
    assert not AuditEvent.objects.filter(action__contains="equality").exists()


def test_an_equality_return_is_replaced_and_deleted_by_its_author(this_round):
    nomination = accept(sent(this_round))
    for answers in ({"sex": "Female"}, {"sex": "Prefer not to say"}):
        save_equality_return(nomination=nomination, question_set="2026-05", answers=answers)
    assert EqualityReturn.objects.get().answers == {"sex": "Prefer not to say"}

    save_equality_return(nomination=nomination, question_set="2026-05", answers={"sex": ""})

    assert not EqualityReturn.objects.exists()


def test_when_the_cohort_closes_the_answers_stay_and_what_ties_them_goes(this_round):
    save_equality_return(nomination=sent(this_round), question_set="2026-05", answers={"sex": "Female"})

    assert cut_equality_links(round=this_round, now=READING) == 1
    assert list(EqualityReturn.objects.values_list("pseudonym", "answers")) == [(None, {"sex": "Female"})]


def test_answers_are_not_given_a_second_time_once_nobody_can_tell_whose_they_were(this_round):
    nomination = accept(sent(this_round))
    save_equality_return(nomination=nomination, question_set="2026-05", answers={"sex": "Female"})
    cut_equality_links(round=this_round, now=READING)
    nomination.cohort.closed_at = READING

    with pytest.raises(NotPossible, match="has closed"):
        save_equality_return(nomination=nomination, question_set="2026-05", answers={"sex": "Female"})
    assert EqualityReturn.objects.count() == 1


def test_the_equality_link_works_until_the_cohort_ends(this_round):
    nomination = accept(sent(this_round))
    link = PrivateLink.objects.get(purpose=EQUALITY, subject_id=str(nomination.pk))

    assert link.expires_at.date() == this_round.cohort.ends_on
