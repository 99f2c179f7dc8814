"""From a letter's words to text and HTML: one layout for every email."""

from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string

from .inert import inert_letter, line
from .registry import Letter


def absolute(path: str) -> str:
    """A link that works in a mail program; full URLs stay as they are."""
    return path if path.startswith(("http://", "https://")) else f"{settings.BASE_URL}{path}"


def render(letter: Letter, *, to_name: str = "") -> tuple[str, str]:
    """The plain text and the HTML of a letter. Everything a person typed is escaped, and no link comes of it.

    Only the first button is drawn as one: a letter asks for one thing.
    """
    # Upper case has to come first: “ﬁ” is one letter, “FI” the end of an address.
    shouted = [line(block.heading.upper()) for block in letter.blocks]
    letter = inert_letter(letter)
    first = next((block for block in letter.blocks if block.button), None)
    context = {
        "letter": letter,
        "greeting": letter.greeting or (f"Dear {line(to_name)}" if to_name else "Hello"),
        "blocks": [
            {
                "block": block,
                "shouted": heading,
                "url": absolute(block.button.url) if block.button else "",
                "is_button": block is first,
            }
            for block, heading in zip(letter.blocks, shouted, strict=True)
        ],
        "why_url": absolute(letter.why_link.url) if letter.why_link else "",
    }
    text = render_to_string("outbox/letter.txt", context)
    rows = [row.rstrip() for row in text.splitlines()]
    compact = [row for i, row in enumerate(rows) if row or (i and rows[i - 1])]
    return "\n".join(compact).strip() + "\n", render_to_string("outbox/letter.html", context)


def mail_domain() -> str:
    """The domain of Message-IDs and UIDs: the sender's, else this site's."""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return address.rpartition("@")[2] or urlsplit(settings.BASE_URL).hostname or "localhost"
