"""Somebody asks, twice, while the office answers, each on a connection of its own: no words are lost or left unread."""

from datetime import UTC, datetime

import pytest

from leaders.people.actions import answer_privacy, ask_privacy
from leaders.people.models import PrivacyRequest
from tests import sqlite_in_a_file
from tests.at_once import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]

NOW = datetime(2027, 1, 31, 10, tzinfo=UTC)


def ask(person, words):
    ask_privacy(person=person, kind="access", words=words, now=NOW)


def test_eight_clicks_make_one_request_with_all_their_words(otto):
    assert at_once(lambda number: ask(otto, f"Words {number}"), range(8)) == (8, 0)
    asked = PrivacyRequest.objects.get()
    assert sorted(asked.words.split("\n\n")) == [f"Words {number}" for number in range(8)]


def test_no_words_land_in_a_request_that_was_answered_meanwhile(otto, rosalind):
    ask(otto, "First")
    seen = PrivacyRequest.objects.get()

    def act(number):
        if number:
            ask(otto, f"Words {number}")
        else:
            answer_privacy(asked=seen, answer="Sent", by=rosalind, now=NOW)

    at_once(act, range(6))
    answered = PrivacyRequest.objects.exclude(answered_at=None)
    assert set(answered.values_list("words", flat=True)) <= {"First"}
    waiting = "\n\n".join(PrivacyRequest.objects.filter(answered_at=None).values_list("words", flat=True))
    assert {f"Words {number}" for number in range(1, 6)} <= set(waiting.split("\n\n"))


def test_the_same_on_sqlite_in_a_file(tmp_path):
    assert sqlite_in_a_file.passes(__file__, tmp_path)
