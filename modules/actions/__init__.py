"""What can happen in a cohort's year."""

from .invites import keep_invites
from .materials import add_material, book_speaker, remove_material
from .taking_part import (
    complete_catch_up,
    give_feedback,
    mark_read,
    record_attendance,
    record_register,
    set_catch_up,
    set_catch_ups,
)
from .teams import (
    Stale,
    add_challenge,
    choose_challenges,
    confirm_teams,
    form_teams,
    give_challenge,
    lock_member,
    log_experiment,
    move_member,
    record_presentation,
    revise_experiment,
    write_challenge,
)
from .year import add_session, cancel_session, change_session, confirm_module, plan_modules

__all__ = [
    "Stale",
    "add_challenge",
    "add_material",
    "add_session",
    "book_speaker",
    "cancel_session",
    "change_session",
    "choose_challenges",
    "complete_catch_up",
    "confirm_module",
    "confirm_teams",
    "form_teams",
    "give_challenge",
    "give_feedback",
    "keep_invites",
    "lock_member",
    "log_experiment",
    "mark_read",
    "move_member",
    "plan_modules",
    "record_attendance",
    "record_presentation",
    "record_register",
    "remove_material",
    "revise_experiment",
    "set_catch_up",
    "set_catch_ups",
    "write_challenge",
]
