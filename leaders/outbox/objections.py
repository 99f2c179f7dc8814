"""What may speak against handing a message over now. Nothing here changes anything."""

from datetime import datetime

from leaders.people.privacy import NOWHERE

from .models import Consent, Message, Suppression
from .registry import Category, Objection, last_looks

ERASED = "The person was erased"
STOPPED = "Nothing is sent to this address."  # begins the reason of what a suppression stopped


def objection_to(message: Message, now: datetime) -> Objection | None:
    """The first reason not to send this message now, apart from its address."""
    if message.expires_at and message.expires_at <= now:
        return Objection("It was too late to send it")
    if message.to_email.endswith(f"@{NOWHERE}"):
        return Objection(ERASED)
    if message.category == Category.PROMOTIONAL and not Consent.of(message.to_email):
        return Objection("They have not agreed to promotional mail")
    return last_look(message, now)


def last_look(message: Message, now: datetime) -> Objection | None:
    """What the app that wrote the message has against it by now, such as that its reader has acted."""
    return next((objection for look in last_looks if (objection := look.brings(message, now))), None)


def suppression_of(message: Message) -> Objection | None:
    suppression = Suppression.of(message.to_email)
    return Objection(f"{STOPPED} {suppression.reason}") if suppression else None
