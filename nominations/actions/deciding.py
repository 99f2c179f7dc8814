"""Decisions: secret, ordered, and released in one transaction."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from leaders.outbox.actions import post
from leaders.people.audit import record
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from nominations.models import Decision, Nomination, Round

from .offering import make_offer

State = Nomination.State
Outcome = Decision.Outcome


@transaction.atomic
def decide(
    *, nomination: Nomination, outcome: str, by: Person, now: datetime, feedback: str = "", rank: int | None = None
) -> Decision:
    """Note what is to become of a complete nomination. Nobody outside the office hears before release.

    On the waiting list it goes last unless `rank` says otherwise. Raises NotPossible once it was released.
    """
    this = Round.objects.select_for_update(no_key=True).get(pk=nomination.round_id)
    nomination = Nomination.objects.get(pk=nomination.pk)
    if nomination.state != State.COMPLETE:
        raise NotPossible(f"{nomination} cannot be decided: {nomination.get_state_display().lower()}.")
    Outcome(outcome)
    if outcome == Outcome.WAITING:
        others = Decision.objects.filter(nomination__round=this, outcome=Outcome.WAITING).exclude(nomination=nomination)
        known = Decision.objects.filter(nomination=nomination, outcome=Outcome.WAITING).first()
        rank = rank or (known.rank if known else (others.aggregate(last=Max("rank"))["last"] or 0) + 1)
    decision, _ = Decision.objects.update_or_create(
        nomination=nomination,
        defaults={
            "outcome": outcome,
            "rank": rank if outcome == Outcome.WAITING else None,
            "feedback": feedback,
            "decided_at": now,
            "decided_by": by,
        },
    )
    record(
        "nominations.decision.made",
        f"{by} decided about {nomination}",
        subject=decision,
        person=nomination.nominee,
        cohort_id=this.cohort_id,
        by=by,
        now=now,
        outcome=outcome,
    )
    return decision


@transaction.atomic
def order_waiting_list(*, round: Round, nominations: Sequence[Nomination], by: Person, now: datetime) -> None:  # noqa: A002
    """Put the waiting list into this order. Raises NotPossible unless exactly those on it are named."""
    waiting = {
        decision.nomination_id: decision
        for decision in Decision.objects.select_for_update(of=("self",), no_key=True).filter(
            nomination__round=round, outcome=Outcome.WAITING, nomination__state__in=[State.COMPLETE, State.WAITING]
        )
    }
    if sorted(waiting) != sorted(nomination.pk for nomination in nominations):
        raise NotPossible("The waiting list has changed since you opened it. Look at it again.")
    for rank, nomination in enumerate(nominations, 1):
        decision = waiting[nomination.pk]
        decision.rank = rank
        decision.save()
    record(
        "nominations.waiting_list.ordered",
        f"{by} put the waiting list in order",
        subject=round,
        cohort_id=round.cohort_id,
        by=by,
        now=now,
        order=[nomination.reference for nomination in nominations],
    )


@transaction.atomic
def release(*, round: Round, by: Person, now: datetime) -> Counter:  # noqa: A002
    """Tell everybody at once: offers take their seats and every letter is written, in one transaction.

    Returns how many of each outcome. Pressing it twice releases once; a nomination completed and decided later is
    released by pressing it again. Raises NotPossible when a complete nomination has no decision, nothing is left to
    release, or there are more offers than seats.
    """
    this = Round.objects.in_words().select_for_update(of=("self",), no_key=True).get(pk=round.pk)
    complete = list(this.nominations.in_words().filter(state=State.COMPLETE).order_by("reference"))
    decisions = {d.nomination_id: d for d in Decision.objects.filter(nomination__in=complete)}
    undecided = [nomination.reference for nomination in complete if nomination.pk not in decisions]
    if undecided:
        raise NotPossible(f"No decision yet about {', '.join(undecided)}.")
    if not complete:
        raise NotPossible("There is nothing to release.")
    counts = Counter(decision.outcome for decision in decisions.values())
    left = this.cohort.capacity - this.cohort.seats_taken
    if counts[Outcome.OFFER] > left:
        raise NotPossible(f"{counts[Outcome.OFFER]} offers, but {left} seats: move somebody to the waiting list.")
    if not this.released_at:
        this.released_at, this.released_by = now, by
        this.save()
    detail: dict[str, Any] = dict(counts)
    record(
        "nominations.round.released",
        f"{by} released the decisions for {this.cohort.name}",
        subject=this,
        cohort_id=this.cohort_id,
        by=by,
        now=now,
        **detail,
    )
    for nomination in complete:
        _tell(nomination, decisions[nomination.pk], by, now)
    round.refresh_from_db(fields=["released_at", "released_by"])
    return counts


def _tell(nomination: Nomination, decision: Decision, by: Person, now: datetime) -> None:
    if decision.outcome == Outcome.OFFER:
        make_offer(nomination=nomination, by=by, now=now, feedback=decision.feedback)
        return
    waiting = decision.outcome == Outcome.WAITING
    nomination.state = State.WAITING if waiting else State.UNSUCCESSFUL
    nomination.save(update_fields=["state"])
    feedback: dict[str, Any] = {"feedback": decision.feedback}
    for person, kind in (
        (nomination.nominee, "nominations.waiting_list" if waiting else "nominations.not_this_time"),
        (nomination.nominator, "nominations.outcome"),
    ):
        if person:
            post(
                kind,
                to=person,
                now=now,
                dedupe_key=f"{kind}:{nomination.pk}",
                about=nomination,
                cohort_id=nomination.round.cohort_id,
                nomination=nomination,
                **({} if kind == "nominations.outcome" else feedback),
            )
