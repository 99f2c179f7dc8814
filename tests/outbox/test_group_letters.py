"""A message to a group: to each by themselves, to exactly those who were named, and once."""

import uuid
from datetime import timedelta

import pytest

from leaders.outbox.actions import suppress
from leaders.outbox.delivery import claim, send_due
from leaders.outbox.group_letters import (
    KIND,
    MOST_WORDS,
    Writing,
    link_in,
    preview_to,
    reach,
    write_to_group,
    wrong_address,
)
from leaders.outbox.groups import Group, addressees
from leaders.outbox.models import GroupLetter, Message
from leaders.outbox.registry import Button
from leaders.people.models import AuditEvent, Person
from leaders.people.privacy import export
from leaders.people.refusals import NotPossible
from tests.at_once import at_once
from tests.outbox.factories import NOW, write_message
from tests.people.factories import PersonFactory

pytestmark = pytest.mark.django_db

FORM = uuid.UUID("00000000-0000-4000-8000-000000000001")
STRIKE = Writing(
    "Thursday starts at 11", "There is a train strike on Thursday: we start at 11.\n\nThe rest of the day stays."
)
SIGNED = {
    "brand": "London Leadership Programme", "signed_by": "Rosalind Tate", "signed_role": "Programme director",
    "reply_to": "rosalind.tate@example.org",
}  # fmt: skip


def walkers(now=NOW):
    """Everybody whose service is Walking; those of Resting have left."""
    yield Group(
        key="test.walkers:1", title="Walkers", of="Cohort 7", why="You walk with us.", signed=SIGNED, cohort_id=7,
        people=Person.objects.filter(service="Walking"), left=Person.objects.filter(service="Resting"),
    )  # fmt: skip


@pytest.fixture
def group(monkeypatch):
    monkeypatch.setattr(addressees, "_parts", {})
    addressees.add(walkers, order=1, key="test.walkers", module="tests.outbox")
    return next(walkers())


def walker(name, **more):
    return PersonFactory(name=name, email=f"{name.lower()}@example.org", service="Walking", **more)


def write(group, by, *, writing=STRIKE, named=None, form=FORM, now=NOW, **more):
    named = [person.pk for person in reach(group, now).people] if named is None else named
    return write_to_group(group=group, writing=writing, named=named, form_uuid=form, by=by, now=now, **more)


def counts():
    """Messages, and notes that some were written."""
    return Message.objects.count(), AuditEvent.objects.filter(action="outbox.group_letter.written").count()


def test_each_person_gets_a_message_of_their_own_and_it_is_on_record_once(group, rosalind, mailoutbox):
    walker("Amara"), walker("Bola")
    letter = write(group, rosalind)
    send_due(NOW)
    assert sorted(mail.to for mail in mailoutbox) == [["Amara <amara@example.org>"], ["Bola <bola@example.org>"]]
    assert {(tuple(mail.cc), tuple(mail.bcc)) for mail in mailoutbox} == {((), ())}
    first = next(mail for mail in mailoutbox if "amara" in mail.to[0])
    assert first.subject == "Thursday starts at 11"
    assert first.reply_to == ["rosalind.tate@example.org"]
    assert first.body.startswith("Dear Amara\n\nThere is a train strike")
    assert "bola" not in first.body.lower()
    assert "You walk with us." in first.body
    event = AuditEvent.objects.about(letter).get()
    assert event.sentence == "Rosalind Tate wrote to 2 of Walkers, Cohort 7: “Thursday starts at 11”"
    assert (event.cohort_id, event.detail["group"], event.detail["count"]) == (7, "Walkers, Cohort 7", 2)
    assert set(Message.objects.values_list("kind", "category", "cohort_id")) == {(KIND, "service", 7)}


def test_it_stands_in_what_a_person_can_read_again_and_take_away(group, client, rosalind):
    amara = walker("Amara")
    write(group, rosalind)
    send_due(NOW)
    client.force_login(amara, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "Thursday starts at 11" in client.get("/my/messages/").content.decode()
    assert [row["subject"] for row in export(amara)["The emails we sent you"]] == ["Thursday starts at 11"]


def test_what_is_looked_at_is_what_arrives_and_looking_leaves_nothing(group, rosalind):
    amara = walker("Amara")
    seen = preview_to(amara, group=group, writing=STRIKE, now=NOW)
    assert (Message.objects.count(), GroupLetter.objects.count()) == (0, 0)
    write(group, rosalind)
    sent = Message.objects.get()
    assert (seen.subject, seen.text, seen.html) == (sent.subject, sent.text, sent.html)


def test_who_is_left_out_is_named_with_the_reason(group):
    walker("Amara")
    suppress(walker("Bola").email, reason="It bounced", by=None, now=NOW)
    walker("Cem", is_active=False)
    PersonFactory(name="Dee", service="Resting")
    PersonFactory(name="Somebody", service="Resting", erased_at=NOW)
    found = reach(group, NOW)
    assert [person.name for person in found.people] == ["Amara"]
    assert [(person.name, reason) for person, reason in found.left_out] == [
        ("Bola", "Nothing is sent to this address"),
        ("Cem", "Account closed"),
        ("Dee", "No longer among them"),
        ("Somebody", "Erased"),
    ]


def test_how_many_had_mail_in_the_last_week_counts_people_and_no_codes(group):
    for name, days, urgent in (("Amara", 1, False), ("Amara", 2, False), ("Bola", 1, True), ("Cem", 8, False)):
        person = Person.objects.filter(name=name).first() or walker(name)
        message = write_message(now=NOW, urgent=urgent)
        Message.objects.filter(pk=message.pk).update(
            person=person, state="sent", sent_at=NOW - timedelta(days=days)
        )  # fmt: skip
    assert reach(group, NOW).recently == 1


def test_it_goes_to_those_named_who_are_still_there_and_to_nobody_who_joined_since(group, rosalind):
    amara, bola = walker("Amara"), walker("Bola")
    outsider = PersonFactory()
    named = [amara.pk, bola.pk, outsider.pk]
    Person.objects.filter(pk=bola.pk).update(service="Resting")
    walker("Cem")
    assert write(group, rosalind, named=named).people == 1
    assert [message.person for message in Message.objects.all()] == [amara]


def test_a_group_of_nobody_gets_nothing(group, rosalind):
    with pytest.raises(NotPossible, match="Nobody would get it"):
        write(group, rosalind)
    assert (GroupLetter.objects.count(), *counts()) == (0, 0, 0)


def test_the_same_form_is_sent_once(group, rosalind):
    walker("Amara")
    first = write(group, rosalind)
    Person.objects.update(service="Resting")  # also when nobody is left
    assert write(group, rosalind, now=NOW + timedelta(hours=1)) == first
    assert counts() == (1, 1)


def test_other_words_from_the_same_form_are_not_lost_in_silence(group, rosalind):
    walker("Amara")
    write(group, rosalind)
    with pytest.raises(NotPossible, match="This page sent another message on Thursday 4 March 2027, 9am"):
        write(group, rosalind, writing=Writing("Friday starts at 11", "As on Thursday."))
    assert Message.objects.count() == 1


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_a_form_sent_from_many_tabs_at_once_is_sent_once(group, rosalind):
    for name in ("Amara", "Bola", "Cem"):
        walker(name)
    assert at_once(lambda _: write(group, rosalind), range(8)) == (8, 0)
    assert counts() == (3, 1)


def test_who_leaves_the_group_before_it_goes_out_does_not_get_it(group, rosalind, mailoutbox):
    amara, _bola = walker("Amara"), walker("Bola")
    write(group, rosalind, due_at=NOW + timedelta(hours=14))
    assert send_due(NOW) == 0
    Person.objects.filter(pk=amara.pk).update(service="Resting")
    send_due(NOW + timedelta(hours=14))
    assert [mail.to for mail in mailoutbox] == [["Bola <bola@example.org>"]]
    assert Message.objects.get(person=amara).reason == "They no longer belong to the group that it was written to"


def test_a_large_group_is_not_held_as_a_mistake_nor_lets_reminders_be_held(group, rosalind, settings):
    settings.OUTBOX_ABNORMAL = 2
    for name in ("Amara", "Bola", "Cem"):
        walker(name)
    write(group, rosalind)
    write_message()
    assert len(claim(now=NOW)) == 4


@pytest.mark.parametrize(
    "words",
    [
        "See https://example.org/plan",
        "See www.example.org",
        "Ask helen@example.org",
        "javascript:alert(1)",
        "at.Eleven",
    ],
)
def test_words_that_would_become_a_link_are_refused_and_say_which(words):
    assert words.split()[-1] in link_in(words)
    with pytest.raises(NotPossible, match="Links stand in the button"):
        Writing("Thursday", words)


@pytest.mark.parametrize(
    "words", ["Start at 9:30. Bring lunch.", "Ann\u202eie", "1.5 hours, e.g. on foot", "“Why?” – because…\n\nBest"]
)
def test_plain_words_are_not_taken_for_links(words):
    assert link_in(words) == ""


@pytest.mark.parametrize(
    ("url", "is_right"),
    [
        ("https://example.org/plan?a=1&b=2", True),
        ("/my/dates/", True),
        ("/my/dates/?month=3#top", True),
        ("http://example.org/", False),
        ("//example.org/", False),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("/no/such/page/", False),
        ("/office/", False),
        ("/my/dates/ x", False),
        ("example.org", False),
        ("https://leaders.example.org/my/dates/", True),
        ("https://leaders.example.org/office/", False),
        (f"https://leaders.example.org/sign/{'a' * 40}/", False),
        (f"/sign/{'a' * 40}/", False),
    ],
)
def test_a_button_leads_to_a_page_for_everybody_or_anywhere_by_https(settings, url, is_right):
    settings.BASE_URL = "https://leaders.example.org"
    assert (wrong_address(url) == "") == is_right


def test_words_with_markup_stay_words(group):
    amara = walker("Amara")
    writing = Writing("<b>Now</b>", "<script>alert(1)</script> & {first_name}", Button("<i>Go</i>", "/my/?a=1&b=2"))
    seen = preview_to(amara, group=group, writing=writing, now=NOW)
    assert seen.subject == "<b>Now</b>"
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {first_name}" in seen.html
    assert "&lt;i&gt;Go&lt;/i&gt;" in seen.html
    assert "<script" not in seen.html


def test_a_message_has_a_subject_words_and_an_end():
    for subject, words in (("", "x"), ("x", " "), ("x" * 121, "x"), ("x", "x " * (MOST_WORDS + 1))):
        with pytest.raises(NotPossible):
            Writing(subject, words)
