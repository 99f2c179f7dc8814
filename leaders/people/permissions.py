"""What each role may do in the office, in one place.

The director may do everything the office offers. The administrator runs it day by day
but neither gives roles, nor edits programmes' rules, nor deletes. Nobody changes or deletes the
audit trail or what was sent: those pages are read-only for everybody.
"""

from .models import Role

DIRECTOR_ONLY = frozenset(
    {
        "people.add_rolegrant",
        "people.change_rolegrant",
        "people.delete_rolegrant",
        "cohorts.add_programme",
        "cohorts.change_programme",
    }
)


def may(roles: set[str], perm: str) -> bool:
    """Whether somebody holding `roles` has Django permission `perm` ("app.verb_model")."""
    if Role.DIRECTOR in roles:
        return True
    if Role.ADMINISTRATOR in roles:
        return perm not in DIRECTOR_ONLY and ".delete_" not in perm
    return False
