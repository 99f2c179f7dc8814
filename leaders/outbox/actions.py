"""What can happen to a message. Writing one is all a web request ever does: the ticks send it."""

import re
from collections.abc import Iterable
from datetime import datetime
from email.utils import parseaddr, quote

from django.conf import settings
from django.db import models, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Cast

from leaders.components.dates import day_time
from leaders.people.audit import record
from leaders.people.models import AuditEvent, Person
from leaders.people.privacy import NOWHERE
from leaders.people.refusals import NotPossible

from .consent import stoppable
from .inert import line
from .letters import mail_domain, render
from .models import Attachment, Message, Suppression, new_message_id
from .objections import STOPPED, last_look
from .registry import Category, Letter, OnUncertain, emails
from .wordings import current_wording, worded

State = Message.State
OWN_ADDRESS = "This is your own address. Your sign-in codes go to it, so somebody else in the office has to stop it."
REMOVED = "What stood here was for one moment only, and was removed afterwards."
NOBODY = f"erased@{NOWHERE}"
REDACTED = {
    "text": REMOVED, "html": f"<p>{REMOVED}</p>", "secret": False,
    **{
        # What a mail server answers repeats the address.
        field: Case(When(farewell=True, then=Value(instead)), default=F(field), output_field=models.CharField())
        for field, instead in {"to_email": NOBODY, "to_name": "", "reason": ""}.items()
    },
}  # fmt: skip


def post(
    kind: str,
    *,
    to: Person | tuple[str, str],
    now: datetime,
    dedupe_key: str,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    about: models.Model | None = None,
    cohort_id: int | None = None,
    files: Iterable[tuple[str, str, bytes]] = (),
    urgent: bool = False,
    secret: bool = False,
    farewell: bool = False,
    **words,
) -> Message:
    """Write one message: `kind` is the key of an email, `words` its keyword arguments.

    `to` is a person or (name, address). The same `dedupe_key` never makes a second message: the
    first is returned. `files` are (filename, content type, bytes). `urgent` is for what somebody waits for at
    the screen, `secret` for words that must not stay readable, and with `farewell` neither does the address.
    Raises KeyError for an unknown kind.
    """
    letter = emails[kind].brings.write(**words)
    return post_letter(
        letter, kind=kind, to=to, now=now, dedupe_key=dedupe_key, due_at=due_at, expires_at=expires_at, about=about,
        cohort_id=cohort_id, files=files, urgent=urgent, secret=secret, farewell=farewell,
    )  # fmt: skip


@transaction.atomic
def post_letter(
    letter: Letter,
    *,
    kind: str,
    to: Person | tuple[str, str],
    now: datetime,
    dedupe_key: str,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    about: models.Model | None = None,
    cohort_id: int | None = None,
    files: Iterable[tuple[str, str, bytes]] = (),
    urgent: bool = False,
    secret: bool = False,
    farewell: bool = False,
    on_uncertain: OnUncertain | None = None,
) -> Message:
    """Write a message whose letter is made already; see `post`."""
    if isinstance(to, Person):
        person, name, address = to, to.first_name, to.email
    else:
        person, (name, address) = None, to
    known = emails[kind].brings if kind in emails else None
    category = known.category if known else Category.SERVICE
    headers: dict[str, str] = {}
    letter = worded(letter, current_wording(kind), first_name=name, name=person.name if person else name)
    if category == Category.PROMOTIONAL:
        letter, headers = stoppable(letter, address, now)
    text, html = render(letter, to_name=name)
    message, is_new = Message.objects.get_or_create(
        dedupe_key=dedupe_key,
        defaults={
            "kind": kind,
            "category": category,
            "headers": headers,
            "on_uncertain": on_uncertain or (known.on_uncertain if known else OnUncertain.RESEND),
            "person": person,
            "from_email": _from(letter),
            "to_email": address,
            "to_name": _one_line(person.name if person else name),
            "reply_to": letter.reply_to,
            "subject": line(letter.subject)[:250],
            "text": text,
            "html": html,
            "about_type": about._meta.label_lower if about else "",
            "about_id": str(about.pk) if about else "",
            "cohort_id": cohort_id,
            "message_id": new_message_id(mail_domain()),
            "written_at": now,
            "due_at": due_at or now,
            "expires_at": expires_at,
            "urgent": urgent,
            "secret": secret,
            "farewell": farewell,
        },
    )
    if is_new:
        Attachment.objects.bulk_create(
            Attachment(message=message, filename=filename, content_type=content_type, content=content)
            for filename, content_type, content in files
        )
    return message


def _from(letter: Letter) -> str:
    """In the name of the programme whose letter it is, and always from the one address that the mail server knows."""
    if letter.brand == Letter.brand:
        return settings.DEFAULT_FROM_EMAIL
    return f'"{quote(_one_line(letter.brand))}" <{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}>'


def _one_line(text: str) -> str:
    """Header text: a line break typed by somebody must not begin a header of their own."""
    return " ".join(text.split())


def redact(secret: models.QuerySet) -> None:
    """Remove the words of secret messages, and a farewell's address; that they were sent, to whom and when stays."""
    secret.filter(secret=True).update(**REDACTED)


# What the office does


@transaction.atomic
def hold(*, message: Message, by: Person, now: datetime, reason: str) -> None:
    """Keep a message that is due from going out."""
    _move(message, [State.PENDING], "It can only be held before it goes out.", state=State.HELD, reason=reason[:300])
    _tell("held", f"{by} held {_named(message)}", message, by=by, now=now, reason=reason)


@transaction.atomic
def release(*, message: Message, by: Person, now: datetime) -> None:
    """Let a held message go out after all."""
    _move(
        message, [State.HELD], "It is not held.", state=State.PENDING, due_at=max(message.due_at, now), released=True,
        reason="",
    )  # fmt: skip
    _tell("released", f"{by} released {_named(message)}", message, by=by, now=now)


@transaction.atomic
def send_now(*, message: Message, by: Person, now: datetime) -> None:
    """Send a message that is due later, held or failed at the next tick."""
    _must_be_sendable(message, message.to_email)
    _move(
        message, [State.PENDING, State.HELD, State.FAILED], "It has gone out, or is on its way.",
        state=State.PENDING, due_at=now, expires_at=None, attempts=0, released=True, reason="",
    )  # fmt: skip
    _tell("sent_now", f"{by} sent {_named(message)} at once", message, by=by, now=now)


@transaction.atomic
def resend(*, message: Message, by: Person, now: datetime) -> None:
    """Send the very same message again: same words, same Message-ID, same Date.

    Raises NotPossible for one that is not needed any more: its reader has acted, so it would be untrue.
    """
    _must_be_sendable(message, message.to_email)
    objection = last_look(message, now)
    if objection and not objection.until:
        raise NotPossible(f"{objection.reason}.")
    gone_out = message.sent_at
    may_have_arrived = message.state in {State.SENT, State.UNCERTAIN}
    _move(
        message, [State.SENT, State.UNCERTAIN, State.FAILED, State.SKIPPED], "It has not gone out yet.",
        state=State.PENDING, due_at=now, expires_at=None, sent_at=None, token=None, attempts=0, released=True,
        resent=message.resent or may_have_arrived, reason="",
    )  # fmt: skip
    before = f", which had gone out on {day_time(gone_out)}" if gone_out else ""
    detail = {"gone_out": gone_out.isoformat()} if gone_out else {}
    _tell("resent", f"{by} sent {_named(message)} again{before}", message, by=by, now=now, **detail)


def missed(message: Message, now: datetime) -> models.QuerySet[Message]:
    """What did not reach the reader of this message and still could: refused, bounced, or stopped at their address.

    A second copy that was stopped is not missed: the first had gone out.
    """
    who = Q(person=message.person_id) if message.person_id else Q(person=None, to_email__iexact=message.to_email)
    stopped = Q(state=State.FAILED) | Q(state=State.SKIPPED, reason__startswith=STOPPED)
    in_time = Q(expires_at=None) | Q(expires_at__gt=now)
    gone_out = AuditEvent.objects.filter(
        subject_type="outbox.message", subject_id=Cast(OuterRef("pk"), models.CharField()),
        action="outbox.message.resent", detail__has_key="gone_out",
    )  # fmt: skip
    found = Message.objects.filter(who, stopped, in_time).exclude(text=REMOVED)
    return found.exclude(Exists(gone_out), state=State.SKIPPED).order_by("written_at", "pk")


@transaction.atomic
def send_missed(*, message: Message, by: Person, now: datetime) -> None:
    """Send a message that did not arrive, to the address that its reader has now."""
    address = message.person.email if message.person else message.to_email
    _must_be_sendable(message, address)
    _move(
        message, [State.FAILED, State.SKIPPED], "It has gone out, or is on its way.", state=State.PENDING,
        to_email=address, due_at=now, attempts=0, token=None, released=True, reason="",
    )  # fmt: skip
    _tell("sent_to_present_address", f"{by} sent {_named(message)} to their present address", message, by=by, now=now)


@transaction.atomic
def mark_as_sent(*, message: Message, by: Person, now: datetime, reason: str) -> None:
    """Settle an uncertain message: the office knows that it arrived."""
    _move(
        message, [State.UNCERTAIN], "It is not uncertain.", state=State.SENT, sent_at=now, token=None,
        reason=reason[:300],
    )  # fmt: skip
    _tell("marked_as_sent", f"{by} noted that {_named(message)} arrived", message, by=by, now=now, reason=reason)


@transaction.atomic
def drop(*, message: Message, by: Person, now: datetime, reason: str) -> None:
    """Decide that a message will not go out."""
    _move(
        message, [State.PENDING, State.HELD, State.UNCERTAIN, State.FAILED], "It has gone out, or is on its way.",
        state=State.SKIPPED, token=None, reason=reason[:300],
    )  # fmt: skip
    _tell("dropped", f"{by} dropped {_named(message)}", message, by=by, now=now, reason=reason)


def withdraw(dedupe_key: str, *, reason: str) -> bool:
    """Stop a message that an app wrote and that is no longer true, if it has not gone out: whether it was stopped."""
    return bool(
        Message.objects.filter(dedupe_key=dedupe_key, state__in=[State.PENDING, State.HELD]).update(
            state=State.SKIPPED, reason=reason
        )
    )


@transaction.atomic
def suppress(address: str, *, reason: str, by: Person | None, now: datetime) -> Suppression:
    """Send nothing more to an address. Doing it twice changes nothing; nobody does it to their own."""
    if by and by.email.lower() == address.lower():
        raise NotPossible(OWN_ADDRESS)
    # Of two workers who are refused at once, the database lets one insert; the other finds what that one wrote.
    suppression, is_new = Suppression.objects.get_or_create(
        address__iexact=address, lifted_at=None,
        defaults={"address": address.lower(), "reason": reason[:300], "since": now},
    )  # fmt: skip
    if not is_new:
        return suppression
    owner = Person.objects.filter(email__iexact=address).first()
    # The trail cannot be erased, so it must not keep the address that a mail server repeats.
    said = re.sub(re.escape(address), "the address", reason, flags=re.IGNORECASE)
    record(
        "outbox.address.suppressed", f"Nothing more is sent to {owner or 'an address without an account'}",
        subject=suppression, person=owner, by=by, now=now, reason=said,
    )  # fmt: skip
    return suppression


@transaction.atomic
def unsuppress(*, suppression: Suppression, by: Person, now: datetime) -> None:
    """Send to the address again."""
    if not Suppression.objects.filter(pk=suppression.pk, lifted_at=None).update(lifted_at=now):
        raise NotPossible("Messages are sent to this address already.")
    owner = Person.objects.filter(email__iexact=suppression.address).first()
    record(
        "outbox.address.unsuppressed", f"Messages go to {owner or 'an address without an account'} again",
        subject=suppression, person=owner, by=by, now=now,
    )  # fmt: skip


def _must_be_sendable(message: Message, address: str) -> None:
    """Raises NotPossible for a message without words, and for an address that takes no mail."""
    if message.text == REMOVED:
        raise NotPossible("Its words were removed, so there is nothing to send.")
    if Suppression.of(address):
        raise NotPossible(f"Nothing is sent to {address}. Correct the address, or send to it again, first.")


def _move(message: Message, start: list[str], otherwise: str, **change) -> None:
    """One conditional update: a worker may take the message at the same moment."""
    if not Message.objects.filter(pk=message.pk, state__in=start).update(**change):
        raise NotPossible(otherwise)
    message.refresh_from_db()


def _named(message: Message) -> str:
    return f"“{message.subject}” to {message.person or message.to_name or 'an address'}"


def _tell(
    verb: str, sentence: str, message: Message, *, by: Person, now: datetime, reason: str = "", **detail
) -> None:  # fmt: skip
    record(
        f"outbox.message.{verb}", sentence, subject=message, person=message.person, cohort_id=message.cohort_id, by=by,
        now=now, reason=reason, **detail,
    )  # fmt: skip
