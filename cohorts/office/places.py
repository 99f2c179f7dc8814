"""What the office does to one person's place: each a named action with its own small form."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from cohorts import actions
from cohorts.graduation import outstanding
from cohorts.models import Cohort, Place
from leaders.office.admin import office_page
from leaders.people.actions import know_person
from leaders.people.models import Person
from leaders.people.refusals import NotPossible

from .forms import EmployerForm, EndWaiverForm, ExtensionForm, PersonForm, ReasonForm, TakeUpForm, WaiverForm


@dataclass(frozen=True)
class Change:
    """One thing that can be done to a place: `explain` says what follows, `act` does it."""

    title: str
    button: str
    explain: str
    form: type[forms.Form]
    act: Callable[..., object]
    shown: Callable[[Place], bool]
    danger: bool = False
    takes_place: bool = False


def _active(place: Place) -> bool:
    return place.is_active and place.cohort.status in {Cohort.Status.PLANNED, Cohort.Status.LIVE}


def _somebody(given: dict, by: Person, now: datetime) -> Person | None:
    """The person of a PersonForm, made known if new."""
    name, email = given.pop("name"), given.pop("email")
    return know_person(email=email, name=name, by=by, now=now) if email else None


def _sponsor(*, place, by, now, **given):
    actions.change_sponsor(place=place, sponsor=_somebody(given, by, now), by=by, now=now, **given)


def _line_manager(*, place, by, now, **given):
    actions.change_line_manager(place=place, line_manager=_somebody(given, by, now), by=by, now=now, **given)


def _end_waiver(*, place, waiver, reason, by, now):
    actions.end_waiver(waiver=waiver, reason=reason, by=by, now=now)


def _revoke(*, place, reason, by, now):
    certificate = place.certificates.filter(revoked_at=None).first()
    if certificate is None:
        raise NotPossible("There is no valid certificate.")
    actions.revoke_certificate(certificate=certificate, reason=reason, by=by, now=now)


CHANGES = {
    "extend": Change(
        "Give longer for one date", "Give longer", "The person is written to; nobody else’s date changes.",
        ExtensionForm, actions.extend_date, _active,
    ),
    "sponsor": Change(
        "Change the sponsor", "Change the sponsor", "A new sponsor is written to and told what is expected.",
        PersonForm, _sponsor, _active,
    ),
    "line-manager": Change(
        "Change the line manager", "Change the line manager", "Nobody is written to.",
        PersonForm, _line_manager, _active,
    ),
    "employer": Change(
        "Change of employer", "Record the new employer",
        "The place is kept. Sponsor and line manager belonged to the old employer: find new ones afterwards.",
        EmployerForm, actions.change_employer, _active,
    ),
    "waive": Change(
        "Waive a requirement", "Waive it",
        "Graduation no longer asks this of the person. The reason is kept and not shown to them.",
        WaiverForm, actions.waive, _active, takes_place=True,
    ),
    "end-waiver": Change(
        "End a waiver", "End the waiver", "Graduation asks this of the person after all.", EndWaiverForm, _end_waiver,
        lambda place: _active(place) and place.waivers.exists(), takes_place=True,
    ),
    "graduate": Change(
        "Graduate", "Graduate", "The person gets a certificate and a letter.", forms.Form, actions.graduate_place,
        lambda place: _active(place) and not outstanding(place),
    ),
    "defer": Change(
        "Defer to a later cohort", "Defer", "The seat becomes free, and the person is written to.", ReasonForm,
        actions.defer_place, _active, danger=True,
    ),
    "withdraw": Change(
        "Withdraw", "Withdraw", "The seat becomes free, and the person is written to.", ReasonForm,
        actions.withdraw_place, _active, danger=True,
    ),
    "reinstate": Change(
        "Bring back", "Bring back", "The person takes a seat in the same cohort again.", ReasonForm,
        actions.reinstate_place,
        lambda place: place.status in {Place.Status.WITHDRAWN, Place.Status.DEFERRED} and not place.deferred_to_id,
    ),
    "take-up": Change(
        "Take up in a later cohort", "Give the place", "The person gets a place in that cohort, and a seat.",
        TakeUpForm, actions.take_up_place,
        lambda place: place.status == Place.Status.DEFERRED and not place.deferred_to_id,
        takes_place=True,
    ),
    "reissue": Change(
        "New certificate", "Issue a new certificate",
        "It carries the person’s name as it is now; the old one is no longer valid.", ReasonForm,
        actions.reissue_certificate, lambda place: place.is_alumni,
    ),
    "revoke": Change(
        "Revoke the certificate", "Revoke", "Whoever checks its code is told that it is no longer valid.", ReasonForm,
        _revoke, lambda place: place.is_alumni and place.certificates.filter(revoked_at=None).exists(), danger=True,
    ),
    "undo-graduation": Change(
        "Undo the graduation", "Undo", "The person takes part again, and the certificate is revoked.", ReasonForm,
        actions.undo_graduation, lambda place: place.is_alumni and place.cohort.status == Cohort.Status.LIVE,
        danger=True,
    ),
}  # fmt: skip


def possible(place: Place) -> list[tuple[str, str]]:
    """(address, title) of what can be done to this place now."""
    return [
        (reverse("admin:cohorts_place_do", args=[place.pk, name]), change.title)
        for name, change in CHANGES.items()
        if change.shown(place)
    ]


def do(request, pk, name):
    """Show what an action asks and what follows from it; do it on POST."""
    place = get_object_or_404(
        Place.objects.select_related("person", "cohort__programme", "cohort__contact", "organisation"), pk=pk
    )
    if name not in CHANGES:
        raise Http404
    change = CHANGES[name]
    form = change.form(request.POST or None, **({"place": place} if change.takes_place else {}))
    error, back = "", reverse("admin:cohorts_place_change", args=[pk])
    if request.method == "POST" and form.is_valid():
        try:
            change.act(place=place, by=request.user, now=timezone.now(), **form.cleaned_data)
            messages.success(request, f"Done: {change.title.lower()}, {place.person}.")
            return redirect(back)
        except NotPossible as refused:
            error = str(refused)
    context = {"place": place, "change": change, "form": form, "error": error, "back": back}
    return office_page(request, "office/cohorts/do.html", title=f"{change.title}: {place.person}", **context)
