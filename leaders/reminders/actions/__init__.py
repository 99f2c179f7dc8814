"""What can happen to reminders: planned, written into a message, skipped, moved, held."""

from .office import hold, release, restart_weekly_email, send_now, skip, stop_weekly_email
from .plan import Planned, Rehearsal, materialise, rehearse
from .write import Written, preview, tick

__all__ = [
    "Planned",
    "Rehearsal",
    "Written",
    "hold",
    "materialise",
    "preview",
    "rehearse",
    "release",
    "restart_weekly_email",
    "send_now",
    "skip",
    "stop_weekly_email",
    "tick",
]
