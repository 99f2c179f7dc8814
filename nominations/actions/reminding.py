"""A nominator reminded by hand."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from leaders.components.dates import london_date
from leaders.outbox.models import Message
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from leaders.reminders.actions import send_now
from leaders.reminders.models import Reminder
from nominations.chasing import OF_DRAFT, OF_INVITATION, chase_of
from nominations.models import Invitation


@transaction.atomic
def remind_now(*, invitation: Invitation, by: Person, now: datetime) -> Message:
    """Send the next reminder that waits for a nominator, about the invitation or the draft begun with it, today.

    Raises NotPossible when they had one today, and when none is planned or it would be untrue.
    """
    Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)  # one press at a time
    if chase_of(invitation).was_on(london_date(now)):
        raise NotPossible(f"{invitation.nominator} has had a reminder today.")
    planned = next_reminder(invitation)
    if planned is None:
        raise NotPossible(f"No reminder is planned for {invitation.nominator}. A call helps more.")
    return send_now(reminder=planned, by=by, now=now)


def next_reminder(invitation: Invitation) -> Reminder | None:
    """The next that waits for a nominator."""
    drafts = invitation.nominations.drafts().values_list("pk", flat=True)
    about = Q(rule=OF_INVITATION, subject_id=invitation.pk)
    about |= Q(rule=OF_DRAFT, subject_id__in=[str(pk) for pk in drafts])
    waiting = Reminder.objects.filter(about, recipient=invitation.nominator, state=Reminder.State.PENDING)
    return waiting.select_related("recipient").order_by("due_at", "pk").first()
