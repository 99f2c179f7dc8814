"""The audit trail cannot be changed unnoticed: every event is sealed into a chain of hashes.

Each link is the hash of the one before and of its event, so whoever changes, removes or slips in an old event
breaks every link after it. The database refuses changes as well (migration 0002), but whoever owns the database
can lift that; the end of the chain, which the worker writes to its log, is out of their reach.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from .audit import record
from .models import AuditEvent, AuditSeal

AT_MOST = 5_000
# A transaction may commit its event after later numbers were sealed. The check finds one that came later still.
LATE = 10_000
CUT_OFF = "people.audit.cut_off"
SEALED = ("at", "action", "sentence", "actor_id", "actor", "person_id", "subject_type", "subject_id", "subject",
          "cohort_id", "reason", "detail")  # fmt: skip


def digest(before: str, event: AuditEvent) -> str:
    """The link of this event after the link `before`; the first follows an empty one."""
    fields = {name: getattr(event, name) for name in SEALED} | {"pk": event.pk, "at": event.at.timestamp()}
    return hashlib.sha256((before + json.dumps(fields, sort_keys=True)).encode()).hexdigest()


def seal() -> str:
    """Seal what is not sealed yet, in order of its number; the end of the chain. Run by one process at a time."""
    last = AuditSeal.objects.order_by("-pk").first()
    end, number = (last.digest, last.pk) if last else ("", 0)
    sealed = AuditSeal.objects.filter(event_id=OuterRef("pk"))
    waiting = AuditEvent.objects.filter(~Exists(sealed), pk__gt=(last.event_id - LATE if last else 0)).order_by("pk")
    links = []
    for event in waiting[:AT_MOST]:
        number, end = number + 1, digest(end, event)
        links.append(AuditSeal(pk=number, event_id=event.pk, digest=end))
    try:
        with transaction.atomic():
            AuditSeal.objects.bulk_create(links)
    except IntegrityError:  # another process has just sealed the same
        return AuditSeal.objects.order_by("-pk").values_list("digest", flat=True)[0]
    return end


def cut_off(found: QuerySet[AuditEvent], *, now: datetime) -> None:
    """Remove events that have been kept long enough; the database lets only those go that are seven years old.

    Their links stay, so the chain holds, and an event of its own says up to where events may be missing.
    """
    last = found.aggregate(last=Max("pk"))["last"]
    count, _ = found.delete()
    record(
        CUT_OFF, f"{count} events of the audit trail were removed: they had been kept for seven years",
        subject=AuditEvent(pk=last), by=None, now=now, last=last, count=count,
    )  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """How many links hold, the end of the chain, and what is wrong in sentences."""

    links: int
    end: str
    wrong: list[str]


def check() -> Checked:
    """Go through the whole chain."""
    end, links, wrong = "", 0, []
    cuts = AuditEvent.objects.filter(action=CUT_OFF).values_list("detail", flat=True)
    cut_until = max((detail["last"] for detail in cuts), default=0)
    for link, event in _pairs():
        links += 1
        if link.pk != links:
            return Checked(links - 1, end, [f"Link {links} is missing."])
        if event is None and link.event_id <= cut_until:
            pass
        elif event is None:
            wrong.append(f"Event {link.event_id} was removed.")
        elif digest(end, event) != link.digest:
            wrong.append(f"Event {event.pk} was changed: {event.sentence}")
        end = link.digest
    sealed = AuditSeal.objects.filter(event_id=OuterRef("pk"))
    last = AuditSeal.objects.order_by("-pk").values_list("event_id", flat=True).first() or 0
    slipped_in = AuditEvent.objects.filter(~Exists(sealed), pk__lte=last - LATE)
    wrong += [f"Event {event.pk} was added afterwards: {event.sentence}" for event in slipped_in]
    return Checked(links, end, wrong)


def _pairs() -> Iterator[tuple[AuditSeal, AuditEvent | None]]:
    chunk: list[AuditSeal] = []
    for link in AuditSeal.objects.order_by("pk").iterator(AT_MOST):
        chunk.append(link)
        if len(chunk) == AT_MOST:
            yield from _with_events(chunk)
            chunk = []
    yield from _with_events(chunk)


def _with_events(links: list[AuditSeal]) -> Iterator[tuple[AuditSeal, AuditEvent | None]]:
    events = AuditEvent.objects.in_bulk([link.event_id for link in links])
    return ((link, events.get(link.event_id)) for link in links)
