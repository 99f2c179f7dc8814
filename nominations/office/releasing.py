"""The one release of all decisions: what is still open, every letter, and the last question."""

from collections import Counter

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Exists, OuterRef
from django.shortcuts import redirect
from django.utils import timezone

from leaders.components.dates import day_time
from leaders.office.admin import confirm, director_only, office_page
from leaders.outbox.letters import render
from nominations import actions, emails
from nominations.actions.deciding import as_shown, readings, said
from nominations.actions.offering import answer_by
from nominations.coverage import with_more_time
from nominations.models import Assessment, Decision, Nomination, Offer, Round
from nominations.selection import places_on_list

from .frame import are, frame, round_or_404, url

State = Nomination.State


@director_only
def release(request, pk):
    """How many of each, every letter as it will be sent, and the button that tells everybody at once."""
    this, now = round_or_404(pk), timezone.now()
    complete = list(this.nominations.in_words().filter(state=State.COMPLETE).order_by("reference"))
    decisions = {d.nomination_id: d for d in Decision.objects.filter(nomination__in=complete)}
    read = readings(complete)
    outcomes = Counter(decision.outcome for decision in decisions.values())
    left, places = this.cohort.capacity - this.cohort.seats_taken, places_on_list(this)
    return office_page(
        request,
        "office/nominations/release.html",
        **frame(this, "release"),
        title=f"Release, {this.cohort.short_name}",
        undecided=[(n, f"{url('selection', this)}{n.pk}/") for n in complete if n.pk not in decisions],
        unanswered=this.nominations.filter(state=State.SENT).count(),
        counts=[(label, outcomes[outcome]) for outcome, label in Decision.Outcome.choices],
        seats=left,
        too_many=max(outcomes["offer"] - left, 0),
        letters=[
            (
                nomination,
                decisions[nomination.pk],
                places.get(nomination.pk),
                preview(
                    nomination, decisions[nomination.pk], now,
                    said(full=outcomes["offer"] >= left, readings=read[nomination.pk]),
                ),
            )
            for nomination in complete
            if nomination.pk in decisions
        ],
        shown=[as_shown(decision) for decision in decisions.values()],
        more_time=_have_more_time(this, now),
        confirm_url=url("release_confirm", this),
    )  # fmt: skip


@director_only
def release_confirm(request, pk):
    """The last page before everybody hears: what is still open, and, when it is early, why it is done all the same.

    It carries the decisions whose letters the director had before her, so that one changed meanwhile is noticed.
    """
    this, now = round_or_404(pk), timezone.now()
    shown = request.POST.getlist(ACTION_CHECKBOX_NAME)
    if not shown:
        return redirect(url("release", this))
    early = actions.concerns(this, now)

    def act(reason):
        told = sum(actions.release(round=this, by=request.user, now=now, reason=reason, shown=shown).values())
        return f"Released: {told} {'person is' if told == 1 else 'people are'} being written to."

    return confirm(
        request,
        title=f"Release {len(shown)} decision{'' if len(shown) == 1 else 's'} for {this.cohort.short_name}",
        explain="Offers take their seats and every letter is written, all at once. It cannot be undone.",
        lines=[early] * bool(early) + still_open(this) + _have_more_time(this, now),
        button="Release and write to everybody",
        act=act,
        back=url("release", this),
        crumb=f"Release, {this.cohort.short_name}",
        needs_reason=bool(early),
        danger=True,
    )


def _have_more_time(this: Round, now) -> list[str]:
    """Whom a release does not stop: their nomination is decided and released after the others."""
    return [f"{who}, has until {day_time(until)}, also after this release." for who, until in with_more_time(this, now)]


def still_open(this: Round) -> list[str]:
    """What a director may want to know before she releases: readings, answers and seats outstanding."""
    complete = this.nominations.filter(state=State.COMPLETE)
    late = Assessment.objects.to_do().filter(nomination__in=complete).count()
    unread = complete.exclude(Exists(Assessment.objects.submitted().filter(nomination=OuterRef("pk")))).count()
    unanswered = this.nominations.filter(state=State.SENT).count()
    outcomes = Counter(Decision.objects.filter(nomination__in=complete).values_list("outcome", flat=True))
    free = this.cohort.capacity - this.cohort.seats_taken - outcomes["offer"]
    waiting = outcomes["waiting"] + this.nominations.filter(state=State.WAITING).count()
    lines = []
    if late:
        lines.append(are(late, "reading is", "readings are") + " not handed in.")
    if unread:
        lines.append(are(unread, "nomination was", "nominations were") + " read by nobody.")
    if unanswered:
        waits = are(unanswered, "nomination waits", "nominations wait")
        lines.append(f"{waits} for the nominee or sponsor: no part of this release.")
    if free > 0 and waiting:
        stays, who = are(free, "seat stays", "seats stay"), are(waiting, "person is", "people are")
        lines.append(
            f"{stays} free while {who} on the waiting list, until you offer them. A seat given up later goes to the "
            "next person by itself."
        )
    return lines


def preview(nomination: Nomination, decision: Decision, now, facts: dict) -> dict:
    """The very letter that release will write, by the function that writes it, but for the private link."""
    words = {"feedback": decision.feedback}
    if decision.outcome == Decision.Outcome.OFFER:
        offer = Offer(nomination=nomination, expires_at=answer_by(nomination.round, now))
        letter = emails.selecting.offer(offer=offer, link="/offer/private-link/", **words)
    elif decision.outcome == Decision.Outcome.WAITING:
        letter = emails.selecting.waiting_list(nomination=nomination, **words, **facts)
    else:
        letter = emails.selecting.not_this_time(nomination=nomination, **words, **facts)
    return {"subject": letter.subject, "text": render(letter, to_name=nomination.nominee.first_name)[0]}
