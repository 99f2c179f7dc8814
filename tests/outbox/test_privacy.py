"""What we wrote to somebody is theirs to read, and goes when they go."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leaders.outbox.actions import post, suppress
from leaders.outbox.consent import give_consent
from leaders.outbox.delivery import claim, deliver, reap, send_due
from leaders.outbox.models import Consent, Message, Suppression
from leaders.people.actions import erase_person
from leaders.people.privacy import export
from tests.browsers import sign_in
from tests.outbox.factories import NOW, write_message
from tests.people.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def written():
    """Amara has been written to, has agreed to news, and an address of hers bounced."""
    amara = PersonFactory(name="Amara Mensah", email="amara.mensah@example.org")
    post("outbox.sign_in_code", to=amara, now=NOW, dedupe_key="1", code="K7QPXM")
    give_consent(address=amara.email, how="Ticked a box", now=NOW, by=amara)
    suppress(amara.email, reason="It bounced", by=None, now=NOW)
    return amara


def test_a_person_reads_what_was_written_to_them(written):
    held = export(written)
    (message,) = held["The emails we sent you"]
    assert message["subject"] == "Your sign-in code"
    assert [
        row.get("promotional mail") or row["nothing is sent"]
        for row in held["Whether you agreed to invitations and news, and whether mail to you is stopped"]
    ] == ["Ticked a box", "It bounced"]


@pytest.fixture
def by_address(written):
    """What was written to Amara's address before anybody knew whose it is, and to somebody else."""
    reason = "550 <amara.mensah@example.org> is unknown"
    theirs = write_message(address="Amara.Mensah@example.org")
    Message.objects.filter(pk=theirs.pk).update(state="failed", reason=reason)
    other = PersonFactory(name="Ben Cole", email="ben.cole@example.org")
    Message.objects.filter(pk=write_message(address=written.email).pk).update(person=other)  # whose address it was then
    write_message(address="someone@example.org")
    return theirs


def test_a_person_reads_what_was_written_to_their_address(written, by_address):
    subjects = [message["subject"] for message in export(written)["The emails we sent you"]]
    assert subjects == ["Your sign-in code", by_address.subject]


def test_the_office_finds_what_was_written_to_their_address(written, by_address, client, rosalind):
    page = sign_in(client, rosalind).get(reverse("admin:outbox_message_changelist"), {"reader": written.pk})
    assert {message.to_email for message in page.context["cl"].result_list} == {written.email, by_address.to_email}
    assert page.context["cl"].result_count == 2


def test_erasing_a_person_erases_what_was_written_to_their_address(written, by_address, rosalind):
    kept = set(Message.objects.exclude(pk=by_address.pk).filter(kind="test.letter").values_list("to_email", "subject"))
    erase_person(person=written, by=rosalind, reason="They asked", now=NOW)
    by_address.refresh_from_db()
    told = [str(getattr(by_address, field.attname)) for field in Message._meta.fields]
    assert [words for words in told if "amara" in words.lower() or "rosalind" in words or "Module 4" in words] == []
    others = Message.objects.exclude(to_email=f"erased-{written.pk}@example.invalid")
    assert set(others.values_list("to_email", "subject")) == kept


def test_erasing_a_person_stops_what_a_worker_has_claimed(written, rosalind, mailoutbox):
    claims = claim(now=NOW)
    erase_person(person=written, by=rosalind, reason="They asked", now=NOW)
    assert deliver(claims, clock=lambda: NOW) == 0
    message = Message.objects.get()
    assert (message.state, message.token, message.reason) == ("skipped", None, "The person was erased")
    assert mailoutbox == []


def test_what_is_being_handed_over_while_its_reader_is_erased_is_not_tried_again(written, rosalind, mailoutbox):
    Suppression.objects.all().delete()
    claim(now=NOW)
    Message.objects.update(state="sending")
    erase_person(person=written, by=rosalind, reason="They asked", now=NOW)
    reap(now=NOW + timedelta(hours=1))
    assert send_due(NOW + timedelta(hours=1)) == 0
    assert Message.objects.get().state == "skipped"
    assert mailoutbox == []


def test_erasing_a_person_leaves_neither_words_nor_address(written, rosalind):
    erase_person(person=written, by=rosalind, reason="They asked", now=NOW)
    message = Message.objects.get()
    assert "K7QPXM" not in message.text + message.html
    assert (message.to_email, message.to_name) == (f"erased-{written.pk}@example.invalid", "")
    assert message.state == "skipped"
    assert not Consent.objects.exists()
    assert not Suppression.objects.exists()
