"""A cohort's screens: made with a preview, its dates, launched, cancelled, graduated."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from cohorts import actions
from cohorts.actions.cohorts import date_name, said_date
from cohorts.dates import proposed_dates, shifted_dates
from cohorts.graduation import checklist
from cohorts.models import CaseStudy, Cohort, Place
from leaders.office.admin import confirm, office_page
from leaders.people.meanwhile import mark
from leaders.people.refusals import NotPossible
from leaders.reminders.calendar import quiet_weeks

from .forms import DatesForm, NewCohortForm


def new(request):
    """A short form; then all dates, still editable, with what each app will add; then the cohort is made."""
    form = NewCohortForm(request.POST or None, initial={"contact": request.user})
    if request.method != "POST" or not form.is_valid() or "back" in request.POST:
        return office_page(request, "office/cohorts/new.html", title="New cohort", form=form)
    given = dict(form.cleaned_data)
    starts_on = given.pop("starts_on")
    source = given["source"]
    confirming = "make" in request.POST or "check" in request.POST
    quiet = quiet_weeks(starts_on)
    proposed = (
        shifted_dates(source, starts_on, quiet) if source else proposed_dates(given["programme"], starts_on, quiet)
    )
    dates = DatesForm(request.POST if confirming else None, initial=proposed, leave_out=["starts_on"])
    error, cohort, added = "", None, []
    if not confirming or dates.is_valid():
        given |= {"by": request.user, "now": timezone.now()}
        given["dates"] = {**(dates.cleaned_data if confirming else proposed), "starts_on": starts_on}
        try:
            if "make" in request.POST:
                made = actions.create_cohort(**given)
                messages.success(request, f"{made} is planned. Nothing is sent for it before it is launched.")
                return redirect(made)
            cohort, added = actions.preview_cohort(**given)
        except NotPossible as refused:
            error = str(refused)
    context = {"form": form, "dates": dates, "cohort": cohort, "added": added, "error": error}
    return office_page(request, "office/cohorts/preview.html", title="New cohort: check the dates", **context)


def dates(request, pk):
    """Edit the dates; then what changes and whom it concerns; then it is done."""
    cohort = get_object_or_404(Cohort.objects.select_related("programme", "contact"), pk=pk)
    back = cohort.get_absolute_url()
    form = DatesForm(request.POST or None, initial={name: getattr(cohort, name) for name in Cohort.DATES})
    error, changes, told = "", [], []
    standing = mark(str(getattr(cohort, name)) for name in Cohort.DATES)
    if request.POST.get("seen", standing) != standing:
        error = (
            "Somebody changed dates of this cohort after you opened this page. What you typed is still here, and the "
            "next page shows how it differs from what stands now."
        )
    elif request.method == "POST" and form.is_valid() and "back" not in request.POST:
        moved = {name: new for name, new in form.cleaned_data.items() if new != getattr(cohort, name)}
        said = [(date_name(name), said_date(getattr(cohort, name)), said_date(new)) for name, new in moved.items()]
        try:
            if not moved:
                raise NotPossible("No date has changed.")
            told = actions.preview_dates(cohort=cohort, dates=moved, now=timezone.now())
            if "confirmed" in request.POST:
                tell = "tell" in request.POST
                actions.change_dates(cohort=cohort, dates=moved, by=request.user, now=timezone.now(), tell=tell)
                messages.success(request, _done(len(told) if tell else 0))
                return redirect(back)
            changes = said
        except NotPossible as refused:
            error = str(refused)
    context = {
        "cohort": cohort, "form": form, "changes": changes, "told": told, "error": error, "back": back,
        "seen": standing,
    }  # fmt: skip
    return office_page(request, "office/cohorts/dates.html", title=f"Dates of {cohort}", **context)


def _done(told: int) -> str:
    who = {0: "Nobody is", 1: "1 person is"}.get(told, f"{told} people are")
    return f"The dates are changed. {who} written to. Reminders not yet sent follow within ten minutes."


def launch(request, pk):
    cohort = get_object_or_404(Cohort.objects.select_related("programme", "contact"), pk=pk)

    def act(reason):
        actions.launch_cohort(cohort=cohort, by=request.user, now=timezone.now())
        return f"{cohort} is live."

    lines = [f"{date_name(name)}: {said_date(getattr(cohort, name))}" for name in Cohort.DATES]
    return confirm(
        request, title=f"Launch {cohort}", lines=lines, act=act, button="Launch", back=cohort.get_absolute_url(),
        explain=f"From then on its reminders go out by themselves, each on its day, signed by {cohort.contact}. "
        "Invitations to nominate wait until you send them.",
    )  # fmt: skip


def cancel(request, pk):
    cohort = get_object_or_404(Cohort.objects.select_related("programme"), pk=pk)
    names = list(cohort.places.active().values_list("person__name", flat=True))
    ended = actions.preview_cancelling(cohort=cohort, by=request.user, now=timezone.now())

    def act(reason):
        actions.cancel_cohort(cohort=cohort, reason=reason, by=request.user, now=timezone.now())
        return f"{cohort} is cancelled."

    explain = "Nothing more is sent about it. It cannot be undone. " + " ".join(ended)
    if names:
        explain += (
            f" {len(names)} {'person holds a place' if len(names) == 1 else 'people hold places'}: each place is "
            "deferred to a later cohort, and each of them is written to."
        )
    return confirm(
        request, title=f"Cancel {cohort}", lines=names, act=act, button="Cancel this cohort", needs_reason=True,
        danger=True, back=cohort.get_absolute_url(), explain=explain,
    )  # fmt: skip


def graduation(request, pk):
    """Who is ready and who is not, each with what is missing and the one thing to do."""
    cohort = get_object_or_404(Cohort.objects.select_related("programme"), pk=pk)
    rows = _readiness(cohort)
    graduated = sum(place.is_alumni for place, _missing in rows)
    waiting = sum(bool(missing) for _place, missing in rows)
    context = {
        "cohort": cohort,
        # Those who are not ready first: they are what the screen is for.
        "rows": sorted(rows, key=lambda row: (row[0].is_alumni, not row[1], row[0].person.name)),
        "ready": len(rows) - graduated - waiting,
        "waiting": waiting,
        "graduated": graduated,
    }
    return office_page(request, "office/cohorts/graduation.html", title=f"Graduation of {cohort}", **context)


def _readiness(cohort: Cohort) -> list[tuple[Place, list]]:
    """Each person with what is neither met nor waived; nothing is asked of those who have graduated."""
    wanted = Place.Status.ACTIVE, Place.Status.GRADUATED
    places = cohort.places.filter(status__in=wanted).select_related("person", "organisation", "cohort__programme")
    places = places.prefetch_related("extensions", "waivers", "cohort__programme__requirements").order_by(
        "person__name"
    )
    return [
        (place, [] if place.is_alumni else [line for line in checklist(place) if not line.done]) for place in places
    ]


def graduate(request, pk):
    cohort = get_object_or_404(Cohort.objects.select_related("programme"), pk=pk)
    rows = _readiness(cohort)
    ready = [place.person.name for place, missing in rows if not missing and place.is_active]
    back = reverse("admin:cohorts_cohort_graduation", args=[pk])
    if not ready and any(place.is_active for place, _missing in rows):
        messages.error(request, "Nobody is ready yet: everybody who takes part is listed here with what is missing.")
        return redirect(back)

    def act(reason):
        graduated, waiting = actions.graduate_cohort(cohort=cohort, by=request.user, now=timezone.now())
        rest = f" {len(waiting)} still take part." if waiting else f" {cohort.name} is closed."
        who = "1 person graduated." if len(graduated) == 1 else f"{len(graduated)} people graduated."
        return f"{who}{rest}"

    return confirm(
        request, title=f"Graduate everybody who is ready from {cohort}", lines=ready, act=act,
        button=f"Graduate {len(ready)} {'person' if len(ready) == 1 else 'people'}" if ready else "Close this cohort",
        back=back,
        explain="Each of them gets a certificate and a letter. With nobody left the cohort is closed, and what people "
        "said they need to take part is deleted.",
    )  # fmt: skip


def case_study(request, pk):
    """Assemble the case study from the cohort's records, or open the one there is."""
    cohort = get_object_or_404(Cohort.objects.select_related("programme"), pk=pk)
    if hasattr(cohort, "case_study"):
        return redirect("admin:cohorts_casestudy_change", cohort.case_study.pk)

    def act(reason):
        actions.assemble_case_study(cohort=cohort, by=request.user, now=timezone.now())
        return "The first draft is made. Read it with care: it is yours to rewrite."

    answer = confirm(
        request, title=f"Case study of {cohort}", lines=[], act=act, button="Assemble a first draft",
        back=cohort.get_absolute_url(),
        explain="Its figures come from the cohort’s records, small numbers hidden. Nothing is public before a second "
        "person approves it and somebody publishes it.",
    )  # fmt: skip
    made = CaseStudy.objects.filter(cohort=cohort).first()
    return redirect("admin:cohorts_casestudy_change", made.pk) if made else answer
