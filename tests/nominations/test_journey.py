"""What each journey asks, and when a page of it is complete."""

import pytest

from nominations.journey import journey_of
from nominations.models import Nomination
from tests.cohorts.factories import CriterionFactory


@pytest.fixture
def criteria():
    return [CriterionFactory.build(key="passion", order=1), CriterionFactory.build(key="learning", order=2)]


def test_a_nomination_asks_four_sections_with_a_page_for_each_criterion(criteria):
    journey = journey_of(Nomination(), criteria)

    assert [section.key for section in journey.sections] == ["about-you", "nominee", "why", "council"]
    assert [page.key for page in journey.section("why").pages] == ["why/passion", "why/learning"]


def test_an_application_asks_for_a_sponsor_and_not_for_a_line_manager(criteria):
    journey = journey_of(Nomination(kind="application"), criteria)

    assert [section.key for section in journey.sections] == ["about-you", "why", "commitment", "sponsor"]
    assert "line_manager_name" not in {ask for page in journey.pages.values() for ask in page.asks}


def test_only_what_a_colleague_may_know_can_be_shared(criteria):
    shareable = [s.key for s in journey_of(Nomination(), criteria).sections if s.shareable]

    assert shareable == ["nominee", "council"]


def test_a_page_is_complete_when_all_it_needs_is_there(criteria):
    page = journey_of(Nomination(), criteria).pages["nominee"]

    assert not page.is_complete(Nomination(nominee_name="Amina Rahman"))
    assert page.is_begun(Nomination(nominee_name="Amina Rahman"))
    assert page.is_complete(Nomination(nominee_name="Amina Rahman", nominee_email="amina@example.org"))


def test_a_criterion_answers_under_its_key(criteria):
    nomination = Nomination()
    nomination.put("why:passion", "She rebuilt the service.")

    assert nomination.why == {"passion": "She rebuilt the service."}
    assert journey_of(nomination, criteria).pages["why/passion"].is_complete(nomination)
    assert not journey_of(nomination, criteria).section("why").is_complete(nomination)


def test_pages_follow_each_other_within_their_section(criteria):
    journey = journey_of(Nomination(), criteria)
    pages = journey.pages

    assert journey.following(pages["council"]) == pages["council/people"]
    assert journey.following(pages["council/fee"]) is None
    assert journey.preceding(pages["council"]) is None
    assert journey.preceding(pages["council/fee"]) == pages["council/people"]
