"""A case study's desk: its words, its figures, the words of others, and its way to the public page."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from cohorts import actions
from cohorts.models import CaseStudy, NarrativeConsent, NarrativeVersion, PublishingWindow, Quote
from leaders.components.dates import day, london_date
from leaders.documents.actions import request_document
from leaders.office.admin import confirm, office_page
from leaders.people.refusals import NotPossible

from .forms import CaseStudyForm, ProposeForm


def desk(request, pk):
    """Edit the words; beside them the figures, the quotations and what can be quoted from narratives."""
    study = _study(pk)
    form = CaseStudyForm(request.POST if request.POST.get("do") == "save" else None, instance=_study(pk))
    propose = ProposeForm(request.POST if request.POST.get("do") == "propose" else None, cohort=study.cohort)
    error = ""
    if request.method == "POST":
        try:
            if _done(request, study, form, propose):
                return redirect("admin:cohorts_casestudy_change", pk)
        except NotPossible as refused:
            error = str(refused)
    quotes = Quote.objects.for_cohort(study.cohort).filter(withdrawn_at=None)
    context = {
        "study": study,
        "form": form,
        "propose": propose,
        "error": error,
        "quotes": quotes.select_related("place__person", "place__organisation"),
        "opened": _opened(study),
        "may_approve": study.state == "draft" and study.edited_by_id != request.user.pk,
        "may_edit": study.state != "published",
    }
    return office_page(request, "office/cohorts/case_study.html", title=study.title, **context)


def _done(request, study: CaseStudy, form: CaseStudyForm, propose: ProposeForm) -> bool:
    """Do what the pressed button says; whether it was done. Raises NotPossible."""
    by, now, what = request.user, timezone.now(), request.POST.get("do")
    version = int(request.POST["version"]) if request.POST.get("version", "").isdigit() else study.version
    if what == "save" and form.is_valid():
        words = {name: form.cleaned_data[name] for name in form.Meta.fields}
        actions.edit_case_study(case_study=study, version=form.cleaned_data["version"], by=by, now=now, **words)
        messages.success(request, "Saved as a draft. A second person can approve it.")
    elif what == "figures":
        actions.refresh_facts(case_study=study, version=version, by=by, now=now)
        messages.success(request, "The figures are those of today.")
    elif what == "approve":
        actions.approve_case_study(case_study=study, version=version, by=by, now=now)
        messages.success(request, "Approved. It can be published.")
    elif what in {"choose", "leave"}:
        number = request.POST.get("quote", "")
        quote = get_object_or_404(Quote.objects.for_cohort(study.cohort), pk=number if number.isdecimal() else 0)
        actions.choose_quote(quote=quote, chosen=what == "choose", by=by, now=now)
    elif what == "propose" and propose.is_valid():
        place, words = propose.cleaned_data["place"], propose.cleaned_data["words"]
        asked = actions.propose_quote(place=place, words=words, part=_part_of(place, words), by=by, now=now)
        told = (
            "It is from an open part of the narrative: nobody is asked." if asked.is_agreed else "The author is asked."
        )
        messages.success(request, told)
    else:
        return False
    return True


def _part_of(place, words: str) -> str:
    """The open part of the narrative that contains these words, or none."""
    latest = NarrativeVersion.objects.filter(narrative__place=place).first()
    consents = NarrativeConsent.objects.filter(narrative__place=place, withdrawn_at=None)
    said = " ".join(words.split())
    return next(
        (c.part for c in consents if latest and said in " ".join(getattr(latest, f"{c.part}_text").split())), ""
    )


def _opened(study: CaseStudy) -> list[dict]:
    """The parts of narratives that their authors opened, as submitted."""
    consents = NarrativeConsent.objects.filter(narrative__place__cohort=study.cohort, withdrawn_at=None)
    consents = consents.select_related("narrative__place__person").prefetch_related("narrative__versions")
    found = []
    for consent in consents.order_by("narrative__place__person__name", "given_at"):
        versions = consent.narrative.versions.all()
        if versions:
            text = getattr(versions[0], f"{consent.part}_text")
            found.append({"who": consent.narrative.place.person, "part": consent.get_part_display(), "text": text})
    return found


def publish(request, pk):
    """Publish after a confirmation; in a pre-election window with a reason, or not at all."""
    study = _study(pk)
    today = london_date(timezone.now())
    windows = list(PublishingWindow.objects.on(today))
    lines = [f"Pre-election period until {day(window.ends_on)}: {window.name}. {window.note}" for window in windows]
    if study.cohort.graduation_on > today:
        early = day(study.cohort.graduation_on)
        lines.append(f"{study.cohort.name} graduates on {early}. Its figures and what became of it are not final.")

    def act(reason):
        actions.publish_case_study(case_study=study, by=request.user, now=timezone.now(), reason=reason)
        return "Published."

    return confirm(
        request, title=f"Publish {study}", act=act, button="Publish", needs_reason=bool(windows),
        back=reverse("admin:cohorts_casestudy_change", args=[pk]),
        lines=lines,
        explain=f"It appears at {study.get_absolute_url()} with a PDF, for everybody.",
    )  # fmt: skip


def withdraw(request, pk):
    study = _study(pk)

    def act(reason):
        actions.withdraw_case_study(case_study=study, reason=reason, by=request.user, now=timezone.now())
        return "Withdrawn. It can be edited, approved and published again."

    return confirm(
        request, title=f"Withdraw {study}", lines=[], act=act, button="Withdraw", needs_reason=True, danger=True,
        back=reverse("admin:cohorts_casestudy_change", args=[pk]), explain="Its page and its PDF are gone at once.",
    )  # fmt: skip


@require_POST
def preview(request, pk):
    """Make the PDF as it would be now."""
    made = request_document("cohorts.case_study", subject=_study(pk), now=timezone.now())
    return redirect("document", made.pk)


def _study(pk) -> CaseStudy:
    found = CaseStudy.objects.select_related("cohort__programme", "cohort__contact", "edited_by", "approved_by")
    return get_object_or_404(found, pk=pk)
