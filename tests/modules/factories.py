"""Modules, sessions and teams for tests, in the cohort of `tests.cohorts.factories`."""

from datetime import UTC, date, datetime, timedelta

import factory

from modules.actions import plan_modules
from modules.models import Attendance, Material, Module, Session, SystemsChallenge, Team, TeamMember
from tests.cohorts.factories import CohortFactory, PlaceFactory, ProgrammeModuleFactory

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
