from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from cohorts import actions
from cohorts.actions import NotPossible
from cohorts.actions.case_studies import WORDS
from cohorts.documents import case_study
from cohorts.models import CaseStudy, Cohort, PublishingWindow
from leaders.documents.models import Document
from leaders.people.models import AuditEvent
from tests.cohorts.factories import NOW, PlaceFactory, ProgrammeModuleFactory


def again(instance):
    return type(instance).objects.get(pk=instance.pk)


@pytest.fixture
def draft(cohort, amara_place, rosalind):
    """Rosalind's draft, with every text written."""
    ProgrammeModuleFactory(programme=cohort.programme, number=1, title="Leading in the System")
    study = actions.assemble_case_study(cohort=cohort, by=rosalind, now=NOW)
    words = dict.fromkeys(WORDS, "Some words.")
    return actions.edit_case_study(case_study=study, version=1, by=rosalind, now=NOW, **words)


@pytest.fixture
def approved(draft, adjoa):
    return actions.approve_case_study(case_study=draft, version=draft.version, by=adjoa, now=NOW)


class TestAssembling:
    def test_first_draft_comes_from_the_programme_and_the_cohorts_figures(self, cohort, rosalind):
        PlaceFactory.create_batch(12, cohort=cohort)
        ProgrammeModuleFactory(programme=cohort.programme, number=1, title="Leading in the System", focus="Values")
        study = actions.assemble_case_study(cohort=cohort, by=rosalind, now=NOW)
        assert (study.state, study.title) == ("draft", "London Leadership Programme: Cohort\u00a07, 2026 to 2027")
        assert study.features == "Leading in the System: Values."
        assert study.participants == "12 people took part. They work for 12 organisations."
        assert [fact["key"] for fact in study.facts] == ["participants", "organisations", "subregions"]

    def test_assembling_again_leaves_the_draft_alone(self, draft, cohort, adjoa):
        assert again(actions.assemble_case_study(cohort=cohort, by=adjoa, now=NOW)).edited_by == draft.edited_by
        assert CaseStudy.objects.count() == 1

    def test_cohort_without_anybody_has_a_draft_too(self, cohort, rosalind):
        study = actions.assemble_case_study(cohort=cohort, by=rosalind, now=NOW)
        assert study.participants == "Nobody took part yet."

    def test_figures_stay_as_they_were_until_they_are_taken_anew(self, draft, cohort, rosalind):
        PlaceFactory.create_batch(9, cohort=cohort)
        participants = next(fact for fact in again(draft).facts if fact["key"] == "participants")
        assert participants["value"] == "fewer than 5"
        fresh = actions.refresh_facts(case_study=draft, version=draft.version, by=rosalind, now=NOW)
        assert next(fact for fact in fresh.facts if fact["key"] == "participants")["value"] == 10


class TestFigures:
    FACTS = [
        {"key": "participants", "label": "People", "value": 29, "text": "29 people took part"},
        {"key": "change_equity", "value": 0.4, "text": "…", "row": "Equity in practice", "people": 26},
        {"key": "change_overall", "value": -0.2, "text": "…", "row": "Overall", "people": 27},
        {"key": "feedback_worth_the_time", "value": 4.1, "text": "…", "row": "It was worth it", "people": None},
    ]

    def test_figures_that_are_alike_stand_in_tables_and_the_others_in_sentences(self):
        study = CaseStudy(facts=self.FACTS)
        assert [fact["text"] for fact in study.figures] == ["29 people took part"]
        assert [tuple(row.values()) for row in study.changes] == [
            ("Equity in practice", 26, "+0.4", 100.0), ("Overall", 27, "−0.2", 0.0),
        ]  # fmt: skip
        assert [tuple(row.values()) for row in study.feedback] == [("It was worth it", "4.1", 82.0)]
        assert study.people_rating == "26 to 27 people"

    def test_a_case_study_of_before_there_were_tables_tells_all_its_figures_in_sentences(self):
        study = CaseStudy(facts=[{"key": "change_overall", "value": 0.6, "text": "People rated themselves higher"}])
        assert ([fact["text"] for fact in study.figures], study.changes) == (["People rated themselves higher"], [])

    def test_page_and_pdf_have_a_real_table_of_each(self, client, cohort, approved, rosalind):
        CaseStudy.objects.update(facts=self.FACTS)
        Cohort.objects.filter(pk=cohort.pk).update(provider="The programme office")
        study = actions.publish_case_study(case_study=again(approved), by=rosalind, now=NOW)
        page = client.get(study.get_absolute_url()).text
        source = case_study(again(study))
        paper = render_to_string(source.template, {"title": source.title, **source.context})
        for shown in (page, paper):
            assert shown.count("<table") == 2
            assert '<th scope="row">Equity in practice</th>' in shown
            assert "Delivered by the programme office" in shown


class TestApproval:
    def test_second_person_approves(self, draft, adjoa):
        study = actions.approve_case_study(case_study=draft, version=draft.version, by=adjoa, now=NOW)
        assert (study.state, study.approved_by) == ("approved", adjoa)

    def test_last_editor_does_not_approve_their_own_text(self, draft, rosalind):
        with pytest.raises(NotPossible, match="Somebody else approves it"):
            actions.approve_case_study(case_study=draft, version=draft.version, by=rosalind, now=NOW)

    def test_text_that_changed_since_it_was_opened_is_not_approved(self, draft, rosalind, adjoa):
        seen = draft.version
        actions.edit_case_study(case_study=draft, version=seen, by=rosalind, now=NOW, impact="More")
        with pytest.raises(NotPossible, match="edited since you opened it"):
            actions.approve_case_study(case_study=draft, version=seen, by=adjoa, now=NOW)

    def test_of_two_approvers_at_once_one_approves(self, draft, adjoa, priya):
        actions.approve_case_study(case_study=draft, version=draft.version, by=adjoa, now=NOW)
        with pytest.raises(NotPossible, match="only a draft can be approved"):
            actions.approve_case_study(case_study=draft, version=draft.version, by=priya, now=NOW)
        assert again(draft).approved_by == adjoa

    def test_text_with_an_empty_part_is_not_approved(self, draft, rosalind, adjoa):
        study = actions.edit_case_study(case_study=draft, version=draft.version, by=rosalind, now=NOW, impact=" ")
        with pytest.raises(NotPossible, match="still empty"):
            actions.approve_case_study(case_study=study, version=study.version, by=adjoa, now=NOW)

    def test_edit_takes_the_approval_away(self, approved, rosalind):
        study = actions.edit_case_study(case_study=approved, version=approved.version, by=rosalind, now=NOW, impact="x")
        assert (study.state, study.approved_by) == ("draft", None)


class TestPublishing:
    def publish(self, study, by, **more):
        return actions.publish_case_study(case_study=study, by=by, now=NOW, **more)

    def window(self, **more):
        day = NOW.date()
        return PublishingWindow.objects.create(
            name="Mayor of London", starts_on=day - timedelta(days=1), ends_on=day + timedelta(days=1), **more
        )

    def test_approved_text_is_published_and_its_pdf_asked_for(self, approved, rosalind):
        study = self.publish(approved, rosalind)
        assert (study.state, study.published_at) == ("published", NOW)
        assert Document.objects.get().kind == "cohorts.case_study"

    def test_draft_is_not_published(self, draft, rosalind):
        with pytest.raises(NotPossible, match="Only an approved"):
            self.publish(draft, rosalind)

    def test_pre_election_window_asks_for_a_reason_which_is_kept(self, approved, rosalind):
        self.window()
        with pytest.raises(NotPossible, match="Give a reason to publish now"):
            self.publish(approved, rosalind)
        self.publish(approved, rosalind, reason="Monitoring officer agrees")
        assert AuditEvent.objects.get(action="cohorts.case_study.published").reason == "Monitoring officer agrees"

    def test_strict_window_blocks_with_or_without_a_reason(self, approved, rosalind):
        self.window(is_strict=True)
        with pytest.raises(NotPossible, match="until Friday 5 March 2027"):
            self.publish(approved, rosalind, reason="x")

    def test_window_that_the_office_switched_off_does_not_count(self, approved, rosalind):
        self.window(is_active=False)
        assert self.publish(approved, rosalind).state == "published"

    def test_published_text_is_withdrawn_before_it_is_edited(self, approved, rosalind):
        study = self.publish(approved, rosalind)
        with pytest.raises(NotPossible, match="Withdraw it before you edit it"):
            actions.edit_case_study(case_study=study, version=study.version, by=rosalind, now=NOW, impact="x")
        actions.withdraw_case_study(case_study=study, reason="A mistake", by=rosalind, now=NOW)
        assert not Document.objects.exists()
        edited = actions.edit_case_study(case_study=study, version=study.version, by=rosalind, now=NOW, impact="x")
        assert edited.state == "draft"

    def test_only_what_is_published_is_withdrawn(self, approved, rosalind):
        with pytest.raises(NotPossible):
            actions.withdraw_case_study(case_study=approved, reason="x", by=rosalind, now=NOW)
