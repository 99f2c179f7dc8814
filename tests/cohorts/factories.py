"""Programmes, cohorts and places for tests.

The cohort's year runs from September 2026 to July 2027; `NOW` is a Thursday in mid-year. A cohort in
another year: `CohortFactory(starts_on=date(2025, 9, 15))` moves every other date along.
"""

from datetime import UTC, date, datetime, time, timedelta

import factory

from cohorts.models import Cohort, Criterion, Place, Programme, ProgrammeModule, ProgrammeRequirement
from leaders.people.actions import grant_role
from leaders.people.models import Role
from tests.people.factories import AuthorityFactory, PersonFactory

NOW = datetime(2027, 3, 4, 9, 30, tzinfo=UTC)
STARTS_ON = date(2026, 9, 15)

# Days from the start of a cohort.
PLAN = {
    "nominations_open": -210,
    "nominations_close": -137,
    "statements_due": -123,
    "assessments_due": -95,
    "decisions_due": -88,
    "offers_expire": -74,
    "onboarding_due": -7,
    "narratives_due": 270,
    "graduation_on": 303,
    "ends_on": 304,
}
MOMENTS = {
    "nominations_open": time(9),
    "nominations_close": time(17),
    "statements_due": time(17),
    "assessments_due": time(17),
    "offers_expire": time(17),
}


def _date(name):
    """A cohort's date as so many days from its start; at its hour, where it has one."""

    def value(cohort):
        day = cohort.starts_on + timedelta(days=PLAN[name])
        return datetime.combine(day, MOMENTS[name], UTC) if name in MOMENTS else day

    return factory.LazyAttribute(value)


class ProgrammeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Programme

    name = factory.Sequence(lambda n: f"Programme {n}")
    slug = factory.Sequence(lambda n: f"programme-{n}")
    short_name = factory.Sequence(lambda n: f"P{n}")
    aim = "Equip leaders to work across London's boundaries."
    who_nominates = "Each London authority"
    who_takes_part = "Assistant Directors"
    nominating_kinds = ["authority"]
    nominations_per_organisation = 1
    eligible_kinds = ["authority", "regional"]
    eligible_roles = ["Assistant Director"]
    capacity = 36
    date_plan = PLAN


class CriterionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Criterion

    programme = factory.SubFactory(ProgrammeFactory)
    order = factory.Sequence(lambda n: n + 1)
    key = factory.LazyAttribute(lambda c: f"criterion-{c.order}")
    title = factory.LazyAttribute(lambda c: f"Criterion {c.order}")
    guidance = "What good looks like."
    anchors = ["No evidence", "Some", "Enough", "Strong", "Outstanding"]


class ProgrammeModuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProgrammeModule

    programme = factory.SubFactory(ProgrammeFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = factory.LazyAttribute(lambda m: f"Module {m.number}")
    focus = "One key issue"
    description = "Visiting speakers, and work on real questions."
    week = factory.LazyAttribute(lambda m: 8 * (m.number - 1))
    days = 2
    starts = time(9, 30)
    ends = time(17)


class ProgrammeRequirementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProgrammeRequirement

    programme = factory.SubFactory(ProgrammeFactory)
    key = "narrative"
    order = factory.Sequence(lambda n: n + 1)
    title = "Graduation narrative"


class CohortFactory(factory.django.DjangoModelFactory):
    """A live cohort in mid-year at `NOW`."""

    class Meta:
        model = Cohort

    programme = factory.SubFactory(ProgrammeFactory)
    number = factory.Sequence(lambda n: n + 1)
    slug = factory.LazyAttribute(lambda c: f"{c.programme.slug}-{c.number}")
    provider = "The programme office"
    status = Cohort.Status.LIVE
    capacity = 36
    contact = factory.SubFactory(PersonFactory, name="Rosalind Tate", phone="020 7946 0100")
    venue = "Toynbee Hall, E1"

    starts_on = STARTS_ON
    nominations_open = _date("nominations_open")
    nominations_close = _date("nominations_close")
    statements_due = _date("statements_due")
    assessments_due = _date("assessments_due")
    decisions_due = _date("decisions_due")
    offers_expire = _date("offers_expire")
    onboarding_due = _date("onboarding_due")
    narratives_due = _date("narratives_due")
    graduation_on = _date("graduation_on")
    ends_on = _date("ends_on")
    closed_at = factory.LazyAttribute(
        lambda c: datetime.combine(c.ends_on, time(17), UTC) if c.status in {"graduated", "cancelled"} else None
    )


class PlaceFactory(factory.django.DjangoModelFactory):
    """An active place, with the participant's role."""

    class Meta:
        model = Place
        skip_postgeneration_save = True

    cohort = factory.SubFactory(CohortFactory)
    organisation = factory.SubFactory(AuthorityFactory)
    person = factory.SubFactory(PersonFactory, organisation=factory.SelfAttribute("..organisation"))
    role_title = "Assistant Director"
    service = "Housing"
    accepted_at = factory.LazyAttribute(lambda p: p.cohort.offers_expire - timedelta(days=7))

    @factory.post_generation
    def participant(self, create, extracted, **kwargs):
        grant_role(person=self.person, role=Role.PARTICIPANT, by=None, now=self.accepted_at)
