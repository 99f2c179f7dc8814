"""The front page, the doors to nominating and applying, and invitations."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.models import Programme
from leaders.components.dates import day_time
from leaders.people.links import LinkExpired, LinkProblem, resolve
from leaders.people.refusals import NotPossible
from nominations import actions, links
from nominations.forms import Reason, Start, StartApplying, StartUnlisted, TellMe
from nominations.journey import journey_of
from nominations.models import (
    Endorsement,
    Invitation,
    NobodyThisTime,
    Nomination,
    Offer,
    Replacement,
    Round,
    SharedSection,
)
from nominations.questions import questions_of

from .frame import by_link, frame, link_problem, not_possible, posted


def doors(now: datetime) -> list[dict]:
    """Each active programme with its open round, or the next opening; the same two queries however many cohorts."""
    ahead = Round.objects.live().filter(released_at=None, cohort__nominations_close__gt=now)
    rounds = list(ahead.in_words().order_by("cohort__nominations_close"))
    found = []
    for programme in Programme.objects.filter(is_active=True):
        own = [this for this in rounds if this.cohort.programme_id == programme.pk]
        open_now = next((this for this in own if this.is_open(now)), None)
        found.append(
            {
                "programme": programme,
                "open": open_now,
                "next": None if open_now else next(iter(own), None),
                "tell_me": TellMe(prefix=programme.slug),
            }
        )
    return sorted(found, key=lambda door: door["open"] is None)


@require_safe
def front(request):
    """What the programmes are, their dates, and the two doors: nominate, sign in."""
    now = timezone.now()
    return render(request, "nominations/front.html", {"doors": doors(now), "now": now})


@require_POST
def tell(request, slug):
    """Keep an address, to write to once when nominations open."""
    programme = get_object_or_404(Programme, slug=slug, is_active=True)
    form = TellMe(request.POST, prefix=programme.slug)
    if form.is_valid():
        actions.tell_me(programme=programme, email=form.cleaned_data["email"], now=timezone.now())
        messages.success(request, f"We will write to you once, when nominations for {programme.in_words} open.")
        return redirect("front")
    now = timezone.now()
    found = doors(now)
    for door in found:
        if door["programme"] == programme:
            door["tell_me"] = form
    return render(request, "nominations/front.html", {"doors": found, "now": now, "form": form}, status=422)


@require_safe
def nominate(request):
    """Who can nominate, what one needs, ten minutes; the open rounds."""
    now = timezone.now()
    return render(request, "nominations/nominate.html", {"doors": doors(now), "now": now})


@require_safe
def apply(request):
    """As nominate, for the programmes that take applications."""
    now = timezone.now()
    found = [door for door in doors(now) if door["programme"].takes_applications]
    return render(request, "nominations/apply.html", {"doors": found, "now": now})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request, slug):
    """Three questions, and the draft is begun."""
    return _start(request, slug, applying=False)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start_applying(request, slug):
    return _start(request, slug, applying=True)


def _start(request, slug, *, applying: bool):
    now = timezone.now()
    this = get_object_or_404(Round.objects.in_words(), cohort__slug=slug)
    programme = this.cohort.programme
    if applying and not programme.takes_applications:
        raise Http404
    if not this.is_open(now) and request.method != "POST":
        return closed(request, this, now)
    kind = StartApplying if applying else Start if programme.nominations_per_organisation else StartUnlisted
    form = kind(programme, posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        begin = actions.start_application if applying else actions.start_nomination
        try:
            draft = begin(
                round=this,
                organisation=given["organisation"],
                organisation_name=given.get("organisation_name", ""),
                organisation_kind=given.get("organisation_kind", ""),
                name=given["name"],
                email=given["email"],
                form_uuid=given["form_uuid"],
                by=given["name"],
                now=now,
            )
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            return redirect(actions.path_here(draft, now))
    what = "application" if applying else "nomination"
    return render(
        request,
        "nominations/ask.html",
        {
            **frame(this),
            "brand_sub": f"{what.capitalize()}s for {this.cohort.name}",
            "form": form,
            "heading": f"Start your {what}",
            "intro": f"Everything is saved after each page. We email you a private link, so that you can carry on from "
            f"any device until {day_time(this.closes_at)}.",
            "back_url": reverse("apply" if applying else "nominate"),
            "button": "Save and continue",
            "wide": True,
        },
        status=422 if form.errors else 200,
    )


def closed(request, this: Round, now: datetime, closes: datetime | None = None) -> HttpResponse:
    """Nominations are not open, for everybody or for whoever had until `closes`: the date, and a person to ask."""
    cohort = this.cohort
    early, closes = now < cohort.nominations_open, closes or this.closes_at
    words = (
        f"Nominations for {cohort.name} open on {day_time(cohort.nominations_open)}."
        if early
        else f"Nominations for {cohort.name} closed on {day_time(closes)}. If something kept you, "
        f"ask {cohort.contact}: more time is sometimes possible."
    )
    heading = "Nominations are not open yet" if early else "Nominations have closed"
    return not_possible(request, words, this, heading=heading, status=200, closes=closes)


@require_safe
def questions(request, slug):
    """The very questions, to think about away from the form: a page to read or print, and as text to write in."""
    this = get_object_or_404(Round.objects.in_words(), cohort__slug=slug)
    applying = this.cohort.programme.takes_applications and "apply" in request.GET
    draft = Nomination(round=this, kind=Nomination.Kind.APPLICATION if applying else Nomination.Kind.NOMINATION)
    journey = journey_of(draft, list(this.cohort.programme.criteria.all()))
    context = {
        **frame(this),
        "brand_sub": f"{'Applications' if applying else 'Nominations'} for {this.cohort.name}",
        "applying": applying,
        "sections": [
            (section, [(page, questions_of(page, draft)) for page in section.pages]) for section in journey.sections
        ],
        "back_url": reverse("apply" if applying else "nominate"),
    }
    if "text" not in request.GET:
        return render(request, "nominations/questions.html", context)
    words = render_to_string("nominations/questions.txt", context).replace("\n", "\r\n")
    response = HttpResponse(words, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="questions-{this.cohort.slug}.txt"'
    return response


def _invitation(pk):
    return (
        Invitation.objects.select_related(
            "round__cohort__programme", "round__cohort__contact", "organisation", "nominator"
        )
        .filter(pk=pk, withdrawn_at=None)
        .first()
    )


@by_link(links.INVITATION, _invitation)
def invitation(request, invited, link, now):
    """The invitation: its button begins the draft, or goes on with the one begun before."""
    this = invited.round
    begun = actions.begun_with(invited)
    if begun is None and not invited.takes_nominations(now):
        return closed(request, this, now, invited.deadline)
    if request.method == "POST":
        if request.POST.get("undo"):
            actions.undo_nobody(round=this, organisation=invited.organisation, by=invited.nominator, now=now)
            messages.success(request, "Noted: you may nominate after all.")
            return redirect("invitation", link.token)
        draft = actions.start_nomination(
            round=this, organisation=None, invitation=invited, by=invited.nominator, now=now
        )
        return redirect(actions.draft_path(draft, now))
    limited = this.cohort.programme.nominations_per_organisation
    standing = this.nominations.live().in_words().filter(organisation=invited.organisation).first() if limited else None
    return render(
        request,
        "nominations/invitation.html",
        {
            **frame(this),
            "closes": invited.deadline,
            "invitation": invited,
            "begun": begun,
            "sent": begun if begun and begun.is_live else None,
            "standing": standing if standing != begun else None,
            "nobody": NobodyThisTime.objects.filter(
                round=this, organisation=invited.organisation, undone_at=None
            ).first(),
            "token": link.token,
        },
    )


@by_link(links.INVITATION, _invitation)
def invitation_nobody(request, invited, link, now):
    """Nobody this time: one click, a reason if one likes; not where a nomination stands."""
    this = invited.round
    standing = this.nominations.live().filter(organisation=invited.organisation, quota__isnull=False)
    if request.method != "POST" and standing.exists():
        return redirect("invitation", link.token)
    form = Reason(posted(request))
    if request.method == "POST" and form.is_valid():
        actions.nobody_this_time(
            round=invited.round,
            organisation=invited.organisation,
            person=invited.nominator,
            reason=form.cleaned_data["reason"],
            by=invited.nominator,
            now=now,
        )
        return redirect("invitation", link.token)
    return nobody_page(request, form, invited.round, invited.organisation, reverse("invitation", args=[link.token]))


def nobody_page(request, form, this, organisation, back_url):
    closes = this.closes_for(organisation)
    return render(
        request,
        "nominations/ask.html",
        {
            **frame(this),
            "closes": closes,
            "form": form,
            "heading": "We have nobody this time",
            "intro": f"Tell us that {organisation} does not nominate for {this.cohort.name}. We will not remind you, "
            f"and you can change your mind until {day_time(closes)}.",
            "readers": f"{this.cohort.contact} and the programme office.",
            "back_url": back_url,
            "button": "Tell the programme",
        },
    )


SUBJECTS = {
    links.INVITATION: Invitation,
    links.DRAFT: Nomination,
    links.SECTION: SharedSection,
    links.REPLACE: Replacement,
    links.ACCEPT: Nomination,
    links.ENDORSE: Endorsement,
    links.EQUALITY: Nomination,
    links.OFFER: Offer,
}


@never_cache
@require_POST
def new_link(request, purpose, token):
    """Mail a new link in place of an expired one, to the address that the old one went to."""
    now = timezone.now()
    if purpose not in SUBJECTS:
        raise Http404
    try:
        link = resolve(token, purpose=purpose, now=now)
    except LinkExpired as expired:
        link = expired.link
    except LinkProblem as problem:
        return link_problem(request, problem, purpose, token)
    subject = SUBJECTS[purpose].objects.filter(pk=link.subject_id).first()
    if subject:
        try:
            actions.renew_link(link=link, subject=subject, now=now)
        except NotPossible:  # it still works
            return redirect(links.page_of(purpose, subject, token))
    return render(
        request,
        "nominations/notice.html",
        {
            "heading": "Look in your inbox",
            "lede": "If what the link opened still exists, a new link is on its way to the address that the first "
            "one went to.",
        },
    )
