"""Selection: the board, one candidate, the waiting list, and the one Release screen."""

from collections import Counter

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from leaders.components.dates import day
from leaders.office.admin import confirm, director_only, office_page
from leaders.outbox.letters import render
from leaders.people.refusals import NotPossible
from nominations import actions, emails
from nominations.actions.offering import answer_by
from nominations.equality import report
from nominations.models import Assessment, Decision, Nomination, Offer, Score
from nominations.selection import candidates
from nominations.views.frame import posted

from .coverage import frame, round_or_404, url

State = Nomination.State


class DecideForm(forms.Form):
    """What is to become of a nomination, and the words that go into the letter."""

    outcome = forms.ChoiceField(
        label="Decision",
        choices=Decision.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a decision."},
    )
    feedback = forms.CharField(
        label="Feedback, for the letter",
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 6, "cols": 40}),
        help_text="They read exactly these words. After a “not this time”, say what would make the next one stronger.",
    )


@director_only
def board(request, pk):
    """Every complete nomination with its readings, spread, flags and decision, the highest average first."""
    this = round_or_404(pk)
    found = candidates(this)
    rows = [
        {
            "candidate": candidate,
            "url": f"{url('selection', this)}{candidate.nomination.pk}/",
            "average": "" if candidate.standing.average is None else round(candidate.standing.average),
            "spread": round(candidate.standing.spread),
            "decided": candidate.decision.get_outcome_display() if candidate.decision else "",
            "rank": candidate.decision.rank if candidate.decision else None,
        }
        for candidate in found
    ]
    outcomes = Counter(
        candidate.decision.outcome for candidate in found
        if candidate.decision and candidate.nomination.state == State.COMPLETE
    )  # fmt: skip
    members = this.panel.filter(left_at=None).select_related("person")
    given = Counter(a.member_id for candidate in found for a in candidate.assessments)
    left = Counter(
        a.member_id for candidate in found for a in candidate.assessments
        if a.state in {Assessment.State.ASSIGNED, Assessment.State.DRAFT}
    )  # fmt: skip
    return office_page(
        request,
        "office/nominations/selection.html",
        **frame(this, "selection"),
        title=f"Selection, {this.cohort.name}",
        rows=rows,
        discuss=sum(candidate.standing.discuss for candidate in found),
        unread=sum(not candidate.assessments and candidate.nomination.state == State.COMPLETE for candidate in found),
        members=[(member, given[member.pk], left[member.pk]) for member in members],
        offers=outcomes["offer"],
        waiting=outcomes["waiting"],
        seats=this.cohort.capacity - this.cohort.seats_taken,
        share_out_url=url("share_out", this),
        waiting_url=url("waiting_list", this),
        equality_url=url("equality", this),
        offer_url=url("offer_seats", this),
        on_list=sum(candidate.nomination.state == State.WAITING for candidate in found),
        open_offers=Offer.objects.open().filter(nomination__round=this).select_related("nomination__nominee"),
    )


@director_only
def share_out(request, pk):
    """Give every complete nomination its readers."""
    this, now = round_or_404(pk), timezone.now()
    members = [member.person.name for member in this.panel.filter(left_at=None).select_related("person")]
    count = this.nominations.filter(state=State.COMPLETE).count()

    def act(reason):
        given = actions.share_out_reading(round=this, by=request.user, now=now)
        return f"{given} reading{'' if given == 1 else 's'} given out."

    return confirm(
        request,
        title=f"Share out the reading of {count} nomination{'' if count == 1 else 's'}",
        explain=f"Each is read by {this.assessors} panel members, evenly, and nobody reads their own organisation’s. "
        f"Those who receive something are written to. Scores are due on {day(this.cohort.assessments_due)}.",
        lines=members or ["Nobody is on the panel yet: add panel members first."],
        button="Share out",
        act=act,
        back=url("selection", this),
    )


@director_only
def candidate(request, pk, nomination):
    """One nomination in full, the panel's scores side by side, and the decision."""
    this, now = round_or_404(pk), timezone.now()
    found = get_object_or_404(this.nominations.in_words(), pk=nomination)
    known = Decision.objects.filter(nomination=found).select_related("decided_by").first()
    form = DecideForm(
        posted(request), initial={"outcome": known.outcome, "feedback": known.feedback} if known else None
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide(nomination=found, by=request.user, now=now, **form.cleaned_data)
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{found.reference}: decided. Nobody hears before you release.")
            return redirect(url("selection", this))
    assessments = list(found.assessments.select_related("member__person").order_by("member__person__name"))
    scores = {(s.assessment_id, s.criterion_id): s for s in Score.objects.filter(assessment__in=assessments)}
    criteria = list(this.cohort.programme.criteria.all())
    readers = [a for a in assessments if a.state != Assessment.State.CONFLICT]
    return office_page(
        request,
        "office/nominations/candidate.html",
        round=this,
        cohort=this.cohort,
        title=f"{found.reference}, {found.nominee_name}",
        nomination=found,
        endorsement=getattr(found, "endorsement", None),
        readers=readers,
        conflicts=[a for a in assessments if a.state == Assessment.State.CONFLICT],
        table=[
            (criterion, found.why.get(criterion.key, ""), [scores.get((a.pk, criterion.pk)) for a in readers])
            for criterion in criteria
        ],
        decision=known,
        open=found.state == State.COMPLETE,
        form=form,
        back=url("selection", this),
    )


@director_only
def waiting_list(request, pk):
    """The order of the waiting list, as numbers beside the names."""
    this, now = round_or_404(pk), timezone.now()
    listed = list(
        this.nominations.in_words()
        .filter(decision__outcome=Decision.Outcome.WAITING, state__in=[State.COMPLETE, State.WAITING])
        .order_by("decision__rank", "pk")
    )
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
        title=f"Waiting list, {this.cohort.name}",
        listed=[(n, request.POST.get(f"place_{n.pk}", index)) for index, n in enumerate(listed, 1)],
        error=error,
        back=url("selection", this),
    )


@director_only
def offer_seats(request, pk):
    """Offer free seats down the waiting list, after a page that names who would get one."""
    this, now = round_or_404(pk), timezone.now()
    free = this.cohort.capacity - this.cohort.seats_taken
    first = list(
        this.nominations.in_words().filter(state=State.WAITING).order_by("decision__rank", "pk")[: max(free, 0)]
    )

    def act(reason):
        made = actions.offer_free_seats(round=this, by=request.user, now=now)
        return f"{made} offer{'' if made == 1 else 's'} on the way."

    return confirm(
        request,
        title=f"Offer {len(first)} free seat{'' if len(first) == 1 else 's'}",
        explain="Each of them is written to now.",
        lines=[f"{n.nominee_name}, {n.employer}" for n in first] or ["Nobody waits, or no seat is free."],
        button="Offer",
        act=act,
        back=url("selection", this),
    )


@director_only
def release(request, pk):
    """How many of each, every letter as it will be sent, and the button that tells everybody at once."""
    this, now = round_or_404(pk), timezone.now()
    complete = list(this.nominations.in_words().filter(state=State.COMPLETE).order_by("reference"))
    decisions = {d.nomination_id: d for d in Decision.objects.filter(nomination__in=complete)}
    error = ""
    if request.method == "POST":
        try:
            counts = actions.release(round=this, by=request.user, now=now)
        except NotPossible as refused:
            error = str(refused)
        else:
            told = sum(counts.values())
            messages.success(
                request, f"Released: {told} {'person is' if told == 1 else 'people are'} being written to."
            )
            return redirect(url("selection", this))
    outcomes = Counter(decision.outcome for decision in decisions.values())
    left = this.cohort.capacity - this.cohort.seats_taken
    return office_page(
        request,
        "office/nominations/release.html",
        **frame(this, "release"),
        title=f"Release, {this.cohort.name}",
        error=error,
        undecided=[n for n in complete if n.pk not in decisions],
        unanswered=this.nominations.filter(state=State.SENT).count(),
        counts=[(label, outcomes[outcome]) for outcome, label in Decision.Outcome.choices],
        seats=left,
        too_many=max(outcomes["offer"] - left, 0),
        letters=[
            (nomination, decisions[nomination.pk], preview(nomination, decisions[nomination.pk], now))
            for nomination in complete
            if nomination.pk in decisions
        ],
    )


def preview(nomination: Nomination, decision: Decision, now) -> dict:
    """The very letter that release will write, by the function that writes it, but for the private link."""
    words = {"feedback": decision.feedback}
    if decision.outcome == Decision.Outcome.OFFER:
        offer = Offer(nomination=nomination, expires_at=answer_by(nomination.round, now))
        letter = emails.selecting.offer(offer=offer, link="/offer/private-link/", **words)
    elif decision.outcome == Decision.Outcome.WAITING:
        letter = emails.selecting.waiting_list(nomination=nomination, **words)
    else:
        letter = emails.selecting.not_this_time(nomination=nomination, **words)
    return {"subject": letter.subject, "text": render(letter, to_name=nomination.nominee.first_name)[0]}


@director_only
def equality(request, pk):
    """Equality in totals, by stage, rounded and with small numbers left out."""
    this = round_or_404(pk)
    return office_page(
        request,
        "office/nominations/equality.html",
        **frame(this, "selection"),
        title=f"Equality report, {this.cohort.name}",
        tables=report(this),
        back=url("selection", this),
    )
