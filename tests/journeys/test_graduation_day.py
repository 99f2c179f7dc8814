"""Graduation day: what is still asked, the certificate that anybody can check, and the cohort's published story."""

from datetime import UTC, datetime

import pytest

from cohorts.models import CaseStudy, Certificate, Narrative
from tests.browsers import assert_accessible
from tests.cohorts.factories import ProgrammeModuleFactory, ProgrammeRequirementFactory
from tests.journeys.hands import Finger

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

NARRATIVES_DUE = datetime(2027, 6, 10, 9, 30, tzinfo=UTC)
GRADUATION = datetime(2027, 7, 15, 15, 0, tzinfo=UTC)
STORY = {
    "self_text": "I grew up above a shop in Peckham.",
    "us_text": "Thirty-three councils, one city.",
    "now_text": "Ring one of them first.",
}


def test_a_participant_tells_her_story_and_sees_that_nothing_is_missing(browse, amara, programme, time_machine):
    time_machine.move_to(NARRATIVES_DUE)
    ProgrammeRequirementFactory(programme=programme, key="narrative", title="Graduation narrative")
    page = browse(amara)
    hand = Finger(page)

    page.goto("/my/graduation/")
    assert page.get_by_text("Still to do").is_visible()
    assert_accessible(page)
    hand.follow("Graduation narrative")
    assert_accessible(page)
    for words, box in zip(STORY.values(), page.get_by_role("main").get_by_role("textbox").all(), strict=True):
        box.fill(words)
    hand.press("Save and submit")
    assert page.get_by_text("Your narrative is submitted.").is_visible()
    assert_accessible(page)
    page.goto("/my/graduation/")
    assert page.get_by_text("Met", exact=True).is_visible()


def test_the_office_graduates_who_is_ready_and_anybody_checks_the_certificate(
    browse, cohort, amara_place, programme, rosalind, letters, time_machine
):
    time_machine.move_to(GRADUATION)
    ProgrammeRequirementFactory(programme=programme, key="narrative", title="Graduation narrative")
    Narrative.objects.create(place=amara_place, saved_at=NARRATIVES_DUE, submitted_at=NARRATIVES_DUE, **STORY)
    page = browse(rosalind)
    hand = Finger(page)

    page.goto(f"/office/cohorts/cohort/{cohort.pk}/graduation/")
    assert_accessible(page)
    hand.follow("Graduate the 1 who is ready")
    assert page.get_by_role("listitem").filter(has_text="Amara Mensah").is_visible()
    assert_accessible(page)
    hand.press("Graduate 1 person")
    code = Certificate.objects.get().code
    assert "Amara" in letters.to("amara.mensah@example.org").body

    visitor = browse(width=390)
    visitor.goto("/certificates/")
    assert_accessible(visitor)
    theirs = Finger(visitor)
    visitor.get_by_role("main").get_by_role("textbox").fill(code.lower())
    visitor.get_by_role("main").get_by_role("button").click()
    visitor.wait_for_url(f"**/certificates/{code}/")
    assert visitor.get_by_role("heading", name="This certificate is valid").is_visible()
    assert visitor.get_by_text("Amara Mensah").is_visible()
    assert_accessible(visitor)
    theirs.follow("Check another code")

    graduate = browse(amara_place.person, width=390)
    graduate.goto("/my/")
    assert_accessible(graduate)
    graduate.goto("/my/graduation/")
    assert graduate.get_by_text(code).first.is_visible()
    assert_accessible(graduate)


def test_the_cohorts_story_is_written_approved_by_another_and_published(
    browse, cohort, amara_place, rosalind, adjoa, time_machine
):
    time_machine.move_to(GRADUATION)
    ProgrammeModuleFactory(programme=cohort.programme, number=1, title="Leading in the System", focus="Values")
    page = browse(rosalind)
    hand = Finger(page)

    page.goto(f"/office/cohorts/cohort/{cohort.pk}/case-study/")
    assert_accessible(page)
    hand.press("Assemble a first draft")
    assert_accessible(page)
    form = page.locator("form").filter(has=page.get_by_role("button", name="Save", exact=True))
    for box in form.get_by_role("textbox").all():
        if not box.input_value():
            box.fill("Residents were asked first.")
    hand.press("Save")
    assert page.get_by_text("somebody else approves it").is_visible()

    second = browse(adjoa)
    second.goto(page.url)
    assert_accessible(second)
    theirs = Finger(second)
    theirs.press("Approve the text below")
    theirs.press("Publish")
    assert_accessible(second)
    theirs.press("Publish")

    visitor = browse(width=390)
    visitor.goto(CaseStudy.objects.get().get_absolute_url())
    assert visitor.get_by_text("Residents were asked first.").first.is_visible()
    assert_accessible(visitor)
