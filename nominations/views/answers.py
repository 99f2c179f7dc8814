"""Answers by private link: the nominee's, the sponsor's, to an offer, to a colleague who asks to replace."""

from datetime import datetime

from django.shortcuts import redirect, render
from django.urls import reverse

from leaders.components.dates import day, day_time
from leaders.people.links import live
from leaders.people.refusals import NotPossible
from nominations import actions, links
from nominations.forms import Acceptance, Endorse, Reason
from nominations.models import Endorsement, Nomination, Offer, Replacement

from .drafts.filling import module_weeks
from .frame import by_link, find_nomination, frame, not_possible, posted

State = Nomination.State


def page_for(nomination: Nomination) -> dict:
    return {
        **frame(nomination.round),
        "nomination": nomination,
        "brand_sub": nomination.cohort.name,
        "answer_by": nomination.answer_deadline if nomination.state == State.SENT else None,
    }


nominee_page = by_link(links.ACCEPT, find_nomination)


@nominee_page
def nominee(request, nomination, link, now):
    """What the nomination means, and the two answers; afterwards, what was answered."""
    equality = live(purpose=links.EQUALITY, subject=nomination, now=now)
    return render(
        request,
        "nominations/nominee.html",
        {
            **page_for(nomination),
            "waiting": nomination.state == State.SENT,
            "late": now >= nomination.answer_deadline,
            "modules": module_weeks(nomination),
            "accept_url": reverse("nominee_statement", args=[link.token]),
            "decline_url": reverse("nominee_decline", args=[link.token]),
            "equality_url": reverse("equality", args=[equality.token]) if equality else "",
            "written": accepted_with(nomination) if nomination.is_live and nomination.completed_at else [],
        },
    )


def accepted_with(nomination: Nomination) -> list[dict]:
    """What the nominee wrote when they accepted, for their own eyes."""
    asked = Acceptance()
    said = {**{name: getattr(nomination, name) for name in asked.fields}, "dates": ""}
    said["dates"] = dict(asked.fields["dates"].choices).get(nomination.dates, "")
    return [
        {"key": bound.label, "value": said[bound.name], "empty": "Not given"}
        for bound in asked
        if said[bound.name] or not bound.revealed
    ]


@nominee_page
def statement(request, nomination, link, now):
    """The nominee's own words, the dates, what would help."""
    if request.method != "POST" and not nomination.waits_for_answer(now):
        return redirect("nominee_accept", link.token)
    form = Acceptance(posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.accept_nomination(
                nomination=nomination,
                statement=given["statement"],
                contribution=given["contribution"],
                dates_agreed=given["dates"] == "all",
                date_clash=given["date_clash"] if given["dates"] == "clash" else "",
                access_needs=given["access_needs"],
                by=nomination.nominee,
                now=now,
            )
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("nominee_accept", link.token)
    return render(
        request,
        "nominations/statement.html",
        {
            **page_for(nomination),
            "form": form,
            "heading": "Accept, in your own words",
            "readers": f"{nomination.cohort.contact} reads all but the last answer; the selection panel your statement "
            f"and your challenge, without your name and organisation. The last answer is only for those who organise "
            f"the days. {nomination.nominator_name} sees none of it.",
            "modules": module_weeks(nomination),
            "back_url": reverse("nominee_accept", args=[link.token]),
            "button": "Accept the nomination",
        },
        status=422 if form.errors else 200,
    )


@nominee_page
def decline(request, nomination, link, now):
    """One click, with a reason if they like."""
    if request.method != "POST" and not nomination.waits_for_answer(now):
        return redirect("nominee_accept", link.token)
    form = Reason(posted(request))
    if request.method == "POST" and form.is_valid():
        actions.decline_nomination(
            nomination=nomination, reason=form.cleaned_data["reason"], by=nomination.nominee, now=now
        )
        return redirect("nominee_accept", link.token)
    return render(
        request,
        "nominations/ask.html",
        {
            **page_for(nomination),
            "form": form,
            "heading": "Decline the nomination",
            "intro": f"{nomination.nominator_name} hears that you decline, and can put forward somebody else.",
            "readers": f"{nomination.cohort.contact} and the programme office. {nomination.nominator_name} does not "
            "see your reason.",
            "back_url": reverse("nominee_accept", args=[link.token]),
            "button": "Decline",
        },
    )


def _endorsement(pk):
    return (
        Endorsement.objects.select_related(
            "sponsor",
            "nomination__round__cohort__programme",
            "nomination__round__cohort__contact",
            "nomination__organisation",
            "nomination__nominee",
        )
        .filter(pk=pk)
        .first()
    )


def instead_of_endorsing(endorsement: Endorsement, now: datetime) -> tuple[str, str]:
    """Heading and words in place of the form, when there is nothing to answer any more; else empty."""
    nomination = endorsement.nomination
    if endorsement.state == Endorsement.State.GIVEN:
        words = f"Your endorsement of {nomination.nominee_name} is with the panel. There is nothing else to do."
        return "Thank you", words
    if endorsement.state == Endorsement.State.DECLINED:
        return "Noted", f"You do not endorse {nomination.nominee_name}. The programme office speaks with them."
    if nomination.state != State.SENT:
        return nomination.get_state_display(), f"The application of {nomination.nominee_name} goes no further."
    if not nomination.waits_for_answer(now):
        return "The date to answer has passed", (
            f"You could answer until {day_time(nomination.answer_deadline)}. If something kept you, ask "
            f"{nomination.cohort.contact}: more time is sometimes possible."
        )
    return "", ""


@by_link(links.ENDORSE, _endorsement)
def endorse(request, endorsement, link, now):
    """The sponsor says what they know of the applicant's work, or declines."""
    nomination = endorsement.nomination
    heading, words = instead_of_endorsing(endorsement, now)
    if heading and request.method != "POST":
        return not_possible(
            request, words, nomination.round, heading=heading, status=200, **page_for(nomination), silent=True
        )
    if request.method == "POST" and "decline" in request.POST:
        actions.decline_endorsement(endorsement=endorsement, by=endorsement.sponsor, now=now)
        return redirect("endorse", link.token)
    form = Endorse(posted(request), initial={"role_title": endorsement.sponsor.role_title})
    if request.method == "POST" and form.is_valid():
        try:
            actions.endorse(endorsement=endorsement, by=endorsement.sponsor, now=now, **form.cleaned_data)
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("endorse", link.token)
    return render(
        request,
        "nominations/endorse.html",
        {
            **page_for(nomination),
            "form": form,
            "heading": f"Endorse {nomination.nominee_name}",
            "intro": f"{nomination.nominee_name}, {nomination.nominee_role_title} at {nomination.employer}, has "
            f"applied to {nomination.cohort.programme.in_words} and names you as sponsor. Please answer by "
            f"{day_time(nomination.answer_deadline)}.",
            "readers": f"{nomination.cohort.contact} and the selection panel. {nomination.nominee_name} does not see "
            "it.",
            "button": "Endorse",
        },
        status=422 if form.errors else 200,
    )


def _offer(pk):
    return Offer.objects.in_words().filter(pk=pk).first()


@by_link(links.OFFER, _offer)
def offer(request, made, link, now):
    """Accept or decline before the deadline; afterwards, what was answered."""
    if request.method == "POST":
        if "accept" in request.POST:
            actions.accept_offer(offer=made, by=made.nomination.nominee, now=now)
        elif "decline" in request.POST:
            reason = request.POST.get("reason", "").strip()[:1000]
            actions.decline_offer(offer=made, reason=reason, by=made.nomination.nominee, now=now)
        return redirect("offer", link.token)
    nomination = made.nomination
    expired = made.state == Offer.State.EXPIRED or (made.state == Offer.State.OPEN and now >= made.expires_at)
    return render(
        request,
        "nominations/offer.html",
        {
            **page_for(nomination),
            "offer": made,
            "answer_by": made.expires_at if made.state == Offer.State.OPEN else None,
            "to_hear": False,
            "open": made.state == Offer.State.OPEN and not expired,
            "expired": expired,
            "modules": module_weeks(nomination),
            "starts": day(nomination.cohort.starts_on),
        },
    )


def _replacement(pk):
    return (
        Replacement.objects.select_related(
            "standing__round__cohort__programme",
            "standing__round__cohort__contact",
            "standing__organisation",
            "standing__nominator",
            "draft__round__cohort__programme",
            "draft__round__cohort__contact",
        )
        .filter(pk=pk)
        .first()
    )


@by_link(links.REPLACE, _replacement)
def replacement(request, asked, link, now):
    """The earlier nominator lets another nomination take the place of theirs, or does nothing."""
    if request.method == "POST":
        actions.agree_to_replace(replacement=asked, by=asked.standing.nominator, now=now)
        return redirect("replacement", link.token)
    return render(
        request,
        "nominations/replacement.html",
        {
            **frame(asked.standing.round),
            "asked": asked,
            "standing": asked.standing,
            "draft": asked.draft,
            "agreed": asked.agreed_at,
        },
    )
