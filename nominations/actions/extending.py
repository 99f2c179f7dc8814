"""More time for one person, who is told."""

from datetime import datetime

from django.db import transaction

from leaders.components.dates import day_time
from leaders.outbox.actions import post
from leaders.people.audit import record
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from nominations.links import ACCEPT, ENDORSE, INVITATION, path_to
from nominations.models import Invitation, Nomination

from .starting import draft_path


@transaction.atomic
def extend_deadline(
    *, subject: Invitation | Nomination, until: datetime, reason: str, by: Person, now: datetime
) -> None:
    """Give one person more time: to nominate (an invitation or a draft), or to answer (a sent nomination).

    Raises NotPossible for a date that is past, or no later than the one they have, and where nothing is waited for.
    """
    if until <= now:
        raise NotPossible("The new deadline is in the past.")
    if isinstance(subject, Nomination) and subject.state not in {Nomination.State.DRAFT, Nomination.State.SENT}:
        raise NotPossible(f"{subject.reference} waits for nobody: {subject.get_state_display().lower()}.")
    due = subject.answer_deadline if isinstance(subject, Nomination) and subject.sent_at else subject.deadline
    if until <= due:
        raise NotPossible(f"They have until {day_time(due)} already. Choose a later date.")
    subject.extended_until = until
    subject.save(update_fields=["extended_until"])
    person: Person | None
    if isinstance(subject, Invitation):
        person, words = subject.nominator, str(subject.organisation)
    else:
        person, words = subject.nominee if subject.sent_at else subject.nominator, subject.reference
    record(
        f"nominations.{subject._meta.model_name}.extended",
        f"The deadline for {words} was moved to {day_time(until)}",
        subject=subject,
        person=person,
        cohort_id=subject.round.cohort_id,
        by=by,
        now=now,
        reason=reason,
    )
    _tell(subject, until, now)


def _tell(subject: Invitation | Nomination, until: datetime, now: datetime) -> None:
    """Write to whoever has more time; one who is not invited yet reads of it in their invitation."""
    if isinstance(subject, Invitation) and not subject.invited_at:
        return
    to, link = waited_for(subject, now)
    post(
        "nominations.more_time",
        to=to,
        now=now,
        dedupe_key=f"nominations.more_time:{subject._meta.model_name}:{subject.pk}:{until.isoformat()}",
        about=subject,
        cohort_id=subject.round.cohort_id,
        subject=subject,
        link=link,
    )


def waited_for(subject: Invitation | Nomination, now: datetime) -> tuple[Person | tuple[str, str], str]:
    """Who is waited for, with the link that they have."""
    expires = subject.round.cohort.offers_expire
    if isinstance(subject, Invitation):
        link = path_to(INVITATION, subject, now=now, person=subject.nominator, expires_at=expires)
        return subject.nominator, link
    if subject.is_draft:
        return subject.nominator or subject.writer, draft_path(subject, now)
    if subject.is_application:
        sponsor = subject.endorsement.sponsor
        return sponsor, path_to(ENDORSE, subject.endorsement, now=now, person=sponsor, expires_at=expires)
    return subject.put_forward, path_to(ACCEPT, subject, now=now, person=subject.nominee, expires_at=expires)
