"""What mentoring and coaching need from the office."""

from datetime import timedelta

from django.db.models import Exists, Max, OuterRef, Q
from django.urls import reverse

from cohorts.models import Cohort, Place
from leaders.components.dates import day, day_month, london_date, when
from leaders.office.registry import Need, need

from .models import (
    CoachingGroup,
    Conflict,
    MatchRun,
    MenteeProfile,
    Mentor,
    MentoringRules,
    Mentorship,
    MentorshipReview,
    ServiceRecord,
)

BEFORE = timedelta(days=7)
SILENT_DAYS = 60
TRAINING_DAYS = 30
GROUPS_LATE = timedelta(weeks=4)
THANK_WITHIN = timedelta(days=120)
SHOWN = 5


@need(order=400, title="Matchings to propose or confirm")
def matchings(person, now):
    """A proposal waits for a human; people who asked wait for a proposal."""
    today = london_date(now)
    proposed = MatchRun.objects.filter(state=MatchRun.State.PROPOSED).select_related("cohort")
    found = [
        Need(
            sentence=f"A matching of {run.cohort.name} is proposed",
            count=1,
            url=reverse("admin:mentoring_match", args=[run.cohort_id]),
            detail=f"{run.what}. Nothing is sent until you confirm.",
            late=run.created_at < now - BEFORE,
            action="Look at it",
        )
        for run in proposed.defer("problem_text", "outcome", "dial")[:SHOWN]
    ]
    for cohort in _to_match(today):
        waiting = _waiting(cohort)
        matching_on = MentoringRules.of(cohort).matching_on(cohort)
        if waiting and matching_on <= today + BEFORE:
            found.append(
                Need(
                    sentence=f"{waiting} {_people_wait(waiting)} for a mentor in {cohort.name}",
                    count=waiting,
                    url=reverse("admin:mentoring_match", args=[cohort.pk]),
                    detail=f"Everybody is to be matched on {day_month(matching_on)}, {when(matching_on, now)}.",
                    late=matching_on < today,
                    action="Propose a matching",
                )
            )
    return found


def _people_wait(count: int) -> str:
    return "person waits" if count == 1 else "people wait"


def _to_match(today):
    """Running cohorts with mentoring and no open proposal."""
    open_run = MatchRun.objects.filter(cohort=OuterRef("pk"), state__in=["waiting", "proposed"])
    running = Cohort.objects.running(today).filter(graduation_on__gt=today).exclude(Exists(open_run))
    with_mentoring = running.exclude(programme__mentoring_rules__has_mentoring=False)
    return with_mentoring.select_related("programme__mentoring_rules").order_by("starts_on")[:SHOWN]


def _waiting(cohort: Cohort) -> int:
    """People who asked for a mentor and have none."""
    live = Mentorship.objects.live().filter(place=OuterRef("place"))
    asked = MenteeProfile.objects.opted_in().filter(place__cohort=cohort, place__status=Place.Status.ACTIVE)
    return asked.exclude(Exists(live)).count()


@need(order=410, title="People who have offered to mentor")
def volunteers(person, now):
    count = Mentor.objects.filter(status=Mentor.Status.VOLUNTEERED).count()
    if not count:
        return None
    return Need(
        sentence=f"{count} {'person has' if count == 1 else 'people have'} offered to mentor",
        count=count,
        url=reverse("admin:mentoring_supply"),
        detail="They hear once you have read what they offer.",
        action="Read and approve",
    )


@need(order=420, title="Declared conflicts in which somebody has to be found")
def conflicts(person, now):
    count = Conflict.objects.unsettled().count()
    if not count:
        return None
    return Need(
        sentence=f"{count} declared {'conflict does' if count == 1 else 'conflicts do'} not say plainly who is meant",
        count=count,
        url=reverse("admin:mentoring_conflicts"),
        detail="Until it is settled, the two could be matched.",
        late=True,
        action="Settle",
    )


@need(order=430, title="Mentorships silent for 60 days")
def silence(person, now):
    """The two were reminded after 30 days; now somebody asks how they are."""
    silent = silent_mentorships(london_date(now))
    found = list(silent[: SHOWN + 1])
    if not found:
        return None
    count = silent.count() if len(found) > SHOWN else len(found)
    return Need(
        sentence=f"{count} {'pair has' if count == 1 else 'pairs have'} not met for {SILENT_DAYS} days",
        count=count,
        url=reverse("admin:mentoring_mentorship_changelist") + "?state__exact=active&o=7",
        detail="; ".join(str(mentorship) for mentorship in found[:3]) + (" and others" if count > 3 else ""),
        late=True,
        action="See who",
    )


def silent_mentorships(today):
    """Live mentorships whose last meeting, or the day both were told, is 60 days ago, with none planned."""
    since = today - timedelta(days=SILENT_DAYS)
    live = Mentorship.objects.live().filter(cohort__ends_on__gte=today, told_at__date__lt=since)
    silent = live.annotate(latest=Max("meetings__on")).filter(Q(latest=None) | Q(latest__lt=since))
    return (
        silent.exclude(next_at__date__gte=today)
        .select_related("place__person", "mentor__person")
        .order_by("told_at", "pk")
    )


@need(order=440, title="People who would like to talk about mentoring")
def talks(person, now):
    waiting = MentorshipReview.objects.filter(wants_to_talk=True, talked_at=None)
    reviews = waiting.select_related("mentorship__place__person", "mentorship__mentor__person").order_by("answered_at")
    return [
        Need(
            sentence=f"{review.mentorship.person(review.side)} would like to talk about mentoring",
            count=1,
            url=reverse("admin:mentoring_review_talked", args=[review.pk]),
            detail=f"Said on {day(review.answered_at)}. The other of the two does not know.",
            late=review.answered_at < now - BEFORE,
            action="We have talked",
        )
        for review in reviews[:SHOWN]
    ]


@need(order=450, title="Mentors whose training ends")
def training(person, now):
    today = london_date(now)
    mentors = Mentor.objects.approved().filter(active=0).with_training()[:1000]
    ends = [mentor.training_ends(today) for mentor in mentors]
    count = sum(day_ is None or day_ <= today + timedelta(days=TRAINING_DAYS) for day_ in ends)
    if not count:
        return None
    return Need(
        sentence=f"{count} {'mentor needs' if count == 1 else 'mentors need'} training before they can be matched",
        count=count,
        url=reverse("admin:mentoring_supply") + "#training",
        detail="New mentors, and those whose 24 months end.",
        action="See who",
    )


@need(order=460, title="Cohorts whose coaching groups are not formed")
def groups(person, now):
    today = london_date(now)
    confirmed = CoachingGroup.objects.confirmed().filter(cohort=OuterRef("pk"))
    places = Place.objects.active().filter(cohort=OuterRef("pk"))
    cohorts = Cohort.objects.running(today).exclude(programme__mentoring_rules__has_coaching=False)
    found = cohorts.filter(Exists(places), graduation_on__gt=today).exclude(Exists(confirmed)).order_by("starts_on")
    return [
        Need(
            sentence=f"{cohort.name} has no coaching groups yet",
            count=1,
            url=reverse("admin:mentoring_coaching_board", args=[cohort.pk]),
            detail=f"It began {when(cohort.starts_on, now)}.",
            late=cohort.starts_on < today - GROUPS_LATE,
            action="Form groups",
        )
        for cohort in found[:SHOWN]
    ]


@need(order=470, title="Mentors to thank")
def thanks(person, now):
    """After graduation day, for four months."""
    served = Mentorship.objects.filter(cohort=OuterRef("pk"), begun_at__isnull=False)
    thanked = ServiceRecord.objects.filter(cohort=OuterRef("pk"))
    today = london_date(now)
    over = Cohort.objects.filter(graduation_on__lt=today, graduation_on__gt=today - THANK_WITHIN)
    found = over.filter(Exists(served)).exclude(Exists(thanked)).order_by("graduation_on")
    return [
        Need(
            sentence=f"The mentors of {cohort.name} are not thanked yet",
            count=1,
            url=reverse("admin:mentoring_thank", args=[cohort.pk]),
            detail="Each gets a letter and a certificate of service.",
            action="Thank them",
        )
        for cohort in found[:SHOWN]
    ]
