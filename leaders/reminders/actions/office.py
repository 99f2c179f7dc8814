"""What people decide about reminders."""

from datetime import datetime

from django.db import transaction

from leaders.outbox.actions import must_take_mail
from leaders.outbox.models import Message
from leaders.people.audit import record
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from leaders.reminders.models import NoDigest, Reminder
from leaders.reminders.registry import rules

from .write import write_alone

State = Reminder.State


@transaction.atomic
def hold(*, reminder: Reminder, by: Person, now: datetime, reason: str) -> None:
    """Keep a planned reminder from being written."""
    _move(reminder, [State.PENDING], "It is not waiting to go out.", state=State.HELD, reason=reason[:300])
    _tell("held", reminder, by=by, now=now, reason=reason)


@transaction.atomic
def release(*, reminder: Reminder, by: Person, now: datetime) -> None:
    """Let a held reminder go out after all; one that is out of date by now is skipped by the next tick."""
    _move(reminder, [State.HELD], "It is not held.", state=State.PENDING, waits_until=now, reason="")
    _tell("released", reminder, by=by, now=now)


@transaction.atomic
def send_now(*, reminder: Reminder, by: Person, now: datetime) -> Message:
    """Write a reminder now, also one that was dropped.

    Raises NotPossible when it is settled, not needed or untrue, and when nothing is sent to its reader.
    """
    row = Reminder.objects.select_for_update(of=("self",)).select_related("recipient").get(pk=reminder.pk)
    if row.state not in {State.PENDING, State.HELD, State.DROPPED}:
        raise NotPossible("It is not waiting to go out.")
    must_take_mail(row.recipient.email)
    message = write_alone(row, now)
    reminder.refresh_from_db()
    _tell("sent", reminder, by=by, now=now)
    return message


@transaction.atomic
def drop(*, reminder: Reminder, by: Person, now: datetime, reason: str) -> None:
    """Decide that this reminder will not be sent, whatever becomes of its date."""
    _move(
        reminder, [State.PENDING, State.HELD], "It is not waiting to go out.", state=State.DROPPED, reason=reason[:300]
    )
    _tell("dropped", reminder, by=by, now=now, reason=reason)


@transaction.atomic
def stop_weekly_email(*, person: Person, now: datetime) -> None:
    """They do not want the weekly email. Letters of their own, such as a changed date, still reach them."""
    _, is_new = NoDigest.objects.get_or_create(person=person, defaults={"since": now})
    if is_new:
        record(
            "reminders.digest.stopped", f"{person} stopped the weekly email", subject=person, person=person, by=person,
            now=now,
        )  # fmt: skip


@transaction.atomic
def restart_weekly_email(*, person: Person, now: datetime) -> None:
    """They want the weekly email again."""
    if NoDigest.objects.filter(person=person).delete()[0]:
        record(
            "reminders.digest.restarted", f"{person} wants the weekly email again", subject=person, person=person,
            by=person, now=now,
        )  # fmt: skip


def _move(reminder: Reminder, start: list[str], otherwise: str, **change) -> None:
    if not Reminder.objects.filter(pk=reminder.pk, state__in=start).update(**change):
        raise NotPossible(otherwise)
    reminder.refresh_from_db()


def _tell(verb: str, reminder: Reminder, *, by: Person, now: datetime, reason: str = "") -> None:
    said = f"{by} {verb} a reminder to {reminder.recipient}: {rules.title_of(reminder.rule)}"
    record(
        f"reminders.reminder.{verb}", said, subject=reminder, person=reminder.recipient, cohort_id=reminder.cohort_id,
        by=by, now=now, reason=reason,
    )  # fmt: skip
