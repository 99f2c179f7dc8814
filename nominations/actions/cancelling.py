"""The end of a round whose cohort was cancelled: everything open ends, and whoever waits for something hears once."""

from collections import defaultdict
from datetime import datetime

from django.db import transaction

from cohorts.actions import free_seat
from leaders.outbox.actions import post
from leaders.people import links as private_links
from leaders.people.models import Person
from nominations.links import ENDORSE
from nominations.models import Endorsement, NobodyThisTime, Nomination, Offer, Round

from .common import note
from .ending import end
from .inviting import withdraw_invitation
from .offering import hold_round

State = Nomination.State
STANDING = (State.SENT, State.COMPLETE, State.OFFERED, State.WAITING)


class Letters:
    """Whom to tell what: one letter an address, whatever somebody was to the round."""

    def __init__(self):
        self.sentences: dict[str, list[str]] = defaultdict(list)
        self.people: dict[str, Person | tuple[str, str]] = {}
        self.roles: dict[str, set[str]] = defaultdict(set)

    def tell(self, role: str, who: Person | tuple[str, str] | None, sentence: str) -> None:
        """Add a sentence to a person's letter, or to that of somebody whom we know by name and address only."""
        email = who.email if isinstance(who, Person) else who[1] if who else ""
        if not (who and email):
            return
        if isinstance(who, Person):
            self.people[email] = who
        self.people.setdefault(email, who)
        self.roles[role].add(email)
        if sentence not in self.sentences[email]:
            self.sentences[email].append(sentence)

    def post(self, this: Round, now: datetime) -> None:
        for number, (email, sentences) in enumerate(self.sentences.items(), 1):
            post(
                "nominations.cancelled",
                to=self.people[email],
                now=now,
                dedupe_key=f"nominations.cancelled:{this.pk}:{number}",
                about=this,
                cohort_id=this.cohort_id,
                round=this,
                sentences=tuple(sentences),
            )

    @property
    def counts(self) -> list[str]:
        return [
            f"{len(told)} {role}{' is' if len(told) == 1 else 's are'} written to." for role, told in self.roles.items()
        ]


@transaction.atomic
def call_off(*, round: Round, reason: str, by: Person | None, now: datetime) -> list[str]:  # noqa: A002
    """End what is open in the round of a cohort being cancelled, and write one letter to each whom it concerns.

    Offers and invitations are withdrawn, nominations end, their links stop working. Drafts stay, so that nobody loses
    what they wrote, but can no longer be sent. Whoever holds a place hears of it from `cancel_cohort`. Returns whom
    it told, in words.
    """
    this, letters = hold_round(round), Letters()
    offers = sum(_end(nomination, letters, by=by, now=now, reason=reason) for nomination in _standing(this))
    for placed in this.nominations.in_words().filter(state=State.ACCEPTED):
        letters.tell("nominator", placed.nominator, f"{placed.nominee_name} may take part in a later cohort.")
    for draft in this.nominations.drafts().in_words().order_by("pk"):
        role = "applicant" if draft.is_application else "nominator"
        letters.tell(role, draft.nominator or draft.writer, f"Your draft {draft.reference} can no longer be sent.")
    _end_invitations(this, letters, by=by, now=now, reason=reason)
    for member in this.panel.filter(left_at=None).select_related("person"):
        if not this.is_released:
            letters.tell("panel member", member.person, "There is nothing left to read.")
    letters.post(this, now)
    return letters.counts + ([f"{offers} open offer{' is' if offers == 1 else 's are'} withdrawn."] if offers else [])


def _standing(this: Round) -> list[Nomination]:
    found = this.nominations.in_words().select_for_update(of=("self",), no_key=True).filter(state__in=STANDING)
    return list(found.order_by("pk"))


def _end(nomination: Nomination, letters: Letters, *, by: Person | None, now: datetime, reason: str) -> int:
    """End one nomination; how many open offers it had."""
    cohort = nomination.cohort
    offered = Offer.objects.filter(nomination=nomination, state=Offer.State.OPEN).update(
        state=Offer.State.WITHDRAWN, answered_at=now
    )
    if offered:
        free_seat(cohort)
    kind = nomination.get_kind_display().lower()
    also = ", and the offer of a place is withdrawn" if offered else ""
    role = "applicant" if nomination.is_application else "nominee"
    letters.tell(role, nomination.put_forward, f"Your {kind} {nomination.reference} ends here{also}.")
    letters.tell("nominator", nomination.nominator, f"Your nomination of {nomination.nominee_name} ends here{also}.")
    endorsement = (
        Endorsement.objects.exclude(state=Endorsement.State.DECLINED)
        .filter(nomination=nomination)
        .select_related("sponsor")
        .first()
    )
    if endorsement:
        letters.tell("sponsor", endorsement.sponsor, f"The application of {nomination.nominee_name} ends here.")
        private_links.revoke(purpose=ENDORSE, subject=endorsement, now=now)
    # Equality Act 2010, section 20: adjustments are held for the cohort's events and no longer.
    nomination.access_needs = ""
    end(nomination, State.WITHDRAWN, f"{cohort.name} was cancelled", now)
    note("withdrawn", f"{nomination} ended: {cohort.name} was cancelled", nomination, by, now, reason=reason)
    return offered


def _end_invitations(this: Round, letters: Letters, *, by, now: datetime, reason: str) -> None:
    nobody = set(NobodyThisTime.objects.filter(round=this, undone_at=None).values_list("organisation", flat=True))
    for invitation in this.invitations.filter(withdrawn_at=None).select_related("round", "nominator", "organisation"):
        if invitation.invited_at and invitation.organisation_id not in nobody:
            letters.tell("nominator", invitation.nominator, f"{invitation.organisation} need not nominate anybody.")
        withdraw_invitation(invitation=invitation, by=by, now=now, reason=reason)
