"""What somebody hears when the office has answered what they asked of their own data, or has erased them."""

from datetime import datetime, timedelta

from django.db import transaction

from leaders.people.actions import answer_privacy, erase_person
from leaders.people.models import Person, PrivacyRequest

from .actions import post
from .models import Suppression

# How long the mail server may be away before an erased address is forgotten all the same.
FAREWELL = timedelta(days=7)


@transaction.atomic
def answer_request(*, asked: PrivacyRequest, answer: str, by: Person, now: datetime) -> None:
    """Answer a request and write to whoever asked. Raises NotPossible as `answer_privacy` does."""
    answer_privacy(asked=asked, answer=answer, by=by, now=now)
    post(
        "outbox.privacy_answered", to=asked.person, now=now, dedupe_key=f"outbox.privacy_answered:{asked.pk}",
        about=asked, asked=asked.get_kind_display(), answer=answer,
    )  # fmt: skip


@transaction.atomic
def erase_and_tell(*, person: Person, by: Person, reason: str, now: datetime) -> None:
    """Erase somebody, and write to them a last time at the address that goes with this very letter.

    The one message that erasing leaves alone; its address is removed when it was sent, could not be, or is too late.
    Raises NotPossible as `erase_person` does.
    """
    if not person.erased_at and not Suppression.of(person.email):
        post(
            "outbox.erased", to=person, now=now, dedupe_key=f"outbox.erased:{person.pk}", expires_at=now + FAREWELL,
            secret=True, farewell=True, on=now,
        )  # fmt: skip
    erase_person(person=person, by=by, reason=reason, now=now)
