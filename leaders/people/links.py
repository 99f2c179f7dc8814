"""Private links: unguessable, stored hashed, bound to one purpose and one subject, revocable.

Opening one (a GET) shows a page and changes nothing: mail scanners follow links too.
"""

import hashlib
from datetime import datetime

from django.db import models

from .models import Person, PrivateLink


class LinkProblem(Exception):
    """A link that does not work; `link` is the row when one was found."""

    def __init__(self, link: PrivateLink | None = None):
        super().__init__(self.__class__.__name__)
        self.link = link


class LinkUnknown(LinkProblem):
    """No such link: mistyped, cut short by a mail program, or made for another purpose."""


class LinkExpired(LinkProblem):
    """The link has passed its date; a new one can be mailed to the same address."""


class LinkRevoked(LinkProblem):
    """Somebody withdrew the link."""


def issue(
    *,
    purpose: str,
    subject: models.Model,
    now: datetime,
    expires_at: datetime | None = None,
    person: Person | None = None,
    email: str = "",
) -> PrivateLink:
    """Make a link to `subject` for one purpose. Its `token` goes into the URL."""
    return PrivateLink.objects.create(
        purpose=purpose,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        person=person,
        email=email or (person.email if person else ""),
        created_at=now,
        expires_at=expires_at,
    )


def live(*, purpose: str, subject: models.Model, now: datetime, email: str | None = None) -> PrivateLink | None:
    """The newest link to `subject` for `purpose` that still works, so that a later letter can carry it again.

    `email` asks for the one that was mailed to this address, or, when empty, for one that was mailed to nobody.
    """
    found = PrivateLink.objects.filter(
        models.Q(expires_at=None) | models.Q(expires_at__gt=now),
        purpose=purpose,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        revoked_at=None,
    )
    newest_first = (found if email is None else found.filter(email=email)).order_by("-pk")
    return next((link for link in newest_first if link.token), None)


def resolve(token: str, *, purpose: str, now: datetime) -> PrivateLink:
    """The link behind `token`. Raises LinkUnknown, LinkExpired or LinkRevoked.

    A link ends with the key that it was made with: who may have the key may have made the link.
    """
    token_hash = hashlib.sha256(token.encode()).hexdigest()
    link = PrivateLink.objects.filter(token_hash=token_hash, purpose=purpose).select_related("person").first()
    if link is None:
        raise LinkUnknown
    if link.revoked_at:
        raise LinkRevoked(link)
    if not link.token or (link.expires_at and link.expires_at <= now):
        raise LinkExpired(link)
    return link


def revoke(*, purpose: str, subject: models.Model, now: datetime, email: str = "") -> int:
    """Withdraw the links to `subject` for `purpose` (to one address only, if given); the number withdrawn."""
    found = PrivateLink.objects.filter(
        purpose=purpose, subject_type=subject._meta.label_lower, subject_id=str(subject.pk), revoked_at=None
    )
    return (found.filter(email=email) if email else found).update(revoked_at=now)
