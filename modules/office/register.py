"""The register: everybody on one page, one button; and the door, one tap a person on a phone."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Place
from leaders.office.admin import office_page
from leaders.people.refusals import NotPossible
from modules.actions import record_attendance, record_register, set_catch_ups
from modules.models import Attendance, Session

from .forms import CatchUpTaskForm


def _session(pk) -> Session:
    return get_object_or_404(Session.objects.select_related("module", "cohort__programme"), pk=pk)


def _lines(session: Session) -> list[dict]:
    """Everybody taking part, and those who were here before they left, with their mark."""
    marks = dict(session.attendance.values_list("place", "status"))
    places = Place.objects.for_cohort(session.cohort).select_related("person", "organisation").order_by("person__name")
    return [
        {"place": place, "status": marks.get(place.pk, ""), "seen": marks.get(place.pk, "")}
        for place in places
        if place.status == Place.Status.ACTIVE or place.pk in marks
    ]


def register(request, pk):
    """All people, one POST. What this page did not change stays as it is, also when the door changed it meanwhile."""
    session = _session(pk)
    lines = _lines(session)
    error = ""
    if "everybody" in request.POST:
        # Filled in, with what was marked already, and not yet saved.
        for line in lines:
            place = line["place"].pk
            line["status"] = request.POST.get(f"place-{place}", "") or "present"
            line["seen"] = request.POST.get(f"seen-{place}", line["seen"])
    elif request.method == "POST":
        chosen = {line["place"].pk: request.POST.get(f"place-{line['place'].pk}", "") for line in lines}
        seen = {place: request.POST.get(f"seen-{place}", "") for place in chosen}
        try:
            counts = record_register(
                session=session,
                marks={place: status for place, status in chosen.items() if status},
                seen=seen,
                by=request.user,
                now=timezone.now(),
            )
        except NotPossible as refused:
            error = str(refused)
            for line in lines:
                if (mark := chosen[line["place"].pk]) != seen[line["place"].pk]:
                    line["status"] = mark
        else:
            written = sum(counts.values())
            messages.success(
                request, f"{written} mark{'' if written == 1 else 's'} saved." if written else "Nothing had changed."
            )
            missed = session.attendance.without_catch_up().exists()
            return redirect(
                "admin:modules_session_catch_up"
                if missed and counts.get("absent")
                else "admin:modules_session_register",
                pk,
            )
    return office_page(
        request,
        "office/modules/register.html",
        title=f"Register: {session}",
        session=session,
        lines=lines,
        choices=Attendance.Status.choices,
        error=error,
        filled="everybody" in request.POST,
        status=409 if error else 200,
    )


def check_in(request, pk):
    """At the door: a list of names, the ones still missing first; a tap says they are here."""
    session = _session(pk)
    if request.method == "POST":
        place = get_object_or_404(Place.objects.active().for_cohort(session.cohort), pk=request.POST.get("place"))
        try:
            record_attendance(session=session, place=place, status="present", by=request.user, now=timezone.now())
        except NotPossible as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, f"{place.person} is here.")
        return redirect("admin:modules_session_check_in", pk)
    lines = _lines(session)
    return office_page(
        request,
        "office/modules/check_in.html",
        title=f"Check in: {session}",
        session=session,
        waiting=[line["place"] for line in lines if not line["status"]],
        here=[line["place"] for line in lines if line["status"] in {"present", "remote"}],
    )


def catch_up(request, pk):
    """One task for everybody who missed the session and has none."""
    now = timezone.now()
    session = _session(pk)
    missed = (
        session.attendance.missed()
        .filter(place__status=Place.Status.ACTIVE)
        .select_related("place__person", "catch_up")
        .order_by("place__person__name")
    )
    form = CatchUpTaskForm(request.POST or None, now=now)
    if request.method == "POST" and form.is_valid():
        made = set_catch_ups(session=session, by=request.user, now=now, **form.cleaned_data)
        messages.success(request, f"{len(made)} {'person was' if len(made) == 1 else 'people were'} given the task.")
        return redirect("admin:modules_session_catch_up", pk)
    return office_page(
        request,
        "office/modules/catch_up.html",
        title=f"Catching up on {session}",
        session=session,
        without=[seen for seen in missed if not hasattr(seen, "catch_up")],
        given=[seen.catch_up for seen in missed if hasattr(seen, "catch_up")],
        form=form,
        back=reverse("admin:modules_session_register", args=[pk]),
    )
