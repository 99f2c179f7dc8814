"""The draft saved page by page, two texts for one page, and the draft deleted."""

from datetime import datetime

from django.db import transaction

from leaders.people import links as private_links
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from nominations.journey import Page
from nominations.links import DRAFT, SECTION
from nominations.models import Clash, Nomination, SavedAnswer

from .common import closed, locked, note, page_of


class Stale(Exception):
    """The page was changed in another window, or by somebody else, since it was shown; `clash` keeps what was typed."""

    def __init__(self, clash: Clash | SavedAnswer):
        super().__init__("This page was changed in the meantime.")
        self.clash = clash


def save_section(
    *,
    nomination: Nomination,
    page: str,
    values: dict,
    by: Person | str | None,
    now: datetime,
    seen: int | None = None,
    finished: bool = True,
) -> Nomination:
    """Save one page of a draft. `values` maps names of answers (see `journey`) to what was written.

    A page that is changed and not `finished` stays incomplete, whatever stands in it, until it is.
    `seen` is the version that the form was made from: if somebody has changed this very page since, to
    something else, nothing is overwritten, what was typed is kept as a `Clash`, and Stale is raised.
    A page may have been open when nominations closed: a late save is kept, and is no late sending.
    Raises NotPossible when it was sent or the cohort ended; KeyError for a page the form does not have.
    """
    with transaction.atomic():
        draft = locked(nomination)
        clash = _save(draft, page_of(draft, page), values, by=by, now=now, seen=seen, finished=finished)
    # Raised only here: inside, it would undo what keeps the typed words.
    if clash:
        raise Stale(clash)
    return draft


def _save(
    draft: Nomination, page: Page, values: dict, *, by, now: datetime, seen: int | None = None, finished: bool = True
) -> Clash | None:
    if not draft.keeps_words(now):
        raise NotPossible(closed(draft))
    values = {name: values[name] for name in page.asks if name in values}
    others = [key for key in draft.unfinished if key != page.key]
    if all(draft.value(name) == value for name, value in values.items()):
        if finished and page.key in draft.unfinished:
            draft.unfinished = others
            draft.save(update_fields=["unfinished"])
        return None
    if seen is not None and draft.changed_in.get(page.key, 0) > seen:
        return Clash.objects.create(nomination=draft, page=page.key, typed=values, kept_at=now)
    for name, value in values.items():
        draft.put(name, value)
    draft.unfinished = others if finished else [*others, page.key]
    draft.version += 1
    draft.changed_in = {**draft.changed_in, page.key: draft.version}
    draft.saved_at = now
    draft.save()
    note("saved", f"{by} saved {page.title.rstrip('?').lower()} of {draft.reference}", draft, by, now)
    return None


@transaction.atomic
def settle_clash(
    *, clash: Clash, values: dict, by: Person | str | None, now: datetime, seen: int | None = None
) -> Nomination:
    """Choose between two texts for a page, or write a third: `values` is what stays.

    `seen` is the version at which both were shown. Raises Stale, and changes nothing, when the page was changed
    once more since; NotPossible when somebody has chosen already.
    """
    draft = locked(clash.nomination)
    if not draft.clashes.filter(pk=clash.pk, settled_at=None).exists():
        raise NotPossible("One of the two texts was chosen already.")
    if seen is not None and draft.changed_in.get(clash.page, 0) > seen:
        raise Stale(clash)
    _save(draft, page_of(draft, clash.page), values, by=by, now=now)
    Clash.objects.filter(pk=clash.pk).update(settled_at=now)
    return draft


@transaction.atomic
def delete_draft(*, nomination: Nomination, by: Person | str | None, now: datetime) -> None:
    """Delete a draft for good; its links stop working. Raises NotPossible once it was sent."""
    draft = locked(nomination)
    if not draft.is_draft:
        raise NotPossible("It has been sent. You can withdraw it instead.")
    note("deleted", f"{by} deleted the draft {draft.reference}", draft, by, now)
    private_links.revoke(purpose=DRAFT, subject=draft, now=now)
    for share in draft.shares.all():
        private_links.revoke(purpose=SECTION, subject=share, now=now)
    draft.delete()
