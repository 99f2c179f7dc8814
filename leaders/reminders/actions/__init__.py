"""What can happen to reminders: planned, written into a message, skipped, moved, held, dropped."""

from .closing import Shift, shifts
from .office import drop, hold, release, restart_weekly_email, send_now, stop_weekly_email
from .plan import Planned, Rehearsal, materialise, rehearse
from .write import Written, preview, tick

__all__ = [
    "Planned",
    "Rehearsal",
    "Shift",
    "Written",
    "drop",
    "hold",
    "materialise",
    "preview",
    "rehearse",
    "release",
    "restart_weekly_email",
    "send_now",
    "shifts",
    "stop_weekly_email",
    "tick",
]
