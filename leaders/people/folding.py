"""Names are found however they are spelled: Zoe finds Zoë, Lukasz finds Łukasz, and the other way round."""

import re
import unicodedata
from collections import defaultdict

from django.db import models
from django.db.models.lookups import IRegex

# Letters that are no accent on another; Unicode does not take them apart.
BASES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ħ": "h", "ŧ": "t"})
MARKS = "[\u0300-\u036f]*"  # an accent that stands behind its letter as a character of its own


def fold(text: str) -> str:
    """The text in small letters without their accents."""
    apart = unicodedata.normalize("NFKD", text.lower().translate(BASES))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _variants() -> dict[str, str]:
    """a -> "aáàâ…AÁÀ…", for the Latin alphabets of Europe, Africa and Vietnam."""
    found = defaultdict(str)
    for code in (*range(0x41, 0x5B), *range(0x61, 0x7B), *range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = fold(chr(code))
        if len(base) == 1 and base.isascii():
            found[base] += chr(code)
    return found


VARIANTS = _variants()


def pattern(text: str) -> str:
    """A regular expression, for PostgreSQL and SQLite alike, that finds the text with any accents or none."""
    return "".join(f"[{VARIANTS[letter]}]{MARKS}" if letter in VARIANTS else re.escape(letter) for letter in fold(text))


@models.CharField.register_lookup
class Folded(models.Lookup):
    """`name__folded="zoe"`: contains it, whatever the accents."""

    lookup_name = "folded"

    def as_sql(self, compiler, connection):
        return IRegex(self.lhs, pattern(self.rhs)).as_sql(compiler, connection)
