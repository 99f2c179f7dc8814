"""Matching day: the office proposes, looks into a pair, keeps it, confirms; mentor and mentee read why."""

import pytest

from mentoring.models import Mentorship
from tests.browsers import assert_accessible
from tests.journeys.hands import Finger
from tests.mentoring.factories import MATCHING_DAY, MenteeFactory, MentorFactory, criteria
from tests.people.factories import AuthorityFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def waiting(amara_place, joanne, time_machine):
    """Amara hopes for somebody who knows housing; Joanne, of Hackney, does."""
    time_machine.move_to(MATCHING_DAY)
    criteria()
    joanne.organisation = AuthorityFactory(name="Hackney", slug="hackney")
    joanne.save()
    MentorFactory(person=joanne, offers={"service-housing": 4, "step-director": 3})
    MenteeFactory(place=amara_place, wants={"service-housing": 4, "step-director": 2})


def test_the_director_matches_a_cohort_and_both_sides_read_why(
    browse, waiting, cohort, rosalind, amara, joanne, letters
):
    page = browse(rosalind)
    hand = Finger(page)
    page.goto(f"/office/mentoring/matchrun/cohorts/{cohort.pk}/")
    assert_accessible(page)
    hand.press("Propose a matching")
    assert page.get_by_text("Matched 1 of 1.").is_visible()
    assert page.get_by_text("Proved best").is_visible()
    assert_accessible(page)

    hand.follow("Amara Mensah")
    assert_accessible(page)
    page.go_back()
    with page.expect_navigation():
        page.get_by_role("button", name="Keep together").click()
    assert page.get_by_role("button", name="Kept: let go").is_visible()
    hand.follow("Confirm the matching")
    assert_accessible(page)
    assert not Mentorship.objects.exists()
    hand.press("Confirm and tell them")

    assert "housing" in letters.to("amara.mensah@example.org").body
    assert "housing" in letters.to("joanne.whitfield@example.org").body
    for person, address, other in ((amara, "/my/mentor/", "Joanne Whitfield"), (joanne, "/mentor/", "Amara Mensah")):
        theirs = browse(person, width=390)
        theirs.goto(address)
        assert theirs.get_by_text(other).first.is_visible()
        assert_accessible(theirs)
