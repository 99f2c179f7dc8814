"""What the year needs from the office."""

from datetime import timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse

from cohorts.models import Cohort, Place
from leaders.components.dates import date_range, day_month, london_date, weekday_day_month, when
from leaders.components.text import lower_first
from leaders.office.registry import Need, Standing, need, standing

from .grouping import count_of
from .learning import WHEN
from .models import Attendance, LearningContract, Module, Party, Session, Team, Wave
from .office.learning import CONTRACTS, LATE, LIVE, answered_of, late_contracts, not_begun

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
        .filter(begins__lte=now, graduation_on__gt=london_date(now))
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


# Learning: who has not signed, and who has not answered

NAMED = 5
ANSWERS_SOON = timedelta(days=7)
ANSWERS_AFTER = timedelta(days=28)


@need(order=340, title="Learning contracts that are late")
def contracts(person, now):
    """Past their date; the detail says who is waited for."""
    counts = late_contracts(london_date(now))
    total = sum(counts.values())
    if not total:
        return None
    waited = [
        f"{counts[key]} {words}"
        for key, words in (
            ("not_begun", "not begun"),
            ("participant", "with the participant"),
            ("sponsor", "with the sponsor and then us"),
            ("programme", "with us"),
        )
        if counts[key]
    ]
    if counts["not_begun"]:
        places = not_begun(london_date(now)).select_related("person").order_by("person__name")
        names = [place.person.name for place in places[:NAMED]]
        more = counts["not_begun"] - len(names)
        waited[0] += f" ({', '.join(names)}{f' and {more} more' if more else ''})"
    return Need(
        sentence=f"{total} learning contract{' is' if total == 1 else 's are'} late",
        count=total,
        url=f"{reverse(CONTRACTS)}?waits_for={LATE}",
        detail=", ".join(waited),
        late=True,
        action="See who waits for whom",
    )


@need(order=350, title="Learning contracts to sign for the programme")
def to_sign(person, now):
    waiting = LearningContract.objects.unsigned().waiting_for(Party.PROGRAMME)
    count = waiting.filter(**LIVE).count()
    if not count:
        return None
    waits = "learning contract waits" if count == 1 else "learning contracts wait"
    return Need(
        sentence=f"{count} {waits} for the programme’s signature",
        count=count,
        url=f"{reverse(CONTRACTS)}?waits_for={Party.PROGRAMME}",
        detail="Participant and sponsor have signed",
        action="Read and sign",
    )


@need(order=360, title="Questionnaires that people have not answered")
def unanswered(person, now):
    """From a week before a wave is due until four weeks after."""
    today = london_date(now)
    waves = Wave.objects.filter(
        due_on__lte=today + ANSWERS_SOON,
        due_on__gte=today - ANSWERS_AFTER,
        opens_on__lte=today,
        cohort__status__in=[Cohort.Status.LIVE, Cohort.Status.GRADUATED],
    ).select_related("cohort")
    return [
        _unanswered(wave, today) for wave in answered_of(waves).order_by("due_on")[:SHOWN] if wave.answered < wave.asked
    ]


def _unanswered(wave: Wave, today) -> Need:
    missing = wave.asked - wave.answered
    return Need(
        sentence=f"{missing} {'person has' if missing == 1 else 'people have'} not answered the questionnaire "
        f"{WHEN[wave.kind]}",
        count=missing,
        url=reverse("admin:modules_wave_answers", args=[wave.pk]),
        detail=f"{wave.cohort.name}: {wave.answered} of {wave.asked} answered, due {day_month(wave.due_on)}",
        late=wave.due_on < today,
        action="See who",
    )


# Where somebody stands


@standing(order=300, key="modules.year", title="Days attended, team and challenge, learning contract")
def year(person):
    found = []
    related = ("team_membership__team__challenge", "contract")
    for place in person.places.select_related("cohort", *related).order_by("-accepted_at"):
        days = place.attendance.filter(session__kind=Session.Kind.MODULE_DAY, session__cancelled_at=None)
        counts = days.aggregate(all=Count("pk"), there=Count("pk", filter=~Q(status=Attendance.Status.ABSENT)))
        if counts["all"]:
            sessions = f"{reverse('admin:modules_session_changelist')}?of_cohort={place.cohort_id}"
            words = f"At {counts['there']} of {counts['all']} module days so far"
            found.append(Standing(words, sessions, place.cohort_id))
        if member := getattr(place, "team_membership", None):
            challenge = f", {member.team.challenge}" if member.team.challenge else ""
            board = reverse("admin:modules_team_board", args=[place.cohort_id])
            found.append(Standing(f"{member.team}{challenge}", board, place.cohort_id))
        if contract := getattr(place, "contract", None):
            read = reverse("admin:modules_learningcontract_read", args=[contract.pk])
            found.append(Standing(f"Learning contract: {lower_first(contract.standing)}", read, place.cohort_id))
    return found
