"""Every email there is, written from its own sample: the words, the text, the HTML."""

from html.parser import HTMLParser

import pytest

from leaders.outbox.letters import render
from leaders.outbox.registry import emails

pytestmark = pytest.mark.django_db

VOID = {"meta", "br", "link", "img", "hr"}
ALL = [pytest.param(part.brings, id=part.key) for part in emails]


class Page(HTMLParser):
    """Collects text and links, and fails on tags that do not close."""

    def __init__(self, html):
        super().__init__()
        self.open, self.words, self.links, self.buttons = [], [], [], 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        attributes = dict(attrs)
        if tag == "a":
            self.links.append(attributes["href"])
            self.buttons += "inline-block" in attributes["style"]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def written(kind):
    letter = kind.write(**kind.sample())
    return letter, *render(letter, to_name="Amara")


@pytest.mark.parametrize("kind", ALL)
def test_an_email_renders_in_text_and_html_from_its_sample(kind):
    letter, text, html = written(kind)
    page = Page(html)
    assert page.open == []
    read = " ".join(" ".join(page.words).split())
    for paragraph in (*letter.opening, *letter.closing):
        assert paragraph in text
        assert " ".join(paragraph.split()) in read
    assert all(link.startswith(("http://", "https://", "mailto:")) for link in page.links)
    assert all(link in text for link in page.links)
    assert page.buttons <= 1
    assert "{{" not in text + html
    assert "None" not in text.split()


@pytest.mark.parametrize("kind", ALL)
def test_an_email_states_the_fact_calmly_and_is_signed(kind):
    letter, text, _ = written(kind)
    assert letter.subject == " ".join(letter.subject.split())
    assert len(letter.subject) <= 120
    assert letter.opening[0]
    assert letter.signed_by
    assert "!" not in letter.subject + text
