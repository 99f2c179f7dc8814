"""What a provider's webhook says, believed only with its signature."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.core.checks import run_checks
from django.urls import include, path
from django.utils import timezone

from leaders.office.messages_today import failed
from leaders.outbox.delivery import send_due
from leaders.outbox.models import Message, Suppression
from tests.outbox.factories import NOW, write_message

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
urlpatterns = [path("anymail/", include("anymail.urls")), path("office/", admin.site.urls)]
KEY = "a-signing-key"


@pytest.fixture
def provider(settings, client):
    """Post an event as Mailgun does: signed with our key, or with another."""
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": KEY}

    def says(event, *, key=KEY, severity="permanent"):
        stamp, token = str(int(timezone.now().timestamp())), "0123456789" * 5
        signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
        body = {
            "signature": {"timestamp": stamp, "token": token, "signature": signature},
            "event-data": {
                "event": event, "id": "e1", "timestamp": datetime(2027, 3, 4, tzinfo=UTC).timestamp(),
                "recipient": "amara.mensah@example.org", "severity": severity, "reason": "bounce",
                "message": {"headers": {"message-id": "abc@mail.example.org"}},
                "delivery-status": {"code": 550, "message": "No such user"},
            },
        }  # fmt: skip
        return client.post("/anymail/mailgun/tracking/", json.dumps(body), content_type="application/json")

    return says


@pytest.fixture
def sent():
    message = write_message()
    send_due(NOW)
    Message.objects.update(provider_id="<abc@mail.example.org>")
    return message


def test_a_bounce_fails_the_message_and_stops_the_address(provider, sent):
    assert provider("failed").status_code == 200
    sent.refresh_from_db()
    assert sent.state == "failed"
    assert Suppression.of("amara.mensah@example.org").reason.startswith("It bounced")


def test_a_complaint_stops_the_address_and_leaves_the_message_sent(provider, sent):
    provider("complained")
    sent.refresh_from_db()
    assert sent.state == "sent"
    assert Suppression.of("amara.mensah@example.org").reason == "They reported us as spam"


def test_a_delivery_changes_nothing(provider, sent):
    provider("delivered")
    assert not Suppression.objects.exists()


def postmark_says(client, **headers):
    body = {
        "RecordType": "Bounce", "Type": "HardBounce", "MessageID": "abc", "Email": "amara.mensah@example.org",
        "BouncedAt": "2027-03-04T09:00:00Z", "Description": "No such user", "Inactive": True,
    }  # fmt: skip
    return client.post("/anymail/postmark/tracking/", json.dumps(body), content_type="application/json", **headers)


def test_a_provider_that_signs_nothing_is_believed_with_the_secret_alone(settings, client):
    settings.ANYMAIL = {"WEBHOOK_SECRET": "leaders:a-long-password"}
    assert postmark_says(client).status_code == 400
    assert not Suppression.objects.exists()
    known = base64.b64encode(b"leaders:a-long-password").decode()
    assert postmark_says(client, headers={"Authorization": f"Basic {known}"}).status_code == 200
    assert Suppression.of("amara.mensah@example.org")


def test_a_provider_without_a_secret_is_refused_when_the_product_starts(settings):
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "t"}
    assert [problem.id for problem in run_checks() if problem.id.startswith("outbox")] == ["outbox.E001"]
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "t", "WEBHOOK_SECRET": "leaders:a-long-password"}
    assert [problem.id for problem in run_checks() if problem.id.startswith("outbox")] == []


def test_a_bounce_stands_on_the_offices_today_page(provider, sent, rosalind):
    provider("failed")
    assert failed(rosalind, NOW).sentence == "1 message could not be delivered"


def test_a_wrong_signature_is_not_believed(provider, sent):
    assert provider("failed", key="another").status_code == 400
    assert not Suppression.objects.exists()
