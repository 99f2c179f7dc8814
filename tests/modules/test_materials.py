"""Materials and reading: what may be kept, who may have it, and one's own tick."""

import io
import zipfile
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from leaders.people.refusals import NotPossible
from modules.actions import add_material, mark_read, remove_material
from modules.files import MAX_SIZE, check, safe_name
from modules.models import Material, Reading
from tests.cohorts.factories import NOW, PlaceFactory
from tests.modules.factories import PDF, ModuleFactory, ReadingTaskFactory


def office_file(*names):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as parts:
        for name in names:
            # At a fixed time: the content stands in the names of tests, which two processes must agree on.
            parts.writestr(zipfile.ZipInfo(name), "x")
    return made.getvalue()


DOCX = office_file("[Content_Types].xml", "word/document.xml")
PNG = b"\x89PNG\r\n\x1a\n rest"


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("Notes.PDF", PDF, "application/pdf"),
        ("notes.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("map.png", PNG, "image/png"),
        ("photo.jpeg", b"\xff\xd8\xff\xe0 rest", "image/jpeg"),
    ],
)
def test_a_file_is_accepted_when_its_content_is_what_its_name_says(name, content, content_type):
    assert check(io.BytesIO(content), name=name, size=len(content)).content_type == content_type


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.pdf", b"", "The file is empty"),
        ("page.html", b"<script>alert(1)</script>", "Choose a PDF, Word"),
        ("program.pdf", b"MZ\x90\x00", "its content is something else"),
        ("page.png", b"<svg onload=alert(1)>", "its content is something else"),
        ("sheet.xlsx", DOCX, "its content is something else"),
        ("broken.docx", DOCX[:40], "its content is something else"),
        (
            "macros.docx",
            office_file("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
            "it holds macros",
        ),
        ("noextension", PDF, "Choose a PDF, Word"),
    ],
    # An archive holds the time: its bytes are no name that two test processes agree on.
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_is_refused_with_what_to_do_instead(name, content, says):
    with pytest.raises(NotPossible, match=says):
        check(io.BytesIO(content), name=name, size=len(content))


def test_a_file_that_is_too_large_is_refused_before_it_is_read():
    with pytest.raises(NotPossible, match="The file has 40 MB; it must be 20 MB or smaller"):
        check(io.BytesIO(PDF), name="film.pdf", size=2 * MAX_SIZE)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Module 4 – reading.pdf", "Module 4 - reading.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\plan.docx", "plan.docx"),
        ('a"\r\nSet-Cookie: x.pdf', "a---Set-Cookie- x.pdf"),
        ("....pdf", "file.pdf"),
        ("x" * 300 + ".pdf", "x" * 80 + ".pdf"),
    ],
)
def test_the_name_offered_for_saving_can_be_misread_by_no_header_and_no_file_system(name, safe):
    assert safe_name(name) == safe


@pytest.fixture
def module(cohort):
    return ModuleFactory(cohort=cohort, number=4)


@pytest.mark.django_db
def test_a_file_is_kept_under_a_name_nobody_can_guess(module, adjoa):
    material = add_material(module=module, title="Notes", file=ContentFile(PDF, "Notes.pdf"), by=adjoa, now=NOW)

    assert (material.filename, material.content_type, material.size) == ("Notes.pdf", "application/pdf", len(PDF))
    assert "Notes" not in material.file.name
    assert material.file.read() == PDF


@pytest.mark.django_db
def test_removing_a_material_removes_its_file_too(module, adjoa, django_capture_on_commit_callbacks):
    material = add_material(module=module, title="Notes", file=ContentFile(PDF, "Notes.pdf"), by=adjoa, now=NOW)
    name = material.file.name

    with django_capture_on_commit_callbacks(execute=True):
        remove_material(material=material, by=adjoa, now=NOW)

    assert not default_storage.exists(name)
    assert not Material.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("given", [{}, {"url": "https://example.org", "file": ContentFile(PDF, "a.pdf")}])
def test_a_material_is_either_a_file_or_a_link(module, adjoa, given):
    with pytest.raises(NotPossible, match="not both"):
        add_material(module=module, title="Notes", by=adjoa, now=NOW, **given)


@pytest.mark.django_db
def test_reading_says_how_long_it_takes(module, adjoa):
    with pytest.raises(NotPossible, match="how many minutes"):
        add_material(
            module=module, title="A paper", url="https://example.org", due_on=date(2027, 3, 15), by=adjoa, now=NOW
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        ReadingTaskFactory(module=module, minutes=None)


@pytest.mark.django_db
def test_a_tick_can_be_set_and_taken_back_as_often_as_one_likes(module, amara_place):
    paper = ReadingTaskFactory(module=module)

    for read in (True, True, False, True):
        mark_read(material=paper, place=amara_place, read=read, now=NOW)

    assert Reading.objects.filter(material=paper, place=amara_place).count() == 1


@pytest.mark.django_db
def test_nobody_ticks_the_reading_of_another_cohort(module):
    with pytest.raises(NotPossible, match="another cohort"):
        mark_read(material=ReadingTaskFactory(module=module), place=PlaceFactory(), read=True, now=NOW)


@pytest.mark.django_db
def test_materials_are_seen_by_the_cohort_and_the_office_alone(module, amara_place, rosalind, otto, priya):
    paper = ReadingTaskFactory(module=module)
    amara, elsewhere = amara_place.person, PlaceFactory().person

    seen = {
        person.name: list(Material.objects.visible_to(person)) for person in (amara, rosalind, otto, priya, elsewhere)
    }

    assert [name for name, found in seen.items() if found == [paper]] == ["Amara Mensah", "Rosalind Tate"]
    amara_place.status, amara_place.left_at = "withdrawn", NOW
    amara_place.save()
    assert list(Material.objects.visible_to(amara)) == []
