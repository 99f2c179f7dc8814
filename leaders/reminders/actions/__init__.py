"""What can happen to reminders: planned, written into a message, skipped, moved, held."""

from .office import choose_digest_day, extend, hold, release, skip
from .plan import Planned, Rehearsal, materialise, rehearse
from .write import Written, tick

__all__ = [
    "Planned",
    "Rehearsal",
    "Written",
    "choose_digest_day",
    "extend",
    "hold",
    "materialise",
    "rehearse",
    "release",
    "skip",
    "tick",
]
