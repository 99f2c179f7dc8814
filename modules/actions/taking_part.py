"""What can happen as people take part: attendance, catching up, reading, feedback."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from cohorts.models import Place
from leaders.components.dates import day, london_date
from leaders.people.audit import record
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from modules.models import Attendance, CatchUp, Feedback, Material, Module, Reading, Session

Status = Attendance.Status


@transaction.atomic
def record_register(
    *,
    session: Session,
    marks: Mapping[int, str],
    by: Person | str | None,
    now: datetime,
    seen: Mapping[int, str] | None = None,
) -> dict[str, int]:
    """Write down who was at a session: `marks` is status by place id. How many of each status were written or changed.

    From the day itself on, and correctable for ever. Who is no longer absent loses a catch-up task not yet done.
    `seen` are the marks that a page showed: only what it changed is written, and nothing over a mark made meanwhile.
    """
    Session.objects.select_for_update().get(pk=session.pk)  # the door and the register take turns
    if session.cancelled_at:
        raise NotPossible(f"{session} is cancelled.")
    if london_date(now) < london_date(session.starts):
        raise NotPossible(f"Attendance at {session} can be recorded from the day itself, {day(session.starts)}.")
    if set(marks.values()) - set(Status.values):
        raise NotPossible("Select one of the answers shown for each person.")
    places = {place.pk: place for place in Place.objects.for_cohort(session.cohort_id).filter(pk__in=marks)}
    if len(places) != len(marks):
        raise NotPossible("Somebody on this page has no place in this cohort. Open the page again.")
    known = dict(Attendance.objects.filter(session=session).values_list("place", "status"))
    changed = {
        pk: status
        for pk, status in marks.items()
        if known.get(pk) != status and (seen is None or seen.get(pk, "") != status)
    }
    if seen is not None and (marked := [pk for pk in changed if known.get(pk, "") != seen.get(pk, "")]):
        names = ", ".join(f"{places[pk].person} ({Status(known[pk]).label.lower()})" for pk in marked)
        raise NotPossible(
            f"Marked meanwhile by somebody else: {names}. Nothing is saved yet. Look at these lines, then save again."
        )
    if not changed:
        return {}
    Attendance.objects.bulk_create(
        [
            Attendance(
                session=session, place=places[pk], status=status, recorded_at=now, recorded_by=str(by or "Leaders")
            )
            for pk, status in changed.items()
        ],
        update_conflicts=True,
        unique_fields=["session", "place"],
        update_fields=["status", "recorded_at", "recorded_by"],
    )
    attended = [pk for pk, status in changed.items() if status != Status.ABSENT]
    CatchUp.objects.filter(attendance__session=session, attendance__place__in=attended, done_at=None).delete()
    counts = Counter(changed.values())
    one = places[next(iter(changed))].person if len(changed) == 1 else None
    said = ", ".join(f"{counts[status]} {status.label.lower()}" for status in Status if counts[status])
    record(
        "modules.attendance.recorded",
        f"Attendance at {session}: {f'{one}, {Status(marks[next(iter(changed))]).label.lower()}' if one else said}",
        subject=session,
        person=one,
        cohort_id=session.cohort_id,
        by=by,
        now=now,
        before={str(pk): known.get(pk, "") for pk in changed},
        after={str(pk): status for pk, status in changed.items()},
    )
    return dict(counts)


def record_attendance(
    *, session: Session, place: Place, status: str, by: Person | str | None, now: datetime
) -> Attendance:
    """Write down whether one person was there, as at the door."""
    record_register(session=session, marks={place.pk: status}, by=by, now=now)
    return Attendance.objects.get(session=session, place=place)


@transaction.atomic
def set_catch_up(
    *, attendance: Attendance, task: str, minutes: int, due_on: date, by: Person | None, now: datetime
) -> CatchUp:
    """Ask somebody who missed a session to do something instead; setting it again changes it until it is done."""
    related = Attendance.objects.select_related("place__person", "session__module")
    attendance = related.select_for_update(of=("self",)).get(pk=attendance.pk)
    if attendance.counts:
        raise NotPossible(f"{attendance.place.person} did not miss {attendance.session}.")
    if due_on <= london_date(now):
        raise NotPossible("The date to catch up by must be in the future.")
    words = {"task": task.strip(), "minutes": minutes, "due_on": due_on, "set_at": now, "set_by": str(by or "Leaders")}
    catch_up, is_new = CatchUp.objects.get_or_create(attendance=attendance, defaults=words)
    if not is_new:
        if catch_up.done_at:
            raise NotPossible(f"{attendance.place.person} has caught up already.")
        CatchUp.objects.filter(pk=catch_up.pk).update(**words)
        catch_up.refresh_from_db()
    record(
        "modules.catch_up.set",
        f"{attendance.place.person} is asked to catch up on {attendance.session}",
        subject=catch_up,
        person=attendance.place.person,
        cohort_id=attendance.session.cohort_id,
        by=by,
        now=now,
    )
    return catch_up


@transaction.atomic
def set_catch_ups(
    *, session: Session, task: str, minutes: int, due_on: date, by: Person | None, now: datetime
) -> list[CatchUp]:
    """The same catch-up task for everybody who missed the session and has none."""
    return [
        set_catch_up(attendance=missed, task=task, minutes=minutes, due_on=due_on, by=by, now=now)
        for missed in session.attendance.without_catch_up().filter(place__status=Place.Status.ACTIVE)
    ]


@transaction.atomic
def complete_catch_up(*, catch_up: CatchUp, words: str, by: Person, now: datetime) -> CatchUp:
    """The participant says in a few words what they took from it; that is all it takes."""
    if not CatchUp.objects.filter(pk=catch_up.pk, done_at=None).update(done_at=now):
        raise NotPossible("You have told us already. Thank you.")
    catch_up.refresh_from_db()
    catch_up.words = words.strip()
    catch_up.save(update_fields=["words"])
    place = catch_up.attendance.place
    record(
        "modules.catch_up.done",
        f"{place.person} caught up on {catch_up.attendance.session}",
        subject=catch_up,
        person=place.person,
        cohort_id=place.cohort_id,
        by=by,
        now=now,
    )
    return catch_up


@transaction.atomic
def mark_read(*, material: Material, place: Place, read: bool, now: datetime) -> None:
    """The participant's own tick, there and back. It leaves no trail: nobody is watched reading."""
    if place.cohort_id != material.module.cohort_id:
        raise NotPossible("This reading belongs to another cohort.")
    if read:
        Reading.objects.get_or_create(material=material, place=place, defaults={"read_at": now})
    else:
        Reading.objects.filter(material=material, place=place).delete()


@transaction.atomic
def give_feedback(
    *, module: Module, place: Place, answers: Mapping[str, int], comment: str, by: Person, now: datetime
) -> Feedback:
    """Keep what a participant thought of a module, once it is over; giving it again replaces it, in its old place.

    `answers` maps each of `Feedback.STATEMENTS` to 1..5. The trail says that feedback was given, and neither what nor
    by whom: who reads it and the comments would know who wrote the newest.
    """
    if place.cohort_id != module.cohort_id:
        raise NotPossible("This module belongs to another cohort.")
    last = module.sessions.kept().order_by("ends").last()
    if last is None or last.ends > now:
        raise NotPossible("You can tell us how it went when the module is over.")
    if set(answers) != set(Feedback.STATEMENTS) or not all(1 <= value <= 5 for value in answers.values()):
        raise NotPossible("Answer all four questions.")
    words = {**answers, "comment": comment.strip()}
    feedback, is_new = Feedback.objects.update_or_create(
        module=module, place=place, defaults=words, create_defaults={**words, "given_at": now}
    )
    if is_new:
        record(
            "modules.feedback.given",
            f"A participant said how module {module.number} went",
            subject=module,
            cohort_id=module.cohort_id,
            by="A participant",
            now=now,
        )
    return feedback
