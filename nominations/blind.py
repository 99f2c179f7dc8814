"""Reading blind: names and organisations taken out of what the panel reads, as well as a program can.

Pure functions. It cannot be perfect ("the borough with the big park"), which is why panel members are also
asked to declare a conflict when they recognise somebody.
"""

import re
from collections.abc import Iterable

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


def redact(text: str, *, people: Iterable[str] = (), organisations: Iterable[str] = ()) -> str:
    """The text with full names, first names and surnames of `people` and names of `organisations` replaced.

    Short or everyday words (May, Grant) are replaced only within a full name or when written with a capital
    inside a sentence. Possessives keep their ending. Longer names go first, so that no half of one remains.
    """
    for name in _longest_first(organisations):
        text = re.sub(rf"\b{re.escape(name)}\b", ORGANISATION, text, flags=re.IGNORECASE)
    wholes = {" ".join(name.split()) for name in people if name.strip()}
    for name in _longest_first(wholes):
        text = re.sub(r"\b" + r"\s+".join(map(re.escape, name.split())) + r"\b", PERSON, text, flags=re.IGNORECASE)
    for part in _longest_first({part for name in wholes for part in re.split(r"[\s\-]+", name)}):
        if len(part) < 2 or part.endswith("."):
            continue
        if part.lower() in _COMMON or len(part) == 2:
            text = re.sub(rf"(?<=[a-z,;] )\b{re.escape(part.capitalize())}\b", PERSON, text)
        else:
            text = re.sub(rf"\b{re.escape(part)}\b", PERSON, text, flags=re.IGNORECASE)
    return re.sub(rf"{re.escape(PERSON)}(?:[\s\-]+{re.escape(PERSON)})+", PERSON, text)


def _longest_first(names: Iterable[str]) -> list[str]:
    return sorted({name for name in names if name}, key=lambda name: (-len(name), name))
