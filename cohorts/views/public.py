"""What anybody may see: a programme, a published case study, whether a certificate is genuine."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cohorts.certificates import find_certificate, tidy_code
from cohorts.forms import CodeForm
from cohorts.models import CaseStudy, Cohort, Programme, Quote
from leaders.documents.actions import latest
from leaders.documents.models import Document
from leaders.documents.views import serve


@require_safe
def programme(request, slug):
    """What a programme is, for those who think of nominating, applying or hosting."""
    found = get_object_or_404(Programme.objects.filter(is_active=True), slug=slug)
    now = timezone.now()
    today = timezone.localdate(now)
    cohorts = found.cohorts.filter(status=Cohort.Status.LIVE, starts_on__gt=today).order_by("starts_on")
    coming = cohorts.first()
    context = {
        "programme": found,
        "title": found.name,
        "brand_name": found.name,
        "outline": found.outline.all(),
        "criteria": found.criteria.all(),
        "principles": [line for line in found.principles.splitlines() if line.strip()],
        "coming": coming,
        "is_open": coming is not None and coming.accepts_nominations(now),
        "case_studies": CaseStudy.objects.published().filter(cohort__programme=found).order_by("-published_at")[:6],
        "now": now,
        "today": today,
    }
    return render(request, "cohorts/programme.html", context)


@require_safe
def case_studies(request):
    """What came of the cohorts so far: every published case study, the latest first."""
    studies = CaseStudy.objects.published().select_related("cohort__programme").order_by("-published_at")
    return render(request, "cohorts/case_studies.html", {"studies": studies, "title": "Case studies"})


# Never cached: words taken back are gone with the next request.
@never_cache
@require_safe
def case_study(request, slug):
    """A published case study, with the words of those who agree now."""
    study = _published(slug)
    quotes = Quote.objects.for_cohort(study.cohort).published().select_related("place__person", "place__organisation")
    pdf = latest("cohorts.case_study", study)
    context = {
        "study": study,
        "cohort": study.cohort,
        "programme": study.cohort.programme,
        "title": study.title,
        "brand_name": study.cohort.programme.name,
        "quotes": quotes,
        "has_pdf": pdf is not None and pdf.state == Document.State.READY,
    }
    return render(request, "cohorts/case_study.html", context)


@never_cache
@require_safe
def case_study_pdf(request, slug):
    """The PDF of a published case study."""
    study = _published(slug)
    pdf = latest("cohorts.case_study", study)
    if pdf is None or pdf.state != Document.State.READY:
        raise Http404
    return serve(request, pdf, back_url=study.get_absolute_url())


def _published(slug: str) -> CaseStudy:
    found = CaseStudy.objects.published().select_related("cohort__programme", "cohort__contact")
    return get_object_or_404(found, slug=slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_certificate(request):
    """Type a check code."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("certificate", code=tidy_code(form.cleaned_data["code"]))
    return render(request, "cohorts/check_certificate.html", {"form": form, "heading": "Check a certificate"})


@never_cache
@require_safe
def certificate(request, code):
    """Whether a certificate is valid, revoked, or unknown, and no more than is printed on it."""
    found = find_certificate(code)
    response = render(
        request,
        "cohorts/certificate.html",
        {"certificate": found, "code": tidy_code(code), "place": found.place if found else None},
        status=200 if found else 404,
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response
