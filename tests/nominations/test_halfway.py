"""Answers by private link that are saved half way: kept for their writers alone, never overwritten, gone in time."""

from datetime import timedelta

import pytest

from leaders.outbox.models import Message
from leaders.people.models import AuditEvent
from leaders.people.privacy import holdings
from leaders.people.refusals import NotPossible
from leaders.people.retention import retentions
from leaders.reminders.registry import rules
from nominations import actions
from nominations.actions.halfway import MOST_LETTERS
from nominations.models import SavedAnswer
from tests.nominations.factories import ANSWERING, OPEN, READING, applied, sent

pytestmark = pytest.mark.django_db
BEGUN = {"statement": "I have beg", "contribution": "", "dates": "", "date_clash": "", "access_needs": "A loop"}


def save(nomination, now=ANSWERING, seen=None, **words):
    writer = nomination.endorsement.sponsor if nomination.is_application else nomination.nominee
    return actions.save_answer(nomination=nomination, words={**BEGUN, **words}, seen=seen, by=writer, now=now)


def accept(nomination, **more):
    given = {"statement": "My words.", "dates_agreed": True, **more}
    return actions.accept_nomination(nomination=nomination, by=nomination.nominee, now=ANSWERING, **given)


def endorse(nomination, **more):
    return actions.endorse(
        endorsement=nomination.endorsement, statement="I know his work.", role_title="Director",
        by=nomination.endorsement.sponsor, now=ANSWERING, **more,
    )  # fmt: skip


def kept():
    return [(saved.answers["statement"], saved.version, saved.beside) for saved in SavedAnswer.objects.all()]


def test_what_is_begun_is_saved_and_answers_nothing(this_round):
    nomination = sent(this_round)
    letters = Message.objects.count()
    save(nomination)

    nomination.refresh_from_db()
    assert (nomination.state, nomination.statement, kept()) == ("sent", "", [("I have beg", 1, False)])
    assert Message.objects.count() == letters
    assert rules["nominations.acceptance"].brings.needed(nomination, nomination.nominee, ANSWERING)


def test_nothing_at_all_is_saved_too(this_round):
    save(sent(this_round), statement="", access_needs="")

    assert kept() == [("", 1, False)]


def test_saving_the_same_words_twice_is_saving_once(this_round):
    nomination = sent(this_round)
    for _ in range(2):
        save(nomination, seen=0)

    assert kept() == [("I have beg", 1, False)]
    assert AuditEvent.objects.filter(action="nominations.nomination.answer_saved").count() == 1


def test_saved_words_are_encrypted_at_rest_and_never_in_the_trail(this_round):
    save(sent(this_round))
    (raw,) = SavedAnswer.objects.extra(select={"raw": "words"}).values_list("raw", flat=True)

    assert raw.startswith("gAAAAA")
    assert "beg" not in str(list(AuditEvent.objects.values_list("sentence", "detail")))


def test_a_stale_window_overwrites_nothing_and_both_texts_are_kept(this_round):
    nomination = sent(this_round)
    save(nomination, seen=0)
    for _ in range(2):
        with pytest.raises(actions.Stale):
            save(nomination, seen=0, statement="Other words")

    assert kept() == [("I have beg", 1, False), ("Other words", 0, True)]


def test_a_window_that_saw_what_was_saved_last_goes_on(this_round):
    nomination = sent(this_round)
    save(nomination, seen=0)
    save(nomination, seen=1, statement="I have begun")

    assert kept() == [("I have begun", 2, False)]


@pytest.mark.parametrize(("typed", "words"), [(True, ("Other words", 2, False)), (False, ("I have beg", 1, False))])
def test_one_of_two_texts_is_chosen_and_the_other_goes(this_round, typed, words):
    nomination = sent(this_round)
    save(nomination)
    with pytest.raises(actions.Stale) as stale:
        save(nomination, seen=0, statement="Other words")
    choice = {"beside": stale.value.clash, "typed": typed, "seen": 1, "by": nomination.nominee, "now": ANSWERING}
    actions.choose_answer(**choice)

    assert kept() == [words]
    with pytest.raises(NotPossible, match="chosen already"):
        actions.choose_answer(**choice)


def test_texts_that_changed_once_more_are_not_chosen_between_unseen(this_round):
    nomination = sent(this_round)
    save(nomination)
    with pytest.raises(actions.Stale) as stale:
        save(nomination, seen=0, statement="Other words")
    save(nomination, seen=1, statement="I have begun")
    with pytest.raises(actions.Stale):
        actions.choose_answer(
            beside=stale.value.clash, typed=True, seen=1, by=nomination.nominee, now=ANSWERING
        )  # fmt: skip

    assert kept() == [("I have begun", 2, False), ("Other words", 0, True)]


def test_a_stale_window_does_not_send_past_newer_words(this_round):
    nomination = sent(this_round)
    save(nomination)
    with pytest.raises(actions.Stale):
        accept(nomination, seen=0)

    nomination.refresh_from_db()
    assert (nomination.state, kept()) == ("sent", [("I have beg", 1, False), ("My words.", 0, True)])


def test_a_sponsors_stale_window_does_not_send_past_newer_words(open_programme):
    nomination = applied(open_programme, endorsed=False)
    save(nomination)
    with pytest.raises(actions.Stale):
        endorse(nomination, seen=0)

    nomination.refresh_from_db()
    assert (nomination.state, kept()) == ("sent", [("I have beg", 1, False), ("I know his work.", 0, True)])


def test_a_text_far_too_long_is_refused_and_what_was_saved_stays(this_round):
    nomination = sent(this_round)
    save(nomination)
    with pytest.raises(NotPossible, match="20,000 can be saved"):
        save(nomination, statement="a" * MOST_LETTERS)

    assert kept() == [("I have beg", 1, False)]


def test_a_page_that_was_open_at_the_deadline_still_saves(this_round):
    save(sent(this_round), now=READING)

    assert kept() == [("I have beg", 1, False)]


def withdraw(nomination):
    actions.withdraw_nomination(nomination=nomination, reason="", by="Helen Marsh", now=ANSWERING)


def decline(nomination):
    actions.decline_nomination(nomination=nomination, by=nomination.nominee, now=ANSWERING)


def call_off(nomination):
    actions.call_off(round=nomination.round, reason="", by=None, now=ANSWERING)


@pytest.mark.parametrize("ended", [accept, decline, withdraw, call_off])
def test_what_was_saved_goes_when_there_is_nothing_to_answer_any_more(this_round, ended):
    nomination = sent(this_round)
    save(nomination)
    ended(nomination)

    assert kept() == []
    with pytest.raises(NotPossible):
        save(nomination)


def decline_to_endorse(nomination):
    actions.decline_endorsement(
        endorsement=nomination.endorsement, by=nomination.endorsement.sponsor, now=ANSWERING
    )  # fmt: skip


@pytest.mark.parametrize("ended", [endorse, decline_to_endorse, withdraw, call_off])
def test_what_a_sponsor_saved_goes_when_there_is_nothing_to_answer_any_more(open_programme, ended):
    nomination = applied(open_programme, endorsed=False)
    save(nomination)
    ended(nomination)

    assert kept() == []
    nomination.endorsement.refresh_from_db()
    with pytest.raises(NotPossible):
        save(nomination)


def test_what_was_never_sent_is_past_its_time_a_month_after_the_last_day_to_answer(this_round, rosalind):
    later = READING + timedelta(days=20)
    save(sent(this_round))
    extended = sent(this_round, email="second@example.org")
    actions.extend_deadline(subject=extended, until=later, reason="Leave", by=rosalind, now=READING)
    save(extended)
    retention = retentions["nominations.saved_answers"].brings
    due = extended.round.cohort.statements_due

    assert [retention.expired(day).count() for day in (due + timedelta(days=25), due + timedelta(days=33))] == [0, 1]
    assert retention.expire(later + timedelta(days=33)) == 2
    assert kept() == []


def test_what_was_saved_is_exported_to_its_writer_and_to_nobody_else(open_programme):
    nomination = applied(open_programme, endorsed=False)
    save(nomination)
    holding = holdings["nominations.saved_answers"].brings

    (row,) = holding.export(nomination.endorsement.sponsor)
    assert (row["to"], row["statement"]) == (nomination.reference, "I have beg")
    assert list(holding.export(nomination.nominee)) == []


@pytest.mark.parametrize("whose", ["nominee", "sponsor"])
def test_what_a_sponsor_saved_goes_with_either_of_the_two_people(open_programme, rosalind, whose):
    nomination = applied(open_programme, endorsed=False)
    save(nomination)
    person = nomination.nominee if whose == "nominee" else nomination.endorsement.sponsor
    holdings["nominations.saved_answers"].brings.erase(person, ANSWERING)

    assert kept() == []


def test_the_link_to_a_saved_answer_is_mailed_again_once_in_ten_minutes_to_whoever_was_asked(open_programme):
    nomination = applied(open_programme, endorsed=False)
    sponsor = nomination.endorsement.sponsor
    for minutes in (0, 1, 11):
        actions.mail_answer_link(nomination=nomination, by=sponsor, now=ANSWERING + timedelta(minutes=minutes))

    mailed = Message.objects.filter(kind="nominations.saved_answer")
    assert {message.to_email for message in mailed} == {sponsor.email}
    assert len(mailed) == 2
    first = Message.objects.get(kind="nominations.endorse")
    assert first.text.split("/endorse/")[1].split("/")[0] in mailed[0].text


def test_nothing_is_mailed_when_it_is_too_late_to_answer(this_round):
    nomination = sent(this_round, now=OPEN)
    with pytest.raises(NotPossible, match="The last moment to answer"):
        actions.mail_answer_link(nomination=nomination, by=nomination.nominee, now=READING)
