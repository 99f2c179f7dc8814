"""From the row to the mail server: nothing lost, nothing doubled.

A tick claims what is due (`claim`) and a worker hands it over (`deliver`). A claim is a token and a lease on
the row: whoever comes with another token, or too late, finds that the conditional update matches no row and
does nothing. Between T1 (the row says "sending") and T2 (it says "sent") lies nothing but the content's way
to the mail server, so only a process that dies right there leaves a message uncertain.
"""

import time
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError, connection, models, transaction

from leaders.people.audit import record

from .actions import redact, suppress
from .models import Heartbeat, Message
from .objections import objection_to, suppression_of
from .registry import Objection, OnUncertain
from .transport import BackendTransport, NotTaken, Refused, SmtpTransport, Unanswered, open_transport

logger = structlog.get_logger()

State = Message.State
Clock = Callable[[], datetime]
Claim = tuple[int, uuid.UUID]

MOST_ATTEMPTS = 125  # five days of them: RFC 5321 section 4.5.4.1
MOST_AT_ONCE = 5000  # rows of one claim
URGENT_QUEUED_FOR = 30  # seconds: who waits at the screen does not wait for a dead worker's lease
LONGEST_WAIT = timedelta(hours=1)
LONGEST_URGENT_WAIT = timedelta(minutes=1)

# Raw SQL, because building these two with the ORM cost more than the conversation with the mail server. They filter by
# key and token only: with `lease_until` among the conditions PostgreSQL scanned the index of all leases instead.
TO_SENDING = """
    UPDATE outbox_message SET state = 'sending', lease_until = %(lease)s, dated_at = %(dated_at)s
    WHERE id = %(id)s AND token = %(token)s AND state = 'queued' AND NOT EXISTS (
        SELECT 1 FROM outbox_suppression WHERE lower(address) = lower(to_email) AND lifted_at IS NULL
    )
"""
TO_SENT = """
    UPDATE outbox_message
    SET state = 'sent', sent_at = %(now)s, provider_id = %(provider_id)s, token = NULL, lease_until = NULL, reason = ''
    WHERE id = %(id)s AND token = %(token)s AND state IN ('sending', 'uncertain')
"""


# The tick


@transaction.atomic
def claim(*, now: datetime, urgent: bool = False, cap: int | None = None) -> list[Claim]:
    """Give every message that is due a token and a lease, so that one worker may send it: [(id, token)].

    At most `cap` a minute (None: no cap). More than OUTBOX_ABNORMAL due at once are held instead, and the
    office is asked. With `urgent` only those that somebody waits for: they know neither cap nor hold.
    """
    beat = Heartbeat.lock("outbox.urgent" if urgent else "outbox", now)
    due = Message.objects.due(now).filter(urgent=True) if urgent else Message.objects.due(now)
    reap(now=now, urgent=urgent)
    # Better not at all than too late.
    due.filter(expires_at__lte=now).update(state=State.SKIPPED, reason="It was too late to send it")
    if not urgent:
        _hold_if_abnormal(due, now)
    redact(Message.objects.spent(now))
    allowed = _allowed(beat, now, cap)
    token, lease = uuid.uuid4(), settings.OUTBOX_QUEUED_FOR
    if urgent:
        lease = min(lease, URGENT_QUEUED_FOR)
    chosen = due.select_for_update(skip_locked=True).order_by("due_at", "pk").values_list("pk", flat=True)[:allowed]
    # The predicate again: SQLite has no row locks.
    count = Message.objects.filter(pk__in=list(chosen), state=State.PENDING).update(
        state=State.QUEUED, token=token, lease_until=now + timedelta(seconds=lease)
    )
    beat.at = now
    beat.in_minute += count
    beat.save()
    if not count:
        return []
    ours = Message.objects.filter(state=State.QUEUED, token=token).order_by("due_at", "pk")
    return [(pk, token) for pk in ours.values_list("pk", flat=True)]


def _allowed(beat: Heartbeat, now: datetime, cap: int | None) -> int:
    """How many may go now. A tick that comes a moment early after a minute finds the next minute's allowance."""
    minute = timedelta(seconds=60 - min(5, settings.TICK_SECONDS / 2))
    if beat.minute is None or not timedelta() <= now - beat.minute < minute:
        beat.minute, beat.in_minute = now, 0
    return MOST_AT_ONCE if cap is None else min(max(cap - beat.in_minute, 0), MOST_AT_ONCE)


def _hold_if_abnormal(due: models.QuerySet, now: datetime) -> None:
    """So many at once are more likely a mistake than a busy morning."""
    suspect = due.filter(urgent=False, released=False)
    limit = settings.OUTBOX_ABNORMAL
    if suspect.order_by()[: limit + 1].count() <= limit:
        return
    held = suspect.update(state=State.HELD, reason=f"More than {limit} messages were due at once")
    record(
        "outbox.volume.held", f"{held} messages were held: more than {limit} were due at once",
        subject=Heartbeat(name="outbox"), by=None, now=now, count=held,
    )  # fmt: skip


def reap(*, now: datetime, urgent: bool = False) -> None:
    """Take back what a process claimed and did not finish; with `urgent` only what somebody waits for.

    One that never began is simply due again. One that may have been handed over is sent once more, the very
    same bytes, where its kind allows a second copy; otherwise, and the second time, it waits for the office.
    """
    stuck = Message.objects.stuck(now).filter(urgent=True) if urgent else Message.objects.stuck(now)
    stuck.filter(state=State.QUEUED).update(state=State.PENDING, token=None, lease_until=None)
    _doubt(stuck.filter(state=State.SENDING), "A process stopped while handing it over", now)


def _doubt(sending: models.QuerySet, reason: str, now: datetime) -> None:
    """Decide about messages that may or may not have been handed over."""
    again = sending.filter(on_uncertain=OnUncertain.RESEND, resent=False)
    again.update(state=State.PENDING, token=None, lease_until=None, resent=True, due_at=now, reason=reason)
    sending.update(state=State.UNCERTAIN, lease_until=None, reason=reason)


@transaction.atomic
def give_back(claims: Iterable[Claim]) -> None:
    """Undo claims that could not be published: the next tick finds them again."""
    for pk, token in claims:
        Message.objects.filter(pk=pk, token=token, state=State.QUEUED).update(
            state=State.PENDING, token=None, lease_until=None
        )


# The worker


def deliver(claims: Iterable[Claim], *, clock: Clock, stopping: Callable[[], bool] = lambda: False) -> int:
    """Hand over the claimed messages in one conversation; how many were sent.

    Once `stopping` says so, the rest is given back: a slow mail server must not keep a worker from ending in time.
    """
    tokens = {pk: uuid.UUID(str(token)) for pk, token in claims}
    queued = Message.objects.filter(pk__in=tokens, state=State.QUEUED).prefetch_related("attachments")
    sent = 0
    with open_transport() as transport:
        for message in queued.order_by("due_at", "pk"):
            if stopping():
                give_back(tokens.items())  # what has been attempted is no longer queued
                break
            # Another token: delivered twice by the broker, or taken back by the reaper and claimed again.
            if message.token == tokens[message.pk]:
                sent += _attempt(Delivery(message, clock), transport)
    return sent


def _attempt(delivery: "Delivery", transport: SmtpTransport | BackendTransport) -> bool:
    """Whether it was sent. A fault of our own in one message must not keep those behind it waiting."""
    try:
        return delivery.run(transport)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("outbox.not_sent", message=delivery.message.pk)
        transport.close()
        # Only if it had not begun: what may be on its way already is the reaper's to decide.
        delivery.later("It could not be sent. The log has the reason", starts=[State.QUEUED])
        return False


class Delivery:
    """One attempt at one message."""

    def __init__(self, message: Message, clock: Clock):
        self.message = message
        self.clock = clock

    @property
    def ours(self) -> models.QuerySet:
        """The row, as long as nobody else has claimed it."""
        return Message.objects.filter(pk=self.message.pk, token=self.message.token)

    def run(self, transport: SmtpTransport | BackendTransport) -> bool:
        """Whether it was sent. No answer of a mail server or a provider, and no silence, is raised."""
        self.message.dated_at = self.message.dated_at or self.clock()
        try:
            transport.address(self.message)
            if not self.begin():
                transport.release()
                return False
            provider_id = transport.hand_over()
        except Refused as refused:
            self.refused(str(refused), bounced=refused.bounced)
        except NotTaken as not_taken:
            self.later(str(not_taken))
        except Unanswered as unanswered:
            self.doubtful(str(unanswered))
        else:
            self.sent(provider_id)
            return True
        return False

    def begin(self) -> bool:
        """T1: from here on it may be in somebody's inbox. False when it must not be sent now, or is not ours.

        The lease is the one that came with the token: it cannot have become another without taking the token away.
        """
        message, now = self.message, self.clock()
        if message.lease_until <= now or self.stopped_by(objection_to(message, now)):
            return False
        lease = now + timedelta(seconds=settings.OUTBOX_SENDING_FOR)
        # A transaction, because PostgreSQL would finish an update that waits for a row although its worker has died.
        with transaction.atomic():
            begun = self.moved(TO_SENDING, lease=lease, dated_at=message.dated_at)
        if begun:
            return True
        self.stopped_by(suppression_of(message))
        return False

    def moved(self, statement: str, **values) -> bool:
        """Whether the statement found our row and changed it."""
        values |= {"id": self.message.pk, "token": self.message.token}
        with connection.cursor() as cursor:
            cursor.execute(statement, {name: _stored(value) for name, value in values.items()})
            return cursor.rowcount == 1

    @transaction.atomic
    def stopped_by(self, objection: Objection | None) -> bool:
        """Whether something speaks against sending it; then it waits, or is skipped."""
        if objection is None:
            return False
        change = {"state": State.PENDING, "due_at": objection.until} if objection.until else {"state": State.SKIPPED}
        stopped = self.ours.filter(state=State.QUEUED).update(
            **change, token=None, lease_until=None, reason=objection.reason[:300]
        )
        if stopped and objection.then:
            objection.then()
        return True

    def sent(self, provider_id: str) -> None:
        """T2. Also when the reaper came between: what was sent is sent."""
        message = self.message

        def note():
            self.moved(TO_SENT, now=self.clock(), provider_id=provider_id)
            if message.secret and not settings.DEMO:  # where the mailbox page is the only place to read it
                redact(Message.objects.filter(pk=message.pk, state=State.SENT))

        persistently(note)

    def doubtful(self, reason: str) -> None:
        logger.warning("outbox.unanswered", message=self.message.pk)
        persistently(lambda: _doubt(self.ours.filter(state=State.SENDING), reason[:300], self.clock()))

    def later(self, reason: str, *, starts: Iterable[str] = (State.QUEUED, State.SENDING)) -> None:
        """Try again after twice the wait of the last time; give up after five days."""

        @transaction.atomic
        def note():
            now, message = self.clock(), self.message
            change = {"state": State.PENDING, "due_at": now + backoff(message)}
            if message.attempts + 1 >= MOST_ATTEMPTS:
                change = {"state": State.FAILED}
            self.ours.filter(state__in=starts).update(
                **change, token=None, lease_until=None, attempts=message.attempts + 1, reason=reason[:300]
            )

        persistently(note)

    def refused(self, reason: str, *, bounced: bool) -> None:
        """It will never be taken. When the address is the reason, nothing more goes there until the office says so."""

        @transaction.atomic
        def note():
            now, message = self.clock(), self.message
            failed = self.ours.filter(state__in=[State.QUEUED, State.SENDING]).update(
                state=State.FAILED, token=None, lease_until=None, attempts=message.attempts + 1, reason=reason[:300]
            )
            redact(Message.objects.filter(pk=message.pk, state=State.FAILED))
            if failed and bounced and not message.farewell:
                suppress(message.to_email, reason=f"The mail server refused it: {reason}", by=None, now=now)

        persistently(note)


def _stored(value: object) -> object:
    """A moment or a token as this database keeps it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, uuid.UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value


def backoff(message: Message) -> timedelta:
    """One minute, two, four … up to an hour; while somebody waits, five seconds up to a minute."""
    first, ceiling = (timedelta(minutes=1), LONGEST_WAIT)
    if message.urgent:
        first, ceiling = (timedelta(seconds=5), LONGEST_URGENT_WAIT)
    return min(first * 2 ** min(message.attempts, 10), ceiling)


def persistently(write: Callable[[], object]) -> None:
    """Write what has happened even while the database is away, as long as the lease lasts; then the reaper decides."""
    deadline = time.monotonic() + settings.OUTBOX_SENDING_FOR
    pause = 0.1
    while True:
        try:
            write()
            return
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > deadline:
                raise
            connection.close()
            time.sleep(pause)
            pause = min(pause * 2, 5)


def send_due(now: datetime) -> int:
    """Send everything due at `now`, here and at once, without broker or worker: how many were sent."""
    sent = 0
    while claims := claim(now=now):
        sent += deliver(claims, clock=lambda: now)
    return sent
