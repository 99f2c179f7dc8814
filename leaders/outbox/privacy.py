"""What the outbox keeps about a person: what we wrote to them, and what they said about being written to."""

from datetime import datetime

from django.db.models import QuerySet

from leaders.people.models import Person
from leaders.people.privacy import Holding, erased_address, holds

from .actions import REMOVED
from .models import Attachment, Consent, Message, Suppression
from .objections import ERASED

State = Message.State


def _messages(person: Person):
    for message in Message.objects.to_person(person).order_by("pk"):
        sent = message.sent_at.isoformat() if message.sent_at else None
        yield {"subject": message.subject, "to": message.to_email, "sent": sent, "text": message.text}


def forget_messages(found: QuerySet[Message], *, address: str, now: datetime) -> None:
    """`found` is by key, for the address by which some are found is what goes first."""
    Attachment.objects.filter(message__in=found).delete()
    # What is being handed over at this moment goes out; too late from now on, it is not tried again.
    found.update(
        to_email=address, to_name="", reply_to="", subject=REMOVED, text=REMOVED, html=f"<p>{REMOVED}</p>",
        headers={}, secret=False, reason="", expires_at=now,
    )  # fmt: skip


def _erase_messages(person: Person, now: datetime):
    found = Message.objects.to_person(person).filter(farewell=False).values_list("pk", flat=True)
    theirs = Message.objects.filter(pk__in=list(found))
    forget_messages(theirs, address=erased_address(person), now=now)
    theirs.filter(state__in=[State.PENDING, State.HELD, State.QUEUED]).update(
        state=State.SKIPPED, token=None, lease_until=None, reason=ERASED
    )


def _choices(person: Person):
    for consent in Consent.objects.filter(address__iexact=person.email):
        withdrawn = consent.withdrawn_at.isoformat() if consent.withdrawn_at else None
        yield {"promotional mail": consent.how, "agreed": consent.given_at.isoformat(), "withdrawn": withdrawn}
    for suppression in Suppression.objects.filter(address__iexact=person.email):
        yield {"nothing is sent": suppression.reason, "since": suppression.since.isoformat()}


def _erase_choices(person: Person, now: datetime):
    Consent.objects.filter(address__iexact=person.email).delete()
    Suppression.objects.filter(address__iexact=person.email).delete()


holds(
    Holding(
        key="outbox.messages",
        what="The emails we sent you",
        who_reads="You and the programme office",
        kept_for="Three years after we wrote them",
        export=_messages,
        erase=_erase_messages,
    ),
    order=30,
)
holds(
    Holding(
        key="outbox.choices",
        what="Whether you agreed to invitations and news, and whether mail to you is stopped",
        who_reads="You and the programme office",
        kept_for="As long as we hold your address",
        export=_choices,
        erase=_erase_choices,
    ),
    order=31,
)
