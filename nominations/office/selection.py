"""Selection: the board, one candidate, the panel and its readings, and the equality report."""

from collections import Counter

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from leaders.components.dates import day
from leaders.office.admin import confirm, director_only, office_page
from leaders.people.refusals import NotPossible
from nominations import actions
from nominations.equality import report
from nominations.models import Assessment, Decision, Nomination, Offer, PanelMember, Score
from nominations.selection import candidates, places_on_list
from nominations.views.frame import posted

from .frame import are, frame, round_or_404, url
from .offering import seats_to_offer

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
        can_offer=bool(on_list and seats_to_offer(this, now)),
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
        if found.state == State.WAITING and seats_to_offer(this, now)
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
        lines=[are(unread, "reading goes", "readings go") + " to other panel members."] if unread else [],
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
