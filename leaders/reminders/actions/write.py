"""From due rows to messages: one mail for one person, and only about what is still needed."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from django.db import models, transaction

from leaders.outbox.actions import post_letter
from leaders.outbox.models import Heartbeat, Message
from leaders.outbox.registry import Letter, Objection, OnUncertain
from leaders.people.models import Person
from leaders.reminders.calendar import closed_days
from leaders.reminders.digest import Line, digest
from leaders.reminders.models import Extension, NoDigest, Pace, Reminder
from leaders.reminders.registry import Rule, comings, rules, signatures
from leaders.reminders.timing import WEEK, is_open, next_opening

from .plan import materialise

logger = structlog.get_logger()

State = Reminder.State
HEARTBEAT = "reminders"
DIGEST = "reminders.digest"
WRITTEN_HERE = "reminders:"  # begins the dedupe_key of every message of ours
LOOKS_AHEAD = timedelta(days=15)


@dataclass
class Written:
    """What a tick did: mails written, rows skipped, people whose mails could not be written."""

    mails: int = 0
    skipped: int = 0
    failed: int = 0


def tick(now: datetime) -> Written:
    """Write the mails of everybody who has something due. Outside working hours nothing is written."""
    written = Written()
    written.skipped = Reminder.objects.filter(state=State.PENDING, due_at__lte=now, expires_at__lte=now).update(
        state=State.SKIPPED, reason="It was too late to send it"
    )
    due = Reminder.objects.due(now)
    if due.exists() and is_open(now, closed_days(now)):
        materialise(now)  # dates may have moved since the last planning
        for pk in due.order_by("recipient_id").values_list("recipient_id", flat=True).distinct():
            try:
                written.mails += _write_to(pk, now)
            except Exception:  # one person's trouble must not silence the others
                logger.exception("reminders.not_written", person=pk)
                _hold_all(pk, now)
                written.failed += 1
    Heartbeat.objects.update_or_create(name=HEARTBEAT, defaults={"at": now})
    return written


@transaction.atomic
def _write_to(person_id: int, now: datetime) -> int:
    """Merge what is due for one person into one mail; the number of mails written, 0 or 1."""
    person = Person.objects.get(pk=person_id)
    rows = list(Reminder.objects.due(now).filter(recipient=person).select_for_update(skip_locked=True))
    found = [(row, *still) for row in rows if (still := _still_needed(row, person, now))]
    if not found:
        return 0
    wait = _wait(person, now)
    if wait:
        for row, _, _ in found:
            _postpone(row, wait)
        return 0
    letter = _letter(person, found, now)
    message = post_letter(
        letter,
        kind=found[0][1].key if len(found) == 1 and found[0][1].letter else DIGEST,
        to=person,
        now=now,
        dedupe_key=_dedupe_key([row for row, _, _ in found], now),
        expires_at=max(row.expires_at for row, _, _ in found),
        about=found[0][2] if len(found) == 1 else None,
        cohort_id=found[0][0].cohort_id,
        on_uncertain=OnUncertain.HOLD
        if any(rule.on_uncertain == OnUncertain.HOLD for _, rule, _ in found)
        else OnUncertain.RESEND,
    )
    pks = [row.pk for row, _, _ in found]
    count = Reminder.objects.filter(pk__in=pks, state=State.PENDING).update(state=State.WRITTEN, message=message)
    if count != len(pks):
        raise RuntimeError("Another tick was faster.")
    return 1


def _still_needed(row: Reminder, person: Person, now: datetime) -> tuple[Rule, models.Model] | None:
    """The rule and the subject of a row that still has to be sent; otherwise the row is settled here."""
    if row.rule not in rules:
        _settle(row, State.HELD, "There is no such rule any more")
        return None
    rule = rules[row.rule].brings
    subject = rule.model._default_manager.filter(pk=row.subject_id).first()
    if subject is None:
        _settle(row, State.CANCELLED, "Its occasion has gone")
    elif not person.is_active:
        _settle(row, State.SKIPPED, "The person has left")
    elif not rule.letter and NoDigest.objects.filter(person=person).exists():
        _settle(row, State.SKIPPED, "They do not want the weekly email")
    elif not rule.needed(subject, person, now):
        _settle(row, State.SKIPPED, f"No longer needed: {rule.stops}")
    else:
        return rule, subject
    return None


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


def _letter(person: Person, found: list[tuple[Reminder, Rule, models.Model]], now: datetime) -> Letter:
    row, rule, subject = found[0]
    if len(found) == 1 and rule.letter:
        return rule.letter(subject, person, row.step, now)
    lines = [_line(row, rule, subject, person, now) for row, rule, subject in found]
    signed = next((found for part in signatures if (found := part.brings(person, now))), None)
    coming = sorted(row for part in comings for row in part.brings(person, now, now + LOOKS_AHEAD))
    return digest(lines, coming=coming, signed=signed, today=now, digest_day=person.digest_day)


def _line(row: Reminder, rule: Rule, subject: models.Model, person: Person, now: datetime) -> Line:
    if rule.letter and not rule.item:
        return Line.of_letter(rule.letter(subject, person, row.step, now), row.due_on)
    item = rule.item(subject, person, row.step, now)  # type: ignore[misc]  # a rule brings one or the other
    longer = Extension.objects.filter(
        rule=rule.key, subject_type=row.subject_type, subject_id=row.subject_id, recipient=person
    ).first()
    return Line.of_item(replace(item, due=longer.until) if longer else item)


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
    rows = list(message.reminders.select_related("recipient"))
    closed = closed_days(now)
    if not is_open(now, closed):
        return Objection("It waits for working hours", until=next_opening(now, closed))
    needed = [row for row in rows if _still_needed(row, row.recipient, now)]
    if len(needed) == len(rows):
        return None
    Reminder.objects.filter(pk__in=[row.pk for row in needed]).update(state=State.PENDING, message=None)
    return Objection("Part of it was done meanwhile; the rest is written anew" if needed else "It is no longer needed")
