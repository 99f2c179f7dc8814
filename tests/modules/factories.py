"""Modules, sessions and teams for tests, in the cohort of `tests.cohorts.factories`."""

from datetime import UTC, date, datetime, time, timedelta

import factory

from leaders.people.models import Role
from modules.actions import (
    draft_contract,
    plan_modules,
    propose_contract,
    save_answers,
    sign_contract,
    start_response,
    submit_response,
    write_contract,
)
from modules.models import Attendance, Material, Module, Session, SystemsChallenge, Team, TeamMember, Wave
from tests.cohorts.factories import CohortFactory, PlaceFactory, ProgrammeModuleFactory
from tests.people.factories import PersonFactory

# The titles of the London Leadership Programme, in order.
TITLES = (
    "Leading in the System",
    "Working in a Political Environment",
    "Addressing Inequality",
    "Leading in Communities",
    "Future of London",
    "Self in the System",
)
PLANNED_AT = datetime(2026, 2, 2, 9, tzinfo=UTC)
PDF = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n"


def six_modules(cohort, *, weeks=8):
    """The cohort's six modules of two days, planned from its programme, `weeks` apart."""
    for number, title in enumerate(TITLES, 1):
        ProgrammeModuleFactory(programme=cohort.programme, number=number, title=title, week=weeks * (number - 1))
    return plan_modules(cohort=cohort, by=None, now=PLANNED_AT)


class ModuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Module

    cohort = factory.SubFactory(CohortFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = "Leading in Communities"
    focus = "Community-led change"
    venue = "Toynbee Hall, E1 6LS"


class SessionFactory(factory.django.DjangoModelFactory):
    """Day 1 of a module, on Thursday 18 March 2027; `module=None` makes a continuous development session."""

    class Meta:
        model = Session

    module = factory.SubFactory(ModuleFactory)
    cohort = factory.LazyAttribute(lambda s: s.module.cohort if s.module else CohortFactory())
    kind = factory.LazyAttribute(lambda s: "module_day" if s.module else "development")
    title = "Day 1"
    starts = datetime(2027, 3, 18, 9, 30, tzinfo=UTC)
    ends = factory.LazyAttribute(lambda s: s.starts + timedelta(hours=7, minutes=30))


class AttendanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Attendance

    session = factory.SubFactory(SessionFactory)
    place = factory.LazyAttribute(lambda a: PlaceFactory(cohort=a.session.cohort))
    status = Attendance.Status.PRESENT
    recorded_at = factory.LazyAttribute(lambda a: a.session.ends)
    recorded_by = "Adjoa Mensah"


class ReadingTaskFactory(factory.django.DjangoModelFactory):
    """Something to read before the module, about 25 minutes."""

    class Meta:
        model = Material

    module = factory.SubFactory(ModuleFactory)
    title = factory.Sequence(lambda n: f"Paper {n}")
    url = "https://example.org/paper"
    minutes = 25
    due_on = date(2027, 3, 15)
    added_at = PLANNED_AT
    added_by = "Adjoa Mensah"


class ChallengeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SystemsChallenge

    cohort = factory.SubFactory(CohortFactory)
    title = factory.Sequence(lambda n: f"Challenge {n}")
    question = "How could London halve the time that families spend in temporary accommodation?"
    problem_owner = "Carla Reid, Director of Housing"


class TeamFactory(factory.django.DjangoModelFactory):
    """A confirmed team with a challenge; `members=[place, ...]` puts people in it."""

    class Meta:
        model = Team
        skip_postgeneration_save = True

    cohort = factory.SubFactory(CohortFactory)
    name = factory.Iterator(["Lea", "Fleet", "Brent", "Wandle", "Effra", "Tyburn", "Roding", "Crane", "Quaggy"])
    challenge = factory.LazyAttribute(lambda t: ChallengeFactory(cohort=t.cohort))
    confirmed_at = PLANNED_AT
    confirmed_by = "Rosalind Tate"

    @factory.post_generation
    def members(self, create, extracted, **kwargs):
        for place in extracted or ():
            TeamMember.objects.create(team=self, place=place, joined_at=PLANNED_AT)


class WaveFactory(factory.django.DjangoModelFactory):
    """The questionnaire before the first module, due a week before the cohort starts."""

    class Meta:
        model = Wave

    cohort = factory.SubFactory(CohortFactory)
    kind = Wave.Kind.BEFORE
    opens_on = factory.LazyAttribute(lambda w: w.cohort.starts_on - timedelta(days=28))
    due_on = factory.LazyAttribute(lambda w: w.opens_on + timedelta(days=21))


def after_wave(cohort, **dates):
    """The wave at the last module, open since 1 March 2027 and due on the 15th."""
    dates = {"opens_on": date(2027, 3, 1), "due_on": date(2027, 3, 15)} | dates
    return WaveFactory(cohort=cohort, kind=Wave.Kind.AFTER, **dates)


def answered(wave, place, level=4, *, now=None, submit=True, importance=4, **levels):
    """The place's answers, `level` for every dimension unless `levels` says otherwise ("whole_system"=2), sent."""
    now = now or datetime.combine(wave.opens_on + timedelta(days=2), time(18), UTC)
    response = start_response(wave=wave, place=place, today=now.date(), now=now)
    levels = {key.replace("_", "-"): value for key, value in levels.items()}
    answers = {}
    for item in wave.instrument.items:
        given = levels.get(item.dimension, level)
        answers[item.id] = 6 - given if item.reverse else given
    dimensions = [dimension.key for dimension in wave.instrument.dimensions]
    save_answers(
        response=response,
        answers=answers,
        importance=dict.fromkeys(dimensions, importance),
        then=dict.fromkeys(dimensions, 2) if wave.looks_back else None,
        by=place.person,
    )
    return submit_response(response=response, by=place.person, now=now) if submit else response


def sent_contract(place, *, now=PLANNED_AT, purpose="To lead across the whole system."):
    """A learning contract, signed by its participant and sent."""
    contract = draft_contract(place=place, by=place.person, now=now)
    write_contract(contract=contract, texts={"purpose": purpose}, seen={}, by=place.person, now=now)
    return propose_contract(contract=contract, version=1, by=place.person, now=now)


def agreed_contract(place, *, now=PLANNED_AT, **words):
    """A learning contract signed by all three."""
    contract = sent_contract(place, now=now, **words)
    office = PersonFactory(role=Role.DIRECTOR)
    for party, person in (("sponsor", place.sponsor), ("programme", office)):
        contract = sign_contract(contract=contract, party=party, name=person.name, version=1, by=person, now=now)
    return contract
