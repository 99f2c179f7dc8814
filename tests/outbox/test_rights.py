"""Who used a right hears of it; the last letter to somebody erased takes its address with it."""

from datetime import timedelta

import pytest
from anymail.signals import AnymailTrackingEvent
from django.urls import reverse

from leaders.outbox.actions import suppress
from leaders.outbox.bounces import heard
from leaders.outbox.delivery import claim, send_due
from leaders.outbox.models import Message, Suppression
from leaders.outbox.rights import FAREWELL, answer_request, erase_and_tell
from leaders.people.actions import ask_privacy
from leaders.people.models import AuditEvent, PrivacyRequest
from leaders.people.refusals import NotPossible
from tests.browsers import sign_in
from tests.outbox.factories import NOW

pytestmark = pytest.mark.django_db


def told(address: str) -> list[str]:
    """Where the address still stands in the outbox."""
    rows = [*Message.objects.all(), *Suppression.objects.all()]
    return [field.name for row in rows for field in row._meta.fields if address in str(getattr(row, field.attname))]


def test_whoever_asked_gets_the_answer_by_mail(otto, rosalind, mailoutbox):
    asked = ask_privacy(person=otto, kind="correction", words="My name", now=NOW)
    answer_request(asked=asked, answer="It is spelt Otho now.", by=rosalind, now=NOW)
    send_due(NOW)
    (mail,) = mailoutbox
    assert mail.to == ["Otto Outsider <otto.outsider@example.org>"]
    assert mail.subject == "Your request about your data is answered"
    assert "It is spelt Otho now." in mail.body


def test_the_office_cannot_answer_what_it_has_not_read(otto, rosalind, client, time_machine):
    time_machine.move_to(NOW)
    asked = ask_privacy(person=otto, kind="correction", words="My name", now=NOW)
    office, address = sign_in(client, rosalind), reverse("admin:people_answer_request", args=[asked.pk])
    seen = office.get(address).context["keep"]["seen"]
    ask_privacy(person=otto, kind="correction", words="And my title", now=NOW)
    answered = {"confirmed": "yes", "reason": "Corrected", "seen": seen}
    page = office.post(address, answered)
    assert "has added to this request" in page.content.decode()
    assert "And my title" in page.content.decode()
    assert office.post(address, answered | {"seen": page.context["keep"]["seen"]}).status_code == 302
    assert Message.objects.get(kind="outbox.privacy_answered").person == otto


def test_words_added_between_reading_and_answering_are_not_answered_unread(otto, rosalind):
    asked = ask_privacy(person=otto, kind="correction", words="My name", now=NOW)
    ask_privacy(person=otto, kind="correction", words="And my title", now=NOW)
    with pytest.raises(NotPossible, match="has added"):
        answer_request(asked=asked, answer="Done", by=rosalind, now=NOW)
    assert not Message.objects.exists()
    assert PrivacyRequest.objects.get().answered_at is None


def test_somebody_erased_hears_of_it_and_then_the_address_is_forgotten(otto, rosalind, mailoutbox):
    erase_and_tell(person=otto, by=rosalind, reason="They asked", now=NOW)
    assert send_due(NOW) == 1
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["Otto Outsider <otto.outsider@example.org>"], "Your data was erased")
    assert told("otto") == told("Otto") == []
    assert Message.objects.get().state == "sent"


def test_an_erased_address_is_forgotten_when_the_letter_could_not_be_sent(otto, rosalind):
    erase_and_tell(person=otto, by=rosalind, reason="They asked", now=NOW)
    assert told("otto.outsider") == ["to_email"]
    claim(now=NOW + FAREWELL + timedelta(minutes=1))
    assert told("otto.outsider") == []
    assert Message.objects.get().state == "skipped"


def test_a_bounce_of_the_last_letter_does_not_bring_the_address_back(otto, rosalind, mailoutbox):
    erase_and_tell(person=otto, by=rosalind, reason="They asked", now=NOW)
    send_due(NOW)
    Message.objects.update(provider_id="m1")
    bounce = AnymailTrackingEvent(
        event_type="bounced", message_id="m1", recipient="otto.outsider@example.org", esp_event={}
    )
    heard(None, bounce, "Postmark")
    assert not Suppression.objects.exists()


def test_an_address_that_takes_no_mail_is_not_written_to_even_once_more(otto, rosalind, mailoutbox):
    suppress(otto.email, reason="It bounced", by=None, now=NOW)
    erase_and_tell(person=otto, by=rosalind, reason="They asked", now=NOW)
    assert send_due(NOW) == 0
    assert told("otto") == []


def test_nobody_is_erased_twice(otto, rosalind):
    erase_and_tell(person=otto, by=rosalind, reason="They asked", now=NOW)
    otto.refresh_from_db()
    with pytest.raises(NotPossible, match="erased already"):
        erase_and_tell(person=otto, by=rosalind, reason="Again", now=NOW)
    assert AuditEvent.objects.filter(action="people.person.erased").count() == 1


def test_the_office_erases_with_a_last_letter(otto, rosalind, client, time_machine):
    time_machine.move_to(NOW)
    office = sign_in(client, rosalind)
    office.post(reverse("admin:people_erase", args=[otto.pk]), {"confirmed": "yes", "reason": "They asked"})
    assert Message.objects.get().to_email == "otto.outsider@example.org"
    otto.refresh_from_db()
    assert otto.erased_at is not None
