"""What can happen to a message. Writing one is all a web request ever does: the ticks send it."""

import re
from collections.abc import Iterable
from datetime import datetime
from email.utils import parseaddr, quote

from django.conf import settings
from django.db import models, transaction
from django.db.models import Case, F, Q, Value, When

from leaders.components.dates import day_time
from leaders.people.audit import record
from leaders.people.models import Person
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
ON_ITS_WAY = (State.PENDING, State.HELD, State.QUEUED, State.SENDING)
COPIED = (
    "kind", "category", "on_uncertain", "person", "from_email", "to_name", "reply_to", "subject", "text", "html",
    "headers", "about_type", "about_id", "cohort_id",
)  # fmt: skip
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
    released: bool = False,
    **words,
) -> Message:
    """Write one message: `kind` is the key of an email, `words` its keyword arguments.

    `to` is a person or (name, address). The same `dedupe_key` never makes a second message: the
    first is returned. `files` are (filename, content type, bytes). `urgent` is for what somebody waits for at
    the screen, `secret` for words that must not stay readable, and with `farewell` neither does the address.
    `released` says that the office has looked at it, so that it is not held for coming in great numbers.
    Raises KeyError for an unknown kind.
    """
    letter = emails[kind].brings.write(**words)
    return post_letter(
        letter, kind=kind, to=to, now=now, dedupe_key=dedupe_key, due_at=due_at, expires_at=expires_at, about=about,
        cohort_id=cohort_id, files=files, urgent=urgent, secret=secret, farewell=farewell, released=released,
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
    released: bool = False,
    on_uncertain: OnUncertain | None = None,
) -> Message:
    """Write a message whose letter is made already; see `post`."""
    if isinstance(to, Person):
        person, name, address, first_name = to, to.name, to.email, to.first_name
    else:
        person, (name, address) = None, to
        first_name = (name.split() or [""])[0]
    known = emails[kind].brings if kind in emails else None
    category = known.category if known else Category.SERVICE
    headers: dict[str, str] = {}
    wording = None if known and known.by_hand else current_wording(kind)
    letter = worded(letter, wording, first_name=first_name, name=name)
    if category == Category.PROMOTIONAL:
        letter, headers = stoppable(letter, address, now)
    text, html = render(letter, to_name=first_name)
    message, is_new = Message.objects.get_or_create(
        dedupe_key=dedupe_key,
        defaults={
            "kind": kind,
            "category": category,
            "headers": headers,
            "on_uncertain": on_uncertain or (known.on_uncertain if known else OnUncertain.RESEND),
            "person": person,
            "from_email": sender_of(letter),
            "to_email": address,
            "to_name": _one_line(name),
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
            "released": released,
        },
    )
    if is_new:
        Attachment.objects.bulk_create(
            Attachment(message=message, filename=filename, content_type=content_type, content=content)
            for filename, content_type, content in files
        )
    return message


def sender_of(letter: Letter) -> str:
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
def send_now(*, message: Message, by: Person, now: datetime, reason: str = "") -> None:
    """Send a message that is due later, held or failed at the next tick; past its date only with a reason."""
    _must_be_sendable(message, message.to_email)
    expires_at = _until(message, now, reason)
    _move(
        message, [State.PENDING, State.HELD, State.FAILED], "It has gone out, or is on its way.",
        state=State.PENDING, due_at=now, expires_at=expires_at, attempts=0, released=True, reason="",
    )  # fmt: skip
    _tell("sent_now", f"{by} sent {_named(message)} at once", message, by=by, now=now, reason=reason)


@transaction.atomic
def resend(*, message: Message, by: Person, now: datetime, reason: str = "") -> None:
    """Send the very same message again that may not have arrived: same words, same Message-ID, same Date.

    Raises NotPossible for one that is not needed any more: its reader has acted, so it would be untrue.
    """
    _must_be_sendable(message, message.to_email)
    _must_be_needed(message, now)
    expires_at, may_have_arrived = _until(message, now, reason), message.state == State.UNCERTAIN
    _move(
        message, [State.UNCERTAIN, State.FAILED, State.SKIPPED], "It has gone out, or is on its way.",
        state=State.PENDING, due_at=now, expires_at=expires_at, token=None, attempts=0, released=True,
        resent=message.resent or may_have_arrived, reason="",
    )  # fmt: skip
    _tell("resent", f"{by} sent {_named(message)} again", message, by=by, now=now, reason=reason)


@transaction.atomic
def send_copy(*, message: Message, by: Person, now: datetime, reason: str = "") -> Message:
    """Send once more what has gone out: a message of its own in the same words, to the reader's present address.

    What is on record about the first stays. Raises NotPossible while a copy is on its way, and as `resend` does.
    """
    sent = Message.objects.select_for_update(of=("self",)).select_related("person").get(pk=message.pk)
    if sent.state != State.SENT:
        raise NotPossible("It has not gone out yet.")
    address = sent.person.email if sent.person else sent.to_email
    _must_be_sendable(sent, address)
    _must_be_needed(sent, now)
    first = sent.copy_of or sent
    if first.copies.filter(state__in=ON_ITS_WAY).exists():
        raise NotPossible("It is being sent again already.")
    files = list(sent.attachments.order_by("pk"))
    again = Message.objects.create(
        **{name: getattr(sent, name) for name in COPIED},
        dedupe_key=f"{first.dedupe_key[:180]}:again:{first.copies.count() + 1}", copy_of=first, to_email=address,
        message_id=new_message_id(mail_domain()), written_at=now, due_at=now,
        expires_at=_until(sent, now, reason), released=True,
    )  # fmt: skip
    for file in files:
        file.pk, file._state.adding, file.message = None, True, again
    Attachment.objects.bulk_create(files)
    gone_out = f", which had gone out on {day_time(sent.sent_at)}" if sent.sent_at else ""
    _tell("copied", f"{by} sent {_named(sent)} again{gone_out}", sent, by=by, now=now, reason=reason, copy=again.pk)
    return again


def too_late(message: Message, now: datetime) -> str:
    """What is wrong with sending a message now that was for a day that has passed; empty while it has not."""
    if not message.expires_at or message.expires_at > now:
        return ""
    return f"It is out of date: it was not to go out after {day_time(message.expires_at)}."


def _until(message: Message, now: datetime, reason: str) -> datetime | None:
    """Until when a message may go out that the office sends. Past its date: as late as it likes, if it says why.

    An invite to what is over would come into a calendar, so that is refused.
    """
    if not (late := too_late(message, now)):
        return message.expires_at
    if any(file.is_invite for file in message.attachments.all()):
        raise NotPossible(f"{late} It brings an invite to what is over, so it is not sent.")
    if not reason:
        raise NotPossible(f"{late} Give a reason for sending it all the same.")
    return None


def missed(message: Message, now: datetime) -> models.QuerySet[Message]:
    """What did not reach the reader of this message and still could: refused, bounced, or stopped at their address.

    A copy that was stopped is not missed: the first had gone out.
    """
    if message.person_id:
        return _missed(Q(person=message.person_id), now)
    return _missed(Q(person=None, to_email__iexact=message.to_email), now)


def missed_by(person: Person, now: datetime) -> models.QuerySet[Message]:
    """What did not reach this person at any address of theirs, and still could."""
    return _missed(Q(person=person), now)


def _missed(who: Q, now: datetime) -> models.QuerySet[Message]:
    stopped = Q(state=State.FAILED) | Q(state=State.SKIPPED, reason__startswith=STOPPED)
    in_time = Q(expires_at=None) | Q(expires_at__gt=now)
    found = Message.objects.filter(who, stopped, in_time, copy_of=None).exclude(text=REMOVED)
    return found.order_by("written_at", "pk")


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
    """Stop a message that an app wrote and that is no longer true, if it has not gone out: whether it was stopped.

    A copy of it that has not gone out is stopped as well.
    """
    change = {"state": State.SKIPPED, "reason": reason}
    first = Message.objects.filter(dedupe_key=dedupe_key)
    waiting = Message.objects.filter(state__in=[State.PENDING, State.HELD])
    waiting.filter(copy_of__in=first.values("pk")).update(**change)
    return bool(waiting.filter(dedupe_key=dedupe_key).update(**change))


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
    must_take_mail(address)


def must_take_mail(address: str) -> None:
    """Raises NotPossible for an address that nothing is sent to."""
    if Suppression.of(address):
        raise NotPossible(f"Nothing is sent to {address}. Correct the address, or send to it again, first.")


def _must_be_needed(message: Message, now: datetime) -> None:
    """Raises NotPossible when the app that wrote it has something against it by now, other than the hour."""
    objection = last_look(message, now)
    if objection and not objection.until:
        raise NotPossible(f"{objection.reason}.")


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
