"""What the steps share: holding a nomination, and noting what happened to it."""

from datetime import datetime

from leaders.people.audit import record
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from nominations.models import Nomination


def locked(nomination: Nomination) -> Nomination:
    """The nomination as it is now, held until the transaction ends. Raises NotPossible when it was deleted."""
    found = Nomination.objects.in_words().select_for_update(of=("self",), no_key=True).filter(pk=nomination.pk).first()
    if found is None:
        raise NotPossible("This draft was deleted.")
    return found


def note(
    verb: str,
    sentence: str,
    nomination: Nomination,
    by: Person | str | None,
    now: datetime,
    *,
    reason: str = "",
) -> None:
    """Write the audit event of a nomination; it is about the nominee, once they are known."""
    record(
        f"nominations.nomination.{verb}",
        sentence,
        subject=nomination,
        person=nomination.nominee,
        cohort_id=nomination.round.cohort_id,
        by=by,
        now=now,
        reason=reason,
    )
