"""A module's page in the office: venue, days, speakers, materials, feedback, papers to print."""

from datetime import date
from statistics import fmean

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from cohorts.models import Place
from leaders.components.dates import london_date
from leaders.documents.actions import request_document
from leaders.office.admin import confirm, office_page
from leaders.people.refusals import NotPossible
from leaders.people.small_numbers import AVERAGE_FROM
from modules.actions import add_material, book_speaker, cancel_session, confirm_module, remove_material
from modules.aggregates import feedback_closes_on, told_of
from modules.models import Feedback, Material, Module, Session

from .forms import MaterialForm, SpeakerForm, VenueForm

PAPERS = {"register": "modules.register", "badges": "modules.badges", "handbook": "modules.handbook"}


def _module(pk) -> Module:
    return get_object_or_404(Module.objects.select_related("cohort__programme", "cohort__contact"), pk=pk)


def run_url(module: Module) -> str:
    return reverse("admin:modules_module_run", args=[module.pk])


def run(request, pk):
    """Everything about one module on one page; its forms post to it by the name of their button."""
    now = timezone.now()
    module = _module(pk)
    days = module.sessions.kept().annotate(
        there=Count("attendance", filter=~Q(attendance__status="absent")),
        missing=Count("attendance", filter=Q(attendance__status="absent")),
    )
    first_day = module.first_day()
    doing = request.POST.get("do", "") if request.method == "POST" else ""
    material = MaterialForm(request.POST if doing == "material" else None, request.FILES or None, prefix="material")
    speaker = SpeakerForm(
        request.POST if doing == "speaker" else None, prefix="speaker", sessions=module.sessions.kept()
    )
    if doing == "material" and material.is_valid():
        try:
            added = add_material(module=module, by=request.user, now=now, **material.cleaned_data)
        except NotPossible as refused:
            material.add_error(None, str(refused))
        else:
            messages.success(request, f"{added} was added.")
            return redirect(run_url(module))
    if doing == "speaker" and speaker.is_valid():
        talk = book_speaker(by=request.user, now=now, **speaker.cleaned_data)
        messages.success(request, f"{talk.speaker} speaks at {talk.session}.")
        return redirect(run_url(module))
    return office_page(
        request,
        "office/modules/run.html",
        title=str(module),
        module=module,
        days=days,
        begun=[day.pk for day in days if london_date(day.starts) <= london_date(now)],
        talks=[talk for day in days for talk in day.talks.select_related("speaker", "session")],
        materials=module.materials.all(),
        venue=VenueForm(initial={"venue": module.venue}),
        material=material,
        speaker=speaker,
        feedback=feedback_on(module, london_date(now)),
        places=Place.objects.active().for_cohort(module.cohort).count(),
        first_day=first_day,
        can_move=bool(first_day and first_day > london_date(now)),
        now=now,
    )


def feedback_on(module: Module, today: date) -> dict:
    """What the office sees of feedback once it has closed: averages from eight answers, comments from five."""
    told, closes_on = told_of(module, today), feedback_closes_on(module)
    averages = [
        {
            "statement": Feedback._meta.get_field(name).verbose_name,
            "mean": f"{fmean(getattr(given, name) for given in told.averaged):.1f}",
        }
        for name in Feedback.STATEMENTS
        if told.averaged
    ]
    return {
        "count": told.count, "averaged": len(told.averaged), "averages": averages, "from": AVERAGE_FROM,
        # By their words, so that their order says nothing of who wrote when.
        "comments": sorted(filter(None, (given.comment for given in told.said))),
        "closes_on": closes_on if closes_on and today <= closes_on else None,
    }  # fmt: skip


def confirm_venue(request, pk):
    """Who will be invited, before anybody is."""
    now = timezone.now()
    module = _module(pk)
    venue = request.GET.get("venue", "").strip()
    places = Place.objects.active().for_cohort(module.cohort).select_related("person").order_by("person__name")
    sessions = module.sessions.kept().upcoming(now).count()

    def act(reason):
        confirm_module(module=module, venue=venue, by=request.user, now=now)
        return f"Module {module.number} is confirmed at {venue}."

    return confirm(
        request,
        title=f"Confirm module {module.number} at {venue or 'a venue'}",
        lines=[place.person.name for place in places],
        explain=f"{len(places)} people get an invite for each of {sessions} days that are still to come.",
        button="Confirm and invite",
        act=act,
        back=run_url(module),
    )


def cancel(request, pk):
    """Call a session off, with the names of those whose calendars change."""
    session = get_object_or_404(Session.objects.select_related("module", "cohort"), pk=pk)
    invited = Place.objects.active().filter(invites__session=session).select_related("person").order_by("person__name")

    def act(reason):
        cancel_session(session=session, reason=reason, by=request.user, now=timezone.now())
        return f"{session} is cancelled."

    return confirm(
        request,
        title=f"Cancel {session}",
        lines=[place.person.name for place in invited],
        explain=f"{len(invited)} people have it in their calendar and will be told, with the reason you give.",
        button="Cancel the session",
        act=act,
        back=run_url(session.module) if session.module else reverse("admin:modules_session_changelist"),
        needs_reason=True,
        danger=True,
    )


def remove(request, pk):
    """Take a material away."""
    material = get_object_or_404(Material.objects.select_related("module__cohort"), pk=pk)

    def act(reason):
        remove_material(material=material, by=request.user, now=timezone.now())
        return f"{material} was removed."

    return confirm(
        request,
        title=f"Remove {material}",
        lines=[],
        explain="Participants can no longer open it, and their ticks for it go too.",
        button="Remove",
        act=act,
        back=run_url(material.module),
        danger=True,
    )


@require_POST
def paper(request, pk, kind):
    """Ask for a register, badges or a handbook; the worker makes it."""
    if kind not in PAPERS:
        raise Http404
    module = _module(pk)
    subject = (
        get_object_or_404(module.sessions, pk=request.POST.get("session")) if kind == "register" else module.cohort
    )
    asked = request_document(PAPERS[kind], subject=subject, now=timezone.now())
    return redirect("document", asked.pk)
