"""Nominators from a spreadsheet: what its rows say, whom we know already, and what has to be put right first."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from leaders.components.dates import day
from leaders.people.folding import fold
from leaders.people.models import Organisation, Person
from leaders.people.refusals import NotPossible
from nominations.models import Invitation, Round

MOST_ROWS = 500
LONGEST = {"name": 150, "email": 254, "role_title": 150, "phone": 40}  # characters, as of a person
# In this order where the first row holds no headings; by which words each is known where it does.
COLUMNS = {
    "organisation": re.compile(r"organi[sz]ation|authority|borough|council|employer"),
    "name": re.compile(r"name|contact|nominator|director\b|\bwho\b"),
    "email": re.compile(r"e-?mail"),
    "role_title": re.compile(r"title|role|post|position"),
    "phone": re.compile(r"phone|\btel\b|mobile|number"),
}
FIRST_LOOKED_FOR = ("email", "phone", "role_title", "organisation", "name")  # "Council email", "Name of council"
# What stands around a council's short name.
TRAPPINGS = re.compile(
    r"\b(the|royal|london|borough|city|of|lb|rb|rbk|council|corporation|metropolitan|nhs|trust|foundation)\b"
)


@dataclass(frozen=True)
class Cells:
    """One row as it stands in the spreadsheet; `line` counts from 1 with the headings."""

    line: int
    organisation: str = ""
    name: str = ""
    email: str = ""
    role_title: str = ""
    phone: str = ""

    def as_row(self) -> str:
        """The row as a spreadsheet copies it."""
        return "\t".join((self.organisation, self.name, self.email, self.role_title, self.phone)).rstrip()


@dataclass(frozen=True)
class Contact:
    """One row with what comes of it: `said` in words, or `problem` where it has to be put right first.

    `plans` says whether a nominator is planned with it; a row may also say what is so already.
    """

    cells: Cells
    organisation: Organisation | None = None
    person: Person | None = None
    said: str = ""
    problem: str = ""
    plans: bool = False


def read(text: str) -> list[Cells]:
    """The rows of a pasted table: tabs as spreadsheets copy them, or commas or semicolons. Empty rows are left out.

    The columns are found by their headings where the first row has some, and otherwise stand as in `COLUMNS`.
    Raises csv.Error where a quotation mark swallows the rest.
    """
    lines = text.strip("\r\n").splitlines()
    first = next(filter(str.strip, lines), "")
    separator = max("\t;,", key=first.count) if "\t" not in first else "\t"
    rows = [(line, [" ".join(cell.split()) for cell in row]) for line, row in _numbered(lines, separator)]
    rows = [(line, row) for line, row in rows if any(row)]
    if not rows:
        return []
    headings = _headings(rows[0][1])
    columns = headings or list(COLUMNS)
    return [Cells(line, **_by_column(columns, row)) for line, row in rows[bool(headings) :]]


def _by_column(columns: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    """Each column's words; those of two alike stand together, such as a first name and a surname."""
    found: dict[str, str] = {}
    for column, cell in zip(columns, row, strict=False):
        if column and cell:
            found[column] = f"{found[column]} {cell}" if column in found else cell
    return found


def _numbered(lines: list[str], separator: str) -> Iterable[tuple[int, list[str]]]:
    reader, begins = csv.reader((f"{line}\n" for line in lines), delimiter=separator), 1
    for row in reader:
        yield begins, row
        begins = reader.line_num + 1


def _headings(row: Sequence[str]) -> list[str]:
    """What each column holds, "" for what nobody needs; empty where the row is no headings."""
    if any("@" in cell for cell in row):
        return []
    found = [_column(cell.lower()) for cell in row]
    return found if {"name", "email"} <= set(found) else []


def _column(heading: str) -> str:
    return next((column for column in FIRST_LOOKED_FOR if COLUMNS[column].search(heading)), "")


def judged(rows: Sequence[Cells], this: Round) -> list[Contact]:
    """What comes of each row in a round, in the order of the rows. Three queries, however many they are."""
    places = _Places(Organisation.objects.all(), this.cohort.programme.nominating_kinds)
    emails = {row.email.lower() for row in rows}
    known = Person.objects.select_related("organisation").filter(email__in=emails)
    people = {person.email: person for person in known}
    planned = {(each.nominator_id, each.organisation_id): each for each in this.invitations.all()}
    seen: dict[str, int] = {}
    found = []
    for row in rows:
        email = row.email.lower()
        try:
            found.append(_judge(row, places, people.get(email), planned, seen.get(email)))
        except NotPossible as trouble:
            found.append(Contact(row, person=people.get(email), problem=str(trouble)))
        seen.setdefault(email, row.line)
    return found


class _Places:
    """Organisations by whatever people call them, and which of them nominate."""

    def __init__(self, known: Iterable[Organisation], kinds: Sequence[str]):
        self.kinds = kinds
        self.by_name: dict[str, Organisation] = {}
        self.by_core: dict[str, list[Organisation]] = defaultdict(list)
        self.by_domain: dict[str, Organisation] = {}
        for each in known:
            names = {name for name in (each.name, each.formal_name, each.gss_code, each.short_code) if name}
            for name in names:
                self.by_name.setdefault(_plain(name), each)
            for core in {_core(name) for name in names}:
                self.by_core[core].append(each)
            for domain in each.email_domains:
                self.by_domain.setdefault(domain.lower(), each)

    def of(self, row: Cells) -> Organisation:
        """As the row calls it, or else by its address. Raises NotPossible with what to do where that is none."""
        found = self._named(row.organisation) if row.organisation else self._at(row.email)
        if not found.is_active or found.kind not in self.kinds:
            raise NotPossible(f"{found} does not nominate for this programme.")
        return found

    def _named(self, name: str) -> Organisation:
        if found := self.by_name.get(_plain(name)):
            return found
        if len(alike := self.by_core.get(_core(name), [])) == 1:
            return alike[0]
        near = get_close_matches(_core(name), self.by_core, n=1)
        hint = f"Did you mean {self.by_core[near[0]][0]}?" if near else "Add it under Organisations first."
        raise NotPossible(f"We know no organisation called “{name}”. {hint}")

    def _at(self, email: str) -> Organisation:
        found = self.by_domain.get(email.lower().rpartition("@")[2])
        if found is None:
            raise NotPossible("Say which organisation.")
        return found


def _plain(name: str) -> str:
    """Hammersmith & Fulham: hammersmith and fulham"""
    return " ".join(re.sub(r"[^\w\s]", " ", fold(name.replace("&", " and "))).split())


def _core(name: str) -> str:
    """A name without what people leave out or add. LB of Hammersmith & Fulham: hammersmith and fulham"""
    plain = _plain(name)
    return " ".join(TRAPPINGS.sub(" ", plain).split()) or plain


def _judge(
    row: Cells,
    places: _Places,
    person: Person | None,
    planned: dict[tuple[int, int], Invitation],
    twin: int | None,
) -> Contact:
    """Raises NotPossible with what has to be put right first."""
    _check(row)
    organisation = places.of(row)
    if twin is not None:
        raise NotPossible(f"The same address stands in row {twin}. Take one of them out.")
    if person is None:
        return Contact(row, organisation, said=f"New, to be invited for {organisation}", plans=True)
    _check_known(person, organisation)
    invitation = planned.get((person.pk, organisation.pk))
    if invitation is None or invitation.withdrawn_at:
        return Contact(row, organisation, person, f"Known as {person}, to be invited for {organisation}", plans=True)
    said = f"Invited on {day(invitation.invited_at)} already" if invitation.invited_at else "On the list already"
    return Contact(row, organisation, person, said)


def _check(row: Cells) -> None:
    if not row.email:
        raise NotPossible("Give an email address.")
    try:
        validate_email(row.email)
    except ValidationError:
        raise NotPossible(f"“{row.email}” is no email address.") from None
    if not row.name:
        raise NotPossible("Give a name.")
    for field, most in LONGEST.items():
        if len(getattr(row, field)) > most:
            raise NotPossible(f"“{getattr(row, field)[:40]}…” is longer than {most} characters.")


def _check_known(person: Person, organisation: Organisation) -> None:
    if not person.is_active:
        raise NotPossible(f"{person} has left. Choose somebody else.")
    if person.organisation and person.organisation != organisation:
        raise NotPossible(f"{person} belongs to {person.organisation} here. Correct that on their page first.")
