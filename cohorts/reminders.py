"""What a participant is reminded of about their place, who signs, and what graduates are asked."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Model
from django.urls import reverse

from leaders.components.dates import LONDON, london_date
from leaders.outbox.registry import Letter
from leaders.people.models import Organisation, Person
from leaders.reminders.registry import (
    DatedLetter,
    Item,
    Occurrence,
    Rule,
    Signature,
    cast,
    coming_up,
    dated_letters,
    remind,
    scope,
    signature,
)
from leaders.reminders.working_days import add_working_days, due_at

from . import emails, letters
from .alumni import pulse_dates, pulse_due
from .models import Cohort, Narrative, Place, Quote
from .places import current_place


@scope(order=200)
def cohorts() -> list[Cohort]:
    """The cohorts whose mail can be looked through before it is sent."""
    return list(
        Cohort.objects.filter(status__in=[Cohort.Status.PLANNED, Cohort.Status.LIVE])
        .select_related("programme")
        .order_by("-starts_on")[:12]
    )


@cast(order=200)
def participants(cohort: Model, now: datetime) -> str:
    """As many as it has places, while nobody has one: all of one organisation, as that changes no reminder."""
    organisation = Organisation.objects.order_by("pk").first()
    if not isinstance(cohort, Cohort) or organisation is None or cohort.places.exists():
        return ""
    people = Person.objects.bulk_create(
        Person(email=f"participant-{n}@example.invalid", name=f"Participant {n}")
        for n in range(1, cohort.capacity + 1)
    )  # fmt: skip
    Place.objects.bulk_create(
        Place(cohort=cohort, person=person, organisation=organisation, accepted_at=now) for person in people
    )
    return f"{len(people)} invented participants"


@dated_letters(order=200, key="graduation", title="Certificates on the day of graduation")
def letters_of_graduation(cohort: Cohort, now: datetime) -> Iterable[DatedLetter]:
    for place in _places(cohort):
        yield DatedLetter("cohorts.graduated", place.person, due_at(cohort.graduation_on))


@signature(order=200)
def signed_by_the_contact(person: Person, now: datetime) -> Signature | None:
    """The contact of the cohort that somebody takes part in."""
    place = current_place(person, now)
    return _signature(place, "You have a place in") if place and place.is_active else None


@signature(order=900)
def signed_by_the_contact_of_the_past(person: Person, now: datetime) -> Signature | None:
    """The contact of the cohort that somebody took part in: after whatever they do today, such as mentoring."""
    place = current_place(person, now)
    return _signature(place, "You took part in") if place else None


def _signature(place: Place, doing: str) -> Signature:
    signed = letters.signature(place.cohort)
    return Signature(
        brand=signed["brand"], name=signed["signed_by"], role=signed["signed_role"], reply_to=signed["reply_to"],
        why_you=f"{doing} {place.cohort.in_words}.",
    )  # fmt: skip


@coming_up(order=200)
def graduation(person: Person, start: datetime, end: datetime) -> list[tuple[datetime, str]]:
    place = current_place(person, start)
    if place is None or not place.is_active:
        return []
    cohort = place.cohort
    begins = datetime.combine(cohort.graduation_on, cohort.graduation_from, LONDON)
    if not start <= begins < end:
        return []
    return [(begins, f"Graduation of {cohort.name}")]


def _places(cohort: Cohort | None):
    places = Place.objects.active().filter(cohort__in=[cohort.pk] if cohort else Cohort.objects.live().values("pk"))
    return places.select_related("person", "cohort__programme", "cohort__contact").prefetch_related("extensions")


# Details, before the start


def plan_details(now: datetime, cohort: Cohort | None) -> Iterable[Occurrence]:
    for place in _places(cohort):
        due = place.due_on("onboarding_due")
        for step, days in (("three weeks before", -15), ("a week before", -5)):
            on = add_working_days(due, days)
            yield Occurrence(place, place.person, step, on, due=due, asked=place.accepted_at)


def details_needed(place: Place, person: Person, now: datetime) -> bool:
    return place.is_active and place.details_at is None and london_date(now) <= place.cohort.starts_on


def details_item(place: Place, person: Person, step: str, now: datetime) -> Item:
    return Item(
        title="Tell us what you need to take part",
        detail="Access, food, caring hours, and how to reach you on the day; about three minutes",
        url=reverse("my_details"),
        button="Open your details",
        due=place.due_on("onboarding_due"),
    )


remind(
    Rule(
        key="cohorts.details",
        title="What a participant needs to take part",
        model=Place,
        steps="15 and 5 working days before onboarding is due",
        stops="the details were looked through, or the place was given up",
        plan=plan_details,
        needed=details_needed,
        item=details_item,
        expires=5,
    ),
    order=200,
)


# Narrative


def plan_narratives(now: datetime, cohort: Cohort | None) -> Iterable[Occurrence]:
    for place in _places(cohort):
        due = place.due_on("narratives_due")
        for step, days in (("four weeks before", -20), ("a week before", -5), ("the day before", -1)):
            yield Occurrence(place, place.person, step, add_working_days(due, days), due=due)


def plan_overdue_narratives(now: datetime, cohort: Cohort | None) -> Iterable[Occurrence]:
    for place in _places(cohort):
        due = place.due_on("narratives_due")
        yield Occurrence(place, place.person, "the day after", add_working_days(due, 1), due=due)


def narrative_needed(place: Place, person: Person, now: datetime) -> bool:
    return place.is_active and not Narrative.objects.filter(place=place, submitted_at__isnull=False).exists()


def narrative_item(place: Place, person: Person, step: str, now: datetime) -> Item:
    begun = Narrative.objects.filter(place=place).exists()
    return Item(
        title="Finish your narrative" if begun else "Write your narrative",
        detail="Self, us, now: three short parts, about 40 minutes",
        url=reverse("my_narrative"),
        button="Go on writing" if begun else "Begin",
        due=place.due_on("narratives_due"),
    )


def narrative_letter(place: Place, person: Person, step: str, now: datetime) -> Letter:
    return emails.narrative_overdue(place=place)


remind(
    Rule(
        key="cohorts.narrative",
        title="Graduation narrative",
        model=Place,
        steps="20, 5 and 1 working days before it is due",
        stops="the narrative was submitted, or the place was given up",
        plan=plan_narratives,
        needed=narrative_needed,
        item=narrative_item,
    ),
    order=210,
)
remind(
    Rule(
        key="cohorts.narrative_overdue",
        title="Graduation narrative, overdue",
        model=Place,
        steps="the working day after it was due; then the office sees it on Today",
        stops="the narrative was submitted, or the place was given up",
        plan=plan_overdue_narratives,
        needed=narrative_needed,
        letter=narrative_letter,
        email="cohorts.narrative_overdue",
        expires=5,
    ),
    order=220,
)


# Consent to be quoted: one chase, then silence is a no


def plan_quotes(now: datetime, cohort: Cohort | None) -> Iterable[Occurrence]:
    # Silence is a no: what was asked longer ago is not asked again.
    lately = now - timedelta(days=60)
    asked = Quote.objects.asked().filter(asked_at__gt=lately).select_related("place__person", "place__cohort")
    if cohort:
        asked = asked.for_cohort(cohort)
    for quote in asked:
        asked_on = london_date(quote.asked_at)
        yield Occurrence(
            quote, quote.place.person, "a week after", add_working_days(asked_on, 5), due=asked_on + timedelta(days=14)
        )


def quote_needed(quote: Quote, person: Person, now: datetime) -> bool:
    return Quote.objects.asked().filter(pk=quote.pk).exists()


def quote_item(quote: Quote, person: Person, step: str, now: datetime) -> Item:
    return Item(
        title="May we quote you?",
        detail="A sentence of yours for the case study; no is a good answer, and silence is a no",
        url=f"{reverse('my_narrative')}#quotes",
        button="Read and decide",
    )


remind(
    Rule(
        key="cohorts.quote_consent",
        title="Consent to be quoted",
        model=Quote,
        steps="5 working days after the office asked",
        stops="the author agreed or said no",
        plan=plan_quotes,
        needed=quote_needed,
        item=quote_item,
    ),
    order=230,
)


# Alumni: only those who agreed to hear from us (Privacy and Electronic Communications Regulations)


def plan_pulses(now: datetime, cohort: Cohort | None) -> Iterable[Occurrence]:
    alumni = Place.objects.alumni().filter(in_touch_since__isnull=False, person__is_active=True)
    if cohort:
        alumni = alumni.for_cohort(cohort)
    # The last of the three, and what is still to come: no row of a graduate of ten years ago is read.
    alumni = alumni.filter(graduated_at__gt=now - timedelta(days=800))
    for place in alumni.select_related("person"):
        for months, on in pulse_dates(place):
            yield Occurrence(place, place.person, f"{months} months", on, not_before=True)


def pulse_needed(place: Place, person: Person, now: datetime) -> bool:
    return place.is_alumni and place.in_touch_since is not None and pulse_due(place, london_date(now)) is not None


def pulse_letter(place: Place, person: Person, step: str, now: datetime) -> Letter:
    return emails.pulse(place=place, months=pulse_due(place, london_date(now)) or int(step.split(maxsplit=1)[0]))


remind(
    Rule(
        key="cohorts.pulse",
        title="Alumni: how things are",
        model=Place,
        steps="6, 12 and 24 months after graduation, to those who stay in touch",
        stops="the questions were answered, or consent was taken back",
        plan=plan_pulses,
        needed=pulse_needed,
        letter=pulse_letter,
        email="cohorts.pulse",
        expires=15,
    ),
    order=240,
)
