"""What sharing a plan and sharing results have in common."""

from cohorts.models import Place
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from modules.registry import reader_of


def check_reader(place: Place, whom: str, reader: Person | None) -> None:
    """Raise NotPossible unless `reader` is the participant's `whom` now, or nobody is to read."""
    if reader is None:
        return
    current = reader_of(place, whom)
    if current is None:
        raise NotPossible(f"You have no {whom} at the moment.")
    if current != reader:
        raise NotPossible(f"Your {whom} is now {current}. Nothing was shared: decide again whether they may read it.")


def sharing_words(whom: str, reader: Person | None, what: str) -> str:
    """ "shared their results with their mentor, Joanne Whitfield", for the trail."""
    return f"shared {what} with their {whom}, {reader}" if reader else f"no longer shares {what} with their {whom}"
