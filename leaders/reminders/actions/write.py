"""From due rows to messages: one mail for one person, and only about what is still needed."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import models, transaction

from leaders.components.dates import day, london_date
from leaders.outbox.actions import post_letter
from leaders.outbox.models import Consent, Heartbeat, Message
from leaders.outbox.registry import Letter, Objection, OnUncertain
from leaders.outbox.wordings import current_wording, worded
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from leaders.reminders.calendar import closed_days
from leaders.reminders.digest import Line, bundle, digest
from leaders.reminders.models import NoDigest, Pace, Reminder
from leaders.reminders.registry import Rule, comings, rules, signed_for
from leaders.reminders.timing import WEEK, closing, is_open, next_opening

from .plan import materialise

logger = structlog.get_logger()

State = Reminder.State
HEARTBEAT = "reminders"
DIGEST = "reminders.digest"
BUNDLE = "reminders.bundle"
TOO_LATE = "It was too late to send it"
NO_DIGEST = "They do not want the weekly email"
LEFT = "The person has left"
WRITTEN_HERE = "reminders:"  # begins the dedupe_key of every message of ours
LOOKS_AHEAD = timedelta(days=15)


@dataclass
class Written:
    """What a tick did: mails written, rows skipped, people whose mails could not be written."""

    mails: int = 0
    skipped: int = 0
    failed: int = 0


def tick(now: datetime, *, plan: bool = True) -> Written:
    """Write the mails of everybody who has something due. Outside working hours nothing is written.

    Unless `plan` is False dates are looked at once more before: they may have moved since the last planning.
    """
    written = Written()
    written.skipped = Reminder.objects.filter(state=State.PENDING, due_at__lte=now, expires_at__lte=now).update(
        state=State.SKIPPED, reason=TOO_LATE
    )
    due = Reminder.objects.due(now)
    if due.exists() and is_open(now, closed_days(now)):
        if plan:
            materialise(now)
        for pk in due.order_by("recipient_id").values_list("recipient_id", flat=True).distinct():
            try:
                written.mails += _write_to(pk, now)
            except Exception:  # one person's trouble must not silence the others
                logger.exception("reminders.not_written", person=pk)
                _hold_all(pk, now)
                written.failed += 1
    Heartbeat.objects.update_or_create(name=HEARTBEAT, defaults={"at": now})
    return written


@dataclass(frozen=True)
class Found:
    """A due row that is still needed, with its rule and its subject."""

    row: Reminder
    rule: Rule
    subject: models.Model

    @property
    def kind(self) -> str:
        """Under which name the office keeps its own words: of its email, or of its line in the weekly one."""
        return self.rule.email or self.rule.key

    def letter(self, now: datetime) -> Letter:
        """As a mail of its own, in the product's usual words."""
        assert self.rule.letter is not None, f"{self.rule.key} brings no letter"  # noqa: S101
        return self.rule.letter(self.subject, self.row.recipient, self.row.step, now)

    def line(self, person: Person, now: datetime) -> Line:
        """As one thing among others, in the office's words for it."""
        wording, reader = current_wording(self.kind), {"first_name": person.first_name, "name": person.name}
        if self.rule.item is not None:
            item = self.rule.item(self.subject, person, self.row.step, now)
            return Line.of_item(item.worded(wording, now=now, **reader))
        return Line.of_letter(worded(self.letter(now), wording, **reader), self.row.due_on)


@transaction.atomic
def _write_to(person_id: int, now: datetime) -> int:
    """Merge what is due for one person into one mail; the number of mails written, 0 or 1."""
    person = Person.objects.get(pk=person_id)
    rows = list(Reminder.objects.due(now).filter(recipient=person).select_for_update(skip_locked=True))
    for row in rows:
        row.recipient = person
    found = [still for row in rows if (still := _still_needed(row, person, now))]
    # What needs consent comes by itself, once all the rest is written: nobody can stop one and keep the other.
    found = [each for each in found if not each.rule.is_promotional] or found[:1]
    if not found:
        return 0
    wait = _wait(person, now)
    if wait:
        for each in found:
            _postpone(each.row, wait)
        return 0
    message = _write(person, found, now)
    pks = [each.row.pk for each in found]
    count = Reminder.objects.filter(pk__in=pks, state=State.PENDING).update(state=State.WRITTEN, message=message)
    if count != len(pks):
        raise RuntimeError("Another tick was faster.")
    return 1


def _write(person: Person, found: list[Found], now: datetime) -> Message:
    """One message about everything in `found`."""
    said = _once_each(found)
    kind, letter = _letter(person, said, now)
    return post_letter(
        letter,
        kind=kind,
        to=person,
        now=now,
        dedupe_key=_dedupe_key([each.row for each in found], now),
        expires_at=max(each.row.expires_at for each in found),
        about=said[0].subject if len(said) == 1 else None,
        cohort_id=found[0].row.cohort_id,
        on_uncertain=OnUncertain.HOLD
        if any(each.rule.on_uncertain == OnUncertain.HOLD for each in found)
        else OnUncertain.RESEND,
    )


def write_alone(row: Reminder, now: datetime) -> Message:
    """Write one row as a mail of its own, before its day or after it. Raises NotPossible where it would be untrue."""
    if row.due_on and row.on > row.due_on >= london_date(now):
        raise NotPossible(f"It says that {day(row.due_on)} has passed. Until then it would be untrue.")
    rule = rules[row.rule].brings if row.rule in rules else None
    if rule:
        row.expires_at = max(row.expires_at, closing(london_date(now), rule.expires, closed_days(now)))
    verdict = _judged(row, row.recipient, now)
    if not isinstance(verdict, Found):
        raise NotPossible(f"It is not sent. {verdict[1]}.")
    message = _write(row.recipient, [verdict], now)
    row.state, row.reason, row.message = State.WRITTEN, "", message
    row.save(update_fields=["state", "reason", "message", "expires_at"])
    return message


def preview(reminder: Reminder) -> Message | None:
    """The message in which a planned reminder would come, with all that is due to the person then; None without one.

    It is written as it will be, and taken back.
    """
    person = reminder.recipient
    together = Reminder.objects.filter(
        recipient=person, due_at=reminder.due_at, state__in=[State.PENDING, State.HELD]
    ).order_by("due_at", "pk")  # fmt: skip
    found = []
    for row in together:
        rule = rules[row.rule].brings if row.rule in rules else None
        subject = rule and rule.model._default_manager.filter(pk=row.subject_id).first()
        if rule and subject and rule.is_promotional == _is_promotional(reminder):
            row.recipient = person
            found.append(Found(row, rule, subject))
    if not found:
        return None
    with transaction.atomic():
        message = _write(person, found, reminder.due_at)
        transaction.set_rollback(True)
    return message


def _is_promotional(reminder: Reminder) -> bool:
    return reminder.rule in rules and rules[reminder.rule].brings.is_promotional


def _once_each(found: list[Found]) -> list[Found]:
    """Steps of one thing that come together (in one week, after an outage) say it once, in the last one's words."""
    latest = {(each.rule.key, each.subject.pk): each for each in sorted(found, key=lambda each: each.row.on)}
    return [each for each in found if latest[each.rule.key, each.subject.pk] is each]


def _still_needed(row: Reminder, person: Person, now: datetime) -> Found | None:
    """What a row stands for, if it still has to be sent; otherwise the row is settled here."""
    verdict = _judged(row, person, now)
    if isinstance(verdict, Found):
        return verdict
    _settle(row, *verdict)
    return None


def _judged(row: Reminder, person: Person, now: datetime) -> Found | tuple[str, str]:
    """What a row stands for, or the state in which it ends and why."""
    if row.rule not in rules:
        return State.HELD, "There is no such rule any more"
    if row.expires_at <= now:
        return State.SKIPPED, TOO_LATE
    rule = rules[row.rule].brings
    subject = rule.model._default_manager.filter(pk=row.subject_id).first()
    if subject is None:
        return State.CANCELLED, "There is nothing left to remind of"
    reason = _reason_against(rule, subject, person, now)
    return (State.SKIPPED, reason) if reason else Found(row, rule, subject)


def _reason_against(rule: Rule, subject: models.Model, person: Person, now: datetime) -> str:
    """Why this person is not reminded of it now; empty when they are."""
    if not person.is_active:
        return LEFT
    if rule.is_promotional and Consent.of(person.email) is None:
        return "They have not agreed to promotional mail"
    if not rule.letter and NoDigest.objects.filter(person=person).exists():
        return NO_DIGEST
    return "" if rule.needed(subject, person, now) else f"No longer needed: {rule.stops}"


def _settle(row: Reminder, state: str, reason: str) -> None:
    Reminder.objects.filter(pk=row.pk).update(state=state, reason=reason[:300], message=None)


def _wait(person: Person, now: datetime) -> datetime | None:
    """Until when a person has had enough mail: None when another one may be written now."""
    recent = (
        Message.objects.filter(person=person, written_at__gt=now - WEEK)
        .exclude(state=Message.State.SKIPPED)
        .filter(models.Exists(Reminder.objects.filter(message=models.OuterRef("pk"))))
        .order_by("-written_at")
        .values_list("written_at", flat=True)
    )
    allowed = Pace.current().mails_a_week
    last = list(recent[:allowed])
    return last[-1] + WEEK if len(last) == allowed else None


def _postpone(row: Reminder, until: datetime) -> None:
    if until >= row.expires_at:
        _settle(row, State.SKIPPED, "They had enough mail that week")
    else:
        Reminder.objects.filter(pk=row.pk).update(waits_until=until)


def _letter(person: Person, said: list[Found], now: datetime) -> tuple[str, Letter]:
    """In which email all of it comes, and its words: a letter, several letters in one, or the weekly digest."""
    if all(each.rule.letter for each in said):
        first = said[0]
        if len(said) == 1:
            return first.kind, first.letter(now)
        return BUNDLE, bundle([each.line(person, now) for each in said], like=first.letter(now), today=now)
    signed = signed_for(person, now)
    coming = sorted(row for part in comings for row in part.brings(person, now, now + LOOKS_AHEAD))
    lines = [each.line(person, now) for each in said]
    return DIGEST, digest(lines, coming=coming, signed=signed, today=now, digest_day=person.digest_day)


def _dedupe_key(rows: list[Reminder], now: datetime) -> str:
    """The same rows never make a second mail, unless they were taken out of the first to be written anew."""
    names = ",".join(sorted(row.dedupe_key for row in rows))
    return f"{WRITTEN_HERE}{rows[0].recipient_id}:{now:%Y%m%dT%H%M%S}:{hashlib.sha256(names.encode()).hexdigest()[:24]}"


@transaction.atomic
def _hold_all(person_id: int, now: datetime) -> None:
    Reminder.objects.due(now).filter(recipient_id=person_id).update(
        state=State.HELD, reason="It could not be written. The log has the reason"
    )


def look_once_more(message: Message, now: datetime) -> Objection | None:
    """Just before a reminder is handed over: is everything in it still needed, and is it a decent hour?

    When part of it has been done since it was written, the rest is written anew.
    """
    if not message.dedupe_key.startswith(WRITTEN_HERE):
        return None
    # A copy has no rows of its own: it is needed as long as what went out first is.
    rows = (message.copy_of or message).reminders.select_related("recipient")
    may_have_arrived = message.resent or message.copy_of_id is not None
    verdicts = {row: _judged(row, row.recipient, now) for row in rows}
    needed = [row for row, verdict in verdicts.items() if isinstance(verdict, Found)]
    # Of a message that may have arrived already the rows stay as they are, and its words too.
    if len(needed) == len(verdicts) or (needed and may_have_arrived):
        closed = closed_days(now)
        return None if is_open(now, closed) else Objection("It waits for working hours", next_opening(now, closed))

    def then() -> None:
        for row, verdict in verdicts.items():
            if not isinstance(verdict, Found):
                _settle(row, *verdict)
        Reminder.objects.filter(pk__in=[row.pk for row in needed]).update(state=State.PENDING, message=None)

    said = "It is no longer needed"
    reasons = {verdict[1] for verdict in verdicts.values() if not isinstance(verdict, Found)}
    if needed:
        said = "Part of it was done meanwhile; the rest is written anew"
    elif len(reasons) == 1 and reasons <= {TOO_LATE, NO_DIGEST, LEFT}:
        (said,) = reasons
    return Objection(said, then=None if may_have_arrived else then)
