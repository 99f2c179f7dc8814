"""The very message on a screen: its own HTML, with its inline styles moved to a style sheet for the strict CSP.

Mail programs need `style` attributes, our pages forbid them. Each distinct style becomes a class, and the
style sheet that goes with the page holds exactly the styles of this one message, those of its head included.

Who looks over a reader's shoulder sees `veiled` words: no live code, no private link that would work.
"""

import hashlib
import re

from django.http import HttpResponse
from django.templatetags.static import static
from django.utils.html import escape, linebreaks

from .models import Attachment, Message

STYLE = re.compile(r'(?:class="([^"]*)" )?style="([^"]*)"')
TOKEN = re.compile(r"\b[0-9a-f]{40}\b")  # as `PrivateLink.token` makes it
ALONE = "What stands here is for its recipient alone."
BODY = re.compile(r"<body[^>]*>")
HEAD = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def page_of(html: str, *, stylesheet: str, back: tuple[str, str] | None = None, text: str = "") -> str:
    """The letter as a page whose looks come from the style sheet at `stylesheet`.

    `back` is where its reader in the office came from, and what stands beside the way back: (path, words). `text` is
    what a mail program without HTML shows, to be read below the letter.
    """
    page = STYLE.sub(lambda found: f'class="{" ".join(filter(None, [found[1], _name(found[2])]))}"', html)
    links = f'<link rel="stylesheet" href="{stylesheet}"><link rel="icon" href="{static("favicon.svg")}">'
    page = HEAD.sub("", page).replace("</head>", f"{links}</head>", 1)
    if text:
        below = f"<details><summary>Its plain text</summary>{linebreaks(text, autoescape=True)}</details>"
        page = page.replace("</body>", f"{below}</body>", 1)
    if back is None:
        return page
    path, words = back
    above = f'<p><a href="{escape(path)}">Back</a> · {escape(words)}</p>'
    return BODY.sub(lambda found: f"{found[0]}{above}", page, count=1)


def stylesheet_of(html: str) -> str:
    """The style sheet of that page."""
    styles = dict.fromkeys(found[2] for found in STYLE.finditer(html))
    lines = [f".{_name(style)}{{{style.replace('&#x27;', chr(39))}}}" for style in styles]
    return "\n".join([*lines, *HEAD.findall(html)])


def file_of(file: Attachment) -> HttpResponse:
    """A file that came with a message, to be kept."""
    return HttpResponse(
        bytes(file.content),
        content_type=file.content_type.partition(";")[0],
        headers={"Content-Disposition": f'attachment; filename="{file.filename}"'},
    )


def veiled(message: Message) -> tuple[str, str]:
    """The text and the HTML of a message for anybody but its reader; the message itself stays as it is."""
    if message.secret:
        page = (
            f'<!doctype html><html lang="en-GB"><head><title>Message</title></head><body><p>{ALONE}</p></body></html>'
        )
        return ALONE, page
    return TOKEN.sub("…", message.text), TOKEN.sub("…", message.html)


def _name(style: str) -> str:
    return f"l{hashlib.sha256(style.encode()).hexdigest()[:8]}"
