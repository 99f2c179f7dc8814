"""What cohorts brings to the participant's home: welcome, council, graduation, and the alumni view."""

from datetime import datetime, timedelta

from django.urls import reverse

from leaders.components.dates import LONDON, day, day_month, london_date, when
from leaders.components.text import upper_first
from leaders.home.registry import Card, Entry, Page, Todo, agenda, brand, card, lead, page, section, todo
from leaders.outbox.letters import mail_domain

from .alumni import pulse_due
from .graduation import checklist
from .models import Narrative, Place, Quote
from .places import current_place

NARRATIVE_ASKED_FOR = timedelta(weeks=10)
DETAILS_ASKED_FOR = timedelta(weeks=10)


def has_place(person, now) -> bool:
    return current_place(person, now) is not None


page(Page("Graduation", "my_graduation", shown=has_place), order=50, module=__name__)
page(Page("Your details", "my_details", shown=has_place), order=85, module=__name__)


@brand(order=200, key="cohort", title="Programme and cohort")
def programme_and_cohort(person, now):
    place = current_place(person, now)
    return (place.cohort.programme.name, f"{place.cohort.name}, {place.cohort.years}") if place else None


@lead(order=200, key="alumni", title="When they graduated")
def graduated_when(person, now):
    place = current_place(person, now)
    if place is None or not place.is_alumni:
        return None
    return f"You graduated from {place.cohort.name} on {day(place.graduated_at)}."


@section(order=10, template="cohorts/sections/welcome.html", key="welcome", title="Welcome, before the start")
def welcome(person, now):
    """Until the first day: when it begins, where, and whom to ask."""
    place = current_place(person, now)
    today = london_date(now)
    if place is None or not place.is_active or place.cohort.starts_on <= today:
        return None
    asked_from = place.due_on("onboarding_due") - DETAILS_ASKED_FOR
    return {
        "cohort": place.cohort,
        "starts": when(place.cohort.starts_on, now),
        "details_open": place.details_at is None and today < asked_from,
    }


@section(order=15, template="cohorts/sections/alumni.html", key="alumni", title="After graduation")
def alumni(person, now):
    """The certificate, the alumni network, the cohort's case study."""
    place = current_place(person, now)
    if place is None or not place.is_alumni:
        return None
    study = getattr(place.cohort, "case_study", None)
    return {
        "place": place,
        "certificate": place.certificates.filter(revoked_at=None).first(),
        "study": study if study and study.state == study.State.PUBLISHED else None,
    }


@section(order=50, template="cohorts/sections/graduation.html", key="graduation", title="What is needed to graduate")
def graduation(person, now):
    """The checklist, from the first day to graduation."""
    place = current_place(person, now)
    if place is None or not place.is_active or place.cohort.starts_on > london_date(now):
        return None
    lines = checklist(place)
    if not lines:
        return None
    graduation_on = place.cohort.graduation_on
    on_course = f"On course to graduate on {day_month(graduation_on)}"
    title = on_course if graduation_on >= london_date(now) else "What is still missing to graduate"
    return {"title": title, "items": lines}


@card(order=44, key="council", title="Line manager and sponsor")
def council(person, now):
    """Each once, though one person may be both."""
    place = current_place(person, now)
    if place is None or not place.is_active:
        return None
    known = {"Line manager": place.line_manager, "sponsor": place.sponsor}
    people = list(dict.fromkeys(filter(None, known.values())))
    if not people:
        return None
    who = upper_first(" and ".join(relation for relation, person in known.items() if person))
    return Card(
        heading="Your council" if place.organisation.kind == "authority" else "Your organisation",
        names=[each.name for each in people],
        title=", ".join(each.name for each in people),
        lines=[who],
        url=reverse("my_details"),
        link="If somebody has changed",
    )


@todo(order=200, title="Details, before the start")
def details(person, now):
    place = current_place(person, now)
    if place is None or not place.is_active:
        return []
    due = place.due_on("onboarding_due")
    if place.details_at is None and not due - DETAILS_ASKED_FOR <= london_date(now) <= place.cohort.starts_on:
        return []
    return [
        Todo(
            title="Tell us what you need to take part",
            why="Access, food, caring hours, and how to reach you on the day.",
            url=reverse("my_details"),
            due=due,
            minutes=3,
            done=place.details_at is not None,
            done_on=london_date(place.details_at) if place.details_at else None,
        )
    ]


@todo(order=210, title="Graduation narrative")
def narrative(person, now):
    """From ten weeks before it is due; done once submitted."""
    place = current_place(person, now)
    if place is None:
        return []
    written = Narrative.objects.filter(place=place).only("submitted_at", "saved_at").first()
    due = place.due_on("narratives_due")
    submitted = written.submitted_at if written else None
    if not submitted and (not place.is_active or london_date(now) < due - NARRATIVE_ASKED_FOR):
        return []
    return [
        Todo(
            title="Finish your narrative" if written else "Write your narrative",
            why="Your leadership story in three parts: self, us, now. Only you read it until you decide otherwise.",
            url=reverse("my_narrative"),
            due=due,
            minutes=40,
            button="Go on writing" if written else "Begin",
            done=submitted is not None,
            done_on=london_date(submitted) if submitted else None,
        )
    ]


@todo(order=220, title="Words we would like to quote")
def quotes(person, now):
    place = current_place(person, now)
    if place is None:
        return []
    asked = Quote.objects.asked().filter(place=place)
    return [
        Todo(
            title="May we quote you?",
            why="The programme office would like to use a sentence of yours in the case study. No is a good answer.",
            url=f"{reverse('my_narrative')}#quotes",
            due=london_date(quote.asked_at) + timedelta(days=14),
            minutes=1,
            button="Read and decide",
        )
        for quote in asked
    ]


@todo(order=230, title="How things are, months after graduation")
def pulse(person, now):
    place = current_place(person, now)
    if place is None or not place.is_alumni:
        return []
    months = pulse_due(place, london_date(now))
    if months is None:
        return []
    return [
        Todo(
            title=f"{months} months on: how is it going?",
            why="Three questions that show later cohorts what lasts.",
            url=reverse("my_pulse", args=[months]),
            minutes=2,
            button="Answer",
        )
    ]


@agenda(order=200, title="Graduation")
def graduation_day(person, now):
    place = current_place(person, now)
    if place is None or place.status not in {Place.Status.ACTIVE, Place.Status.GRADUATED}:
        return []
    cohort = place.cohort
    return [
        Entry(
            uid=f"graduation-{cohort.pk}@{mail_domain()}",
            title=f"Graduation of {cohort.name}",
            starts=datetime.combine(cohort.graduation_on, cohort.graduation_from, LONDON),
            ends=datetime.combine(cohort.graduation_on, cohort.graduation_until, LONDON),
            place=cohort.venue,
            url=reverse("my_graduation"),
        )
    ]
