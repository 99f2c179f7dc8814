"""Offers: made with a seat, answered before their deadline, and passed on in the same transaction."""

from collections.abc import Sequence
from datetime import datetime, time

from django.db import transaction
from django.utils.text import slugify

from cohorts.actions import free_seat, make_place, take_seat
from cohorts.models import Cohort, Place
from leaders.components.dates import day_time, london_date
from leaders.outbox.actions import post
from leaders.people.actions import know_person
from leaders.people.audit import record
from leaders.people.models import Organisation, Person
from leaders.people.refusals import NotPossible
from leaders.reminders.working_days import add_working_days, due_at
from nominations.links import OFFER, path_to
from nominations.models import Decision, Nomination, Offer, Round

State = Nomination.State
DAYS_TO_ANSWER = 5
"""Working days that anybody has to answer an offer, also one made late from the waiting list."""


def answer_by(this: Round, now: datetime) -> datetime:
    """Until when an offer made now can be answered: the cohort's date, or 5pm five working days from now."""
    return max(this.cohort.offers_expire, due_at(add_working_days(london_date(now), DAYS_TO_ANSWER), time(17)))


@transaction.atomic
def make_offer(
    *,
    nomination: Nomination,
    by: Person | None,
    now: datetime,
    feedback: str = "",
    from_waiting_list: bool = False,
    reason: str = "",
) -> Offer:
    """Offer a place: takes a seat and writes to the nominee and the nominator.

    Raises NotPossible when it is full, or for a cohort that is not live.
    """
    check_live(nomination.round)
    start = State.WAITING if from_waiting_list else State.COMPLETE
    if not Nomination.objects.filter(pk=nomination.pk, state=start).update(state=State.OFFERED):
        raise NotPossible(f"{nomination} cannot be offered a place any more.")
    take_seat(nomination.round.cohort)
    nomination.state = State.OFFERED
    offer = Offer.objects.create(
        nomination=nomination,
        made_at=now,
        expires_at=answer_by(nomination.round, now),
        from_waiting_list=from_waiting_list,
    )
    post(
        "nominations.offer",
        to=nomination.put_forward,
        now=now,
        dedupe_key=f"nominations.offer:{offer.pk}",
        about=offer,
        cohort_id=nomination.round.cohort_id,
        expires_at=offer.expires_at,
        offer=offer,
        feedback=feedback,
        link=path_to(OFFER, offer, now=now, person=nomination.nominee),
    )
    if nomination.nominator:
        post(
            "nominations.outcome",
            to=nomination.nominator,
            now=now,
            dedupe_key=f"nominations.outcome_offer:{offer.pk}",
            about=nomination,
            cohort_id=nomination.round.cohort_id,
            nomination=nomination,
        )
    _record("made", f"{nomination.nominee} was offered a place", offer, by=by, now=now, reason=reason)
    return offer


@transaction.atomic
def accept_offer(*, offer: Offer, by: Person | str | None, now: datetime) -> Place:
    """Accept before the deadline: the offer becomes a Place. Accepting twice returns the same place."""
    if not _answer(offer, Offer.State.ACCEPTED, now):
        return Place.objects.get(cohort=offer.nomination.round.cohort, person=offer.nomination.nominee)
    nomination = offer.nomination
    if nomination.round.cohort.places.filter(person=nomination.put_forward).exists():
        raise NotPossible(f"You have a place in {nomination.cohort.name} already, by another way than this offer.")
    access_needs = nomination.access_needs
    place = make_place(
        cohort=nomination.round.cohort,
        person=nomination.put_forward,
        organisation=nomination.organisation or _new_organisation(nomination),
        role_title=nomination.nominee_role_title,
        service=nomination.nominee_service,
        sponsor=_known(nomination.sponsor_name, nomination.sponsor_email, nomination, by, now),
        line_manager=_known(nomination.line_manager_name, nomination.line_manager_email, nomination, by, now),
        access_needs=access_needs,
        by=by,
        now=now,
    )
    nomination.state, nomination.organisation, nomination.access_needs = State.ACCEPTED, place.organisation, ""
    nomination.save(update_fields=["state", "organisation", "access_needs"])
    for person, kind in (
        (nomination.nominee, "nominations.place_accepted"),
        (nomination.nominator, "nominations.outcome"),
    ):
        if person:
            post(
                kind,
                to=person,
                now=now,
                dedupe_key=f"{kind}_accepted:{offer.pk}",
                about=nomination,
                cohort_id=nomination.round.cohort_id,
                nomination=nomination,
            )
    _record("accepted", f"{nomination.nominee} accepted a place", offer, by=by, now=now)
    return place


@transaction.atomic
def decline_offer(*, offer: Offer, by: Person | str | None, now: datetime, reason: str = "") -> Offer:
    """Decline: the seat goes to the next person on the waiting list. Declining twice changes nothing."""
    if _answer(offer, Offer.State.DECLINED, now, reason):
        _record("declined", f"{offer.nomination.nominee} declined a place", offer, by=by, now=now)
        _pass_on(offer.nomination, State.OFFER_DECLINED, by, now)
    return offer


def expire_offers(*, now: datetime) -> int:
    """End the offers that passed their deadline unanswered; their seats go to the waiting list. How many.

    Each in a transaction of its own, so that nobody's answer waits for all of them.
    """
    due = Offer.objects.in_words().filter(
        state=Offer.State.OPEN, expires_at__lte=now, nomination__round__cohort__status=Cohort.Status.LIVE
    )
    return sum(_expire(offer, now) for offer in list(due.order_by("pk")))


@transaction.atomic
def _expire(offer: Offer, now: datetime) -> bool:
    _hold(offer.nomination)
    if not Offer.objects.filter(pk=offer.pk, state=Offer.State.OPEN, expires_at__lte=now).update(
        state=Offer.State.EXPIRED, answered_at=now
    ):
        return False
    post(
        "nominations.offer_expired",
        to=offer.nomination.put_forward,
        now=now,
        dedupe_key=f"nominations.offer_expired:{offer.pk}",
        about=offer,
        cohort_id=offer.nomination.round.cohort_id,
        offer=offer,
    )
    _record("expired", f"The offer to {offer.nomination.nominee} expired", offer, by=None, now=now)
    _pass_on(offer.nomination, State.OFFER_EXPIRED, None, now)
    return True


@transaction.atomic
def extend_offer(*, offer: Offer, until: datetime, reason: str, by: Person, now: datetime) -> Offer:
    """Give somebody more time to answer an open offer; they are written to."""
    if until <= now:
        raise NotPossible("The new deadline is in the past.")
    if until <= offer.expires_at:
        raise NotPossible(f"They have until {day_time(offer.expires_at)} already. Choose a later day.")
    if not Offer.objects.filter(pk=offer.pk, state=Offer.State.OPEN).update(expires_at=until):
        raise NotPossible("This offer is no longer open.")
    offer.refresh_from_db(fields=["expires_at"])
    post(
        "nominations.offer_chased",
        to=offer.nomination.put_forward,
        now=now,
        dedupe_key=f"nominations.offer_extended:{offer.pk}:{until.isoformat()}",
        about=offer,
        cohort_id=offer.nomination.round.cohort_id,
        expires_at=until,
        offer=offer,
        link=path_to(OFFER, offer, now=now, person=offer.nomination.nominee),
    )
    _record("extended", f"{offer.nomination.nominee} has more time to answer", offer, by=by, now=now, reason=reason)
    return offer


@transaction.atomic
def promote_next(*, round: Round, by: Person | None, now: datetime) -> Offer | None:  # noqa: A002
    """Offer a free seat to the first on the waiting list; None when nobody waits, no seat is free, or it has begun.

    Seats that were kept free at the release are not offered by this (see `release`).
    """
    this = hold_round(round)
    cohort = this.cohort
    if not this.is_released or cohort.status != Cohort.Status.LIVE or london_date(now) >= cohort.starts_on:
        return None
    if cohort.seats_taken + this.seats_kept >= cohort.capacity:
        return None
    first = (
        Decision.objects.filter(nomination__round=this, nomination__state=State.WAITING)
        .order_by("rank", "pk")
        .values_list("nomination", flat=True)
        .first()
    )
    if first is None:
        return None
    return make_offer(nomination=Nomination.objects.in_words().get(pk=first), by=by, now=now, from_waiting_list=True)


@transaction.atomic
def offer_free_seats(*, round: Round, now: datetime) -> int:  # noqa: A002
    """Offer free seats down the waiting list, but for those kept free at the release; how many offers were made."""
    made = 0
    while promote_next(round=round, by=None, now=now):
        made += 1
    return made


@transaction.atomic
def offer_seats_to(
    *,
    round: Round,  # noqa: A002
    nominations: Sequence[Nomination],
    by: Person,
    now: datetime,
    reason: str = "",
) -> int:
    """Offer free seats by hand to these people on the waiting list, also seats kept free at the release; how many.

    What was kept and is not offered now stays kept. Raises NotPossible once the cohort has begun, for more people than
    seats or somebody who does not wait, and without a reason where the order of the list is departed from.
    """
    this = hold_round(round)
    if london_date(now) >= this.cohort.starts_on:
        raise NotPossible(f"{this.cohort.name} has begun: nobody joins it from the waiting list any more.")
    free = max(this.cohort.capacity - this.cohort.seats_taken, 0)
    _check_chosen(this, nominations, free, reason)
    for nomination in nominations:
        make_offer(nomination=nomination, by=by, now=now, from_waiting_list=True, reason=reason)
    Round.objects.filter(pk=this.pk).update(seats_kept=min(this.seats_kept, free - len(nominations)))
    return len(nominations)


def _check_chosen(this: Round, chosen: Sequence[Nomination], free: int, reason: str) -> None:
    if not chosen:
        raise NotPossible("Choose somebody to offer a seat to.")
    if not free:
        raise NotPossible("No seat is free.")
    if len(chosen) > free:
        seats = "1 seat is" if free == 1 else f"{free} seats are"
        raise NotPossible(f"{seats} free, and you chose {len(chosen)} people.")
    waiting = list(this.nominations.filter(state=State.WAITING).order_by("decision__rank", "pk"))
    gone = next((each for each in chosen if each not in waiting), None)
    if gone:
        raise NotPossible(f"{gone.nominee_name} is not on the waiting list any more.")
    passed = next((each for each in waiting[: len(chosen)] if each not in chosen), None)
    if passed and not reason.strip():
        later = max(chosen, key=waiting.index)
        raise NotPossible(
            f"{passed.nominee_name} comes before {later.nominee_name} on the waiting list. Give a reason to offer out "
            "of its order."
        )


def free_place_of(nomination: Nomination, state: str, *, now: datetime, by: Person | str | None) -> None:
    """End the open offer of a nomination that ended by itself, and pass its seat on."""
    if Offer.objects.filter(nomination=nomination, state=Offer.State.OPEN).update(state=state, answered_at=now):
        _give_seat_on(nomination.round, now)


def hold_round(this: Round) -> Round:
    """The round as it is now, held until the transaction ends.

    Whatever moves seats locks the round first, then nominations, offers and the cohort: never the other way round.
    """
    return Round.objects.in_words().select_for_update(of=("self",), no_key=True).get(pk=this.pk)


def check_live(this: Round) -> None:
    """Raises NotPossible for a cohort that is planned, over or cancelled."""
    cohort = Cohort.objects.get(pk=this.cohort_id)
    if cohort.status != Cohort.Status.LIVE:
        raise NotPossible(f"{cohort.name} is {cohort.get_status_display().lower()}, so it offers no places.")


def _hold(nomination: Nomination) -> None:
    hold_round(nomination.round)
    Nomination.objects.select_for_update(no_key=True).get(pk=nomination.pk)


def _give_seat_on(this: Round, now: datetime) -> None:
    """A seat is free: offer it to the next person."""
    hold_round(this)
    free_seat(this.cohort)
    promote_next(round=this, by=None, now=now)


def _answer(offer: Offer, state: str, now: datetime, reason: str = "") -> bool:
    """Answer an offer if it is open and in time: one conditional update. False when it has this very answer already.

    Raises NotPossible when it is too late or was answered otherwise. `offer` is read anew.
    """
    _hold(offer.nomination)
    fresh = Offer.objects.in_words().get(pk=offer.pk)
    if fresh.state == Offer.State.OPEN:
        check_live(fresh.nomination.round)
    changed = Offer.objects.filter(pk=offer.pk, state=Offer.State.OPEN, expires_at__gt=now).update(
        state=state, answered_at=now, reason=reason
    )
    fresh = Offer.objects.in_words().get(pk=offer.pk)
    offer.__dict__.update(fresh.__dict__)
    if changed:
        return True
    if offer.state == state:
        return False
    contact = offer.nomination.round.cohort.contact
    if offer.state in {Offer.State.OPEN, Offer.State.EXPIRED}:
        raise NotPossible(f"The last moment to answer has passed. Ask {contact}: a place may still be free.")
    if offer.state == Offer.State.WITHDRAWN:
        raise NotPossible(f"This offer was withdrawn. {contact} can tell you more.")
    raise NotPossible(f"This offer has been answered: {offer.get_state_display().lower()}. Ask {contact} to change it.")


def _pass_on(nomination: Nomination, state: str, by, now: datetime) -> None:
    Nomination.objects.filter(pk=nomination.pk, state=State.OFFERED).update(state=state, quota_slot=None, ended_at=now)
    nomination.refresh_from_db(fields=["state", "quota_slot", "ended_at"])
    if nomination.nominator:
        post(
            "nominations.outcome",
            to=nomination.nominator,
            now=now,
            dedupe_key=f"nominations.outcome:{nomination.pk}:{state}",
            about=nomination,
            cohort_id=nomination.round.cohort_id,
            nomination=nomination,
        )
    _give_seat_on(nomination.round, now)


def _known(name: str, email: str, nomination: Nomination, by, now: datetime) -> Person | None:
    if not email:
        return None
    return know_person(email=email, name=name, organisation=nomination.organisation, by=by, now=now)


def _new_organisation(nomination: Nomination) -> Organisation:
    """The employer that was typed because our list lacked it."""
    known = Organisation.objects.filter(name__iexact=nomination.organisation_name).first()
    return known or Organisation.objects.create(
        name=nomination.organisation_name,
        formal_name=nomination.organisation_name,
        kind=nomination.organisation_kind,
        slug=f"{slugify(nomination.organisation_name)[:60]}-{nomination.pk}",
    )


def _record(verb: str, sentence: str, offer: Offer, *, by, now: datetime, reason: str = "") -> None:
    record(
        f"nominations.offer.{verb}",
        sentence,
        subject=offer,
        person=offer.nomination.nominee,
        cohort_id=offer.nomination.round.cohort_id,
        by=by,
        now=now,
        reason=reason,
    )
