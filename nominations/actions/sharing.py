"""A section of the draft given to a colleague, who fills it in by a link of their own."""

from datetime import datetime, timedelta

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

# Links that one draft may have sent to colleagues in a day, and that one address may be sent by all drafts together.
SHARES_A_DAY = 10
LETTERS_A_DAY = 5


@transaction.atomic
def share_section(
    *, nomination: Nomination, section: str, name: str, email: str, by: Person | str | None, now: datetime
) -> SharedSection:
    """Let a colleague fill in one section through a link of their own; sharing it twice changes nothing.

    Raises NotPossible when the draft takes no more changes, for a section of the director's own, for somebody who
    would vouch for themselves, and where it would write to too many in a day, or to one address too often.
    """
    draft = locked(nomination)
    if not draft.takes_changes(now):
        raise NotPossible(closed(draft))
    part = journey_of(draft, list(draft.round.cohort.programme.criteria.all())).section(section)
    if part is None or not part.shareable:
        raise NotPossible("Only you can fill in that section.")
    email = email.strip().lower()
    if email in {draft.nominee_email.lower(), draft.nominator_email.lower()}:
        raise NotPossible("Somebody else has to fill it in: this is the address of whoever is nominated, or your own.")
    shared = draft.shares.filter(section=section, email=email, revoked_at=None).first()
    if shared:
        return shared
    _check_not_too_many(draft, email, now)
    share = SharedSection.objects.create(
        nomination=draft, section=section, email=email, name=name.strip(), shared_at=now
    )
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


def _check_not_too_many(draft: Nomination, email: str, now: datetime) -> None:
    """Whoever begins a draft can have us write to anybody: links taken back count as well."""
    lately = SharedSection.objects.filter(shared_at__gt=now - timedelta(days=1))
    if lately.filter(nomination=draft).count() >= SHARES_A_DAY:
        raise NotPossible("That is enough colleagues for one day. Please ask the next one tomorrow.")
    if lately.filter(email=email).count() >= LETTERS_A_DAY:
        raise NotPossible(
            f"We have written to {email} often enough today. Please speak to them, or ask again tomorrow."
        )


@transaction.atomic
def revoke_share(*, share: SharedSection, by: Person | str | None, now: datetime) -> None:
    """Take a colleague's link back. What they filled in stays."""
    if SharedSection.objects.filter(pk=share.pk, revoked_at=None).update(revoked_at=now):
        private_links.revoke(purpose=SECTION, subject=share, now=now)
        note("unshared", f"{share.name} can no longer open {share.nomination}", share.nomination, by, now)


@transaction.atomic
def finish_share(*, share: SharedSection, by: Person | str | None, now: datetime) -> None:
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
    note("filled", f"{share.name} filled in “{part.title}” of {draft.reference}", draft, by, now)
