"""A section of the draft given to a colleague, who fills it in by a link of their own."""

from datetime import datetime

from django.db import transaction

from leaders.outbox.actions import post
from leaders.people import links as private_links
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from nominations.journey import journey_of
from nominations.links import SECTION, path_to
from nominations.models import Nomination, SharedSection

from .common import closed, locked, note
from .starting import draft_path


@transaction.atomic
def share_section(
    *, nomination: Nomination, section: str, name: str, email: str, by: Person | str | None, now: datetime
) -> SharedSection:
    """Let a colleague fill in one section through a link of their own; sharing it twice changes nothing."""
    draft = locked(nomination)
    if not draft.takes_changes(now):
        raise NotPossible(closed(draft))
    part = journey_of(draft, list(draft.round.cohort.programme.criteria.all())).section(section)
    if part is None or not part.shareable:
        raise NotPossible("Only you can fill in that section.")
    share, is_new = SharedSection.objects.get_or_create(
        nomination=draft, section=section, email=email.strip().lower(), revoked_at=None,
        defaults={"name": name.strip(), "shared_at": now},
    )  # fmt: skip
    if is_new:
        post(
            "nominations.section_shared",
            to=(share.name, share.email),
            now=now,
            dedupe_key=f"nominations.section_shared:{share.pk}",
            about=draft,
            cohort_id=draft.round.cohort_id,
            share=share,
            section=part.title,
            link=path_to(SECTION, share, now=now, email=share.email, expires_at=draft.round.cohort.offers_expire),
        )
        note("shared", f"“{part.title}” of {draft.reference} was shared with {share.name}", draft, by, now)
    return share


@transaction.atomic
def revoke_share(*, share: SharedSection, by: Person | str | None, now: datetime) -> None:
    """Take a colleague's link back. What they filled in stays."""
    if SharedSection.objects.filter(pk=share.pk, revoked_at=None).update(revoked_at=now):
        private_links.revoke(purpose=SECTION, subject=share, now=now)
        note("unshared", f"{share.name} can no longer open {share.nomination}", share.nomination, by, now)


@transaction.atomic
def finish_share(*, share: SharedSection, now: datetime) -> None:
    """The colleague is done: tell the nominator, once."""
    if not SharedSection.objects.filter(pk=share.pk, filled_at=None, revoked_at=None).update(filled_at=now):
        return
    draft = Nomination.objects.in_words().get(pk=share.nomination_id)
    part = journey_of(draft, list(draft.round.cohort.programme.criteria.all())).section(share.section)
    if part is None:
        raise NotPossible("That section is not part of the form any more.")
    post(
        "nominations.section_filled",
        to=draft.writer,
        now=now,
        dedupe_key=f"nominations.section_filled:{share.pk}",
        about=draft,
        cohort_id=draft.round.cohort_id,
        share=share,
        section=part.title,
        link=draft_path(draft, now),
    )
    note("filled", f"{share.name} filled in “{part.title}” of {draft.reference}", draft, share.name, now)
