from datetime import UTC, date, datetime, timedelta

import pytest

from cohorts import actions
from cohorts.models import Narrative, Place
from cohorts.today import case_studies, graduations, launches, narratives, sponsors, where_we_are
from tests.cohorts.factories import NOW, CohortFactory, PlaceFactory


def test_sentence_says_which_week_a_cohort_is_in(cohort, rosalind):
    assert where_we_are(rosalind, NOW) == "London Leadership Programme Cohort 7 is in week 25 of 44."
    assert where_we_are(rosalind, NOW - timedelta(days=300)) is None


def test_cohort_that_should_be_launched_is_named_and_late_after_its_opening(programme, rosalind):
    cohort = CohortFactory(programme=programme, number=8, status="planned")
    (soon,) = launches(rosalind, cohort.nominations_open - timedelta(days=3))
    assert (soon.sentence, soon.late) == ("London Leadership Programme Cohort 8 is not launched", False)
    (late,) = launches(rosalind, cohort.nominations_open + timedelta(days=1))
    assert late.late
    assert launches(rosalind, cohort.nominations_open - timedelta(days=60)) == []


def test_participants_without_a_sponsor_are_counted(amara_place, rosalind):
    assert sponsors(rosalind, NOW) is None
    PlaceFactory.create_batch(2, cohort=amara_place.cohort)
    PlaceFactory(cohort=amara_place.cohort, status="withdrawn", left_at=NOW)
    need = sponsors(rosalind, NOW)
    assert (need.sentence, need.count) == ("2 participants have no sponsor", 2)
    assert need.url == "/office/cohorts/place/?sponsor=none"


class TestLateNarratives:
    LATE = datetime(2027, 6, 14, 9, tzinfo=UTC)

    def test_they_are_counted_from_the_day_after(self, amara_place, rosalind):
        assert narratives(rosalind, self.LATE - timedelta(days=2)) is None
        assert narratives(rosalind, self.LATE).sentence == "1 participant has not submitted a narrative"

    def test_extension_and_submission_take_somebody_out(self, amara_place, rosalind):
        actions.extend_date(
            place=amara_place, what="narratives_due", until=date(2027, 6, 15), reason="Ill", by=rosalind, now=NOW
        )
        assert narratives(rosalind, self.LATE) is None
        assert narratives(rosalind, self.LATE + timedelta(days=2)).count == 1
        Narrative.objects.create(place=amara_place, saved_at=NOW, submitted_at=NOW)
        assert narratives(rosalind, self.LATE + timedelta(days=2)) is None


def test_cohort_about_to_graduate_is_named_until_everybody_has(amara_place, rosalind):
    soon = datetime(2027, 7, 1, 9, tzinfo=UTC)
    (need,) = graduations(rosalind, soon)
    assert need.sentence == "1 person has still to graduate from London Leadership Programme Cohort 7"
    assert (need.late, graduations(rosalind, NOW)) == (False, [])
    assert graduations(rosalind, soon + timedelta(days=20))[0].late
    Place.objects.update(status="graduated", graduated_at=soon)
    assert graduations(rosalind, soon) == []


class TestCaseStudies:
    @pytest.fixture
    def study(self, cohort, amara_place, rosalind):
        actions.graduate_cohort(cohort=cohort, by=rosalind, now=NOW)
        study = actions.assemble_case_study(cohort=cohort, by=rosalind, now=NOW)
        return actions.edit_case_study(
            case_study=study, version=1, by=rosalind, now=NOW, features="f", impact="i", challenges="c"
        )

    def test_draft_waits_for_everybody_but_its_editor(self, study, rosalind, adjoa):
        assert case_studies(rosalind, NOW) == []
        (need,) = case_studies(adjoa, NOW)
        assert need.sentence == "The case study of London Leadership Programme Cohort 7 is to be approved"

    def test_approved_one_waits_to_be_published_by_anybody(self, study, rosalind, adjoa):
        actions.approve_case_study(case_study=study, version=study.version, by=adjoa, now=NOW)
        assert [need.action for need in case_studies(rosalind, NOW)] == ["Publish"]
        actions.publish_case_study(case_study=study, by=rosalind, now=NOW)
        assert case_studies(rosalind, NOW) == []


@pytest.mark.parametrize("cohorts", [1, 30])
def test_today_reads_as_much_however_many_cohorts_there_are(cohorts, programme, rosalind, django_assert_num_queries):
    for n in range(cohorts):
        PlaceFactory(cohort=CohortFactory(programme=programme, number=n + 1, starts_on=date(2026, 9, 15)))
    with django_assert_num_queries(6):
        for need in (where_we_are, launches, sponsors, narratives, graduations, case_studies):
            need(rosalind, NOW)
