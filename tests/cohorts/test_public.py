from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from cohorts import actions
from cohorts.certificates import tidy_code
from cohorts.models import CaseStudy, Quote
from leaders.documents.tasks import tick
from tests.cohorts.factories import NOW, CohortFactory, CriterionFactory, ProgrammeModuleFactory


@pytest.fixture
def certificate(amara_place, rosalind):
    return actions.graduate_place(place=amara_place, by=rosalind, now=NOW)


@pytest.fixture
def study(cohort, amara_place, rosalind, adjoa):
    """A published case study with one quotation of Amara's."""
    quote = actions.offer_quote(
        place=amara_place, words="I ring first now.", shown_as="name", by=amara_place.person, now=NOW
    )
    study = actions.assemble_case_study(cohort=cohort, by=rosalind, now=NOW)
    study = actions.edit_case_study(
        case_study=study, version=1, by=rosalind, now=NOW, features="Six modules", impact="Much.", challenges=""
    )
    actions.choose_quote(quote=quote, chosen=True, by=rosalind, now=NOW)
    study = actions.approve_case_study(case_study=study, version=2, by=adjoa, now=NOW)
    return actions.publish_case_study(case_study=study, by=rosalind, now=NOW)


class TestCertificate:
    def test_valid_certificate_shows_what_is_printed_on_it_and_no_more(self, client, certificate, amara):
        page = client.get(f"/certificates/{certificate.code}/")
        assert "This certificate is valid" in page.text
        assert "Amara Mensah" in page.text
        assert "London Leadership Programme, Cohort 7, 2026 to 2027" in page.text
        assert amara.email not in page.text
        assert "Camden" not in page.text
        assert page.headers["X-Robots-Tag"] == "noindex"

    def test_revoked_certificate_says_so_without_the_name_or_the_reason(self, client, certificate, rosalind):
        actions.revoke_certificate(certificate=certificate, reason="Plagiarism", by=rosalind, now=NOW)
        page = client.get(f"/certificates/{certificate.code}/").text
        assert "no longer valid" in page
        assert "Amara" not in page
        assert "Plagiarism" not in page

    def test_unknown_code_has_a_kind_page(self, client, db):
        page = client.get("/certificates/ABCD-2345/")
        assert page.status_code == 404
        assert "We do not know this code" in page.text

    def test_code_is_found_however_it_was_typed(self, client, certificate):
        typed = f" {certificate.code.lower().replace('-', ' ')} "
        page = client.post("/certificates/", {"code": typed}, follow=True)
        assert "This certificate is valid" in page.text

    def test_empty_form_says_what_to_do(self, client, db):
        assert "Enter the check code" in client.post("/certificates/", {"code": ""}).text

    @pytest.mark.parametrize("typed", ["7f3k2qxd", "7F3K-2QXD", " 7f3k – 2qxd", "7F3K2QXD"])
    def test_code_is_tidied(self, typed):
        assert tidy_code(typed) == "7F3K-2QXD"

    def test_markup_in_a_code_is_text(self, client, db):
        assert "<script>" not in client.get("/certificates/%3Cscript%3E/").text.replace('<script type="module"', "")


class TestCaseStudy:
    def test_published_case_study_is_public_with_the_words_of_those_who_agree(self, client, study):
        page = client.get(f"/case-studies/{study.slug}/")
        assert page.status_code == 200
        assert "What did it set out to achieve?" in page.text
        assert "I ring first now." in page.text
        assert "Amara Mensah, Camden" in page.text

    def test_words_taken_back_are_gone_with_the_next_request_and_from_the_next_pdf(self, client, study, amara):
        tick()
        assert "Download as PDF" in client.get(study.get_absolute_url()).text
        actions.withdraw_quote(quote=Quote.objects.get(), by=amara, now=NOW)
        page = client.get(study.get_absolute_url())
        assert "I ring first" not in page.text
        assert "Download as PDF" not in page.text
        assert "no-store" in page.headers["Cache-Control"]
        assert client.get(f"{study.get_absolute_url()}pdf/?download").status_code == 404
        tick()
        pdf = client.get(f"{study.get_absolute_url()}pdf/?download").content
        assert "I ring first" not in text_of(pdf)

    def test_published_case_studies_are_listed_and_found_from_the_start_page(self, client, study):
        assert reverse("case_studies") in client.get("/").content.decode()
        page = client.get(reverse("case_studies")).content.decode()
        assert study.get_absolute_url() in page
        CaseStudy.objects.update(state="draft", published_at=None)
        assert "Nothing is published yet" in client.get(reverse("case_studies")).content.decode()

    @pytest.mark.parametrize("state", ["draft", "approved", "withdrawn"])
    def test_case_study_that_is_not_published_is_not_there(self, client, study, state):
        CaseStudy.objects.update(state=state)
        assert client.get(study.get_absolute_url()).status_code == 404
        assert client.get(f"{study.get_absolute_url()}pdf/").status_code == 404

    def test_its_pdf_is_for_everybody(self, study):
        tick()
        pdf = Client().get(f"{study.get_absolute_url()}pdf/?download")
        assert pdf["Content-Type"] == "application/pdf"
        assert "I ring first now." in text_of(pdf.content)

    def test_words_of_a_participant_are_text_and_not_markup(self, client, study):
        Quote.objects.update(words="<b>loud</b>")
        assert "&lt;b&gt;loud&lt;/b&gt;" in client.get(study.get_absolute_url()).text


class TestProgramme:
    def test_page_tells_what_the_programme_is(self, client, programme):
        ProgrammeModuleFactory(programme=programme, number=1, title="Leading in the System")
        CriterionFactory(programme=programme, title="Keen to learn and develop")
        page = client.get("/programmes/london-leadership/").text
        assert "Leading in the System" in page
        assert "Keen to learn and develop" in page
        assert "Its dates are not known yet" in page

    @pytest.mark.parametrize(
        ("days", "words"), [(-250, "Nominations open"), (-170, "Nominations close"), (-100, "Nominations are closed")]
    )
    def test_next_cohort_says_where_nominations_stand(self, client, programme, time_machine, days, words):
        time_machine.move_to(NOW, tick=False)
        CohortFactory(programme=programme, starts_on=(NOW - timedelta(days=days)).date())
        assert words in client.get("/programmes/london-leadership/").text

    def test_programme_that_ended_is_not_there(self, client, programme):
        programme.is_active = False
        programme.save()
        assert client.get("/programmes/london-leadership/").status_code == 404


def text_of(pdf):
    return " ".join(page.extract_text().replace("\n", " ") for page in PdfReader(BytesIO(pdf)).pages)
