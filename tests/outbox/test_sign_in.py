"""The mail that lets people in: on its way within seconds, unreadable afterwards."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from leaders.outbox.delivery import claim, deliver, send_due
from leaders.outbox.models import Message
from tests.people.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(client):
    """Amara has asked for a code."""
    amara = PersonFactory(name="Amara Mensah", email="amara.mensah@example.org")
    client.post(reverse("account_request_login_code"), {"email": amara.email})
    return Message.objects.get()


def code_in(text):
    return re.search(r"\n([A-Z0-9-]{6,})\n", text).group(1)


def test_a_code_is_written_not_sent_by_the_request(asked, mailoutbox):
    assert mailoutbox == []
    assert (asked.urgent, asked.kind, asked.state) == (True, "outbox.sign_in_code", "pending")
    assert asked.expires_at - asked.written_at == timedelta(minutes=10)


def test_the_code_in_the_mail_signs_in(asked, client, mailoutbox):
    send_due(timezone.now())
    answer = client.post(reverse("account_confirm_login_code"), {"code": code_in(mailoutbox[0].body)})
    assert answer.status_code == 302
    assert "_auth_user_id" in client.session


def test_the_quick_tick_takes_the_code(asked):
    assert [pk for pk, _ in claim(now=timezone.now(), urgent=True)] == [asked.pk]


def test_the_code_is_not_readable_after_it_was_sent(asked):
    code = code_in(asked.text)
    send_due(timezone.now())
    asked.refresh_from_db()
    assert asked.state == "sent"
    assert code not in asked.text + asked.html + asked.subject


def test_the_code_is_not_readable_after_its_time(asked, settings):
    settings.DEMO = True
    code = code_in(asked.text)
    deliver(claim(now=timezone.now()), clock=timezone.now)
    asked.refresh_from_db()
    assert code in asked.text
    claim(now=timezone.now() + timedelta(minutes=10), urgent=True)
    asked.refresh_from_db()
    assert code not in asked.text + asked.html


def test_an_unknown_address_gets_no_mail(client):
    client.post(reverse("account_request_login_code"), {"email": "nobody@example.org"})
    assert not Message.objects.exists()
