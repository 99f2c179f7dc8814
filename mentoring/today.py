"""What mentoring and coaching need from the office."""

from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Subquery
from django.urls import reverse

from cohorts.models import Cohort, Place
from leaders.components.dates import day, day_month, london_date, when
from leaders.office.registry import Need, Standing, need, standing

from .models import (
    CoachingGroup,
    Conflict,
    MatchRun,
    Mentor,
    MentoringRules,
    Mentorship,
    MentorshipReview,
    ServiceRecord,
)
from .waiting import not_covered, waiting

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
    # The run stands two queries above the pairs it is compared with.
    later = _count(not_covered(run=OuterRef(OuterRef("pk")), cohort=OuterRef("cohort")))
    proposed = MatchRun.objects.filter(state=MatchRun.State.PROPOSED).select_related("cohort").annotate(later=later)
    found = [
        Need(
            sentence=f"A matching of {run.cohort.name} is proposed",
            count=1,
            url=reverse("admin:mentoring_match", args=[run.cohort_id]),
            detail=f"{run.what}. {_later(run.later)}Nothing is sent until you confirm.",
            late=run.created_at < now - BEFORE,
            action="Look at it",
        )
        for run in proposed.defer("problem_text", "outcome", "dial")[:SHOWN]
    ]
    for cohort in _to_match(today):
        matching_on = MentoringRules.of(cohort).matching_on(cohort)
        if matching_on <= today + BEFORE:
            found.append(
                Need(
                    sentence=f"{cohort.waiting} {_people_wait(cohort.waiting)} for a mentor in {cohort.name}",
                    count=cohort.waiting,
                    url=reverse("admin:mentoring_match", args=[cohort.pk]),
                    detail=f"Everybody {'was' if matching_on < today else 'is'} to be matched on "
                    f"{day_month(matching_on)}, {when(matching_on, now)}.",
                    late=matching_on < today,
                    action="Propose a matching",
                )
            )
    return found


def _later(count: int | None) -> str:
    if not count:
        return ""
    return f"{count} {_people_wait(count)} whom it does not cover: open it to propose for all. "


def _people_wait(count: int) -> str:
    return "person waits" if count == 1 else "people wait"


def _count(profiles) -> Subquery:
    return Subquery(profiles.order_by().values("place__cohort").annotate(n=Count("pk")).values("n"))


def _to_match(today):
    """Running cohorts without an open proposal in which people asked for a mentor and have none: `waiting`."""
    open_run = MatchRun.objects.open().filter(cohort=OuterRef("pk"))
    running = Cohort.objects.running(today).filter(graduation_on__gt=today).exclude(Exists(open_run))
    with_mentoring = running.exclude(programme__mentoring_rules__has_mentoring=False)
    found = with_mentoring.annotate(waiting=_count(waiting().filter(place__cohort=OuterRef("pk")))).filter(
        waiting__gt=0
    )
    return found.select_related("programme__mentoring_rules").order_by("starts_on")[:SHOWN]


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
    silent = Mentorship.objects.silent(london_date(now), days=SILENT_DAYS).order_by("told_at", "pk")
    found = list(silent.select_related("place__person", "mentor__person")[: SHOWN + 1])
    if not found:
        return None
    count = silent.count() if len(found) > SHOWN else len(found)
    return Need(
        sentence=f"{count} {'pair has' if count == 1 else 'pairs have'} not met for {SILENT_DAYS} days",
        count=count,
        url=reverse("admin:mentoring_mentorship_changelist") + f"?silent={SILENT_DAYS}",
        detail="; ".join(str(mentorship) for mentorship in found[:3]) + (" and others" if count > 3 else ""),
        late=True,
        action="See who",
    )


@need(order=440, title="People who would like to talk about mentoring")
def talks(person, now):
    asked = MentorshipReview.objects.filter(wants_to_talk=True, talked_at=None)
    reviews = asked.select_related("mentorship__place__person", "mentorship__mentor__person").order_by("answered_at")
    return [
        Need(
            sentence=f"{review.mentorship.person(review.side)} would like to talk about mentoring",
            count=1,
            url=reverse("admin:mentoring_review_talked", args=[review.pk]),
            detail=f"Paired with {review.mentorship.other(review.side)}. {_reached_by(review)}. "
            f"Said on {day(review.answered_at)}. The other of the two does not know.",
            late=review.answered_at < now - BEFORE,
            action="We have talked",
        )
        for review in reviews[:SHOWN]
    ]


def _reached_by(review: MentorshipReview) -> str:
    person = review.mentorship.person(review.side)
    return f"{person.email}, {person.phone}" if person.phone else person.email


@need(order=450, title="Mentors whose training ends")
def training(person, now):
    soon = london_date(now) + timedelta(days=TRAINING_DAYS)
    count = Mentor.objects.approved().filter(active=0).untrained(soon).count()
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


@standing(order=400, key="mentoring.pairs", title="Mentors and mentees")
def pairs(person):
    related = Mentorship.objects.select_related("mentor__person", "place__person").order_by("-told_at")
    return [
        *(
            Standing(
                f"Mentor: {pair.mentor.person}, {pair.get_state_display().lower()}", _page_of(pair), pair.cohort_id
            )
            for pair in related.filter(place__person=person)
        ),
        *(
            Standing(f"Mentor of {pair.place.person}, {pair.get_state_display().lower()}", _page_of(pair))
            for pair in related.filter(mentor__person=person)
        ),
    ]


def _page_of(pair: Mentorship) -> str:
    return reverse("admin:mentoring_mentorship_change", args=[pair.pk])
