"""The office's own words for an email: plain text with placeholders, checked when saved.

What a placeholder brings is put in as plain text: the layout escapes it like every other word, so nothing that
somebody typed can become a link or markup.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from django.db import transaction

from leaders.components.dates import moment
from leaders.components.text import clean_pasted
from leaders.people.audit import record
from leaders.people.models import Person
from leaders.people.refusals import NotPossible

from .inert import inert
from .models import Wording
from .registry import Letter

PLACEHOLDERS = {
    "usual": "the usual words of this field, to which you can add",
    "first_name": "what the person is called",
    "name": "their full name",
    "brand": "the programme",
    "signed_by": "who signs",
    "deadline": "when it is due, such as Friday 14 May 2027, 5pm",
}
LONGEST = {"subject": 200, "opening": 2000, "closing": 2000}  # characters
PLACEHOLDER = re.compile(r"\{(\w*)\}")


def current_wording(kind: str) -> Wording | None:
    return Wording.objects.filter(kind=kind).order_by("-version").first()


def placeholders(letter: Letter) -> dict[str, str]:
    """Those of which a letter has something to say, each with what it brings."""
    return {name: meaning for name, meaning in PLACEHOLDERS.items() if name != "deadline" or letter.due is not None}


def worded(letter: Letter, wording: Wording | None, *, first_name: str, name: str) -> Letter:
    """The letter in the office's words, where there are any.

    Words with a deadline are those of a letter that has one: once it has gone by, the usual words say so.
    """
    if wording is None:
        return letter
    values = {"first_name": first_name, "name": name, "brand": letter.brand, "signed_by": letter.signed_by}
    if letter.due is not None:
        values["deadline"] = moment(letter.due)
    opening, closing = "\n\n".join(letter.opening), "\n\n".join(letter.closing)
    return replace(
        letter,
        subject=_fill(wording.subject, values | {"usual": letter.subject}) or letter.subject,
        opening=paragraphs(_fill(wording.opening, values | {"usual": opening})) or letter.opening,
        closing=paragraphs(_fill(wording.closing, values | {"usual": closing})) or letter.closing,
    )


@transaction.atomic
def save_wording(
    *,
    kind: str,
    by: Person,
    now: datetime,
    title: str = "",
    called: Mapping[str, str] = MappingProxyType({}),
    known: Mapping[str, str] = MappingProxyType(PLACEHOLDERS),
    subject: str = "",
    opening: str = "",
    closing: str = "",
) -> Wording:
    """Keep new words of `kind`, which the office calls `title` and its fields as in `called`; `known`: placeholders.

    Raises NotPossible for words that cannot be used, or are in use already.
    """
    words = checked(called, known, subject=subject, opening=opening, closing=closing)
    before = Wording.objects.select_for_update().filter(kind=kind).order_by("-version").first()
    if words == ({field: getattr(before, field) for field in words} if before else dict.fromkeys(words, "")):
        raise NotPossible("Nothing was changed: these words are in use already.")
    wording = Wording.objects.create(
        kind=kind,
        version=before.version + 1 if before else 1,
        **words,
        saved_at=now,
        saved_by=str(by),
    )
    record(
        "outbox.wording.saved", f"{by} changed the words of “{title or kind}”", subject=wording, by=by, now=now,
        version=wording.version,
    )  # fmt: skip
    return wording


def tidied(field: str, text: str) -> str:
    """As it is kept, and its letters are counted: a subject on one line, the rest without space around it."""
    return " ".join(text.split()) if field == "subject" else text.replace("\r\n", "\n").strip()


def checked(
    called: Mapping[str, str] = MappingProxyType({}),
    known: Mapping[str, str] = MappingProxyType(PLACEHOLDERS),
    **words: str,
) -> dict[str, str]:
    """The words of each field, tidied; `called` is what its form calls them, `known` the placeholders it offers.

    Raises NotPossible for an unknown placeholder, a link, or too many letters.
    """
    tidy = {}
    for field, text in words.items():
        _check(text, known)
        tidy[field] = tidied(field, text)
        count, most = len(tidy[field]), LONGEST[field]
        if count > most:
            raise NotPossible(
                f"The {called.get(field, field).lower()} must be {most:,} characters or fewer; there are {count:,}."
            )
    return tidy


def _check(text: str, known: Mapping[str, str]) -> None:
    unknown = [found[0] for found in PLACEHOLDER.finditer(text) if found[1] not in known]
    if unknown:
        offered = ", ".join(f"{{{name}}}" for name in known)
        raise NotPossible(f"There is no placeholder {unknown[0]} here. There are {offered}.")
    if text.count("{") != len(PLACEHOLDER.findall(text)) or text.count("}") != text.count("{"):
        raise NotPossible("A curly bracket is not closed. Brackets are for placeholders only.")
    if inert(text) != clean_pasted(text):
        raise NotPossible("Links stand in the button of the email, so that they always lead to the right page.")


def _fill(text: str, values: dict[str, str]) -> str:
    """Each placeholder replaced once: what it brings is not read again. Empty where one of them brings nothing."""
    if any(found[1] not in values for found in PLACEHOLDER.finditer(text)):
        return ""
    return PLACEHOLDER.sub(lambda found: values[found[1]], text)


def paragraphs(text: str) -> tuple[str, ...]:
    """Parted where a line is empty."""
    return tuple(part.strip() for part in re.split(r"\n\s*\n", text) if part.strip())
