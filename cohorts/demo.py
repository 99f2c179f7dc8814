"""The demo's cohorts: one graduated with a case study, one in mid-year, one of each programme open to nominations."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from leaders.components.dates import london_date
from leaders.people.actions import grant_role, know_person
from leaders.people.demo import Entrance, World, entrance, part, weekday
from leaders.people.loading import loaders
from leaders.people.models import Person, Role
from leaders.reminders.working_days import working_day_on_or_after

from .actions import (
    approve_case_study,
    assemble_case_study,
    choose_quote,
    consent_to_part,
    create_cohort,
    edit_case_study,
    graduate_cohort,
    launch_cohort,
    offer_quote,
    publish_case_study,
    save_narrative,
    stay_in_touch,
    submit_narrative,
    waive,
)
from .dates import proposed_dates, shifted_dates
from .graduation import checklist
from .models import CaseStudy, Cohort, Part, Place, Programme, Quote

DIRECTOR = "rosalind.tate@example.org"
ADMINISTRATOR = "adjoa.boateng@example.org"
LLP, LFL = "london-leadership-programme", "leaders-for-london"
# Programme, number, and days from the demo's today to the start: graduated, in mid-year, and two open to nominations.
COHORTS = [(LLP, 6, -24 * 7 - 364), (LLP, 7, -24 * 7), (LLP, 8, 112), (LFL, 3, 133)]
IMPACT = (
    "The teams left something that other boroughs now use: a shared standard, a weekly list, a way of meeting. "
    "People who had never met ring each other when a family moves across a border. Participants say that they ask "
    "earlier, listen longer and stop sooner; their own ratings moved most where they had started lowest."
)
VENUE = "Toynbee Hall, Commercial Street, E1"


@part(order=10, title="The office makes four cohorts, and graduates the first")
def cohorts(world: World):
    """Sets up the programmes and the office, and puts each cohort's own story on the timetable.

    Other parts add functions(world, cohort) to `world.kept["on_cohort"]`; each is called when a cohort is made.
    """
    world.kept["on_cohort"] = [graduation]
    for loader in loaders:
        loader.brings(world.now)
    world.kept["director"] = _staff(world, "Rosalind Tate", DIRECTOR, Role.DIRECTOR, "Programme director")
    world.kept["administrator"] = _staff(
        world, "Adjoa Boateng", ADMINISTRATOR, Role.ADMINISTRATOR, "Programme administrator"
    )
    for slug, number, days in COHORTS:
        programme = Programme.objects.get(slug=slug)
        starts_on = working_day_on_or_after(weekday(world.today + timedelta(days=days)))
        opens = proposed_dates(programme, starts_on)["nominations_open"]
        world.at(opens - timedelta(days=21), make, world, programme, number, starts_on)


def make(world: World, programme: Programme, number: int, starts_on):
    """Plan a cohort, from the one before it if there is one, and launch it a week later."""
    source = programme.cohorts.filter(number=number - 1).first()
    dates = shifted_dates(source, starts_on) if source else proposed_dates(programme, starts_on)
    director = world.kept["director"]
    cohort = create_cohort(
        programme=programme, number=number, contact=director, by=director, now=world.now, dates=dates, source=source,
        provider="The programme office", capacity=32, venue=VENUE,
    )  # fmt: skip
    world.at(world.now + timedelta(days=7), launch, world, cohort)


def launch(world: World, cohort: Cohort):
    launch_cohort(cohort=cohort, by=world.kept["director"], now=world.now)
    if begin := world.kept.pop("on_first_cohort", None):
        begin()
    for story in world.kept["on_cohort"]:
        story(world, cohort)


def graduation(world: World, cohort: Cohort):
    """Narratives in the last weeks, the ceremony, and the case study in the month after."""
    world.at(cohort.narratives_due - timedelta(days=20), narratives, world, cohort)
    world.at(cohort.graduation_on, graduate, world, cohort)
    world.at(cohort.graduation_on + timedelta(days=12), graduate_the_rest, world, cohort)
    world.at(cohort.graduation_on + timedelta(days=21), write_case_study, world, cohort)


def narratives(world: World, cohort: Cohort):
    for place in cohort.places.active().select_related("person", "cohort"):
        world.at(world.days_later(world.chance.randrange(1, 18), 19), tell_story, world, place)


def tell_story(world: World, place: Place):
    words = world.texts["narratives"][place.pk % len(world.texts["narratives"])]
    person = place.person
    save_narrative(
        place=place, self_text=words["self"], us_text=words["us"], now_text=words["now"], version=0, by=person,
        now=world.now,
    )  # fmt: skip
    submit_narrative(place=place, by=person, now=world.now)
    if place.pk % 3 == 0:
        consent_to_part(place=place, part=Part.NOW, by=person, now=world.now)
    quotes = world.texts["quotes"]
    if place.pk % 4 == 0:
        offer_quote(
            place=place, words=quotes[place.pk // 4 % len(quotes)]["text"], shown_as=Quote.ShownAs.NAME, by=person,
            now=world.now,
        )  # fmt: skip


def graduate(world: World, cohort: Cohort):
    graduated, _ = graduate_cohort(cohort=cohort, by=world.kept["director"], now=world.now)
    for place in graduated[::2]:
        place.refresh_from_db()
        stay_in_touch(place=place, by=place.person, now=world.now)


def graduate_the_rest(world: World, cohort: Cohort):
    """Whoever lacked one thing graduates a little later, with that one thing waived for a reason that is kept."""
    director = world.kept["director"]
    for place in cohort.places.active().select_related("person"):
        for asked in checklist(place):
            if not asked.evidence.done and not asked.waiver:
                waive(
                    place=place, requirement_key=asked.key, by=director, now=world.now,
                    reason="Their council reorganised twice during the year; we agreed what they did instead.",
                )  # fmt: skip
    graduate_cohort(cohort=cohort, by=director, now=world.now)


def write_case_study(world: World, cohort: Cohort):
    """The administrator assembles it, the director approves: two people, as the action asks."""
    administrator, director = world.kept["administrator"], world.kept["director"]
    for quote in Quote.objects.for_cohort(cohort).agreed()[:5]:
        choose_quote(quote=quote, chosen=True, by=administrator, now=world.now)
    study = assemble_case_study(cohort=cohort, by=administrator, now=world.now)
    study = edit_case_study(case_study=study, version=study.version, by=administrator, now=world.now, impact=IMPACT)
    study = approve_case_study(case_study=study, version=study.version, by=director, now=world.now)
    publish_case_study(
        case_study=study, by=director, now=world.now, reason="A report on a finished cohort; no politician is quoted"
    )


@entrance(order=10)
def programme_director():
    return _person("Programme director", DIRECTOR)


@entrance(order=20)
def administrator():
    return _person("Administrator", ADMINISTRATOR)


@entrance(order=40)
def participant():
    began = Place.objects.active().filter(cohort__starts_on__lte=london_date(timezone.now()))
    place = began.select_related("person").order_by("-cohort__starts_on", "pk").first()
    return place and Entrance("Participant in mid-year", place.person)


@entrance(order=45)
def newcomer():
    to_come = Place.objects.active().filter(cohort__starts_on__gt=london_date(timezone.now()))
    place = to_come.select_related("person").order_by("cohort__starts_on", "pk").first()
    return place and Entrance("New participant, before the start", place.person)


@entrance(order=50)
def graduate_of_last_year():
    place = Place.objects.alumni().select_related("person").order_by("pk").first()
    return place and Entrance("Graduate", place.person)


@entrance(order=90)
def case_study():
    study = CaseStudy.objects.published().first()
    return study and Entrance(
        "Published case study", path=reverse("case_study", args=[study.slug]), detail="Open to everybody"
    )


def _person(label: str, email: str) -> Entrance | None:
    person = Person.objects.filter(email=email).first()
    return person and Entrance(label, person)


def _staff(world: World, name: str, email: str, role: str, title: str) -> Person:
    person = know_person(email=email, name=name, by=None, now=world.now, role_title=title, phone="020 7946 0147")
    grant_role(person=person, role=role, by=None, now=world.now)
    return person
