"""What people decide about reminders."""

from datetime import date, datetime

from django.db import models, transaction

from leaders.outbox.actions import NotPossible
from leaders.people.audit import record
from leaders.people.models import Person
from leaders.reminders.models import Extension, NoDigest, Reminder
from leaders.reminders.registry import rules

from .plan import materialise

State = Reminder.State


@transaction.atomic
def extend(*, rule: str, subject: models.Model, recipient: Person, until: date, reason: str, by: Person, now: datetime):
    """Give one person longer for one thing: all reminders of it move along, and the digest says the new date."""
    title = rules[rule].title
    extension, _ = Extension.objects.update_or_create(
        rule=rule, subject_type=subject._meta.label_lower, subject_id=str(subject.pk), recipient=recipient,
        defaults={"until": until, "reason": reason, "granted_at": now},
    )  # fmt: skip
    record(
        "reminders.extension.granted", f"{recipient} has until {until:%-d %B %Y}: {title}", subject=subject,
        person=recipient, cohort_id=getattr(subject, "cohort_id", None), by=by, now=now, reason=reason,
    )  # fmt: skip
    materialise(now)
    return extension


@transaction.atomic
def hold(*, reminder: Reminder, by: Person, now: datetime, reason: str) -> None:
    """Keep a planned reminder from being written."""
    _move(reminder, [State.PENDING], "It is not waiting to go out.", state=State.HELD, reason=reason)
    _tell("held", reminder, by=by, now=now, reason=reason)


@transaction.atomic
def release(*, reminder: Reminder, by: Person, now: datetime) -> None:
    """Let a held reminder go out after all; one that is out of date by now is skipped by the next tick."""
    _move(reminder, [State.HELD], "It is not held.", state=State.PENDING, reason="")
    _tell("released", reminder, by=by, now=now)


@transaction.atomic
def skip(*, reminder: Reminder, by: Person, now: datetime, reason: str) -> None:
    """Decide that this reminder will not be sent."""
    _move(reminder, [State.PENDING, State.HELD], "It is not waiting to go out.", state=State.SKIPPED, reason=reason)
    _tell("skipped", reminder, by=by, now=now, reason=reason)


@transaction.atomic
def choose_digest_day(*, person: Person, day: int | None, now: datetime, by: Person) -> None:
    """Choose the weekday of the weekly email (0 is Monday), or None to stop it. Planned lines move along."""
    if day is None:
        NoDigest.objects.get_or_create(person=person, defaults={"since": now})
    else:
        NoDigest.objects.filter(person=person).delete()
        Person.objects.filter(pk=person.pk).update(digest_day=day)
        person.digest_day = day
    record(
        "reminders.digest.chosen", f"{person} stopped the weekly email" if day is None
        else f"{person} gets the weekly email on {date(2024, 1, 1 + day):%A}s",
        subject=person, person=person, by=by, now=now,
    )  # fmt: skip


def _move(reminder: Reminder, start: list[str], otherwise: str, **change) -> None:
    if not Reminder.objects.filter(pk=reminder.pk, state__in=start).update(**change):
        raise NotPossible(otherwise)
    reminder.refresh_from_db()


def _tell(verb: str, reminder: Reminder, *, by: Person, now: datetime, reason: str = "") -> None:
    title = rules[reminder.rule].title if reminder.rule in rules else reminder.rule
    record(
        f"reminders.reminder.{verb}", f"{by} {verb} a reminder to {reminder.recipient}: {title}", subject=reminder,
        person=reminder.recipient, cohort_id=reminder.cohort_id, by=by, now=now, reason=reason,
    )  # fmt: skip
