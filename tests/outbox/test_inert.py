"""What somebody typed stays words: no link, no markup, no header, in text and in HTML, whatever alphabet it is in."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leaders.outbox.delivery import send_due
from leaders.outbox.inert import inert
from leaders.outbox.letters import render
from leaders.outbox.registry import Block, Button, Letter, Linkable
from tests.outbox.factories import NOW, write_message

TYPED = {
    "https://evil.example.org/login?a=1": "https: //evil. example. org/login?a=1",
    "HTTP://EVIL.EXAMPLE": "HTTP: //EVIL. EXAMPLE",
    "see www.evil.example": "see www. evil. example",
    "www.a.io": "www. a. io",
    "evil.example": "evil. example",
    "evil。example": "evil。 example",
    "evil．example": "evil． example",
    "пример.рф": "пример. рф",
    "उदाहरण.भारत": "उदाहरण. भारत",
    "evil.xn--p1ai": "evil. xn--p1ai",
    "💩.la": "💩. la",
    "evil.\u200dexample": "evil. example",
    "javascript\u200d:a": "javascript: a",
    "evil.\u200bexample": "evil. example",
    "\u202egro.elpmaxe": "gro. elpmaxe",
    "javascript:alert(1)": "javascript: alert(1)",
    "data:text/html,x": "data: text/html,x",
    "mailto:x@evil.example": "mailto: x@evil. example",
    "someone@evil.example": "someone@evil. example",
    "http：//evil．example": "http： //evil． example",
    "[click](https://evil.example)": "[click](https: //evil. example)",
    "_https://93.184.216.34/x": "_https: //93.184.216.34/x",
    "1http://93.184.216.34/x": "1http: //93.184.216.34/x",
    "x-1_http://93.184.216.34/x": "x-1_http: //93.184.216.34/x",
}
PLAIN = [
    "Friday 14 May 2027, 9:30am to 5pm",
    "Ms. Smith, e.g. the U.K.'s first, i.e. No.10",
    "Room 2.1 at 5.30pm: bring 3.5 copies.",
    "“The end.” He said ‘no…’ and £3.50.",
    "Zoë Ångström-O’Neill, نور, 李娜",
    "Two lines\nstay two lines",
    "می\u200cخواهم یاد بگیرم. बहुत क्\u200dष अच्छा.",
]


@pytest.mark.parametrize(("typed", "shown"), TYPED.items(), ids=map(ascii, TYPED))
def test_an_address_that_somebody_typed_holds_together_no_longer(typed, shown):
    assert inert(typed) == shown


@pytest.mark.parametrize("words", PLAIN)
def test_ordinary_words_stay_as_they_are(words):
    assert inert(words) == words


def test_what_the_product_vouches_for_stays_whole():
    assert inert(Linkable("https://example.org/room/1")) == "https://example.org/room/1"


# What mail programs make links of: a scheme with slashes, www before a name, and a dot before two letters.
AUTOLINK = re.compile(r"[^\W\d_][\w+.-]*://|www\.[\w-]|\S[.。．｡][^\W\d_]{2}|javascript:\w", re.IGNORECASE)
# Some letters become two in upper case: ﬁ, ß.
PIECES = [
    *"ab1_+.:/@ \n-。．<>&\"'\u200b\u200d\u202eﬁß",
    "http",
    "http://",
    "93.184.216.34",
    "www",
    "org",
    "javascript",
]
typed = st.lists(st.sampled_from(PIECES)).map("".join)


@given(typed | st.text())
@example("http://www.example.org")
@example("javascript\u200d:a")
@example("_http://1")
@example("1http://1")
@example("ww\u200dw.a.\u200dio")
def test_nothing_typed_looks_like_an_address_to_a_mail_program(words):
    shown = inert(words)
    assert AUTOLINK.search(shown.replace("\u200d", "").replace("\u200c", "")) is None
    assert inert(shown) == shown


class Page(HTMLParser):
    """The links of a page, and its tags."""

    def __init__(self, html):
        super().__init__()
        self.links, self.tags, self.words = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data):
        self.words.append(data)


def letter_of(words):
    """A letter in which somebody else wrote every word."""
    return Letter(
        subject=words, greeting=words, opening=(words,), closing=(words,), brand=words, signed_by=words,
        signed_role=words, why_you=words, preheader=words,
        blocks=(Block(heading=words, paragraphs=(words,), rows=((words, words),), button=Button(words, "/my/")),),
    )  # fmt: skip


@given(typed | st.sampled_from([*TYPED, '<a href="https://evil.example">x</a>', "<script>alert(1)</script>"]))
@example("evil.ﬁ")
@example("www.")
def test_a_letter_full_of_typed_words_has_the_link_of_its_button_and_no_other(words):
    words = f"Dear {words}"
    text, html = render(letter_of(words), to_name=words)
    page, plain = Page(html), Page(render(letter_of("words"), to_name="words")[1])
    assert page.links == ["http://localhost:8000/my/"]
    assert [tag for tag in page.tags if tag != "br"] == [tag for tag in plain.tags if tag != "br"]
    said = "\n".join([*page.words, text]).replace("http://localhost:8000/my/", "")
    assert AUTOLINK.search(unescape(said).replace("\u200d", "")) is None


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["A\r\nBcc: all@example.org", "A\nBcc: all@example.org", "A\u2028Bcc: x", "A\x0bB"])
def test_typed_words_begin_no_header_and_reach_nobody_else(words, smtp_sink):
    message = write_message(letter=letter_of(words))
    send_due(NOW)
    (mail,) = smtp_sink.messages
    assert mail["Bcc"] is None
    assert "\n" not in message.subject
    assert [envelope.rcpt_tos for envelope in smtp_sink.envelopes] == [["amara.mensah@example.org"]]
