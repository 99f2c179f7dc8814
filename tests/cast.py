"""The people of our tests, by name: one cohort of the London Leadership Programme in mid-year.

Each is a fixture. Otto has an account and no role: every page is tried by him too.
"""

import pytest

from leaders.people.models import Role
from tests.cohorts.factories import CohortFactory, PlaceFactory, ProgrammeFactory
from tests.people.factories import AuthorityFactory, PersonFactory


@pytest.fixture
def camden(db):
    return AuthorityFactory(name="Camden", slug="camden", subregion="Central")


@pytest.fixture
def rosalind(db):
    """The programme director."""
    return PersonFactory(
        name="Rosalind Tate",
        email="rosalind.tate@example.org",
        phone="020 7946 0100",
        role_title="Programme director",
        role=Role.DIRECTOR,
    )


@pytest.fixture
def adjoa(db):
    """The administrator."""
    return PersonFactory(name="Adjoa Mensah", email="adjoa.mensah@example.org", role=Role.ADMINISTRATOR)


@pytest.fixture
def priya(db):
    """A panel member."""
    return PersonFactory(name="Priya Nair", email="priya.nair@example.org", role=Role.PANEL_MEMBER)


@pytest.fixture
def helen(camden):
    """The nominating director, and Amara's sponsor; she has no account of her own use."""
    return PersonFactory(
        name="Helen Marsh",
        email="helen.marsh@example.org",
        organisation=camden,
        role_title="Director of Housing",
        role=Role.SPONSOR,
    )


@pytest.fixture
def ade(camden):
    """Amara's line manager."""
    return PersonFactory(name="Ade Okonkwo", email="ade.okonkwo@example.org", organisation=camden)


@pytest.fixture
def joanne(db):
    """A mentor, from an earlier cohort."""
    return PersonFactory(name="Joanne Whitfield", email="joanne.whitfield@example.org", role=Role.MENTOR)


@pytest.fixture
def miriam(db):
    """A coach."""
    return PersonFactory(name="Miriam Adeyemi", email="miriam.adeyemi@example.org", role=Role.COACH)


@pytest.fixture
def otto(db):
    """An outsider: he can sign in and has nothing to see."""
    return PersonFactory(name="Otto Outsider", email="otto.outsider@example.org")


@pytest.fixture
def programme(db):
    return ProgrammeFactory(name="London Leadership Programme", slug="london-leadership", short_name="N")


@pytest.fixture
def cohort(programme, rosalind):
    """Cohort 7, live, September 2026 to July 2027."""
    return CohortFactory(programme=programme, number=7, slug="london-leadership-7", contact=rosalind)


@pytest.fixture
def amara_place(cohort, camden, helen, ade):
    return PlaceFactory(
        cohort=cohort,
        organisation=camden,
        person__name="Amara Mensah",
        person__email="amara.mensah@example.org",
        sponsor=helen,
        line_manager=ade,
    )


@pytest.fixture
def amara(amara_place):
    """A participant of Cohort 7, from Camden."""
    return amara_place.person
