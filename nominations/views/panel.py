"""The panel's own pages: what to read, reading blind, a conflict of interest."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from leaders.home.views import my_page
from leaders.people.models import Role
from leaders.people.refusals import NotPossible
from nominations import actions
from nominations.blind import redact, short_name
from nominations.forms import Reading, Reason
from nominations.models import Assessment, Nomination

from .frame import frame, posted


def panel_page(view):
    """For panel members only: whoever else signs in, the director included, has other pages."""

    def guarded(request, *args, **kwargs):
        if not request.user.has_role(Role.PANEL_MEMBER):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return my_page(require_http_methods(["GET", "HEAD", "POST"])(guarded))


def _mine(person):
    return Assessment.objects.visible_to(person).select_related(
        "member__person", "member__round__cohort__programme", "member__round__cohort__contact"
    )


@panel_page
def panel(request):
    """The reading list, by round; what is left first."""
    now = timezone.now()
    rounds: dict = {}
    for assessment in _mine(request.user).order_by("-member__round__cohort__starts_on", "number"):
        rounds.setdefault(assessment.member.round, []).append(assessment)
    lists = [
        {
            "round": this,
            "cohort": this.cohort,
            "left": sum(a.state != Assessment.State.SUBMITTED for a in assessments),
            "tasks": [_row(a) for a in assessments],
        }
        for this, assessments in rounds.items()
    ]
    return render(
        request, "nominations/panel/list.html", {"lists": lists, "now": now, "title": "Reading for the panel"}
    )


def _row(assessment: Assessment) -> dict:
    kinds = {
        Assessment.State.SUBMITTED: ("done", "Handed in"),
        Assessment.State.DRAFT: ("info", "In progress"),
        Assessment.State.ASSIGNED: ("neutral", "To read"),
    }
    kind, status = kinds[Assessment.State(assessment.state)]
    return {
        "label": f"Nomination {assessment.number}",
        "url": reverse("panel_read", args=[assessment.pk]),
        "hint": "To be discussed" if assessment.discuss else "",
        "kind": kind,
        "status": status,
    }


@panel_page
def read(request, pk):
    """One nomination without names, and the scores for it."""
    now = timezone.now()
    assessment = get_object_or_404(_mine(request.user), pk=pk)
    this = assessment.member.round
    criteria = list(this.cohort.programme.criteria.all())
    known = {score.criterion_id: score for score in assessment.scores.all()}
    initial = {"comment": assessment.comment, "discuss": assessment.discuss}
    for criterion in criteria:
        if criterion.pk in known:
            initial[f"score_{criterion.key}"] = known[criterion.pk].value
            initial[f"comment_{criterion.key}"] = known[criterion.pk].comment
    final = assessment.state == Assessment.State.SUBMITTED or this.is_released
    form = Reading.of(criteria, posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        submit = "submit" in request.POST
        if submit:
            form.require_all()
        if form.is_valid():
            try:
                actions.score(
                    assessment=assessment,
                    scores=form.scores(),
                    comment=form.cleaned_data["comment"],
                    discuss=form.cleaned_data["discuss"],
                    submit=submit,
                    by=request.user,
                    now=now,
                )
            except NotPossible as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, f"Nomination {assessment.number}: {'handed in' if submit else 'saved'}.")
                return redirect("panel")
    return render(
        request,
        "nominations/panel/read.html",
        {
            **frame(this),
            "assessment": assessment,
            "texts": blind_texts(assessment.nomination_id, criteria),
            "criteria": [(c, form[f"score_{c.key}"], form[f"comment_{c.key}"], known.get(c.pk)) for c in criteria],
            "form": form,
            "form_id": "reading",
            "final": final,
            "back_url": reverse("panel"),
            "title": f"Nomination {assessment.number}",
        },
        status=422 if form.errors else 200,
    )


def blind_texts(pk: int, criteria) -> dict:
    """What a panel member reads: no name, no organisation, no nominator, and neither reference nor access needs."""
    nomination = (
        Nomination.objects.select_related("organisation", "endorsement__sponsor").prefetch_related("shares").get(pk=pk)
    )
    endorsement = getattr(nomination, "endorsement", None)
    people = [
        nomination.nominee_name,
        nomination.nominator_name,
        nomination.line_manager_name,
        nomination.sponsor_name,
        nomination.fee_contact_name,
    ]
    organisations = [nomination.organisation_name, short_name(nomination.organisation_name)]
    if nomination.organisation:
        employer = nomination.organisation
        organisations += [
            employer.name,
            employer.formal_name,
            f"{employer.name} Council",
            f"London Borough of {employer.name}",
        ]

    def blind(text: str) -> str:
        return redact(text, people=people, organisations=organisations)

    return {
        "level": nomination.nominee_level,
        "why": [(criterion, blind(nomination.why.get(criterion.key, ""))) for criterion in criteria],
        "statement": blind(nomination.statement),
        "contribution": blind(nomination.contribution),
        "endorsement": blind(endorsement.statement) if endorsement else "",
        "is_application": nomination.is_application,
    }


@panel_page
def conflict(request, pk):
    """I know this person, or may not judge: it goes to another panel member."""
    now = timezone.now()
    assessment = get_object_or_404(_mine(request.user), pk=pk)
    form = Reason(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.declare_conflict(
                assessment=assessment, reason=form.cleaned_data["reason"], by=request.user, now=now
            )
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Thank you. Another panel member reads it.")
            return redirect("panel")
    return render(
        request,
        "nominations/ask.html",
        {
            **frame(assessment.member.round),
            "scores_due": assessment.member.round.cohort.assessments_due,
            "form": form,
            "heading": "Declare a conflict of interest",
            "intro": f"Nomination {assessment.number} goes to another panel member, and your notes on it are deleted.",
            "readers": f"{assessment.member.round.cohort.contact} and the programme office.",
            "back_url": reverse("panel_read", args=[assessment.pk]),
            "button": "Declare a conflict",
        },
        status=422 if form.errors else 200,
    )
