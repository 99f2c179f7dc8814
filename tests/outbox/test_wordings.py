"""The office's own words: placeholders are checked, versions kept, and typed text stays text."""

import pytest

from leaders.outbox.actions import post
from leaders.outbox.models import Wording
from leaders.outbox.wordings import save_wording
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
        ("Dear {nickname}", "There is no placeholder {nickname}."),
        ("Dear {first_name", "A curly bracket is not closed."),
        ("Dear {}", "There is no placeholder {}."),
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
