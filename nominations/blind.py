"""Reading blind: names and organisations taken out of what the panel reads, as well as a program can.

Pure functions. It cannot be perfect ("the borough with the big park"), which is why panel members are also
asked to declare a conflict when they recognise somebody.
"""

import re
from collections.abc import Iterable

from leaders.people.folding import fold, pattern

PERSON = "[name]"
ORGANISATION = "[organisation]"

# Words that are also parts of names of organisations, or too common to be taken for a name.
_COMMON = frozenset(
    [
        "and",
        "the",
        "of",
        "for",
        "london",
        "borough",
        "council",
        "city",
        "county",
        "royal",
        "will",
        "may",
        "mark",
        "rose",
        "grant",
        "hope",
        "faith",
        "joy",
        "grace",
        "art",
        "bill",
        "rob",
        "pat",
        "sue",
        "drew",
        "chase",
        "young",
        "old",
        "black",
        "white",
        "brown",
        "green",
        "king",
        "page",
        "day",
        "long",
        "best",
        "good",
    ]
)


# What stands around the name of an organisation that people leave out when they write of it.
_AROUND = re.compile(
    r"^(?:the\s+)?(?:london borough of|royal borough of|city of|borough of)\s+"
    r"|\s+(?:(?:borough|city|county|district)\s+)*council$"
    r"|\s+(?:nhs(?:\s+foundation)?\s+trust|trust|ltd\.?|limited|plc|llp)$",
    re.IGNORECASE,
)


def short_name(organisation: str) -> str:
    """An organisation's name as people say it: "Medway" for "Medway Council". Empty when everyday words are left."""
    said = _AROUND.sub("", " ".join(organisation.split())).strip()
    return "" if _COMMON.issuperset(said.lower().split()) else said


def redact(text: str, *, people: Iterable[str] = (), organisations: Iterable[str] = ()) -> str:
    """The text with full names, first names and surnames of `people` and names of `organisations` replaced.

    Whatever their accents: Zoe is taken out for Zoë. Short or everyday words (May, Grant) are replaced only within a
    full name or when written with a capital inside a sentence. Possessives keep their ending. Longer names go first,
    so that no half of one remains.
    """
    for name in _longest_first(organisations):
        text = _whole(name).sub(ORGANISATION, text)
    wholes = {" ".join(name.split()) for name in people if name.strip()}
    for name in _longest_first(wholes):
        text = _whole(name).sub(PERSON, text)
    for part in _longest_first({part for name in wholes for part in re.split(r"[\s\-]+", name)}):
        if len(part) < 2 or part.endswith("."):
            continue
        if fold(part) in _COMMON or len(part) == 2:
            text = re.sub(rf"(?<=[a-z,;] )\b{re.escape(part.capitalize())}\b", PERSON, text)
        else:
            text = _whole(part).sub(PERSON, text)
    return re.sub(rf"{re.escape(PERSON)}(?:[\s\-]+{re.escape(PERSON)})+", PERSON, text)


def _whole(name: str) -> re.Pattern:
    """The name standing by itself, with any accents and spaces. A word's end, for a name may end in a full stop."""
    words = r"\s+".join(pattern(word) for word in name.split())
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


def _longest_first(names: Iterable[str]) -> list[str]:
    return sorted({name for name in names if name}, key=lambda name: (-len(name), name))
