"""What a mail provider tells us afterwards. Its webhooks are verified by anymail, by signature or secret."""

import re
from functools import reduce

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.db import transaction
from django.utils import timezone

from .actions import suppress
from .consent import withdraw_consent
from .models import Message

TOLD = {
    EventType.BOUNCED: "It bounced",
    EventType.REJECTED: "The provider refused it",
    EventType.COMPLAINED: "They reported us as spam",
}
# anymail calls these bounces like any other. Where each provider says what kind it is, and what passes again: a full
# mailbox, a server that is away, words or a sender that a filter did not like.
PASSES = {
    "Amazon SES": (("bounce", "bounceType"), {"Transient", "Undetermined"}),
    "Brevo": (("event",), {"soft_bounce"}),
    "MailerSend": (("data", "type"), {"soft_bounced"}),
    "Mailjet": (("hard_bounce",), {False}),
    "Mandrill": (("event",), {"soft_bounce"}),
    "Postmark": (("Type",), {"SoftBounce", "VirusNotification"}),
    "Resend": (("data", "bounce", "type"), {"Transient", "Undetermined"}),
    "SendGrid": (("type",), {"blocked"}),
    "SendinBlue": (("event",), {"soft_bounce"}),
    # All but an invalid recipient (10) and no recipient (30).
    "SparkPost": (
        ("msys", "message_event", "bounce_class"),
        {"1", "20", "21", "22", "23", "24", "25", "40", "50", "51", "52", "53", "54", "70"},
    ),
}
POLICY = re.compile(r"\b5\.7\.\d")  # RFC 3463: refused for who we are or how we write
OF_THE_ADDRESS = {RejectReason.BOUNCED, RejectReason.INVALID}


# anymail speaks to us by signal only: the one border where we listen to one.
def heard(sender, event, esp_name, **kwargs):
    """A bounce fails the message; the address is stopped when the fault is its own and lasts, or its owner complained.

    Who complains wants no promotional mail either, also when the office sends to the address again.
    """
    now = timezone.now()
    address = event.recipient or ""
    if event.event_type in {EventType.UNSUBSCRIBED, EventType.COMPLAINED} and address:
        withdraw_consent(address=address, now=now, by=esp_name)
    if event.event_type not in TOLD:
        return
    stops = _stops(event, esp_name)
    told = TOLD[event.event_type] if stops or event.event_type == EventType.REJECTED else "It bounced for now"
    reason = told + (f": {' '.join(event.description.split())}" if event.description else "")
    with transaction.atomic():
        if event.message_id and event.event_type != EventType.COMPLAINED:
            # One that the office is sending again meanwhile is not failed by the bounce of its first copy.
            gone_out = Message.objects.filter(state__in=[Message.State.SENT, Message.State.UNCERTAIN])
            gone_out.filter(provider_id=event.message_id, to_email__iexact=address).update(
                state=Message.State.FAILED, sent_at=None, reason=reason[:300]
            )
        # Nobody writes to an erased address any more, so there is nothing to stop, and it is not kept.
        farewell = Message.objects.filter(farewell=True, provider_id=event.message_id or None).exists()
        if address and stops and not farewell:
            suppress(address, reason=reason, by=None, now=now)


def _stops(event: AnymailTrackingEvent, provider: str) -> bool:
    """Whether nothing should go to the address any more."""
    if event.event_type == EventType.COMPLAINED:
        return True
    if event.event_type == EventType.REJECTED:
        return event.reject_reason in OF_THE_ADDRESS
    path, passes = PASSES.get(provider, ((), ()))
    kind = reduce(lambda words, key: words.get(key) if words else None, path, event.esp_event)
    return kind not in passes and not POLICY.search(event.mta_response or "")


tracking.connect(heard, dispatch_uid="leaders.outbox.bounces")
