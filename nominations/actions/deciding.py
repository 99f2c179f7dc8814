"""Decisions: secret, ordered, and released in one transaction."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from leaders.components.dates import day_time
from leaders.outbox.actions import post
from leaders.people.audit import record
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from nominations.coverage import with_more_time
from nominations.models import Assessment, Decision, Nomination, Round

from .offering import check_live, hold_round, make_offer

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


def concerns(this: Round, now: datetime) -> str:
    """Why it is early to release, in words: `release` then asks for a reason. Empty when it is not."""
    cohort = this.cohort
    if now < this.closes_at:
        but = ", but for those who have more time" if with_more_time(this, now) else ""
        return f"Nominations are open until {day_time(this.closes_at)}; after a release nobody can send one{but}."
    waiting = this.nominations.filter(state=State.SENT).count()
    if waiting and now < cohort.statements_due:
        count = f"{waiting} nomination{' waits' if waiting == 1 else 's wait'}"
        return f"{count} for an answer, until {day_time(cohort.statements_due)}."
    return ""


def as_shown(decision: Decision) -> str:
    """A decision as a confirmation carries it, so that one changed meanwhile is noticed."""
    return f"{decision.nomination_id}:{decision.outcome}:{decision.decided_at.isoformat()}"


@transaction.atomic
def release(
    *,
    round: Round,  # noqa: A002
    by: Person,
    now: datetime,
    reason: str = "",
    shown: Collection[str] | None = None,
) -> Counter:
    """Tell everybody at once: offers take their seats and every letter is written, in one transaction.

    Returns how many of each outcome. Pressing it twice releases once; a nomination completed and decided later is
    released by pressing it again. `shown` are the decisions that whoever released had before them (`as_shown`).

    Seats that stay free while people wait are kept: only the office offers them (`offer_seats_to`). A seat given up
    after the release goes to the next person by itself.

    Raises NotPossible when a complete nomination has no decision, nothing is left to release, there are more offers
    than seats, decisions are others than were shown, or it is too early (`concerns`) and no reason is given.
    """
    this = hold_round(round)
    check_live(this)
    complete = list(
        this.nominations.in_words()
        .select_for_update(of=("self",), no_key=True)
        .filter(state=State.COMPLETE)
        .order_by("reference")
    )
    decisions = {d.nomination_id: d for d in Decision.objects.filter(nomination__in=complete)}
    undecided = [nomination.reference for nomination in complete if nomination.pk not in decisions]
    if undecided:
        raise NotPossible(f"No decision yet about {', '.join(undecided)}.")
    if not complete:
        raise NotPossible("There is nothing to release.")
    if shown is not None and set(shown) != {as_shown(decision) for decision in decisions.values()}:
        raise NotPossible("Something has changed since you opened this page. Go back and look at it again.")
    early = concerns(this, now)
    if early and not reason.strip():
        raise NotPossible(f"{early} Give a reason to release all the same.")
    counts = Counter(decision.outcome for decision in decisions.values())
    left = this.cohort.capacity - this.cohort.seats_taken
    if counts[Outcome.OFFER] > left:
        raise NotPossible(f"{counts[Outcome.OFFER]} offers, but {left} seats: move somebody to the waiting list.")
    free = left - counts[Outcome.OFFER]
    somebody_waits = counts[Outcome.WAITING] or this.nominations.filter(state=State.WAITING).exists()
    this.seats_kept = free if somebody_waits else 0
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
        reason=reason,
        **detail,
    )
    read = readings(complete)
    for nomination in complete:
        _tell(nomination, decisions[nomination.pk], by, now, said(full=free == 0, readings=read[nomination.pk]))
    round.refresh_from_db(fields=["released_at", "released_by", "seats_kept"])
    return counts


def readings(nominations: Sequence[Nomination]) -> Counter:
    """How many panel members handed in scores, by nomination: the letters say it only where it is so."""
    found = Assessment.objects.submitted().filter(nomination__in=nominations).values_list("nomination", flat=True)
    return Counter(found)


def said(*, full: bool, readings: int) -> dict[str, Any]:
    """The facts that a letter without an offer may speak of."""
    return {"full": full, "readings": readings}


def _tell(nomination: Nomination, decision: Decision, by: Person, now: datetime, facts: dict[str, Any]) -> None:
    if decision.outcome == Outcome.OFFER:
        make_offer(nomination=nomination, by=by, now=now, feedback=decision.feedback)
        return
    waiting = decision.outcome == Outcome.WAITING
    nomination.state = State.WAITING if waiting else State.UNSUCCESSFUL
    nomination.save(update_fields=["state"])
    facts = {"feedback": decision.feedback, **facts}
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
                **({} if kind == "nominations.outcome" else facts),
            )
