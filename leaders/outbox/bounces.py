"""What a mail provider tells us afterwards. Its webhooks are verified by anymail, by signature or secret."""

from anymail.signals import EventType, tracking
from django.db import transaction
from django.utils import timezone

from .actions import suppress
from .consent import withdraw_consent
from .models import Message

STOPS = {
    EventType.BOUNCED: "It bounced",
    EventType.REJECTED: "The provider refused it",
    EventType.COMPLAINED: "They reported us as spam",
}


# anymail speaks to us by signal only: the one border where we listen to one.
def heard(sender, event, esp_name, **kwargs):
    """A bounce or complaint fails the message, stops the address and shows on the office's Today page."""
    now = timezone.now()
    address = event.recipient or ""
    if event.event_type == EventType.UNSUBSCRIBED and address:
        withdraw_consent(address=address, now=now, by=esp_name)
    if event.event_type not in STOPS:
        return
    reason = STOPS[event.event_type] + (f": {' '.join(event.description.split())}" if event.description else "")
    with transaction.atomic():
        if event.message_id and event.event_type != EventType.COMPLAINED:
            Message.objects.filter(provider_id=event.message_id, to_email__iexact=address).update(
                state=Message.State.FAILED, sent_at=None, reason=reason[:300]
            )
        if address:
            suppress(address, reason=reason, by=None, now=now)


tracking.connect(heard, dispatch_uid="leaders.outbox.bounces")
