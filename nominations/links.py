"""The private links of this app: each purpose with the page it opens."""

from datetime import datetime

from django.db import models
from django.urls import reverse

from leaders.people import links
from leaders.people.models import Person

INVITATION = "nominations.invitation"
DRAFT = "nominations.draft"
SECTION = "nominations.section"
REPLACE = "nominations.replace"
ACCEPT = "nominations.accept"
ENDORSE = "nominations.endorse"
EQUALITY = "nominations.equality"
OFFER = "nominations.offer"

PAGES = {
    INVITATION: "invitation",
    DRAFT: "nomination",
    SECTION: "shared_section",
    REPLACE: "replacement",
    ACCEPT: "nominee_accept",
    ENDORSE: "endorse",
    EQUALITY: "equality",
    OFFER: "offer",
}


def path_to(
    purpose: str,
    subject: models.Model,
    *,
    now: datetime,
    email: str = "",
    person: Person | None = None,
    expires_at: datetime | None = None,
) -> str:
    """The path of the link to `subject`: the live one mailed to this address if there is one, else a new one.

    Without an address it is one that nobody was mailed: for the browser in which somebody begins.
    """
    email = email or (person.email if person else "")
    link = links.live(purpose=purpose, subject=subject, now=now, email=email) or links.issue(
        purpose=purpose, subject=subject, now=now, expires_at=expires_at, person=person, email=email
    )
    return page_of(purpose, subject, link.token)


def page_of(purpose: str, subject: models.Model, token: str) -> str:
    """The address that `token` opens; an application has pages of its own."""
    name = PAGES[purpose]
    if purpose == DRAFT and subject.is_application:
        name = "application"
    return reverse(name, args=[token])


def known_path(purpose: str, subject: models.Model, *, now: datetime, email: str | None = None) -> str:
    """The path of a live link, for letters that are only being previewed or chased; the start page without one."""
    link = links.live(purpose=purpose, subject=subject, now=now, email=email)
    return page_of(purpose, subject, link.token) if link else reverse("nominate")
