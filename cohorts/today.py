"""What cohorts and their people need from the office now."""

from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from leaders.components.dates import day, london_date, when
from leaders.office.registry import Need, Standing, lead, need, standing

from .models import CaseStudy, Cohort, Extension, Narrative, Place

LAUNCH_BEFORE = timedelta(weeks=3)
GRADUATION_BEFORE = timedelta(weeks=4)
SHOWN = 5  # of one kind: the rest come up as these are done


@lead(order=200, key="cohorts", title="Where the cohorts are")
def where_we_are(person, now):
    """The cohorts that run today, in a sentence."""
    today = london_date(now)
    running = Cohort.objects.running(today).select_related("programme").order_by("starts_on")[:3]
    return (
        " ".join(f"{_named(cohort)} is in week {cohort.week(today)} of {cohort.weeks}." for cohort in running) or None
    )


@need(order=190, title="No cohort at all yet")
def first_cohort(person, now):
    if Cohort.objects.exists():
        return []
    return [
        Need(
            sentence="There is no cohort yet",
            count=1,
            url=reverse("admin:cohorts_cohort_changelist"),
            detail="It brings its dates, modules and a round of nominations along. Nothing is sent before its launch.",
            action="Plan a cohort",
            action_url=reverse("admin:cohorts_cohort_add"),
        )
    ]


@need(order=200, title="Planned cohorts to launch")
def launches(person, now):
    found = Cohort.objects.filter(status=Cohort.Status.PLANNED, nominations_open__lt=now + LAUNCH_BEFORE)
    return [
        Need(
            sentence=f"{_named(cohort)} is not launched",
            count=1,
            url=cohort.get_absolute_url(),
            detail=f"Nominations are to open {when(cohort.nominations_open, now)}; nothing is sent before.",
            late=cohort.nominations_open < now,
            action="Launch",
            action_url=reverse("admin:cohorts_cohort_launch", args=[cohort.pk]),
        )
        for cohort in found.select_related("programme").order_by("nominations_open")[:SHOWN]
    ]


@need(order=210, title="Participants without a sponsor")
def sponsors(person, now):
    places = Place.objects.active().filter(cohort__status=Cohort.Status.LIVE, sponsor=None)
    return _people(places, "has no sponsor", "have no sponsor", "sponsor=none",
        "A sponsor signs the learning contract.", action="Find sponsors")  # fmt: skip


@need(order=220, title="Narratives that are late")
def narratives(person, now):
    today = london_date(now)
    longer = Extension.objects.filter(place=OuterRef("pk"), what=Extension.What.NARRATIVE, until__gte=today)
    submitted = Narrative.objects.filter(place=OuterRef("pk"), submitted_at__isnull=False)
    places = Place.objects.active().filter(cohort__status=Cohort.Status.LIVE, cohort__narratives_due__lt=today)
    places = places.filter(~Exists(longer), ~Exists(submitted))
    return _people(places, "has not submitted a narrative", "have not submitted a narrative", "narrative=late",
        "They were reminded the day after it was due.", late=True, action="See who")  # fmt: skip


@need(order=230, title="Cohorts about to graduate")
def graduations(person, now):
    today = london_date(now)
    found = Cohort.objects.live().filter(graduation_on__lte=today + GRADUATION_BEFORE).select_related("programme")
    found = found.annotate(people=Count("places", filter=Q(places__status=Place.Status.ACTIVE))).filter(people__gt=0)
    return [
        Need(
            sentence=f"{cohort.people} {'person has' if cohort.people == 1 else 'people have'} still to graduate "
            f"from {_named(cohort)}",
            count=cohort.people,
            url=reverse("admin:cohorts_cohort_graduation", args=[cohort.pk]),
            detail=f"Graduation {'is' if cohort.graduation_on >= today else 'was'} on {day(cohort.graduation_on)}.",
            late=cohort.graduation_on < today,
            action="Check who is ready",
        )
        for cohort in found.order_by("graduation_on")[:SHOWN]
    ]


@need(order=240, title="Case studies to approve or publish")
def case_studies(person, now):
    """A draft is shown to those who may approve it: everybody but its last editor."""
    waiting = Q(state=CaseStudy.State.APPROVED) | Q(state=CaseStudy.State.DRAFT, cohort__status=Cohort.Status.GRADUATED)
    found = CaseStudy.objects.filter(waiting).select_related("cohort__programme", "edited_by").order_by("edited_at")
    needs = []
    for study in found.exclude(Q(state=CaseStudy.State.DRAFT) & Q(edited_by=person))[:SHOWN]:
        ready = study.state == CaseStudy.State.APPROVED
        needs.append(
            Need(
                sentence=f"The case study of {_named(study.cohort)} is {'approved' if ready else 'to be approved'}",
                count=1,
                url=reverse("admin:cohorts_casestudy_change", args=[study.pk]),
                detail="It can be published."
                if ready
                else f"Last edited by {study.edited_by} {when(study.edited_at, now)}.",
                action="Publish" if ready else "Read and approve",
            )
        )
    return needs


def _named(cohort: Cohort) -> str:
    return f"{cohort.programme.name} {cohort.name}"


def _people(places, one: str, many: str, query: str, detail: str, *, action: str, late: bool = False):
    count = places.count()
    if not count:
        return None
    return Need(
        sentence=f"{count} {'participant' if count == 1 else 'participants'} {one if count == 1 else many}",
        count=count,
        url=f"{reverse('admin:cohorts_place_changelist')}?{query}",
        detail=detail,
        late=late,
        action=action,
    )


@standing(order=200, key="cohorts.places", title="Places, and whose sponsor somebody is")
def places(person):
    held = person.places.select_related("cohort__programme").order_by("-accepted_at")
    sponsored = person.sponsored_places.active().select_related("person", "cohort__programme").order_by("person__name")
    return [
        *(Standing(f"{place.cohort}: {place.get_status_display().lower()}", _page_of(place)) for place in held),
        *(Standing(f"Sponsor of {place.person} in {place.cohort}", _page_of(place)) for place in sponsored),
    ]


def _page_of(place: Place) -> str:
    return reverse("admin:cohorts_place_change", args=[place.pk])
