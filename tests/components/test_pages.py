"""What the templates of pages say and hold, and what the shipped files may contain."""

import re
from datetime import date
from pathlib import Path

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.template.loader import render_to_string

from leaders.components.forms import Form

ROOT = Path(__file__).resolve().parents[2]
OURS = [
    *(ROOT / "templates").glob("*.html"),
    *(ROOT / "templates" / "components").rglob("*.html"),
    *(ROOT / "templates" / "govuk").rglob("*.html"),
]


class Question(Form):
    name = forms.CharField(label="Your name")


def title(**context):
    html = render_to_string("components/question_page.html", {"user": AnonymousUser(), **context})
    return re.search(r"<title>(.*)</title>", html)[1]


def test_a_title_is_question_section_product_with_error_in_front_when_there_is_one():
    assert title(form=Question(), heading="Your name", section="Nominate") == "Your name – Nominate – Leaders"
    assert title(form=Question({}), heading="Your name", section="Nominate") == "Error: Your name – Nominate – Leaders"
    assert title(form=Question({"name": "A"}), heading="Your name") == "Your name – Leaders"


def test_a_page_asks_with_a_post_that_carries_its_token_and_one_button():
    html = render_to_string(
        "components/question_page.html", {"form": Question(), "heading": "Your name", "csrf_token": "t0k"}
    )
    assert html.count("csrfmiddlewaretoken") == 1
    assert re.findall(r"<button.*?>(.*?)</button>", html) == ["Continue"]


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "500"])
def test_an_error_page_renders_without_anything_in_its_context(code):
    html = render_to_string(f"{code}.html")
    assert html.count("<h1") == 1


def test_names_and_links_are_escaped_in_every_list():
    bad = "<q>&"
    rows = [{"key": bad, "value": bad, "label": bad, "title": bad, "what": bad, "text": bad, "why": bad, "hint": bad}]
    rows[0] |= {
        "heading": bad,
        "names": [bad],
        "link": bad,
        "url": "/?a=1&b=2",
        "tag": bad,
        "status": bad,
        "at": date(2027, 3, 4),
    }
    for name, argument in {
        "summary_list": "rows",
        "task_list": "tasks",
        "todo": "items",
        "agenda": "items",
        "timeline": "items",
        "people": "cards",
        "checklist": "items",
    }.items():
        html = render_to_string(f"components/{name}.html", {argument: rows})
        assert "<q>&" not in html, name
        assert "&lt;q&gt;&amp;" in html, name


def test_an_absent_date_says_nothing():
    template = Template("{% load components %}[{{ no|day }}{{ no|when:now }}{{ no|date_range:now }}{{ no|initials }}]")
    assert template.render(Context({"no": None, "now": date(2027, 1, 1)})) == "[]"


def test_templates_hold_no_inline_style_script_or_handler_and_no_trusted_text():
    forbidden = re.compile(r"""\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|<style|\|safe\b|autoescape off|mark_safe""")
    assert [path.name for path in OURS if forbidden.search(path.read_text())] == []


def test_no_page_names_the_design_system_s_owner():
    assert [path.name for path in OURS if re.search(r"GOV\.UK|gov\.uk|crown", path.read_text())] == []


@pytest.mark.parametrize("name", ["app", "office"])
def test_a_stylesheet_asks_for_nothing_but_our_own_fonts(name):
    css = (ROOT / "static" / "css" / f"{name}.css").read_text()
    addresses = set(re.findall(r"url\(([^)]*)\)", css))
    assert addresses == {
        f'"../fonts/{font}-wght-normal.woff2"'
        for font in (
            "source-sans-3-latin",
            "source-sans-3-latin-ext",
            "source-serif-4-latin",
            "source-serif-4-latin-ext",
        )
    }
    assert [word for word in ("GDS Transport", "@import", "sourceMappingURL") if word in css] == []
    for address in addresses:
        assert (ROOT / "static" / "css" / address.strip('"')).resolve().is_file()
