"""Reading before a module, a word after it, and catching up."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.urls import reverse

from cohorts.models import Cohort, Place
from leaders.components.dates import london_date
from leaders.people.models import Person
from leaders.reminders.registry import DatedLetter, Item, Occurrence, Rule, coming_up, dated_letters, remind
from leaders.reminders.working_days import add_working_days
from modules.models import CatchUp, Feedback, Invite, Material, Module, Session
from modules.year import FEEDBACK_ASKED_FOR, FEEDBACK_WITHIN


def _cohorts(scope: Cohort | None):
    return [scope.pk] if scope else Cohort.objects.live().values("pk")


def _participants(cohorts) -> dict[int, list[Person]]:
    """Those taking part, by cohort id."""
    people: dict[int, list[Person]] = {}
    for place in Place.objects.active().filter(cohort__in=cohorts).select_related("person"):
        people.setdefault(place.cohort_id, []).append(place.person)
    return people


def _place(module: Module, person: Person) -> Place | None:
    return Place.objects.active().filter(cohort=module.cohort_id, person=person).first()


# Reading

WITHIN_ONE = timedelta(days=7)


def plan_reading(now: datetime, scope: Cohort | None) -> Iterable[Occurrence]:
    cohorts = _cohorts(scope)
    people = _participants(cohorts)
    dates: dict[Module, list[date]] = {}
    reading = Material.objects.reading().filter(module__cohort__in=cohorts).select_related("module")
    for material in reading.order_by("due_on"):
        planned = dates.setdefault(material.module, [])
        # What is due within a week of an earlier date is in its reminders: they list all that is left.
        if not planned or material.due_on - planned[-1] > WITHIN_ONE:
            planned.append(material.due_on)
    for module, due_dates in dates.items():
        for number, due in enumerate(due_dates, 1):
            which = f", date {number}" if number > 1 else ""
            for person in people.get(module.cohort_id, ()):
                for step, days in (("a week before", -5), ("the day before", -1)):
                    yield Occurrence(module, person, f"{step}{which}", add_working_days(due, days), due=due)


def _unread(module: Module, person: Person):
    return module.materials.reading().exclude(readings__place__person=person)


def reading_needed(module: Module, person: Person, now: datetime) -> bool:
    days = module.sessions.kept().order_by("starts")
    is_ahead = (first := days.first()) is not None and first.starts > now
    return is_ahead and _place(module, person) is not None and _unread(module, person).exists()


def reading_item(module: Module, person: Person, step: str, now: datetime) -> Item:
    reading = module.materials.reading().order_by("due_on")
    # The office sees these words also when all is read: then what there was.
    left = list(_unread(module, person).order_by("due_on")) or list(reading)
    count, minutes = len(left), sum(material.minutes for material in left)
    return Item(
        title=f"Prepare for module {module.number}, {module.title}",
        detail=f"{count} {'thing' if count == 1 else 'things'} to read, about {minutes} minutes",
        url=f"{module.get_absolute_url()}#reading",
        button="See the reading",
        due=left[0].due_on if left else None,
    )


remind(
    Rule(
        key="modules.reading",
        title="Reading before a module",
        plan=plan_reading,
        needed=reading_needed,
        item=reading_item,
        model=Module,
        steps="5 working days and 1 before each date by which something is to be read",
        stops="everything is ticked as read, or the module has begun",
    ),
    order=310,
)


# Feedback


def plan_feedback(now: datetime, scope: Cohort | None) -> Iterable[Occurrence]:
    cohorts = _cohorts(scope)
    people = _participants(cohorts)
    for module in Module.objects.filter(cohort__in=cohorts).with_dates():
        if module.ends is None:
            continue
        over = london_date(module.ends)
        for person in people.get(module.cohort_id, ()):
            for step, days in (("the next day", 1), ("a week later", 6)):
                on = add_working_days(over, days)
                yield Occurrence(module, person, step, on, due=over + FEEDBACK_WITHIN, not_before=True)


def feedback_needed(module: Module, person: Person, now: datetime) -> bool:
    place = _place(module, person)
    if place is None or Feedback.objects.filter(module=module, place=place).exists():
        return False
    days = list(module.sessions.kept())
    seen = list(place.attendance.filter(session__in=days))
    was_there = len(seen) < len(days) or any(attendance.counts for attendance in seen)
    over = max((session.ends for session in days), default=None)
    return over is not None and now - FEEDBACK_ASKED_FOR < over <= now and was_there


def feedback_item(module: Module, person: Person, step: str, now: datetime) -> Item:
    last = module.sessions.kept().order_by("ends").last()
    by = london_date(last.ends) + FEEDBACK_WITHIN if last else None
    return Item(
        title=f"Tell us how module {module.number} went",
        detail="Four questions, about two minutes",
        url=reverse("my_feedback", args=[module.number]),
        button="Answer",
        due=by if by and by >= london_date(now) else None,  # never late, only still welcome
    )


remind(
    Rule(
        key="modules.feedback",
        title="How a module went",
        plan=plan_feedback,
        needed=feedback_needed,
        item=feedback_item,
        model=Module,
        steps="1 and 6 working days after the module",
        stops="feedback given, or the person was not there",
        expires=5,
    ),
    order=320,
)


# Catching up


def plan_catch_up(now: datetime, scope: Cohort | None) -> Iterable[Occurrence]:
    tasks = CatchUp.objects.filter(
        attendance__session__cohort__in=_cohorts(scope), attendance__place__status=Place.Status.ACTIVE
    ).select_related("attendance__place__person", "attendance__session__module")
    for task in tasks:
        person = task.attendance.place.person
        on = add_working_days(london_date(task.set_at), 1)
        yield Occurrence(task, person, "set", on, due=task.due_on, not_before=True, asked=task.set_at)
        soon = add_working_days(task.due_on, -3)
        yield Occurrence(task, person, "due soon", soon, due=task.due_on, asked=task.set_at)


def catch_up_needed(task: CatchUp, person: Person, now: datetime) -> bool:
    return task.done_at is None and task.attendance.place.status == Place.Status.ACTIVE


def catch_up_item(task: CatchUp, person: Person, step: str, now: datetime) -> Item:
    return Item(
        title=f"Catch up on {task.attendance.session}",
        detail=f"{task.task.rstrip(' .')}. About {task.minutes} minutes",
        url=reverse("my_catch_up", args=[task.pk]),
        button="See the task",
        due=task.due_on,
    )


remind(
    Rule(
        key="modules.catch_up",
        title="Catching up on a missed session",
        plan=plan_catch_up,
        needed=catch_up_needed,
        item=catch_up_item,
        model=CatchUp,
        steps="the working day after the task is set, and 3 before it is due",
        stops="the participant has caught up",
        expires=5,
        names={"set": "the working day after it was set"},
    ),
    order=330,
)


@coming_up(order=300, title="Module days and development sessions")
def sessions(person: Person, start: datetime, end: datetime) -> list[tuple[datetime, str]]:
    """The digest's "Coming up"."""
    found = Session.objects.kept().filter(
        starts__gte=start, starts__lt=end, cohort__places__person=person, cohort__places__status=Place.Status.ACTIVE
    )
    return [
        (session.starts, ", ".join(filter(None, [str(session), session.where])))
        for session in found.select_related("module").order_by("starts")
    ]


# What a rehearsal counts besides


@dated_letters(order=300, key="invites", title="Invites to the days of the year")
def invites(cohort: Cohort, now: datetime) -> Iterator[DatedLetter]:
    """Each day comes as an invite of its own, when its reader has joined, or when it is confirmed."""
    sent = {
        (invite.place_id, invite.session_id): invite.invited_at
        for invite in Invite.objects.filter(session__cohort=cohort)
    }
    sessions = list(Session.objects.kept().for_cohort(cohort).select_related("module").order_by("starts"))
    for place in Place.objects.active().for_cohort(cohort).select_related("person"):
        for session in sessions:
            at = sent.get((place.pk, session.pk))
            detail = str(session) if at else f"{session}; at the latest"
            yield DatedLetter("modules.invite", place.person, at or cohort.offers_expire, detail)
