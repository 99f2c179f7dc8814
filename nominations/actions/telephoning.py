"""What a nominator says on the telephone, written down by the office as a draft in their name."""

from datetime import datetime

from django.db import transaction

from leaders.outbox.actions import post
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from nominations.journey import journey_of
from nominations.models import Invitation, NobodyThisTime, Nomination
from nominations.models.nomination import WHY

from .common import note
from .inviting import take_nobody_back
from .saving import save_section
from .starting import begun_with, draft_path, start_nomination


@transaction.atomic
def note_nomination(
    *,
    invitation: Invitation,
    nominee_name: str,
    by: Person,
    now: datetime,
    nominee_email: str = "",
    nominee_role_title: str = "",
    why: str = "",
) -> Nomination:
    """Begin a draft for an invited nominator with what they said, and mail them its link to check and send it.

    What they said of the person goes to the first criterion. "Nobody this time" is taken back by it. Only the
    nominator attests and sends. Raises NotPossible when they were not invited or have begun themselves, when
    their organisation has nominated, and when nominations are closed.
    """
    invitation = (
        Invitation.objects.select_related("round__cohort__programme", "round__cohort__contact", "organisation")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=invitation.pk)
    )
    this, organisation, nominator = invitation.round, invitation.organisation, invitation.nominator
    if invitation.withdrawn_at or not invitation.invited_at:
        raise NotPossible(f"{nominator} is not invited to nominate for {organisation}.")
    if begun := begun_with(invitation):
        raise NotPossible(f"{nominator} has begun a nomination already: {begun.reference}.")
    standing = this.nominations.live().filter(organisation=organisation, quota__isnull=False).first()
    if standing:
        raise NotPossible(f"{organisation} has nominated already ({standing.reference}). Withdraw that first.")
    draft = start_nomination(round=this, organisation=None, invitation=invitation, noted=True, by=by, now=now)
    if NobodyThisTime.objects.filter(round=this, organisation=organisation, undone_at=None).exists():
        take_nobody_back(round=this, organisation=organisation, by=by, now=now)
    first = next(iter(this.cohort.programme.criteria.all()), None)
    said = {
        "nominee_name": nominee_name.strip(),
        "nominee_email": nominee_email.strip().lower(),
        "nominee_role_title": nominee_role_title.strip(),
    }
    if first:
        said[f"{WHY}{first.key}"] = why.strip()
    for page in journey_of(draft, [first] if first else []).pages.values():
        values = {name: words for name, words in said.items() if words and name in page.asks}
        if values:
            draft = save_section(nomination=draft, page=page.key, values=values, by=by, now=now)
    note("noted", f"{by} wrote down {draft.reference} on behalf of {nominator}", draft, by, now)
    post(
        "nominations.noted",
        to=nominator,
        now=now,
        dedupe_key=f"nominations.noted:{draft.pk}",
        about=draft,
        cohort_id=this.cohort_id,
        nomination=draft,
        link=draft_path(draft, now),
    )
    return draft
