"""Words that stay words: what somebody typed never becomes a link, markup, or a line of its own in a mail.

Mail programs make links of bare addresses in plain text and in HTML alike, so escaping is not enough. Pure.
"""

import re
from dataclasses import replace

from leaders.components.text import clean_pasted

from .registry import Block, Letter, Linkable

# Invisible, and needed by some scripts, but not in a run of characters that could be an address.
JOINERS = dict.fromkeys(map(ord, "\u200c\u200d"))
# Overrides of the reading direction can make one address look like another.
DIRECTIONS = dict.fromkeys(map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
# Python counts no vowel signs among letters: whatever is beyond ASCII may be part of a name.
LETTER = r"(?:[a-zA-Z]|[^\x00-\x7f\s])"
# A dot (any that the rules of domain names know) before two letters, and every one after www.
DOT = re.compile(
    f"(?<=\\S)([.\u3002\uff0e\uff61])(?={LETTER}{LETTER})|(?<=www)([.\u3002\uff0e\uff61])(?=\\S)", re.IGNORECASE
)
HOLDS = re.compile(r"[.:\u3002\uff0e\uff61\uff1a](?=\S)")  # what both have in common, and few words have at all
RUN = re.compile(r"\S+")
# A scheme begins with a letter, wherever it stands: what comes before is no part of it, and no protection. Found with
# all that could belong to it, so that no run of characters is read more than once.
SCHEME = re.compile(r"(?<![\w+.\-])([\d_+.\-]*[^\W\d_][\w+.\-]*[:\uff1a])(?=\S)")


def inert(text: str) -> str:
    """The same words with a space where an address would hold together: “example. org”, “https: //example. org”.

    What the product vouches for (`Linkable`) stays as it is. Idempotent.
    """
    if isinstance(text, Linkable):
        return text
    if not (text.isascii() and text.isprintable()):  # most words are, and need no cleaning
        text = clean_pasted(text).translate(DIRECTIONS)
    if not HOLDS.search(text):
        return text
    return RUN.sub(lambda run: _broken(run[0]), text)


def _broken(run: str) -> str:
    """A run of characters without a space, with spaces where it holds together."""
    if not HOLDS.search(run):
        return run
    return SCHEME.sub(r"\1 ", DOT.sub(lambda found: f"{found[0]} ", run.translate(JOINERS)))


def line(text: str) -> str:
    """Inert, and on one line."""
    return text if isinstance(text, Linkable) else " ".join(inert(text).split())


def inert_letter(letter: Letter) -> Letter:
    """The letter with every word inert; where its buttons lead is the product's own affair and stays."""
    return replace(
        letter,
        subject=line(letter.subject),
        greeting=line(letter.greeting),
        opening=tuple(map(inert, letter.opening)),
        blocks=tuple(map(_block, letter.blocks)),
        closing=tuple(map(inert, letter.closing)),
        brand=line(letter.brand),
        signed_by=line(letter.signed_by),
        signed_role=line(letter.signed_role),
        why_you=line(letter.why_you),
        preheader=line(letter.preheader),
    )


def _block(block: Block) -> Block:
    return replace(
        block,
        heading=line(block.heading),
        paragraphs=tuple(map(inert, block.paragraphs)),
        rows=tuple((line(label), inert(words)) for label, words in block.rows),
        button=block.button and replace(block.button, label=line(block.button.label)),
    )
