"""The waiting list in the office, and the offers that are made from it."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone

from leaders.components.dates import london_date
from leaders.office.admin import LONGEST_REASON, director_only, office_page
from leaders.people.refusals import NotPossible
from nominations import actions
from nominations.actions.offering import answer_by
from nominations.models import Nomination, Round
from nominations.selection import on_waiting_list

from .frame import are, frame, round_or_404, url

State = Nomination.State


@director_only
def waiting_list(request, pk):
    """The order of the waiting list, as numbers beside the names."""
    this, now = round_or_404(pk), timezone.now()
    listed = on_waiting_list(this)
    error = ""
    if request.method == "POST":
        places = {n.pk: request.POST.get(f"place_{n.pk}", "") for n in listed}
        if all(place.isdigit() for place in places.values()) and len(set(places.values())) == len(places):
            try:
                actions.order_waiting_list(
                    round=this, nominations=sorted(listed, key=lambda n: int(places[n.pk])), by=request.user, now=now
                )
            except NotPossible as refused:
                error = str(refused)
            else:
                messages.success(request, "The waiting list is in order.")
                return redirect(url("selection", this))
        else:
            error = "Give each person a number of their own."
    return office_page(
        request,
        "office/nominations/waiting_list.html",
        **frame(this, "selection"),
        title=f"Waiting list, {this.cohort.short_name}",
        listed=[(n, request.POST.get(f"place_{n.pk}", index)) for index, n in enumerate(listed, 1)],
        error=error,
        back=url("selection", this),
    )


def seats_to_offer(this: Round, now) -> int:
    """Seats that somebody on the waiting list can be offered: after the release, and before the cohort begins."""
    begun = london_date(now) >= this.cohort.starts_on
    return 0 if begun or not this.is_released else max(this.cohort.capacity - this.cohort.seats_taken, 0)


@director_only
def offer_seats(request, pk):
    """Offer free seats to people on the waiting list: as many as there are in its order, unless others are ticked."""
    this, now = round_or_404(pk), timezone.now()
    free = seats_to_offer(this, now)
    waiting = list(this.nominations.in_words().filter(state=State.WAITING).order_by("decision__rank", "pk"))
    wanted = (request.POST if request.method == "POST" else request.GET).getlist("nomination")
    chosen = [n for n in waiting if str(n.pk) in wanted]
    error = ""
    if request.method == "POST":
        error = _offer_to(request, this, chosen, now)
        if not error:
            return redirect(url("selection", this))
    elif not wanted:
        chosen = waiting[:free]
    return office_page(
        request,
        "office/nominations/offer_seats.html",
        title=f"Offer free seats, {this.cohort.short_name}",
        cohort=this.cohort,
        error=error,
        free=free,
        begun=london_date(now) >= this.cohort.starts_on,
        waiting=[(place, n, n in chosen) for place, n in enumerate(waiting, 1)],
        answer_by=answer_by(this, now),
        reason=request.POST.get("reason", ""),
        back=url("selection", this),
    )


def _offer_to(request, this: Round, chosen: list[Nomination], now) -> str:
    """Why these people cannot be offered a seat; empty when they were."""
    reason = request.POST.get("reason", "").strip()
    if len(reason) > LONGEST_REASON:
        return f"The reason must be {LONGEST_REASON:,} characters or fewer; there are {len(reason):,}."
    try:
        made = actions.offer_seats_to(round=this, nominations=chosen, reason=reason, by=request.user, now=now)
    except NotPossible as refused:
        return str(refused)
    messages.success(request, f"{are(made, 'offer is', 'offers are')} on the way.")
    return ""
