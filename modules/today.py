"""What the year needs from the office."""

from datetime import timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse

from cohorts.models import Cohort, Place
from leaders.components.dates import date_range, weekday_day_month, when
from leaders.office.registry import Need, need

from .grouping import count_of
from .models import Attendance, Module, Session, Team

# The year: venues, registers, catching up, teams

VENUE_NEEDED = timedelta(weeks=10)
VENUE_LATE = timedelta(weeks=4)
REGISTER_LATE = timedelta(days=2)
CATCH_UP_WITHIN = timedelta(days=90)
TEAMS_LATE = timedelta(weeks=2)
SHOWN = 10  # of one kind; the rest come up as these are done


@need(order=300, title="Modules without a confirmed venue")
def venues(person, now):
    """From ten weeks before. Each is a need of its own, as each is done on a page of its own."""
    modules = list(
        Module.objects.filter(status=Module.Status.PLANNED, cohort__status=Cohort.Status.LIVE)
        .with_dates()
        .filter(starts__gt=now, starts__lt=now + VENUE_NEEDED)
        .select_related("cohort__programme")
        .order_by("starts")[:SHOWN]
    )
    places = Place.objects.active().filter(cohort__in={module.cohort_id for module in modules})
    people = dict(places.order_by().values_list("cohort").annotate(Count("pk")))
    return [
        Need(
            sentence=f"Module {module.number} has no confirmed venue",
            count=1,
            url=reverse("admin:modules_module_run", args=[module.pk]),
            detail=f"{module.cohort.name} runs {date_range(module.starts, module.ends)}, "
            + count_of(people.get(module.cohort_id, 0), "person", "people"),
            late=module.starts < now + VENUE_LATE,
            action="Confirm venue",
        )
        for module in modules
    ]


@need(order=310, title="Sessions whose attendance is not recorded")
def registers(person, now):
    sessions = (
        Session.objects.unrecorded(now)
        .filter(cohort__status=Cohort.Status.LIVE)
        .filter(Exists(Place.objects.active().filter(cohort=OuterRef("cohort"))))
        .select_related("module", "cohort")
        .order_by("starts")[:SHOWN]
    )
    return [
        Need(
            sentence=f"Attendance at {_of(session)} is not recorded",
            count=1,
            url=reverse("admin:modules_session_register", args=[session.pk]),
            detail=f"{session.cohort.name}, {weekday_day_month(session.starts)}, {when(session.starts, now)}",
            late=session.ends < now - REGISTER_LATE,
            action="Open the register",
        )
        for session in sessions
    ]


@need(order=320, title="Absences without a catch-up task")
def catch_ups(person, now):
    missed = (
        Attendance.objects.without_catch_up()
        .filter(
            place__status=Place.Status.ACTIVE,
            session__kind=Session.Kind.MODULE_DAY,
            session__cohort__status=Cohort.Status.LIVE,
            session__starts__gt=now - CATCH_UP_WITHIN,
        )
        .order_by("session__starts")
        .values_list("session")
        .annotate(Count("pk"))
    )
    people = dict(missed[:SHOWN])
    sessions = Session.objects.filter(pk__in=people).select_related("module", "cohort").order_by("starts")
    return [
        Need(
            sentence=f"{people[session.pk]} {'person' if people[session.pk] == 1 else 'people'} missed {_of(session)}",
            count=people[session.pk],
            url=reverse("admin:modules_session_catch_up", args=[session.pk]),
            detail=f"{session.cohort.name}, nothing to catch up with yet",
            action="Set a task",
        )
        for session in sessions
    ]


@need(order=330, title="Cohorts whose teams are not formed")
def teams(person, now):
    """From the first module on: there the cohort chooses its challenges."""
    cohorts = (
        Cohort.objects.live()
        .annotate(begins=Min("modules__sessions__starts", filter=Q(modules__sessions__cancelled_at=None)))
        .filter(begins__lte=now, graduation_on__gt=now.date())
        .exclude(Exists(Team.objects.confirmed().filter(cohort=OuterRef("pk"))))
        .filter(Exists(Place.objects.active().filter(cohort=OuterRef("pk"))))
        .filter(programme__requirements__key="team_presentation")
        .order_by("begins")[:SHOWN]
    )
    return [
        Need(
            sentence=f"{cohort.name} has no teams yet",
            count=1,
            url=reverse("admin:modules_team_board", args=[cohort.pk]),
            detail=f"Its first module began {when(cohort.begins, now)}",
            late=cohort.begins < now - TEAMS_LATE,
            action="Form teams",
        )
        for cohort in cohorts
    ]


def _of(session: Session) -> str:
    return f"module {session.module.number}, {session.title.lower()}" if session.module_id else f"“{session.title}”"
