"""Rounds that these tests stand on."""

import pytest

from tests.cohorts.factories import CohortFactory, ProgrammeFactory
from tests.nominations.factories import RoundFactory


@pytest.fixture
def this_round(cohort):
    """Nominations for Cohort 7, one for each authority."""
    return RoundFactory(cohort=cohort)


@pytest.fixture
def open_programme(rosalind):
    """A round of a programme with any number of nominations and with applications."""
    programme = ProgrammeFactory(
        name="Leaders for London",
        slug="leaders-for-london",
        short_name="L",
        nominations_per_organisation=None,
        nominating_kinds=["authority", "health"],
        takes_applications=True,
        applying_kinds=["outside_london", "independent"],
    )
    return RoundFactory(cohort=CohortFactory(programme=programme, number=3, slug="lfl-3", contact=rosalind))
