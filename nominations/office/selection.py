"""Selection: the board, one candidate, the waiting list, and the one Release screen."""

from collections import Counter

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from leaders.components.dates import day, day_time, london_date
from leaders.office.admin import LONGEST_REASON, confirm, director_only, office_page
from leaders.outbox.letters import render
from leaders.people.refusals import NotPossible
from nominations import actions, emails
from nominations.actions.deciding import as_shown, readings, said
from nominations.actions.offering import answer_by
from nominations.coverage import with_more_time
from nominations.equality import report
from nominations.models import Assessment, Decision, Nomination, Offer, PanelMember, Round, Score
from nominations.selection import candidates, on_waiting_list, places_on_list
from nominations.views.frame import posted

from .coverage import frame, round_or_404, url

State = Nomination.State
AFTER_RELEASE = (State.OFFERED, State.ACCEPTED, State.WAITING, State.UNSUCCESSFUL, State.OFFER_DECLINED,
                 State.OFFER_EXPIRED)  # fmt: skip


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
        max_length=1000,
        widget=forms.Textarea({"rows": 6, "cols": 40}),
        help_text="They read exactly these words, at most 1,000 characters. After a “not this time”, say what would "
        "make the next one stronger.",
    )

    def clean(self):
        given = super().clean()
        if given.get("outcome") == Decision.Outcome.NOT_THIS_TIME and not given.get("feedback", "").strip():
            self.add_error("feedback", "Write a sentence or two of feedback: it is what they have from us.")
        return given


@director_only
def board(request, pk):
    """Every complete nomination with its readings, spread, flags and decision, the highest average first."""
    this, now = round_or_404(pk), timezone.now()
    found, places = candidates(this), places_on_list(this)
    rows = [
        {
            "candidate": candidate,
            "url": f"{url('selection', this)}{candidate.nomination.pk}/",
            "average": "" if candidate.standing.average is None else round(candidate.standing.average),
            "spread": round(candidate.standing.spread),
            "decided": candidate.decision.get_outcome_display() if candidate.decision else "",
            "place": places.get(candidate.nomination.pk),
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
    on_list = sum(candidate.nomination.state == State.WAITING for candidate in found)
    seats = this.cohort.capacity - this.cohort.seats_taken
    return office_page(
        request,
        "office/nominations/selection.html",
        **frame(this, "selection"),
        title=f"Selection, {this.cohort.short_name}",
        rows=rows,
        discuss=sum(candidate.standing.discuss for candidate in found),
        unread=not this.is_released
        and sum(not candidate.assessments and candidate.nomination.state == State.COMPLETE for candidate in found),
        members=[
            (member, given[member.pk], left[member.pk], reverse("admin:nominations_leave_panel", args=[member.pk]))
            for member in members
        ],
        offers=outcomes["offer"],
        waiting=outcomes["waiting"],
        came=[
            (state.label.lower(), count)
            for state in AFTER_RELEASE
            if (count := sum(candidate.nomination.state == state for candidate in found))
        ],
        seats=seats,
        share_out_url=url("share_out", this),
        waiting_url=url("waiting_list", this),
        equality_url=url("equality", this),
        offer_url=url("offer_seats", this),
        on_list=on_list,
        can_offer=bool(on_list and _seats_to_offer(this, now)),
        open_offers=Offer.objects.open().filter(nomination__round=this).select_related("nomination__nominee"),
    )


@director_only
def share_out(request, pk):
    """Give every complete nomination its readers."""
    this, now = round_or_404(pk), timezone.now()
    members = [member.person.name for member in this.panel.filter(left_at=None).select_related("person")]
    given = Assessment.objects.filter(nomination=OuterRef("pk")).exclude(state=Assessment.State.CONFLICT)
    unread = this.nominations.filter(state=State.COMPLETE)
    count = unread.exclude(Exists(given)).count()

    def act(reason):
        given = actions.share_out_reading(round=this, by=request.user, now=now)
        return f"{given} reading{'' if given == 1 else 's'} given out."

    return confirm(
        request,
        title=f"Share out the reading of {count} nomination{'' if count == 1 else 's'}"
        if count
        else "Every nomination has its readers",
        explain=f"Each is read by {this.assessors} panel members, evenly, and nobody reads their own organisation’s. "
        f"Those who receive something are written to. Scores are due on {day(this.cohort.assessments_due)}.",
        lines=members or ["Nobody is on the panel yet: add panel members first."],
        button="Share out",
        act=act,
        back=url("selection", this),
        crumb=f"Selection, {this.cohort.short_name}",
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
        readers=[
            (
                reader,
                reverse("admin:nominations_reopen", args=[reader.pk])
                if reader.state == Assessment.State.SUBMITTED and not this.is_released
                else "",
            )
            for reader in readers
        ],
        names=[reader.member.person for reader in readers],
        conflicts=[a for a in assessments if a.state == Assessment.State.CONFLICT],
        table=[
            (criterion, found.why.get(criterion.key, ""), [scores.get((a.pk, criterion.pk)) for a in readers])
            for criterion in criteria
        ],
        decision=known,
        place=places_on_list(this).get(found.pk),
        offer_url=f"{url('offer_seats', this)}?nomination={found.pk}"
        if found.state == State.WAITING and _seats_to_offer(this, now)
        else "",
        open=found.state == State.COMPLETE,
        form=form,
        back=url("selection", this),
    )


@director_only
def leave_panel(request, pk):
    """Somebody leaves the panel; their open readings go to others."""
    member = get_object_or_404(PanelMember.objects.select_related("person", "round__cohort"), pk=pk)
    unread = member.assessments.to_do().count()

    def act(reason):
        actions.remove_panel_member(member=member, by=request.user, now=timezone.now())
        return f"{member.person} is no longer on the panel."

    return confirm(
        request,
        title=f"Take {member.person} off the panel",
        explain="What they handed in stays. Nobody is written to, except those who get something to read. Add them "
        "again to have them back.",
        lines=[_are(unread, "reading goes", "readings go") + " to other panel members."] if unread else [],
        button="Take off the panel",
        act=act,
        back=url("selection", member.round),
        crumb=f"Selection, {member.round.cohort.short_name}",
    )


@director_only
def reopen(request, pk):
    """A panel member may change what they handed in."""
    found = get_object_or_404(
        Assessment.objects.select_related("member__person", "member__round__cohort", "nomination"), pk=pk
    )

    def act(reason):
        actions.reopen_assessment(assessment=found, reason=reason, by=request.user, now=timezone.now())
        return f"{found.member.person} may score {found.nomination} again."

    return confirm(
        request,
        title=f"Let {found.member.person} score {found.nomination} again",
        explain="Their scores count again when they hand them in. Nobody is written to: tell them.",
        lines=[],
        button="Open the scores again",
        act=act,
        back=f"{url('selection', found.member.round)}{found.nomination_id}/",
        crumb=str(found.nomination),
        needs_reason=True,
    )


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


def _seats_to_offer(this: Round, now) -> int:
    """Seats that somebody on the waiting list can be offered: after the release, and before the cohort begins."""
    begun = london_date(now) >= this.cohort.starts_on
    return 0 if begun or not this.is_released else max(this.cohort.capacity - this.cohort.seats_taken, 0)


@director_only
def offer_seats(request, pk):
    """Offer free seats to people on the waiting list: as many as there are in its order, unless others are ticked."""
    this, now = round_or_404(pk), timezone.now()
    free = _seats_to_offer(this, now)
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
    messages.success(request, f"{_are(made, 'offer is', 'offers are')} on the way.")
    return ""


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


def _are(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


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
        lines.append(_are(late, "reading is", "readings are") + " not handed in.")
    if unread:
        lines.append(_are(unread, "nomination was", "nominations were") + " read by nobody.")
    if unanswered:
        waits = _are(unanswered, "nomination waits", "nominations wait")
        lines.append(f"{waits} for the nominee or sponsor: no part of this release.")
    if free > 0 and waiting:
        stays, who = _are(free, "seat stays", "seats stay"), _are(waiting, "person is", "people are")
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


@director_only
def equality(request, pk):
    """Equality in totals, by stage, rounded and with small numbers left out."""
    this = round_or_404(pk)
    return office_page(
        request,
        "office/nominations/equality.html",
        **frame(this, "selection"),
        title=f"Equality report, {this.cohort.short_name}",
        tables=report(this),
        back=url("selection", this),
    )
