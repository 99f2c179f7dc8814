"""Answers by private link: the nominee's, the sponsor's, to an offer, to a colleague who asks to replace."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from leaders.components.dates import day, day_time
from leaders.people.links import live
from leaders.people.models import Organisation
from leaders.people.refusals import NotPossible
from nominations import actions, links
from nominations.forms import Acceptance, Endorse, Reason
from nominations.models import Endorsement, Nomination, Offer, Replacement

from . import halfway
from .drafts.around import fee_of, journey_for
from .drafts.filling import module_weeks
from .frame import by_link, find_nomination, frame, not_possible, posted
from .halfway import Answering

State = Nomination.State


def page_for(nomination: Nomination) -> dict:
    return {
        **frame(nomination.round),
        "nomination": nomination,
        "brand_sub": nomination.cohort.name,
        "answer_by": nomination.answer_deadline if nomination.state == State.SENT else None,
    }


nominee_page = by_link(links.ACCEPT, find_nomination)


def accepting(nomination: Nomination, token: str) -> Answering:
    """The nominee, who accepts in their own words."""
    return Answering(nomination, nomination.put_forward, Acceptance, "nominee_statement", "nominee", token)


@nominee_page
def nominee(request, nomination, link, now):
    """What the nomination means, and the two answers; afterwards, what was answered."""
    equality = live(purpose=links.EQUALITY, subject=nomination, now=now)
    answering = accepting(nomination, link.token)
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
            "saved_notice": answering.notice("your answer"),
            "saved_url": answering.url("saved"),
            "written": accepted_with(nomination) if nomination.is_live and nomination.completed_at else [],
        },
    )


def accepted_with(nomination: Nomination) -> list[dict]:
    """What the nominee wrote when they accepted, for their own eyes."""
    asked = Acceptance()
    said = {**{name: getattr(nomination, name) for name in asked.asked()}, "dates": ""}
    said["dates"] = dict(asked.fields["dates"].choices).get(nomination.dates, "")
    return [
        {"key": asked[name].label, "value": said[name], "empty": "Not given"}
        for name in asked.asked()
        if said[name] or not asked[name].revealed
    ]


@nominee_page
def statement(request, nomination, link, now):
    """The nominee's own words, the dates, what would help."""
    if request.method != "POST" and not nomination.waits_for_answer(now):
        return redirect("nominee_accept", link.token)
    answering = accepting(nomination, link.token)
    if request.method != "POST" and answering.unsettled:
        return redirect(answering.url("both", answering.unsettled.pk))
    form = Acceptance.going_on(posted(request), answering.saved)
    if {"later", "back"} & request.POST.keys():
        if answer := halfway.leave(request, answering, form, now, back=reverse("nominee_accept", args=[link.token])):
            return answer
    elif request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.accept_nomination(
                nomination=nomination,
                statement=given["statement"],
                contribution=given["contribution"],
                dates_agreed=given["dates"] == "all",
                date_clash=given["date_clash"] if given["dates"] == "clash" else "",
                access_needs=given["access_needs"],
                seen=given["seen"],
                by=nomination.nominee,
                now=now,
            )
        except actions.Stale as stale:
            return redirect(answering.url("both", stale.clash.pk))
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
            "form_id": "page",
            "heading": "Accept, in your own words",
            "saved_notice": "" if form.is_bound else answering.notice(),
            "readers": f"{nomination.cohort.contact} reads all but the last answer; the selection panel your statement "
            f"and your challenge, without your name and organisation. The last answer is only for those who organise "
            f"the days. {nomination.nominator_name} sees none of it.",
            "modules": module_weeks(nomination),
            "button": "Accept the nomination",
        },
        status=422 if form.errors else 200,
    )


@nominee_page
def nominee_saved(request, nomination, link, now):
    """The nominee's answer is saved, and not sent."""
    return halfway.saved(request, accepting(nomination, link.token), now, page_for(nomination))


@nominee_page
def nominee_both(request, nomination, link, now, pk):
    """Two texts of the nominee's answer."""
    return halfway.both(request, accepting(nomination, link.token), now, page_for(nomination), pk)


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
    goes = " What you saved of an answer is deleted." if accepting(nomination, link.token).saved else ""
    return render(
        request,
        "nominations/ask.html",
        {
            **page_for(nomination),
            "form": form,
            "heading": "Decline the nomination",
            "intro": f"{nomination.nominator_name} hears that you decline, and can put forward somebody else.{goes}",
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
        return "Noted", (
            f"You do not endorse {nomination.nominee_name}. The programme office speaks with them. If that was a "
            f"mistake, ask {nomination.cohort.contact} today."
        )
    if nomination.state != State.SENT:
        return nomination.get_state_display(), f"The application of {nomination.nominee_name} goes no further."
    if not nomination.waits_for_answer(now):
        return "The date to answer has passed", (
            f"You could answer until {day_time(nomination.answer_deadline)}. If something kept you, ask "
            f"{nomination.cohort.contact}: more time is sometimes possible."
        )
    return "", ""


sponsor_page = by_link(links.ENDORSE, _endorsement)


def endorsing(endorsement: Endorsement, token: str) -> Answering:
    """The sponsor, who says what they know of an applicant."""
    return Answering(endorsement.nomination, endorsement.sponsor, Endorse, "endorse", "endorse", token)


def works_at(nomination: Nomination) -> str:
    """Where an applicant works, in the middle of a sentence about them."""
    if nomination.organisation_kind == Organisation.Kind.INDEPENDENT:
        return ", who works independently"
    return f" at {nomination.employer}"


def before_endorsing(request, endorsement: Endorsement, answering: Answering, now: datetime) -> HttpResponse | None:
    """The page in place of the form: nothing to answer any more, or two texts to choose between; else None."""
    heading, words = instead_of_endorsing(endorsement, now)
    if heading:
        return not_possible(
            request,
            words,
            endorsement.nomination.round,
            heading=heading,
            status=200,
            **page_for(endorsement.nomination),
            silent=True,
            onward=(answering.url("saved"), "Read what you had saved") if answering.saved else None,
        )
    return redirect(answering.url("both", answering.unsettled.pk)) if answering.unsettled else None


@sponsor_page
def endorse(request, endorsement, link, now):
    """The sponsor says what they know of the applicant's work, or declines."""
    nomination = endorsement.nomination
    answering = endorsing(endorsement, link.token)
    instead = before_endorsing(request, endorsement, answering, now) if request.method != "POST" else None
    if instead:
        return instead
    form = Endorse.going_on(posted(request), answering.saved, role_title=endorsement.sponsor.role_title)
    if "later" in request.POST:
        if answer := halfway.save(answering, form, now):
            return answer
    elif request.method == "POST" and form.is_valid():
        try:
            actions.endorse(endorsement=endorsement, by=endorsement.sponsor, now=now, **form.cleaned_data)
        except actions.Stale as stale:
            return redirect(answering.url("both", stale.clash.pk))
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
            "saved_notice": "" if form.is_bound else answering.notice(),
            "to_hear": False,
            "intro": f"{nomination.nominee_name}, {nomination.nominee_role_title}{works_at(nomination)}, has "
            f"applied to {nomination.cohort.programme.in_words} and names you as sponsor. Please answer by "
            f"{day_time(nomination.answer_deadline)}.",
            "readers": f"{nomination.cohort.contact} and the selection panel. {nomination.nominee_name} does not see "
            "it.",
            "decline_url": reverse("endorse_decline", args=[link.token]),
            "button": "Endorse",
        },
        status=422 if form.errors else 200,
    )


@sponsor_page
def endorse_decline(request, endorsement, link, now):
    """The sponsor would rather not: asked once more, for there is no way back but by the office."""
    nomination = endorsement.nomination
    if request.method == "POST":
        actions.decline_endorsement(endorsement=endorsement, by=endorsement.sponsor, now=now)
    if request.method == "POST" or instead_of_endorsing(endorsement, now)[0]:
        return redirect("endorse", link.token)
    goes = " What you saved is deleted then." if endorsing(endorsement, link.token).saved else ""
    return render(
        request,
        "nominations/sure.html",
        {
            **page_for(nomination),
            "what": "endorsement",
            "heading": f"Would you rather not endorse {nomination.nominee_name}?",
            "lede": "Their application then does not go to the panel as it is. The programme office speaks with "
            f"{nomination.nominee_name}, who does not hear your reasons from us.{goes}",
            "button": "I would rather not endorse",
            "warning": True,
            "back_url": reverse("endorse", args=[link.token]),
        },
    )


@sponsor_page
def endorse_saved(request, endorsement, link, now):
    """The sponsor's endorsement is saved, and not sent."""
    return halfway.saved(request, endorsing(endorsement, link.token), now, page_for(endorsement.nomination))


@sponsor_page
def endorse_both(request, endorsement, link, now, pk):
    """Two texts of the sponsor's endorsement."""
    return halfway.both(request, endorsing(endorsement, link.token), now, page_for(endorsement.nomination), pk)


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
            "fee": fee_of(nomination) if nomination.is_application and nomination.cohort.programme.fee else "",
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
    """The earlier nominator lets another nomination take the place of theirs, or keeps theirs, or does nothing.

    They decide about what they have read: when the other nomination was changed since, they look at it again.
    """
    if request.method == "POST" and "keep" in request.POST:
        actions.refuse_to_replace(replacement=asked, by=asked.standing.nominator, now=now)
        return redirect("replacement", link.token)
    if request.method == "POST" and not asked.agreed_at and request.POST.get("seen") != str(asked.draft.version):
        messages.info(request, f"{asked.draft.reference} was changed since you looked. Please look once more.")
        return redirect("replacement", link.token)
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
            "refused": asked.refused_at,
            "open": asked.draft.is_draft,
            "complete": not journey_for(asked.draft)[0].missing(asked.draft),
        },
    )
