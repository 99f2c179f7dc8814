"""Nominators from a spreadsheet: what its rows say, whom we know already, and what has to be put right first."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from difflib import get_close_matches
from email.utils import parseaddr

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from leaders.components.dates import day
from leaders.components.fields import PhoneField
from leaders.people.folding import fold
from leaders.people.models import Organisation, Person, first_name_in
from leaders.people.refusals import NotPossible
from nominations.models import Invitation, Round

MOST_ROWS = 500
MOST_ABOVE = 5  # rows, the headings among them
# In this order where the first row holds no headings.
COLUMNS = ("organisation", "name", "email", "role_title", "phone")
# By which words each is known where it does; a name may stand in two columns. The first that fits counts.
HEADINGS = {
    "email": re.compile(r"\b(e-?)?mail\b"),
    "phone": re.compile(r"\b(tele)?phone\b|\btel\b|\bmobile\b|\bcontact number\b"),
    "first_name": re.compile(r"\b(first|given|fore) ?names?\b"),
    "surname": re.compile(r"\bsurname\b|\b(last|family) name\b"),
    "role_title": re.compile(r"\bjob\b|\brole\b|\bpost\b|\bposition\b"),
    "organisation": re.compile(r"\b(organi[sz]ation|authority|borough|council|employer)\b"),
    "name": re.compile(r"^(full |contact |nominators? |directors? )?name$|^(contact|nominator|director)$"),
}
# What people leave out of a council's name, or put around it.
TRAPPINGS = re.compile(r"\b(the|royal|london|borough|city|of|lb|rb|council|corporation|metropolitan)\b")


@dataclass(frozen=True)
class Cells:
    """One row as it stands in the spreadsheet; `line` counts from 1 with the headings."""

    line: int
    organisation: str = ""
    name: str = ""
    email: str = ""
    role_title: str = ""
    phone: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """What stands in it, in the order of `COLUMNS`."""
        return astuple(self)[1:]


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
    Raises csv.Error where a quotation mark stands wrong among commas or semicolons.
    """
    rows = [(line, [" ".join(cell.split()) for cell in row]) for line, row in _split(text.strip("\r\n").splitlines())]
    rows = [(line, row) for line, row in rows if any(row)]
    if not rows:
        return []
    headings, rows = _beneath_headings(rows)
    found = [_cells(line, headings or COLUMNS, row) for line, row in rows]
    return [cells for cells in found if any(cells.words)]


def _beneath_headings(rows: list[tuple[int, list[str]]]) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The headings, above which a title may stand, and the rows beneath them; all rows where there are no headings."""
    for at, (_, row) in enumerate(rows[:MOST_ABOVE]):
        if headings := _headings(row):
            return headings, rows[at + 1 :]
    return [], rows


def _split(lines: list[str]) -> list[tuple[int, list[str]]]:
    """Each row with the line on which it begins."""
    head = "".join(list(filter(str.strip, lines))[:MOST_ABOVE])
    if "\t" not in head:
        return list(_numbered(lines, delimiter=max(",;", key=head.count)))
    try:
        return list(_numbered(lines, delimiter="\t"))
    except csv.Error:  # Excel copies a cell that holds quotation marks as it is
        return list(_numbered(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def _numbered(lines: list[str], **how) -> Iterator[tuple[int, list[str]]]:
    reader, begins = csv.reader((f"{line}\n" for line in lines), strict=True, **how), 1
    for row in reader:
        yield begins, row
        begins = reader.line_num + 1


def _headings(row: Sequence[str]) -> list[str]:
    """What each column holds, "" for what nobody needs; empty where the row is no headings."""
    found = [_heading(cell.lower().strip(" :*")) for cell in row]
    if "role_title" not in found and "first_name" not in found:
        found = ["role_title" if cell.lower() == "title" else kind for kind, cell in zip(found, row, strict=True)]
    return found if "email" in found and {"name", "first_name", "surname"} & set(found) else []


def _heading(cell: str) -> str:
    return next((kind for kind, words in HEADINGS.items() if words.search(cell)), "")


def _cells(line: int, columns: Sequence[str], row: Sequence[str]) -> Cells:
    """Of two columns of a kind the first that is filled in counts."""
    found: dict[str, str] = {}
    for column, cell in zip(columns, row, strict=False):
        if column and cell:
            found.setdefault(column, cell)
    parts = [found.pop("first_name", ""), found.pop("surname", "")]
    name = found.pop("name", "") or " ".join(filter(None, parts))
    if name.count(",") == 1:  # Marsh, Helen
        name = " ".join(part.strip() for part in reversed(name.split(",")))
    if "email" in found:  # as mail programs copy it
        email = parseaddr(found["email"])[1] if "<" in found["email"] else found["email"]
        found["email"] = email.removeprefix("mailto:")
    phone = found.pop("phone", "")
    if re.fullmatch(r"[1-9]\d{9}", phone):  # a spreadsheet took it for a number
        phone = f"0{phone}"
    return Cells(line, name=name, phone=phone, **found)


def judged(rows: Sequence[Cells], this: Round) -> list[Contact]:
    """What comes of each row in a round, in the order of the rows. Three queries, however many they are."""
    places = _Places(Organisation.objects.all(), this.cohort.programme.nominating_kinds)
    emails = {row.email.lower() for row in rows}
    known = Person.objects.select_related("organisation").filter(email__in=emails)
    people = {person.email: person for person in known}
    invitations = this.invitations.select_related("nominator")
    planned = {(each.nominator_id, each.organisation_id): each for each in invitations}
    besides: dict[int, list[str]] = defaultdict(list)
    for each in invitations:
        if not each.withdrawn_at:
            besides[each.organisation_id].append(str(each.nominator))
    seen: dict[str, int] = {}
    found = []
    for row in rows:
        email = row.email.lower()
        try:
            contact = _judge(row, places, people.get(email), planned, seen.get(email))
        except NotPossible as trouble:
            contact = Contact(row, person=people.get(email), problem=str(trouble))
        if contact.plans and contact.organisation:
            there = besides[contact.organisation.pk]
            contact = replace(contact, said=f"{contact.said}{_besides(there)}")
            there.append(str(contact.person or row.name))
        found.append(contact)
        seen.setdefault(email, row.line)
    return found


def _besides(people: Sequence[str]) -> str:
    """Who is to be invited there already."""
    if len(people) > 1:
        return f", besides {len(people)} others"
    return f", besides {people[0]}" if people else ""


class _Places:
    """Organisations by whatever people call them, and which of them nominate."""

    def __init__(self, known: Iterable[Organisation], kinds: Sequence[str]):
        self.kinds = kinds
        self.by_name: dict[str, Organisation] = {}
        self.by_core: dict[str, list[Organisation]] = defaultdict(list)
        self.by_domain: dict[str, list[Organisation]] = defaultdict(list)
        self.by_letters: dict[str, set[Organisation]] = defaultdict(set)
        for each in known:
            shorts = {_initials(each.name), _initials(each.formal_name), *map(_label, each.email_domains)}
            for letters in shorts - {"london"}:
                self.by_letters[letters].add(each)
            for name in filter(None, (each.name, each.formal_name, each.gss_code, each.short_code)):
                self.by_name.setdefault(_plain(name), each)
            for core in {_core(each.name), _core(each.formal_name)}:
                self.by_core[core].append(each)
            for domain in each.email_domains:
                self.by_domain[domain.lower()].append(each)

    def of(self, row: Cells) -> Organisation:
        """As the row calls it, or else by its address. Raises NotPossible with what to do where that is none."""
        found = self._named(row.organisation) if row.organisation else self._at(row.email)
        if not found.is_active or found.kind not in self.kinds:
            raise NotPossible(f"{found} does not nominate for this programme.")
        return found

    def _named(self, name: str) -> Organisation:
        alike = self.by_core.get(_core(name), [])
        if found := self.by_name.get(_plain(name)) or (alike[0] if len(alike) == 1 else None):
            return found
        if len(short := self.by_letters.get(_plain(name).replace(" and ", "").replace(" ", ""), set())) == 1:
            return next(iter(short))
        if meant := sorted({str(each) for each in alike or self._near(_core(name))}):
            raise NotPossible(f"We know no organisation called “{name}”. Did you mean {' or '.join(meant)}?")
        raise NotPossible(
            f"We know no organisation called “{name}”. Use its name as under Organisations, or add it there."
        )

    def _near(self, core: str) -> list[Organisation]:
        """Those whose names begin so (Kingston), or else the one that is written nearly so (Croyden)."""
        longer = [other for other in self.by_core if other.startswith(f"{core} ")]
        near = longer or get_close_matches(core, self.by_core, n=1, cutoff=0.8)
        return [each for other in near for each in self.by_core[other]]

    def _at(self, email: str) -> Organisation:
        found = self.by_domain.get(email.lower().rpartition("@")[2], [])
        if len(found) != 1:
            raise NotPossible("Say which organisation.")
        return found[0]


def _initials(name: str) -> str:
    """Royal Borough of Kensington and Chelsea: rbkc"""
    return "".join(word[0] for word in _plain(name).split() if word not in {"of", "and", "the", "upon"})


def _label(domain: str) -> str:
    """lbhf.gov.uk: lbhf"""
    return domain.lower().partition(".")[0]


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
        _check_name(row.name)
        return Contact(row, organisation, said=f"New; to be invited for {organisation}", plans=True)
    _check_known(person, organisation)
    invitation = planned.get((person.pk, organisation.pk))
    if invitation is None or invitation.withdrawn_at:
        return Contact(
            row, organisation, person, f"On record as {person}; to be invited for {organisation}", plans=True
        )
    said = f"Already invited on {day(invitation.invited_at)}" if invitation.invited_at else "Already on the list"
    return Contact(row, organisation, person, said)


def _check(row: Cells) -> None:
    if not row.email:
        raise NotPossible("Give an email address.")
    try:
        validate_email(row.email)
    except ValidationError:
        raise NotPossible(f"“{row.email}” is no email address.") from None
    try:
        PhoneField(required=False).clean(row.phone)
    except ValidationError:
        raise NotPossible(f"“{row.phone}” is no telephone number. Put it right, or leave it out.") from None
    for field in ("name", "email", "role_title", "phone"):
        most = Person._meta.get_field(field).max_length
        if len(getattr(row, field)) > most:
            raise NotPossible(f"“{getattr(row, field)[:40]}…” is longer than {most} characters.")


def _check_name(name: str) -> None:
    if not name:
        raise NotPossible("Give a name.")
    if not name[0].isalpha() or first_name_in(name) == name.rsplit(maxsplit=1)[-1]:
        raise NotPossible(f"Give first name and surname, not “{name}”: the invitation begins with the first name.")


def _check_known(person: Person, organisation: Organisation) -> None:
    if not person.is_active:
        raise NotPossible(f"{person} has left. Choose somebody else.")
    if person.organisation and person.organisation != organisation:
        raise NotPossible(
            f"{person} is on record at {person.organisation}. Correct that on their page if it has changed; somebody "
            "who nominates for both is planned under Invitations."
        )
