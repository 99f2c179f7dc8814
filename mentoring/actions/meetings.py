"""When mentor and mentee meet: planned, called off, recorded, corrected. What they say is kept nowhere."""

from datetime import date, datetime

from django.db import transaction

from leaders.components.dates import day, day_time, london_date
from leaders.outbox.actions import post
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from mentoring.models import (
    Agreement,
    Meeting,
    Mentorship,
    Mode,
    Side,
)

from .common import NO_DATE, begin, check_live, note, own_side

State = Mentorship.State


@transaction.atomic
def plan_meeting(
    *, mentorship: Mentorship, at: datetime, mode: str, by: Person, now: datetime, where: str = ""
) -> Mentorship:
    """Set when, how and where the two meet next; the other hears, and both have it among their dates.

    Setting the same again, by a second click, writes to nobody.
    """
    side = own_side(mentorship, by)
    check_live(mentorship)
    if at <= now:
        raise NotPossible("Choose a time in the future.")
    if london_date(at) > mentorship.cohort.ends_on:
        raise NotPossible(f"The programme ends on {day(mentorship.cohort.ends_on)}. Choose a day until then.")
    plan = {"next_at": at, "next_mode": Mode(mode).value, "next_where": where.strip()}
    if not Mentorship.objects.filter(pk=mentorship.pk).exclude(**plan).update(**plan):
        return mentorship
    mentorship.refresh_from_db(fields=list(plan))
    note(mentorship, "meeting_planned", f"{mentorship} plan to meet on {day_time(at)}", by=by, now=now)
    post(
        "mentoring.meeting_planned", to=mentorship.other(side), now=now, about=mentorship,
        cohort_id=mentorship.cohort_id, dedupe_key=f"mentorship:{mentorship.pk}:planned:{at:%m%d%H%M}:{now:%m%d%H%M%S}",
        mentorship=mentorship, side=Side.opposite(side), expires_at=at,
    )  # fmt: skip
    return mentorship


@transaction.atomic
def call_off_meeting(*, mentorship: Mentorship, by: Person, now: datetime) -> None:
    """Take the date of the next meeting back; the other hears, unless it has gone by."""
    side, was = own_side(mentorship, by), mentorship.next_at
    if was is None or not Mentorship.objects.filter(pk=mentorship.pk, next_at=was).update(**NO_DATE):
        raise NotPossible("There is no next meeting to call off.")
    mentorship.refresh_from_db(fields=list(NO_DATE))
    note(mentorship, "meeting_called_off", f"{mentorship} do not meet on {day_time(was)}", by=by, now=now)
    if was > now:
        post(
            "mentoring.meeting_called_off", to=mentorship.other(side), now=now, about=mentorship,
            cohort_id=mentorship.cohort_id, mentorship=mentorship, side=Side.opposite(side), was=was, expires_at=was,
            dedupe_key=f"mentorship:{mentorship.pk}:off:{was:%m%d%H%M}:{now:%m%d%H%M%S}",
        )  # fmt: skip


@transaction.atomic
def record_meeting(
    *, mentorship: Mentorship, on: date, mode: str, by: Person, now: datetime, useful: bool | None = None
) -> Meeting:
    """Write down that the two met: date and mode only. The second to record the same day only adds their own view.

    The first meeting begins the mentorship.
    """
    side = own_side(mentorship, by)
    check_live(mentorship)
    _check_met(mentorship, on, now)
    meeting, is_new = Meeting.objects.get_or_create(
        mentorship=mentorship, on=on, defaults={"mode": Mode(mode), "recorded_at": now, "recorded_by": side}
    )
    if useful is not None:
        Meeting.objects.filter(pk=meeting.pk).update(**{f"useful_{side}": useful})
        setattr(meeting, f"useful_{side}", useful)
    if mentorship.next_at and london_date(mentorship.next_at) <= on:
        Mentorship.objects.filter(pk=mentorship.pk).update(**NO_DATE)
        mentorship.refresh_from_db(fields=list(NO_DATE))
    if is_new:
        note(mentorship, "met", f"{mentorship} met on {day(on)}", by=by, now=now)
        begin(mentorship, now)
    return meeting


@transaction.atomic
def change_meeting(
    *, meeting: Meeting, on: date, mode: str, by: Person, now: datetime, useful: bool | None = None
) -> Meeting:
    """Correct the day or the way of a meeting, whoever of the two recorded it, and one's own view of it alone."""
    mentorship = meeting.mentorship
    side = own_side(mentorship, by)
    check_live(mentorship)
    _check_met(mentorship, on, now)
    if mentorship.meetings.filter(on=on).exclude(pk=meeting.pk).exists():
        raise NotPossible(f"A meeting on {day(on)} is recorded already. You can remove one of the two.")
    was = (meeting.on, meeting.mode)
    meeting.on, meeting.mode = on, Mode(mode).value
    setattr(meeting, f"useful_{side}", useful)
    meeting.save(update_fields=["on", "mode", f"useful_{side}"])
    if (meeting.on, meeting.mode) != was:
        sentence = f"{mentorship} met on {day(on)}, which was recorded as {day(was[0])}"
        note(mentorship, "meeting_changed", sentence, by=by, now=now)
    return meeting


@transaction.atomic
def remove_meeting(*, meeting: Meeting, by: Person, now: datetime) -> None:
    """Take back a meeting that was recorded by mistake, whoever of the two did.

    Where it was the only one and the two have not both agreed how they meet, they have not begun after all.
    """
    mentorship = meeting.mentorship
    own_side(mentorship, by)
    check_live(mentorship)
    if not Meeting.objects.filter(pk=meeting.pk).delete()[0]:
        raise NotPossible("It was removed already.")
    note(mentorship, "meeting_removed", f"{mentorship} did not meet on {day(meeting.on)}", by=by, now=now)
    agreement = Agreement.objects.filter(mentorship=mentorship).first()
    if not mentorship.meetings.exists() and not (agreement and agreement.is_agreed):
        Mentorship.objects.filter(pk=mentorship.pk, state=State.ACTIVE).update(state=State.PROPOSED, begun_at=None)
        mentorship.refresh_from_db(fields=["state", "begun_at"])


def _check_met(mentorship: Mentorship, on: date, now: datetime) -> None:
    if on > london_date(now):
        raise NotPossible("Record a meeting when it has taken place.")
    if on < london_date(mentorship.told_at):
        raise NotPossible(f"You were told of each other on {day(mentorship.told_at)}. Choose a day from then on.")
