"""What the acts of a mentorship share."""

from datetime import datetime

from leaders.people.audit import record
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from mentoring.models import (
    MenteeProfile,
    Mentorship,
    Side,
)

State = Mentorship.State
NO_DATE = {"next_at": None, "next_mode": "", "next_where": ""}


def own_side(mentorship: Mentorship, person: Person) -> Side:
    side = mentorship.side_of(person)
    if side is None:
        raise NotPossible("This is between the two of them.")
    return side


def check_live(mentorship: Mentorship) -> None:
    if not mentorship.is_live:
        raise NotPossible("This mentorship has ended.")


def begin(mentorship: Mentorship, now: datetime) -> None:
    begun = Mentorship.objects.filter(pk=mentorship.pk, state=State.PROPOSED)
    if begun.update(state=State.ACTIVE, begun_at=now):
        MenteeProfile.objects.filter(place=mentorship.place).update(priority=0)  # the wait is over
        mentorship.state, mentorship.begun_at = State.ACTIVE.value, now
        note(mentorship, "begun", f"The mentorship of {mentorship} has begun", by=None, now=now)


def note(
    mentorship: Mentorship, verb: str, sentence: str, *, by: Person | None, now: datetime, reason: str = ""
) -> None:
    record(
        f"mentoring.mentorship.{verb}", sentence, subject=mentorship, person=mentorship.place.person,
        cohort_id=mentorship.cohort_id, by=by, now=now, reason=reason,
    )  # fmt: skip
