"""What the office does to an account, and what its owner is told: access never changes behind somebody's back."""

from datetime import datetime

from django.db import transaction

from leaders.outbox.actions import post
from leaders.outbox.registry import Button
from leaders.people.actions import end_role, grant_role
from leaders.people.models import OFFICE_ROLES, Person, Role
from leaders.people.refusals import NotPossible


def may_change_account(person: Person, by: Person) -> bool:
    """The account of somebody who runs the office is changed by a director, or by themselves: it opens the office."""
    return not person.has_role(*OFFICE_ROLES) or by.has_role(Role.DIRECTOR) or by == person


@transaction.atomic
def give_role(*, person: Person, role: str, by: Person, now: datetime) -> None:
    """Give a role; whoever may enter the office from now on hears so. Given twice, nothing changes."""
    had = person.has_role(role)
    grant_role(person=person, role=role, by=by, now=now)
    if role in OFFICE_ROLES and not had:
        words = Role(role).in_words
        _tell(
            person, f"You may enter the programme office as {words}", f"{by} made you {words}.",
            "When you sign in you are asked for a second step, an authenticator app or a passkey. Then it opens.",
            button=Button("Open the programme office", "/office/"), now=now,
        )  # fmt: skip


@transaction.atomic
def take_role(*, person: Person, role: str, by: Person, reason: str, now: datetime) -> None:
    """End a role, with a reason. Raises NotPossible for a director's own: somebody else has to."""
    if person == by and role == Role.DIRECTOR:
        raise NotPossible("You cannot end your own role. Ask another director.")
    ended = end_role(person=person, role=role, by=by, now=now, reason=reason)
    if ended and role in OFFICE_ROLES:
        words = Role(role).in_words
        _tell(person, f"You are no longer {words}", f"{by} ended your role in the programme office.", now=now)


def tell_old_address(*, person: Person, before: str, by: Person, now: datetime) -> None:
    """Tell the address that somebody had until now: whoever reads it there may be the one who signed in with it."""
    post(
        "outbox.account_notice", to=("", before), now=now, dedupe_key=f"account:{person.pk}:moved:{now.isoformat()}",
        subject="Your address with us was changed",
        paragraphs=[f"{by} changed the address of {person} in the programme office. We no longer write to this one."],
    )  # fmt: skip


def _tell(person: Person, subject: str, *paragraphs: str, now: datetime, button: Button | None = None) -> None:
    post(
        "outbox.account_notice", to=person, now=now, dedupe_key=f"account:{person.pk}:{subject}:{now.isoformat()}",
        subject=subject, paragraphs=list(paragraphs), button=button,
    )  # fmt: skip
