"""Ends that are nobody's fault: replaced, withdrawn, deferred."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from leaders.outbox.actions import post
from leaders.people import links as private_links
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from nominations.links import ACCEPT
from nominations.models import Assessment, Nomination, Offer, Replacement, Score

from .common import locked, note
from .halfway import forget_answer
from .offering import free_place_of, hold_round

State = Nomination.State


def end(standing: Nomination, state: str, reason: str, now: datetime) -> None:
    """End a nomination: its slot is free again, the nominee's link stops working, and nobody has it to read.

    What was saved of an answer goes, and what panel members handed in stays.
    """
    standing.state, standing.quota_slot, standing.ended_at, standing.ended_reason = state, None, now, reason
    standing.save()
    private_links.revoke(purpose=ACCEPT, subject=standing, now=now)
    forget_answer(standing)
    unread = Assessment.objects.filter(nomination=standing, state__in=Assessment.OPEN)
    Score.objects.filter(assessment__in=unread).delete()
    unread.delete()


def end_replaced(replacement: Replacement, now: datetime) -> None:
    """End the earlier nomination in favour of the draft being sent."""
    first = locked(replacement.standing)
    if not first.may_be_replaced:
        return
    end(first, State.REPLACED, "", now)
    post(
        "nominations.no_longer",
        to=first.put_forward,
        now=now,
        dedupe_key=f"nominations.no_longer:{first.pk}",
        about=first,
        cohort_id=first.round.cohort_id,
        nomination=first,
    )
    note("replaced", f"{first} was replaced by {replacement.draft}", first, None, now)


@transaction.atomic
def withdraw_nomination(*, nomination: Nomination, reason: str, by: Person | str | None, now: datetime) -> Nomination:
    """Take a nomination or application back before a place is accepted; a seat offered to it goes to the next."""
    standing = _leave(nomination, State.WITHDRAWN, reason, by, now)
    this = standing.round
    again = reverse("nominate_start", args=[this.cohort.slug]) if this.is_open(now) else ""
    _tell_both("withdrawn", standing, now, link=again)
    return standing


@transaction.atomic
def defer_nomination(*, nomination: Nomination, reason: str, by: Person, now: datetime) -> Nomination:
    """Keep somebody for a later cohort: their nomination ends here, and a seat offered to it goes to the next."""
    standing = _leave(nomination, State.DEFERRED, reason, by, now)
    _tell_both("deferred", standing, now)
    return standing


def _tell_both(ended: str, standing: Nomination, now: datetime, **for_nominator) -> None:
    """Write to whoever was put forward, and to whoever nominated them, each in their own words."""
    forward, nominator = standing.put_forward, standing.nominator
    letters: list[tuple[str, Person, dict]] = [(f"nominations.{ended}", forward, {})]
    if nominator and nominator != forward:
        letters.append((f"nominations.{ended}_nominator", nominator, for_nominator))
    for kind, person, words in letters:
        post(
            kind,
            to=person,
            now=now,
            dedupe_key=f"nominations.{ended}:{standing.pk}:{person.pk}",
            about=standing,
            cohort_id=standing.round.cohort_id,
            nomination=standing,
            **words,
        )


def _leave(nomination: Nomination, state: str, reason: str, by, now: datetime) -> Nomination:
    hold_round(nomination.round)
    standing = locked(nomination)
    if not standing.may_be_withdrawn:
        raise NotPossible(
            f"{standing.reference} cannot be {State(state).label.lower()}: {standing.get_state_display()}."
        )
    offered = standing.state == State.OFFERED
    end(standing, state, reason, now)
    note(state, f"{standing}: {State(state).label.lower()}", standing, by, now, reason=reason)
    if offered:
        free_place_of(standing, Offer.State.WITHDRAWN, now=now, by=by)
    return standing
