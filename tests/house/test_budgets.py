"""What a page costs does not depend on how many cohorts there have been: the same queries, the same rows."""

from datetime import date

import pytest
from django.urls import reverse

from cohorts.models import Cohort, Place
from tests.browsers import sign_in
from tests.cohorts.factories import NOW, CohortFactory, PlaceFactory, ProgrammeRequirementFactory
from tests.house.village import token
from tests.modules.factories import ModuleFactory, SessionFactory, TeamFactory, WaveFactory, answered, six_modules
from tests.nominations.factories import RoundFactory, complete, draft
from tests.people.factories import AuthorityFactory
from tests.spending import spending

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql_will_do]

# What a page may cost at all: measured, with a little room.
QUERIES = {"home": 30, "tasks": 10, "today": 72}


@pytest.fixture(autouse=True)
def _in_march(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def boroughs(camden):
    """The 33 authorities, which stay the same however many cohorts they nominate for."""
    return [camden, *AuthorityFactory.create_batch(32)]


def thirty_cohorts(programme, contact, boroughs, *, over: bool):
    """Thirty more cohorts of the programme with people, days, a nomination and its letters; live, or over."""
    cohorts = []
    for number, (one, other) in enumerate(zip(boroughs[:30], boroughs[3:], strict=True), 101):
        cohort = CohortFactory(programme=programme, number=number, contact=contact)
        answered(WaveFactory(cohort=cohort), PlaceFactory(cohort=cohort, organisation=one))
        SessionFactory(module=ModuleFactory(cohort=cohort, number=1))
        TeamFactory(cohort=cohort, name="Lea", members=[PlaceFactory(cohort=cohort, organisation=other)])
        complete(RoundFactory(cohort=cohort), organisation=one)
        cohorts.append(cohort)
    if over:
        Cohort.objects.filter(pk__in=[c.pk for c in cohorts]).update(status="graduated", closed_at=NOW)
        Place.objects.filter(cohort__in=cohorts).update(status="graduated", graduated_at=NOW)


def cost_of(client, url):
    """Queries and rows of the second visit: the first may fill what the process keeps."""
    client.get(url)
    with spending() as spent:
        assert client.get(url).status_code == 200
    return spent


@pytest.fixture
def amaras_home(client, cohort, amara_place, programme, boroughs):
    """Amara's home in mid-year, signed in."""
    ProgrammeRequirementFactory(programme=programme, key="narrative")
    six_modules(cohort)
    answered(WaveFactory(cohort=cohort), amara_place)
    TeamFactory(cohort=cohort, members=[amara_place, PlaceFactory(cohort=cohort, organisation=boroughs[1])])
    sign_in(client, amara_place.person)
    return reverse("my_home")


@pytest.fixture
def helens_tasks(programme, rosalind, camden):
    """The task list of a draft for Cohort 8, which takes nominations."""
    coming = CohortFactory(programme=programme, number=8, starts_on=date(2027, 9, 14), contact=rosalind)
    return reverse(
        "nomination",
        args=[token("nominations.draft", draft(RoundFactory(cohort=coming), organisation=camden, now=NOW))],
    )


@pytest.fixture
def rosalinds_today(client, rosalind, helens_tasks, amaras_home):
    """The office's Today, with a cohort in mid-year and one that takes nominations."""
    sign_in(client, rosalind)
    return reverse("admin:index")


@pytest.mark.parametrize(
    ("name", "fixture", "over"),
    [
        ("home", "amaras_home", False),
        ("tasks", "helens_tasks", False),
        ("today", "rosalinds_today", True),
    ],
)
def test_a_page_costs_the_same_with_thirty_more_cohorts(
    request, client, programme, rosalind, boroughs, name, fixture, over
):
    url = request.getfixturevalue(fixture)
    alone = cost_of(client, url)
    thirty_cohorts(programme, rosalind, boroughs, over=over)

    among_thirty = cost_of(client, url)

    assert among_thirty == alone, f"{url} cost {alone} alone, and costs {among_thirty} among thirty cohorts"
    assert alone.queries <= QUERIES[name], f"{url} makes {alone.queries} queries, more than {QUERIES[name]}"
