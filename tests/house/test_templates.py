"""The content security policy allows nothing inline: a browser would drop it without a word."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path.relative_to(ROOT)
    for path in ROOT.glob("templates/**/*.html")
    # Mail clients know nothing but inline style.
    if path.name != "letter.html"
)
FORBIDDEN = {
    "an inline style": r"\sstyle\s*=|<style\b",
    "an inline script": r"<script(?![^>]*\ssrc=)(?![^>]*\stype=\"application/json\")[^>]*>|javascript:",
    "an inline event handler": r"<[^>]*\son[a-z]+\s*=",
    "unescaped text": r"\|\s*safe\b|\|\s*safeseq\b|autoescape\s+off",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_a_template_contains_no(what):
    found = {str(page): re.findall(FORBIDDEN[what], markup(page, what)) for page in PAGES}

    assert {page: matches for page, matches in found.items() if matches} == {}


def markup(page, what):
    """The page's text; without Django's tags where it is HTML that is looked at."""
    text = (ROOT / page).read_text()
    return text if what == "unescaped text" else re.sub(r"{%.*?%}|{#.*?#}", "", text)
