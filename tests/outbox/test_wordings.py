"""The office's own words: placeholders are checked, versions kept, and typed text stays text."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from leaders.outbox.actions import post
from leaders.outbox.models import Wording
from leaders.outbox.registry import Letter
from leaders.outbox.wordings import PLACEHOLDERS, placeholders, save_wording, worded
from leaders.people.models import AuditEvent
from leaders.people.refusals import NotPossible
from tests.outbox.factories import NOW

pytestmark = pytest.mark.django_db
KIND = "outbox.sign_in_code"


def save(rosalind, **words):
    return save_wording(kind=KIND, **{"subject": "", "opening": "", "closing": "", **words}, by=rosalind, now=NOW)


def write(key="1", name="Amara"):
    return post(KIND, to=(name, "amara.mensah@example.org"), now=NOW, dedupe_key=key, code="K7QPXM")


def test_the_newest_words_are_used_and_the_earlier_kept(rosalind):
    save(rosalind, subject="First")
    save(rosalind, subject="{first_name}, {usual}")
    assert write().subject == "Amara, Your sign-in code"
    assert list(Wording.objects.values_list("version", "subject")) == [(2, "{first_name}, {usual}"), (1, "First")]
    assert AuditEvent.objects.filter(action="outbox.wording.saved").count() == 2


def test_usual_words_can_be_added_to(rosalind):
    save(rosalind, opening="{usual}\n\nThe office is closed on Friday.")
    text = write().text
    assert "It works once, for ten minutes.\n\nThe office is closed on Friday." in text


def test_empty_fields_bring_the_usual_words_back(rosalind):
    save(rosalind, subject="Mine")
    save(rosalind)
    assert write().subject == "Your sign-in code"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Dear {nickname}", "There is no placeholder {nickname} here."),
        ("Dear {first_name", "A curly bracket is not closed."),
        ("Dear {}", "There is no placeholder {} here."),
        ("See https://example.org", "Links stand in the button"),
    ],
)
def test_words_that_would_break_are_refused(rosalind, text, reason):
    with pytest.raises(NotPossible, match="^" + reason.replace("{", r"\{").replace("}", r"\}").replace(".", r"\.")):
        save(rosalind, opening=text)


def test_what_a_person_typed_is_neither_markup_nor_a_placeholder(rosalind):
    save(rosalind, opening="Dear {name}")
    message = write(name="<b>{usual}</b>")
    assert "Dear &lt;b&gt;{usual}&lt;/b&gt;" in message.html
    assert "Dear <b>{usual}</b>" in message.text


@pytest.mark.parametrize("words", [{}, {"opening": "Dear {name},\n\nwelcome."}])
def test_words_that_are_in_use_already_make_no_version(rosalind, words):
    if words:
        save(rosalind, **words)
    with pytest.raises(NotPossible, match="these words are in use already"):
        save(rosalind, **{field: f" {text} ".replace("\n", "\r\n") for field, text in words.items()})
    assert Wording.objects.count() == len(words)


@pytest.mark.parametrize(("field", "most"), [("subject", 200), ("opening", 2000), ("closing", 2000)])
def test_words_have_a_length_that_people_still_read(rosalind, field, most):
    with pytest.raises(NotPossible, match=f"The {field} must be {most:,} characters or fewer; there are {most + 1:,}"):
        save(rosalind, **{field: "x" * (most + 1)})
    save(rosalind, **{field: "x" * most})


CHASER = Letter(
    subject="9 days left, until Friday 14 May", opening=("Please answer by Friday.",), closing=("Thank you.",)
)
AT_FIVE = datetime(2027, 5, 14, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "said"), [(AT_FIVE, "Friday 14 May 2027, 5pm"), (date(2027, 5, 14), "Friday 14 May 2027")]
)
def test_the_deadline_is_said_as_everywhere(due, said):
    wording = Wording(opening="{first_name}, please answer before {deadline}.")
    letter = worded(replace(CHASER, due=due), wording, first_name="Amara", name="Amara Mensah")
    assert letter.opening == (f"Amara, please answer before {said}.",)


def test_once_the_deadline_is_over_words_that_name_it_make_way_for_the_usual_ones():
    wording = Wording(subject="Until {deadline}", opening="Before {deadline}, please.", closing="Bless you.")
    letter = worded(CHASER, wording, first_name="Amara", name="Amara Mensah")
    assert (letter.subject, letter.opening) == (CHASER.subject, CHASER.opening)
    assert letter.closing == ("Bless you.",)


def test_a_letter_in_which_nothing_is_due_offers_no_deadline(rosalind):
    assert placeholders(replace(CHASER, due=AT_FIVE)) == PLACEHOLDERS
    assert "deadline" not in placeholders(CHASER)
    with pytest.raises(NotPossible, match=r"There is no placeholder \{deadline\} here\."):
        save_wording(kind=KIND, opening="By {deadline}.", known=placeholders(CHASER), by=rosalind, now=NOW)
