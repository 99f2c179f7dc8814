"""What is held about a person, said by each app in its own `privacy.py`.

This module is both the frame that gathers the answers and the ground's own answer.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from .joining import Joint
from .models import AuditEvent, Person

holdings = Joint("privacy", "What is held about a person, who may read it, how it is exported and erased")


@dataclass(frozen=True)
class Holding:
    """One kind of record about a person.

    `what` and `who_reads` are sentences for the person; `export` returns JSON-ready rows; `erase` anonymises
    in place, and is None where a legal duty keeps the record (`why_kept` then says which).
    """

    key: str
    what: str
    who_reads: str
    kept_for: str
    export: Callable[[Person], Iterable[dict]]
    erase: Callable[[Person, datetime], None] | None = None
    why_kept: str = ""


def holds(holding: Holding, *, order: int) -> None:
    holdings.add(holding, order=order, key=holding.key, title=holding.what, module=holding.export.__module__)


def export(person: Person) -> dict:
    """Everything held about a person, JSON-ready, by kind of record (UK GDPR Article 15)."""
    return {part.brings.what: list(part.brings.export(person)) for part in holdings}


def _person(person: Person):
    yield {
        "name": person.name,
        "known as": person.known_as,
        "email": person.email,
        "telephone": person.phone,
        "job title": person.role_title,
        "service": person.service,
        "organisation": str(person.organisation or ""),
    }


def _erase_person(person: Person, now: datetime):
    person.name = "Somebody who asked to be erased"
    person.email = f"erased-{person.pk}@example.invalid"
    person.known_as = person.pronouns = person.phone = person.role_title = person.service = ""
    person.is_active = False
    person.erased_at = now
    person.save()
    person.history.all().delete()


def _trail(person: Person):
    for event in AuditEvent.objects.concerning(person):
        yield {"at": event.at.isoformat(), "what": event.sentence}


holds(
    Holding(
        key="people.person",
        what="Your name, contact details, role and organisation",
        who_reads="You, the programme office, and people in your cohort",
        kept_for="As long as you take part or stay in the alumni network",
        export=_person,
        erase=_erase_person,
    ),
    order=10,
)
holds(
    Holding(
        key="people.audit",
        what="What was done in your name or about you, and when",
        who_reads="The programme office",
        kept_for="Seven years",
        export=_trail,
        why_kept="It shows that selection was fair; it holds no confidential words.",
    ),
    order=900,
)
