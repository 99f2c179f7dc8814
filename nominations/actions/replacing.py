"""Another nominee in place of the first: by the same nominator, or by a colleague who asks."""

from datetime import datetime

from django.db import transaction

from leaders.outbox.actions import post
from leaders.people import links as private_links
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from nominations.links import REPLACE, path_to
from nominations.models import Nomination, Replacement

from .common import locked, note
from .sending import check_ready, send_nomination
from .starting import begin, draft_path, mail_link

# What the organisation does stays true of the next nominee; what was said about the first one does not.
KEPT = (
    "organisation", "organisation_name", "organisation_kind", "quota", "invitation", "nominator", "nominator_name",
    "nominator_email", "nominator_role_title", "nominator_phone", "cover", "sponsor_name", "sponsor_email",
    "fee_contact_name", "fee_contact_email", "purchase_order",
)  # fmt: skip


@transaction.atomic
def substitute_nominee(*, nomination: Nomination, by: Person | str | None, now: datetime) -> Nomination:
    """Begin a draft for somebody else in place of a live nomination; the first stands until the draft is sent.

    Possible until the round's cut-off for substitutes. Asked twice, it returns the draft already begun.
    """
    first = locked(nomination)
    if not first.takes_substitutes:
        raise NotPossible(f"{first.reference} can no longer be changed for another nominee.")
    if now >= first.substitutes_until:
        raise NotPossible(f"It is too late for another nominee. Ask {first.cohort.contact} what is possible.")
    begun = Nomination.objects.drafts().in_words().filter(replacement__standing=first).first()
    if begun:
        return begun
    draft, _ = begin(
        Nomination(
            kind=first.kind,
            round=first.round,
            started_at=now,
            extended_until=first.substitutes_until,
            **{name: getattr(first, name) for name in KEPT},
        ),
        by,
        now,
    )
    Replacement.objects.create(draft=draft, standing=first, agreed_at=now)
    mail_link(draft, now)
    return draft


@transaction.atomic
def ask_to_replace(*, draft: Nomination, by: Person | str | None, now: datetime, proved: bool) -> Replacement:
    """Ask the colleague who nominated first to let this draft take the place of theirs; asking twice changes nothing.

    Where the organisation's nomination is by now another than the one that was to be replaced, that one's nominator
    is asked. From the same person no question is needed: the replacement counts as agreed. Raises NotPossible for a
    draft that could not be sent: not complete, or its address not `proved` (see `send_nomination`).
    """
    draft = locked(draft)
    standing = draft.round.nominations.live().in_words().filter(
        organisation=draft.organisation, quota__isnull=False
    ).first()  # fmt: skip
    if standing is None or not draft.is_draft:
        raise NotPossible("There is nothing to replace any more. Go back to your nomination and send it.")
    if not standing.may_be_replaced or standing.round.is_released:
        raise NotPossible(f"It is too late to replace it. Ask {draft.cohort.contact} what is possible.")
    if not proved:
        raise NotPossible(f"Ask by the link that we emailed to {draft.nominator_email}.")
    check_ready(draft)
    same = standing.nominator.email == draft.nominator_email
    replacement = Replacement.objects.filter(draft=draft).select_related("standing").first()
    if replacement and replacement.standing == standing and (replacement.agreed_at or not same):
        return replacement
    if replacement:
        private_links.revoke(purpose=REPLACE, subject=replacement, now=now)
    replacement, _ = Replacement.objects.update_or_create(
        draft=draft,
        defaults={
            "standing": standing,
            "asked_at": None if same else now,
            "agreed_at": now if same else None,
            "refused_at": None,
        },
    )
    if not same:
        post(
            "nominations.replacement_asked",
            to=standing.nominator,
            now=now,
            dedupe_key=f"nominations.replacement_asked:{replacement.pk}:{standing.pk}",
            about=standing,
            cohort_id=draft.round.cohort_id,
            replacement=replacement,
            link=path_to(
                REPLACE, replacement, now=now, person=standing.nominator, expires_at=draft.cohort.assessments_due
            ),
        )
    note("replacement_asked", f"{by} asked to replace {standing} with {draft}", draft, by, now)
    return replacement


@transaction.atomic
def agree_to_replace(
    *, replacement: Replacement, by: Person | str | None, now: datetime, reason: str = ""
) -> Nomination:
    """Let the new nomination take the earlier one's place, and send it.

    By the earlier nominator, or by the office in their stead, with its reason, also where the nominator had refused.
    """
    draft = locked(replacement.draft)
    if not draft.is_draft:
        return draft
    replacement = Replacement.objects.select_related("standing").get(pk=replacement.pk)
    if not replacement.agreed_at:
        replacement.agreed_at, replacement.refused_at = now, None
        replacement.save(update_fields=["agreed_at", "refused_at"])
        # Whoever asked had until their deadline; the answer may come a little later.
        until = max(filter(None, (draft.extended_until, draft.round.substitutes_until)))
        Nomination.objects.filter(pk=draft.pk).update(extended_until=until)
        sentence = f"{by} agreed that {draft} replaces {replacement.standing}"
        note("replacement_agreed", sentence, draft, by, now, reason=reason)
    # Nobody could ask without having proved the address.
    return send_nomination(nomination=draft, attested_by=draft.nominator_name, by=by, now=now, proved=True)


@transaction.atomic
def refuse_to_replace(*, replacement: Replacement, by: Person | str | None, now: datetime) -> None:
    """The earlier nominator keeps theirs, and whoever asked hears so. Refusing twice changes nothing."""
    draft = locked(replacement.draft)
    replacement = Replacement.objects.select_related(
        "standing__round__cohort__programme", "standing__round__cohort__contact", "standing__organisation"
    ).get(pk=replacement.pk)
    if replacement.agreed_at:
        raise NotPossible("You have agreed already, and the other nomination was sent.")
    if replacement.refused_at or not draft.is_draft:
        return
    replacement.refused_at, replacement.draft = now, draft
    replacement.save(update_fields=["refused_at"])
    post(
        "nominations.replacement_refused",
        to=draft.writer,
        now=now,
        dedupe_key=f"nominations.replacement_refused:{replacement.pk}:{replacement.standing_id}",
        about=draft,
        cohort_id=draft.round.cohort_id,
        replacement=replacement,
        link=draft_path(draft, now),
    )
    note("replacement_refused", f"{by} keeps {replacement.standing}; {draft} does not replace it", draft, by, now)
