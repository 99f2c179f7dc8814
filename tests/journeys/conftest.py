"""What every journey stands on: the letters that arrive, and a round of nominations for Cohort 7."""

import pytest

from tests.journeys.letters import Letters
from tests.nominations.factories import RoundFactory


@pytest.fixture
def letters(browse, mailoutbox):
    """The post: `letters.link_to("helen.marsh@example.org")`; links lead to the browser's server."""
    return Letters(mailoutbox)


@pytest.fixture
def this_round(cohort):
    """Nominations for Cohort 7, one for each authority."""
    return RoundFactory(cohort=cohort)
