"""What we wrote to somebody is theirs to read, and goes when they go."""

import pytest

from leaders.outbox.actions import post, suppress
from leaders.outbox.consent import give_consent
from leaders.outbox.models import Consent, Message, Suppression
from leaders.people.actions import erase_person
from leaders.people.privacy import export
from tests.outbox.factories import NOW
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


def test_erasing_a_person_leaves_neither_words_nor_address(written, rosalind):
    erase_person(person=written, by=rosalind, reason="They asked", now=NOW)
    message = Message.objects.get()
    assert "K7QPXM" not in message.text + message.html
    assert (message.to_email, message.to_name) == (f"erased-{written.pk}@example.invalid", "")
    assert message.state == "skipped"
    assert not Consent.objects.exists()
    assert not Suppression.objects.exists()
