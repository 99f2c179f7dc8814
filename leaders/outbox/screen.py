"""The very message on a screen: its own HTML, with its inline styles moved to a style sheet for the strict CSP.

Mail programs need `style` attributes, our pages forbid them. Each distinct style becomes a class, and the
style sheet that goes with the page holds exactly the styles of this one message, those of its head included.
"""

import hashlib
import re

from django.templatetags.static import static

STYLE = re.compile(r'(?:class="([^"]*)" )?style="([^"]*)"')
HEAD = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def page_of(html: str, *, stylesheet: str) -> str:
    """The letter as a page whose looks come from the style sheet at `stylesheet`."""
    page = STYLE.sub(lambda found: f'class="{" ".join(filter(None, [found[1], _name(found[2])]))}"', html)
    links = f'<link rel="stylesheet" href="{stylesheet}"><link rel="icon" href="{static("favicon.svg")}">'
    return HEAD.sub("", page).replace("</head>", f"{links}</head>", 1)


def stylesheet_of(html: str) -> str:
    """The style sheet of that page."""
    styles = dict.fromkeys(found[2] for found in STYLE.finditer(html))
    lines = [f".{_name(style)}{{{style.replace('&#x27;', chr(39))}}}" for style in styles]
    return "\n".join([*lines, *HEAD.findall(html)])


def _name(style: str) -> str:
    return f"l{hashlib.sha256(style.encode()).hexdigest()[:8]}"
