"""The one way to write the audit trail."""

from datetime import datetime

from django.db import models, transaction

from .models import AuditEvent, Person


def record(
    action: str,
    sentence: str,
    *,
    subject: models.Model,
    by: Person | str | None,
    now: datetime,
    person: Person | None = None,
    cohort_id: int | None = None,
    reason: str = "",
    **detail,
) -> AuditEvent:
    """Record that something happened, inside the transaction that makes it happen.

    `action` is `app.thing.verb` ("nominations.nomination.sent"); `sentence` is what the office
    reads ("Helen Marsh sent nomination N8-0147"). `by` is a person, the words for somebody
    without an account, or None for the programme itself. `detail` holds JSON values and
    never confidential words. Raises RuntimeError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit event belongs in the transaction of what it records.")
    actor = by if isinstance(by, Person) else None
    return AuditEvent.objects.create(
        at=now,
        action=action,
        sentence=sentence[:300],
        actor_id=actor.pk if actor else None,
        actor=(str(by) if by else "Leaders")[:150],
        person_id=person.pk if person else None,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject=str(subject)[:200],
        cohort_id=cohort_id,
        reason=reason,
        detail=detail,
    )
