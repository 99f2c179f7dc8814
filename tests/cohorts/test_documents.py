from io import BytesIO

import pytest
from pypdf import PdfReader

from cohorts import actions
from cohorts.documents import case_study, certificate
from leaders.documents.models import Document
from leaders.documents.rendering import render
from leaders.documents.tasks import tick
from tests.browsers import sign_in
from tests.cohorts.factories import NOW, ProgrammeModuleFactory, ProgrammeRequirementFactory
from tests.documents.test_rendering import tags


def read(source):
    return PdfReader(BytesIO(render(source)))


def words(reader):
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


@pytest.fixture
def graduated(amara_place, rosalind):
    return actions.graduate_place(place=amara_place, by=rosalind, now=NOW)


def test_certificate_is_one_page_of_a4_landscape_with_name_programme_and_address(graduated, programme):
    for number in range(1, 7):
        ProgrammeModuleFactory(programme=programme, number=number)
    ProgrammeRequirementFactory(programme=programme, key="team_presentation")
    ProgrammeRequirementFactory(programme=programme, key="narrative")
    reader = read(certificate(graduated))
    (page,) = reader.pages
    assert [round(float(side)) for side in page.mediabox[2:]] == [842, 595]
    assert "This is to record that Amara Mensah" in words(reader)
    assert "completed the London Leadership Programme, Cohort 7" in words(reader)
    assert "six modules, a systems challenge and a narrative." in words(reader)
    assert "Rosalind Tate Programme director, 4 March 2027" in words(reader)
    assert f"Check this certificate at http://localhost:8000/certificates/{graduated.code}" in words(reader)
    assert reader.metadata.title == "Certificate of completion: Amara Mensah"
    assert list(tags(reader.trailer["/Root"]["/StructTreeRoot"])).count("/H1") == 1


@pytest.mark.parametrize("modules", [0, 1, 5])
def test_certificate_of_another_number_of_modules_has_a_plain_river(graduated, programme, modules):
    for number in range(1, modules + 1):
        ProgrammeModuleFactory(programme=programme, number=number)
    said = words(read(certificate(graduated)))
    assert {0: "July 2027.", 1: "July 2027: one module.", 5: "July 2027: five modules."}[modules] in said


@pytest.mark.parametrize("name", ["Li Wu", "Oluwaseun Adébáyọ̀-Featherstonehaugh of Stoke Newington", "Łukasz Żółć"])
def test_certificate_of_any_name_is_one_page(graduated, name):
    graduated.name = name
    assert len(read(certificate(graduated)).pages) == 1


def test_case_study_has_its_headings_figures_and_voices_tagged(cohort, amara_place, rosalind):
    quote = actions.offer_quote(
        place=amara_place, words="I ring first.", shown_as="role", by=amara_place.person, now=NOW
    )
    actions.choose_quote(quote=quote, chosen=True, by=rosalind, now=NOW)
    study = actions.assemble_case_study(cohort=cohort, by=rosalind, now=NOW)
    study.features, study.impact = "Six modules\nA mentor", "Much.\n\nAnd more."
    reader = read(case_study(study))
    root = reader.trailer["/Root"]
    found = list(tags(root["/StructTreeRoot"]))
    assert (found.count("/H1"), found.count("/H2"), found.count("/LI")) == (1, 6, 2 + len(study.figures))
    assert (root["/Lang"], reader.metadata.title) == ("en-GB", study.title)
    assert "I ring first. Assistant Director, Camden" in words(reader)


def test_certificate_is_opened_by_its_owner_and_the_office_and_nobody_else(client, graduated, request):
    tick()
    address = f"/documents/{Document.objects.get().pk}/?download"
    answers = {}
    for person in map(request.getfixturevalue, ("amara", "rosalind", "otto", "helen")):
        sign_in(client, person)
        answers[person.name] = client.get(address).status_code
    assert answers == {"Amara Mensah": 200, "Rosalind Tate": 200, "Otto Outsider": 404, "Helen Marsh": 404}
