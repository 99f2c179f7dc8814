"""What is held about a person, said by each app in its own `privacy.py`.

This module is both the frame that gathers the answers and the ground's own answer.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.db.models import Q, QuerySet

from .joining import Joint
from .models import AuditEvent, Person, PrivacyRequest, PrivateLink, RoleGrant

NOWHERE = "example.invalid"  # RFC 2606: nobody's, now and later
ERASED = "Erased"

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


def erased_address(person: Person) -> str:
    """What stands in place of the address of somebody who was erased: unique, and nothing can be sent there."""
    return f"erased-{person.pk}@{NOWHERE}"


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
    person.email = erased_address(person)
    person.known_as = person.pronouns = person.phone = person.role_title = person.service = ""
    person.is_active = False
    person.erased_at = now
    person.save()
    person.history.all().delete()


def _roles(person: Person):
    for grant in RoleGrant.objects.filter(person=person):
        yield {
            "role": grant.get_role_display(),
            "since": grant.granted_at.isoformat(),
            "given by": grant.granted_by,
            "until": grant.ended_at.isoformat() if grant.ended_at else "",
        }


def _requests(person: Person):
    for asked in PrivacyRequest.objects.filter(person=person):
        yield {
            "asked": asked.get_kind_display(),
            "in your words": asked.words,
            "on": asked.asked_at.isoformat(),
            "due": asked.due_on.isoformat(),
            "answered": asked.answered_at.isoformat() if asked.answered_at else "",
            "answer": asked.answer,
        }


def forget_requests(found: QuerySet[PrivacyRequest]) -> None:
    found.exclude(answer="").update(answer=ERASED)
    found.update(words=ERASED)


def _erase_requests(person: Person, now: datetime):
    forget_requests(PrivacyRequest.objects.filter(person=person))


def _sign_in(person: Person):
    for kept in Authenticator.objects.filter(user=person):
        yield {
            "second step": kept.get_type_display(),
            "since": kept.created_at.isoformat(),
            "last used": kept.last_used_at.isoformat() if kept.last_used_at else "",
        }
    for failed in AccessAttempt.objects.filter(username__iexact=person.email):
        yield {"failed to sign in": failed.attempt_time.isoformat(), "from": failed.ip_address}


def _erase_sign_in(person: Person, now: datetime):
    Authenticator.objects.filter(user=person).delete()
    EmailAddress.objects.filter(user=person).delete()
    AccessAttempt.objects.filter(username__iexact=person.email).delete()


def _links_to(person: Person) -> QuerySet[PrivateLink]:
    """Made for them, or mailed to their address before anybody knew whose it is."""
    return PrivateLink.objects.filter(Q(person=person) | Q(person=None, email__iexact=person.email))


def _links(person: Person):
    for link in _links_to(person):
        yield {
            "for": link.purpose,
            "made": link.created_at.isoformat(),
            "opened": link.opened_at.isoformat() if link.opened_at else "",
            "ends": (link.revoked_at or link.expires_at).isoformat() if link.revoked_at or link.expires_at else "",
        }


def _erase_links(person: Person, now: datetime):
    theirs = _links_to(person)
    theirs.filter(revoked_at=None).update(revoked_at=now)
    theirs.update(email="")


def _trail(person: Person):
    for event in AuditEvent.objects.concerning(person):
        yield {"at": event.at.isoformat(), "what": event.sentence}


holds(
    Holding(
        key="people.person",
        what="Your name, contact details, role and organisation",
        who_reads="You, the programme office, and people in your cohort",
        kept_for="As long as you take part or stay in the alumni network; then until you or the office want it erased",
        export=_person,
        erase=_erase_person,
    ),
    order=10,
)
holds(
    Holding(
        key="people.roles",
        what="Which roles you have had, since when and by whom",
        who_reads="You and the programme office",
        kept_for="As long as we know you",
        export=_roles,
        why_kept="Who could do what, and when, is part of how selection is accounted for.",
    ),
    order=12,
)
holds(
    Holding(
        key="people.requests",
        what="What you asked of your own data, and what we answered",
        who_reads="You and the programme office",
        kept_for="Three years after the answer, then without words",
        export=_requests,
        erase=_erase_requests,
    ),
    order=14,
)
holds(
    Holding(
        key="people.sign_in",
        what="Your second step of signing in, and attempts to sign in with your address that failed",
        who_reads="Nobody: the secrets are encrypted, and the office sees only that there are some",
        kept_for="As long as you can sign in",
        export=_sign_in,
        erase=_erase_sign_in,
    ),
    order=16,
)
holds(
    Holding(
        key="people.links",
        what="Private links that we mailed to you, when they were opened and when they end",
        who_reads="The programme office sees that there are some, never the links",
        kept_for="A year after they end",
        export=_links,
        erase=_erase_links,
    ),
    order=18,
)
holds(
    Holding(
        key="people.audit",
        what="What was done in your name or about you, and when",
        who_reads="The programme office",
        kept_for="Seven years",
        export=_trail,
        why_kept="It shows who decided what, so it stays as it was written when somebody is erased, with the names "
        "in it; it holds no confidential words.",
    ),
    order=900,
)
