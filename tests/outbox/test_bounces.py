"""What a provider's webhook says, believed only with its signature."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest
from anymail.webhooks.amazon_ses import AmazonSESTrackingWebhookView as Ses
from anymail.webhooks.mailersend import MailerSendTrackingWebhookView as MailerSend
from anymail.webhooks.mandrill import MandrillCombinedWebhookView as Mandrill
from anymail.webhooks.resend import ResendTrackingWebhookView as Resend
from django.contrib import admin
from django.core.checks import run_checks
from django.http import HttpRequest
from django.urls import include, path
from django.utils import timezone

from leaders.office.messages_today import failed
from leaders.outbox import actions
from leaders.outbox.actions import unsuppress
from leaders.outbox.bounces import heard
from leaders.outbox.consent import give_consent
from leaders.outbox.delivery import send_due
from leaders.outbox.models import Consent, Message, Suppression
from tests.outbox.factories import NOW, write_message

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls(__name__),
    pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailNotSupportedWarning"),  # SendGrid's, who may still
]
urlpatterns = [path("anymail/", include("leaders.outbox.webhooks")), path("office/", admin.site.urls)]
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


def test_a_late_bounce_fails_the_message_and_not_its_copy(provider, sent, rosalind):
    again = actions.send_copy(message=sent, by=rosalind, now=NOW)
    provider("failed")
    sent.refresh_from_db()
    again.refresh_from_db()
    assert (sent.state, again.state) == ("failed", "pending")


def test_a_late_bounce_does_not_fail_what_is_being_sent_again(provider, sent, rosalind):
    Message.objects.update(state="uncertain", sent_at=None)
    actions.resend(message=sent, by=rosalind, now=NOW)
    provider("failed")
    sent.refresh_from_db()
    assert sent.state == "pending"


def test_a_complaint_stops_the_address_and_leaves_the_message_sent(provider, sent):
    provider("complained")
    sent.refresh_from_db()
    assert sent.state == "sent"
    assert Suppression.of("amara.mensah@example.org").reason == "They reported us as spam"


def test_who_complains_gets_no_promotional_mail_when_their_address_is_used_again(provider, sent, rosalind):
    give_consent(address="Amara.Mensah@example.org", how="Ticked a box", now=NOW, by=None)
    provider("complained")
    unsuppress(suppression=Suppression.objects.get(), by=rosalind, now=NOW)
    assert Consent.of("amara.mensah@example.org") is None


def test_a_delivery_changes_nothing(provider, sent):
    provider("delivered")
    assert not Suppression.objects.exists()


def says(client, provider, body, *, credentials="leaders:a-long-password"):
    """Post what a provider says to where it would."""
    known = base64.b64encode(credentials.encode()).decode()
    return client.post(
        f"/anymail/{provider}/tracking/", json.dumps(body), content_type="application/json",
        headers={"Authorization": f"Basic {known}"},
    )  # fmt: skip


def postmark(kind):
    return {
        "RecordType": "Bounce", "Type": kind, "MessageID": "abc", "Email": "amara.mensah@example.org",
        "BouncedAt": "2027-03-04T09:00:00Z", "Description": "No such user", "Inactive": True,
    }  # fmt: skip


def test_a_provider_that_signs_nothing_is_believed_with_the_secret_alone(settings, client):
    settings.ANYMAIL = {"WEBHOOK_SECRET": "leaders:a-long-password"}
    assert says(client, "postmark", postmark("HardBounce"), credentials="leaders:a-guess").status_code == 400
    assert not Suppression.objects.exists()
    assert says(client, "postmark", postmark("HardBounce")).status_code == 200
    assert Suppression.of("amara.mensah@example.org")


def brevo(kind):
    return {"event": kind, "email": "amara.mensah@example.org", "message-id": "abc", "ts_epoch": 1804150800000}


def ses(kind, diagnosis="smtp; 550 5.1.1 user unknown"):
    bounced = [{"emailAddress": "amara.mensah@example.org", "diagnosticCode": diagnosis}]
    return {
        "notificationType": "Bounce", "mail": {"messageId": "abc", "destination": ["amara.mensah@example.org"]},
        "bounce": {"bounceType": kind, "bounceSubType": "General", "bouncedRecipients": bounced},
    }  # fmt: skip


def mailersend(kind):
    to = {"email": "amara.mensah@example.org"}
    return {"data": {"type": kind, "email": {"message": {"id": "abc"}, "recipient": to}}}


def mandrill(kind):
    return {"event": kind, "_id": "abc", "ts": 1804150800, "msg": {"email": "amara.mensah@example.org"}}


def resend(kind):
    bounce = {"type": kind, "subType": "General", "message": "The recipient's email provider sent a bounce message."}
    data = {"email_id": "abc", "to": ["amara.mensah@example.org"], "headers": [], "bounce": bounce}
    return {"type": "email.bounced", "created_at": "2027-03-04T09:00:00Z", "data": data}


def mailjet(event, hard, error=""):
    return {
        "event": event, "time": 1804150800, "MessageID": "abc", "email": "amara.mensah@example.org",
        "hard_bounce": hard, "error": error,
    }  # fmt: skip


def sendgrid(**kind):
    return [{"timestamp": 1804150800, "email": "amara.mensah@example.org", "anymail_id": "abc", **kind}]


def sparkpost(bounce_class):
    event = {
        "type": "bounce", "bounce_class": bounce_class, "rcpt_to": "amara.mensah@example.org", "raw_rcpt_to":
        "amara.mensah@example.org", "transmission_id": "abc", "event_id": "e1", "timestamp": "1804150800",
    }  # fmt: skip
    return [{"msys": {"message_event": event}}]


LASTS = {
    "postmark HardBounce": postmark("HardBounce"),
    "postmark BadEmailAddress": postmark("BadEmailAddress"),
    "brevo hard_bounce": brevo("hard_bounce"),
    "brevo invalid_email": brevo("invalid_email"),
    "amazon_ses Permanent": ses("Permanent"),
    "mailersend hard_bounced": mailersend("hard_bounced"),
    "mandrill hard_bounce": mandrill("hard_bounce"),
    "resend Permanent": resend("Permanent"),
    "mailjet hard": mailjet("bounce", True, "user unknown"),
    "sendgrid bounce": sendgrid(event="bounce", type="bounce"),
    "sendgrid dropped": sendgrid(event="dropped", reason="Bounced Address"),
    "sparkpost 10": sparkpost("10"),
}
PASSES = {
    "postmark SoftBounce": postmark("SoftBounce"),
    "postmark VirusNotification": postmark("VirusNotification"),
    "postmark DMARCPolicy": postmark("DMARCPolicy"),
    "postmark Blocked": postmark("Blocked"),
    "brevo soft_bounce": brevo("soft_bounce"),
    "amazon_ses Transient": ses("Transient"),
    "mailersend soft_bounced": mailersend("soft_bounced"),
    "mandrill soft_bounce": mandrill("soft_bounce"),
    "resend Transient": resend("Transient"),
    "amazon_ses Undetermined": ses("Undetermined"),
    "amazon_ses 5.7.1": ses("Permanent", "smtp; 550 5.7.1 message rejected as spam"),
    "mailjet soft": mailjet("bounce", False, "quota exceeded"),
    "mailjet blocked": mailjet("blocked", False, "content blocked"),
    "sendgrid blocked": sendgrid(event="bounce", type="blocked"),
    "sendgrid dropped": sendgrid(event="dropped", reason="Spam Content"),
    "sparkpost 22": sparkpost("22"),
}


# Those that sign, or need more than the lock holds: their words as anymail's own view reads them.
READ = {
    "amazon_ses": (Ses, lambda body: Ses.esp_to_anymail_events(Ses, body, {})[0]),
    "mailersend": (MailerSend, lambda body: MailerSend.esp_to_anymail_event(MailerSend, body)),
    "mandrill": (Mandrill, lambda body: Mandrill.mandrill_tracking_to_anymail_event(Mandrill, body)),
    "resend": (Resend, lambda body: Resend.esp_to_anymail_event(Resend, body, HttpRequest())),
}


@pytest.fixture
def told(settings, client, sent):
    """Tell us what a provider says about the message; its state afterwards, and whether the address was stopped."""
    settings.ANYMAIL = {"WEBHOOK_SECRET": "leaders:a-long-password"}
    Message.objects.update(provider_id="abc")

    def told(name, body):
        provider = name.split()[0]
        if provider in READ:
            view, read = READ[provider]
            heard(view, read(body), view.esp_name)
        else:
            assert says(client, provider, body).status_code == 200
        sent.refresh_from_db()
        return sent.state, Suppression.of(sent.to_email) is not None

    return told


@pytest.mark.parametrize(("name", "body"), LASTS.items(), ids=LASTS)
def test_a_fault_of_the_address_that_lasts_stops_it(told, name, body):
    assert told(name, body) == ("failed", True)


@pytest.mark.parametrize(("name", "body"), PASSES.items(), ids=PASSES)
def test_what_passes_or_is_our_own_fault_fails_the_message_and_stops_no_address(told, name, body):
    assert told(name, body) == ("failed", False)


def test_a_bounce_that_passes_says_so(told, sent):
    told("postmark", postmark("SoftBounce"))
    assert sent.reason == "It bounced for now: No such user"


def test_a_provider_without_a_secret_is_refused_when_the_product_starts(settings):
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "t"}
    assert [problem.id for problem in run_checks() if problem.id.startswith("outbox")] == ["outbox.E001"]
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "t", "WEBHOOK_SECRET": "leaders:a-long-password"}
    assert [problem.id for problem in run_checks() if problem.id.startswith("outbox")] == []


def test_a_bounce_stands_on_the_offices_today_page(provider, sent, rosalind):
    provider("failed")
    assert failed(rosalind, NOW).sentence == "1 message could not be delivered"


def test_what_is_no_json_is_a_bad_request_although_it_comes_with_the_secret(settings, client):
    settings.ANYMAIL = {"WEBHOOK_SECRET": "leaders:secret"}
    basic = base64.b64encode(b"leaders:secret").decode()
    answer = client.post(
        "/anymail/postmark/tracking/", "{", content_type="application/json", headers={"Authorization": f"Basic {basic}"}
    )
    assert answer.status_code == 400


def test_a_stranger_at_the_door_is_a_warning_of_one_line(settings, client, caplog):
    settings.ANYMAIL = {"WEBHOOK_SECRET": "leaders:secret"}
    client.post("/anymail/postmark/tracking/", "{}", content_type="application/json")
    assert [(line.levelname, line.getMessage(), line.exc_info) for line in caplog.records] == [
        ("WARNING", "Bad Request: /anymail/postmark/tracking/", None)
    ]


def test_a_wrong_signature_is_not_believed(provider, sent):
    assert provider("failed", key="another").status_code == 400
    assert not Suppression.objects.exists()
