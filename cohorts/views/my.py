"""A participant's own pages about their place: details, narrative, graduation and what comes after."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts import actions
from cohorts.alumni import pulse_due
from cohorts.forms import AgreeForm, DetailsForm, NarrativeForm, PulseForm, QuoteForm
from cohorts.graduation import checklist
from cohorts.models import Certificate, Narrative, Part, Place, Pulse, Quote
from cohorts.places import current_place, details_of
from leaders.components.dates import london_date
from leaders.documents.actions import latest
from leaders.home.views import my_page
from leaders.people.meanwhile import ChangedMeanwhile, mark
from leaders.people.refusals import NotPossible

PARTS = {
    Part.SELF: "Self: what called you to this work",
    Part.US: "Us: who are we, and what we share",
    Part.NOW: "Now: what this moment asks of us",
}


def _place(request, now) -> Place:
    place = current_place(request.user, now)
    if place is None:
        raise Http404
    return place


@my_page
@require_safe
def graduation(request):
    """What is needed to graduate and where to do it; afterwards the certificate and the alumni network."""
    now = timezone.now()
    place = _place(request, now)
    if not place.is_alumni:
        context = {"place": place, "cohort": place.cohort, "requirements": checklist(place), "now": now}
        return render(request, "cohorts/my_graduation.html", context)
    certificate = place.certificates.filter(revoked_at=None).first()
    others = Certificate.objects.filter(place__person=request.user, revoked_at=None).exclude(place=place)
    context = {
        "earlier": others.select_related("place__cohort__programme").order_by("-issued_at"),
        "place": place,
        "cohort": place.cohort,
        "certificate": certificate,
        "document": latest("cohorts.certificate", certificate) if certificate else None,
        "pulse": pulse_due(place, london_date(now)),
    }
    return render(request, "cohorts/my_alumni.html", context)


@my_page
@require_POST
def in_touch(request):
    """Agree to hear from the alumni network, or stop it: one click each."""
    now = timezone.now()
    place = _place(request, now)
    try:
        if request.POST.get("agree"):
            actions.stay_in_touch(place=place, by=request.user, now=now)
            messages.success(request, "You will hear from the alumni network.")
        else:
            actions.stop_in_touch(place=place, by=request.user, now=now)
            messages.success(request, "You will not hear from the alumni network any more.")
    except NotPossible as refused:
        messages.error(request, str(refused))
    return redirect("my_graduation")


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def pulse(request, months):
    """Three questions, 6, 12 and 24 months after graduation."""
    now = timezone.now()
    place = _asked_about(_place(request, now), months, london_date(now))
    if not place.is_alumni or months not in Pulse.MONTHS:
        raise Http404
    form = PulseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.answer_pulse(place=place, months=months, by=request.user, now=now, **form.cleaned_data)
        messages.success(request, "Thank you. That is all we ask.")
        return redirect("my_graduation")
    context = {
        "form": form,
        "heading": f"{months} months on",
        "intro": "Three questions, about two minutes.",
        "readers": f"You and {place.cohort.contact.name}. Others see counts of the whole cohort, never small ones.",
        "button": "Send",
        "back_url": reverse("my_graduation"),
    }
    return render(request, "components/question_page.html", context)


def _asked_about(place: Place, months: int, today) -> Place:
    """Of somebody who graduated more than once, the place that these months have passed for; else the one given."""
    graduated = Place.objects.alumni().filter(person=place.person_id).select_related("person", "cohort__contact")
    return next((found for found in graduated if pulse_due(found, today) == months), place)


def _written_from(request, now) -> Place:
    """The place whose narrative this is about. What somebody who has left wrote stays theirs to take back."""
    place = current_place(request.user, now)
    if place is None:
        left = Place.objects.filter(person=request.user).filter(Q(quotes__isnull=False) | Q(narrative__isnull=False))
        place = left.select_related("cohort__programme", "cohort__contact", "person").order_by("-pk").first()
    if place is None:
        raise Http404
    return place


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def narrative(request):
    """Write the narrative in three parts, submit it, and decide which words may be quoted."""
    now = timezone.now()
    place = _written_from(request, now)
    written = Narrative.objects.filter(place=place).first()
    initial = {f"{part}_text": text for part, text in written.texts.items()} if written else {}
    form = NarrativeForm(request.POST or None, initial={**initial, "version": written.version if written else 0})
    stale = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_narrative(place=place, by=request.user, now=now, **form.cleaned_data)
            if "submit" in request.POST:
                actions.submit_narrative(place=place, by=request.user, now=now)
                messages.success(request, "Your narrative is submitted. You can still change it and submit it again.")
            else:
                messages.success(request, "Your draft is saved.")
            return redirect("my_narrative")
        except actions.StaleNarrative as refused:
            stale = refused.saved
            form = NarrativeForm({**form.data.dict(), "version": stale.version})
            form.is_valid()
            form.add_error(None, str(refused))
        except NotPossible as refused:
            # The draft may be saved by now: then the next attempt is of that version.
            written = Narrative.objects.filter(place=place).first()
            form = NarrativeForm({**form.data.dict(), "version": written.version if written else 0})
            form.is_valid()
            form.add_error(None, str(refused))
    return render(request, "cohorts/my_narrative.html", _narrative_context(place, written, form, stale, now))


def _narrative_context(place, written, form, stale, now):
    consented = set()
    if written:
        consented = set(written.consents.filter(withdrawn_at=None).values_list("part", flat=True))
    # Of every cohort: nobody has to be in one to take their words back.
    quotes = list(
        Quote.objects.filter(place__person=place.person_id, withdrawn_at=None).select_related("place__person")
    )
    return {
        "place": place,
        "cohort": place.cohort,
        "narrative": written,
        "has_left": not (place.is_active or place.is_alumni),
        "changed": bool(written and written.submitted_at and written.saved_at > written.submitted_at),
        "form": form,
        "stale": [(PARTS[part], text) for part, text in stale.texts.items()] if stale else None,
        "parts": [{"part": part, "label": label, "open": part in consented} for part, label in PARTS.items()],
        "asked": [(quote, AgreeForm(auto_id=f"id_{quote.pk}_%s")) for quote in quotes if not quote.agreed_at],
        "agreed": [quote for quote in quotes if quote.agreed_at],
        "due": place.due_on("narratives_due"),
        "now": now,
    }


@my_page
@require_POST
def consent(request, part):
    """Open one part of the narrative for quotation, or close it again."""
    now = timezone.now()
    place = _written_from(request, now)
    if part not in Part.values:
        raise Http404
    try:
        if request.POST.get("agree"):
            actions.consent_to_part(place=place, part=part, by=request.user, now=now)
            messages.success(request, "The programme may quote from this part. You can take it back here at any time.")
        else:
            actions.withdraw_part(place=place, part=part, by=request.user, now=now)
            messages.success(request, "Taken back. Nothing from this part is shown any more.")
    except NotPossible as refused:
        messages.error(request, str(refused))
    return redirect("my_narrative")


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request):
    """Offer words of one's own for the case study."""
    now = timezone.now()
    place = _place(request, now)
    form = QuoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.offer_quote(place=place, by=request.user, now=now, **form.cleaned_data)
        messages.success(request, "Thank you. You can take your words back at any time.")
        return redirect("my_narrative")
    context = {
        "form": form,
        "heading": "Words for the case study",
        "readers": f"{place.cohort.contact.name}, and everybody if your words are published.",
        "button": "Offer these words",
        "back_url": reverse("my_narrative"),
    }
    return render(request, "components/question_page.html", context)


@my_page
@require_POST
def quote(request, pk):
    """Agree to words being published, or say no, or take them back."""
    now = timezone.now()
    found = get_object_or_404(Quote.objects.select_related("place__person"), pk=pk, place__person=request.user)
    try:
        if request.POST.get("agree"):
            form = AgreeForm(request.POST)
            if not form.is_valid():
                messages.error(request, "Say how you want to be shown, then agree.")
                return redirect("my_narrative")
            actions.agree_quote(quote=found, shown_as=form.cleaned_data["shown_as"], by=request.user, now=now)
            messages.success(request, "Thank you. You can take your words back at any time.")
        else:
            actions.withdraw_quote(quote=found, by=request.user, now=now)
            messages.success(request, "These words are not shown, and will not be.")
    except NotPossible as refused:
        messages.error(request, str(refused))
    return redirect("my_narrative")


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def details(request):
    """How to call and reach the participant, and what they need to take part."""
    now = timezone.now()
    place = _place(request, now)
    standing = details_of(place)
    form = _details_form(place, request.POST or None, initial={**standing, "seen": mark(standing.values())})
    stale = []
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_details(place=place, by=request.user, now=now, **form.cleaned_data)
        except ChangedMeanwhile as refused:
            typed = form.cleaned_data
            stale = [(form[name].label, text) for name, text in standing.items() if text != typed.get(name, text)]
            form = _details_form(place, {**form.data.dict(), "seen": mark(standing.values())})
            form.is_valid()
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Your details are saved.")
            return redirect("my_details")
    context = {"form": form, "place": place, "heading": "Your details", "stale": stale}
    return render(request, "cohorts/my_details.html", context)


def _details_form(place: Place, data, **more) -> DetailsForm:
    form = DetailsForm(data, **more)
    if place.is_alumni:
        del form.fields["access_needs"]
    return form
