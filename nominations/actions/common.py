"""What the steps share: holding a nomination, its pages, and noting what happened to it."""

from datetime import datetime

from cohorts.models import Cohort
from leaders.components.dates import day_time
from leaders.people.audit import record
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from nominations.journey import Page, journey_of
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


def page_of(draft: Nomination, key: str) -> Page:
    """A page of this draft. Raises KeyError for one that its form does not have."""
    return journey_of(draft, list(draft.round.cohort.programme.criteria.all())).pages[key]


def check_waiting(sent: Nomination) -> None:
    """Raise NotPossible unless it waits for its nominee, or for an applicant's sponsor: in time or not."""
    if sent.cohort.status != Cohort.Status.LIVE:
        raise NotPossible(
            f"{sent.cohort.name} is {sent.cohort.get_status_display().lower()}. Ask {sent.cohort.contact}."
        )
    if sent.state != Nomination.State.SENT:
        raise NotPossible(f"{sent.reference} is no longer waiting for an answer: {sent.get_state_display().lower()}.")


def check_answerable(sent: Nomination, now: datetime) -> None:
    """Raise NotPossible unless it may be answered now."""
    check_waiting(sent)
    if now >= sent.answer_deadline:
        raise NotPossible(
            f"The last moment to answer was {day_time(sent.answer_deadline)}. Ask {sent.cohort.contact} for more time."
        )


def closed(draft: Nomination) -> str:
    """Why a draft takes no more changes."""
    cohort = draft.round.cohort
    if not draft.is_draft:
        return f"{draft.reference} has been sent, so it can no longer be changed."
    return f"Nominations for {cohort.name} closed at {day_time(draft.deadline)}. Ask {cohort.contact} for more time."
