"""What sharing a plan and sharing results have in common."""

from datetime import datetime

from cohorts.models import Place
from leaders.outbox.actions import post, withdraw
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from modules.models.sharing import Shared
from modules.registry import reader_of, reading_page_of

NO_LONGER = "It is not shared any more"


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


def share_and_tell(shared: Shared, place: Place, whom: str, reader: Person | None, *, what: str, now: datetime) -> bool:
    """Share it and write to `reader` where they read it, without a word of it; whether there is such a page.

    Whoever reads it already is not told again. That it ended is told to nobody: the page shows it no more.
    """
    knows = shared.is_shared_with(whom, reader)
    if not knows:
        if getattr(shared, f"shared_with_{whom}_id"):
            withdraw(_key(shared, whom), reason=NO_LONGER)
        shared.share_with(whom, reader, now)
    url = reading_page_of(place, whom, reader, now) if reader else ""
    if reader and url and not knows:
        post(
            "modules.shared", to=reader, now=now, dedupe_key=_key(shared, whom), about=place,
            cohort_id=place.cohort_id, place=place, whom=whom, what=what, url=url,
        )  # fmt: skip
    return bool(url)


def _key(shared: Shared, whom: str) -> str:
    """Of the letter about this sharing: it names who may read since when."""
    reader, since = getattr(shared, f"shared_with_{whom}_id"), getattr(shared, f"shared_with_{whom}_at")
    return f"shared:{shared._meta.model_name}:{shared.pk}:{whom}:{reader}:{since.timestamp()}"
