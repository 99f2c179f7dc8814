from io import BytesIO

import pytest
from django.template import engines
from pypdf import PdfReader
from weasyprint.urls import FatalURLFetchingError

from leaders.documents.rendering import static_file, to_pdf

PAGE = """{% extends "documents/base.html" %}{% block content %}
<h2>Who took part</h2>
<table><caption>People</caption><thead><tr><th scope="col">Name</th></tr></thead>
<tbody><tr><td>{{ name }}</td></tr></tbody></table>
{% endblock %}"""


def pdf(body=PAGE, **context):
    """The PDF of a template given as text."""
    return to_pdf(engines["django"].from_string(body).render({"title": "Cohort 7: Łukasz & co", **context}))


def tags(element):
    """Every structure tag below `element` of a tagged PDF."""
    element = element.get_object()
    if not isinstance(element, dict):
        return
    if "/S" in element:
        yield element["/S"]
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        if not isinstance(kid, int):
            yield from tags(kid)


def test_document_is_tagged_titled_and_says_it_is_pdf_ua():
    root = PdfReader(BytesIO(pdf(name="Amara"))).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_data()
    found = list(tags(root["/StructTreeRoot"]))
    assert {"/Document", "/H1", "/H2", "/Table", "/TH", "/TD", "/Caption"} <= set(found)


def test_title_of_the_file_is_the_title_of_the_document():
    assert PdfReader(BytesIO(pdf())).metadata.title == "Cohort 7: Łukasz & co"


def test_fonts_are_our_own():
    reader = PdfReader(BytesIO(pdf(name="Łukasz Żółć, Ọlá Ẹniọlá")))
    fonts = {
        font.get_object()["/BaseFont"].partition("+")[2] for font in reader.pages[0]["/Resources"]["/Font"].values()
    }
    assert {font for font in fonts if not font.startswith("Source-S")} == set()
    assert "Łukasz Żółć" in reader.pages[0].extract_text()


def test_pictures_that_paper_cannot_show_are_left_out_and_words_of_every_script_stay():
    reader = PdfReader(BytesIO(pdf(name="Great 🎉 work 👩🏽‍💻 by Łukasz, Αθηνά and Anaïs ™")))
    assert "Great work by Łukasz, Αθηνά and Anaïs ™" in " ".join(reader.pages[0].extract_text().split())


def test_words_of_people_are_text_and_not_markup():
    text = PdfReader(BytesIO(pdf(name='<img src="file:///etc/passwd">'))).pages[0].extract_text()
    assert '<img src="file:///etc/passwd">' in text.replace("\n", "")


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/x.png",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "//example.org/x.css",
        "../leaders/settings.py",
        "css/../../leaders/x.css",
        "js/app.js",
        "css/missing.css",
    ],
)
def test_document_that_asks_for_anything_but_our_static_files_is_not_rendered(address):
    with pytest.raises(FatalURLFetchingError):
        pdf('{% extends "documents/base.html" %}{% block content %}<img alt="x" src="' + address + '">{% endblock %}')


def test_static_file_is_found_under_its_address_alone():
    assert static_file("https://static.invalid/css/documents.css").name == "documents.css"
    assert static_file("https://static.invalid.example.org/css/documents.css") is None
