"""What else can become of a draft, or of what was sent: nobody, replaced, withdrawn, deleted."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from leaders.components.dates import day_time
from nominations import actions
from nominations.forms import Reason
from nominations.models import NobodyThisTime
from nominations.views.frame import frame, not_possible, posted
from nominations.views.public import nobody_page

from .around import address, around, author, draft_page, is_proved, journey_for, sure


@draft_page
def mail_link(request, nomination, link, now):
    """Email the link again: the address is the draft's own, so nobody else's inbox can be filled."""
    if request.method == "POST":
        mail_again(request, nomination, link, now)
    return redirect(address(nomination, link.token))


def mail_again(request, nomination, link, now) -> None:
    _, email = nomination.writer
    actions.mail_link_again(nomination=nomination, by=author(nomination, link), now=now)
    messages.success(request, f"We are emailing your private link to {email}. It comes within a minute.")


@draft_page
def delete(request, nomination, link, now):
    """Delete a draft for good; what was sent is withdrawn instead."""
    if request.method != "POST" and not nomination.is_draft:
        return redirect(address(nomination, link.token, "sent"))
    if request.method == "POST":
        actions.delete_draft(nomination=nomination, by=author(nomination, link), now=now)
        return render(
            request,
            "nominations/notice.html",
            {**frame(nomination.round), "heading": "Deleted", "lede": f"The draft {nomination.reference} is gone."},
        )
    return sure(
        request,
        nomination,
        link,
        heading="Delete this draft?",
        lede=f"Everything you wrote in {nomination.reference} is deleted for good, and the private link stops working.",
        button="Delete the draft",
        warning=True,
    )


@draft_page
def withdraw(request, nomination, link, now):
    """Take a sent nomination back, with a reason if one likes."""
    if request.method != "POST" and not nomination.may_be_withdrawn:
        return redirect(address(nomination, link.token, "sent"))
    form = Reason(posted(request))
    if request.method == "POST" and form.is_valid():
        actions.withdraw_nomination(
            nomination=nomination, reason=form.cleaned_data["reason"], by=author(nomination, link), now=now
        )
        return redirect(address(nomination, link.token, "sent"))
    return sure(
        request,
        nomination,
        link,
        form=form,
        heading=f"Withdraw {nomination.reference}?",
        lede=f"{nomination.nominee_name} hears that the {nomination.get_kind_display().lower()} was withdrawn, and "
        "it goes no further.",
        button="Withdraw",
        warning=True,
    )


@draft_page
def nobody(request, nomination, link, now):
    """Nobody this time, said from a draft, which is kept for a change of mind."""
    if nomination.is_application or not nomination.organisation:
        raise Http404
    if request.method != "POST" and not nomination.is_draft:
        return redirect(address(nomination, link.token, "sent"))
    this, organisation = nomination.round, nomination.organisation
    if not is_proved(nomination, link) or not this.takes_nobody_from(organisation, nomination.nominator_email):
        return not_theirs_to_say(request, nomination, link)
    form = Reason(posted(request))
    if request.method == "POST" and ("undo" in request.POST or form.is_valid()):
        person = actions.known_nominator(nomination=nomination, now=now)
        if "undo" in request.POST:
            actions.undo_nobody(round=this, organisation=organisation, by=person, now=now)
            return redirect(address(nomination, link.token))
        actions.nobody_this_time(
            round=this, organisation=organisation, person=person, reason=form.cleaned_data["reason"], by=person, now=now
        )
        return redirect(address(nomination, link.token, "nobody"))
    said = NobodyThisTime.objects.filter(round=this, organisation=organisation, undone_at=None).first()
    if said:
        return sure(
            request,
            nomination,
            link,
            heading="Noted: nobody this time",
            lede=f"Thank you. {nomination.organisation} hears no more from us about {nomination.cohort.name}. You can "
            f"change your mind until {day_time(nomination.deadline)}; your draft is kept until then.",
            button="Nominate after all",
            name="undo",
        )
    return nobody_page(request, form, nomination.round, nomination.organisation, address(nomination, link.token))


def not_theirs_to_say(request, nomination, link) -> HttpResponse:
    """Whoever began openly answers for an organisation from their inbox, and only where nobody else was invited."""
    if is_proved(nomination, link):
        heading = f"Somebody at {nomination.organisation} was invited"
        words = (
            f"Whether {nomination.organisation} nominates is theirs to say. Talk to them, or ask "
            f"{nomination.cohort.contact}. Your draft is kept."
        )
    else:
        heading = "Please say it from your inbox"
        words = (
            f"An answer for all of {nomination.organisation} comes from an address that we know to be yours: open the "
            f"link that we emailed to {nomination.nominator_email}, and say it there. Your draft is kept."
        )
    status = 409 if request.method == "POST" else 200
    return not_possible(request, words, nomination.round, heading=heading, status=status)


@draft_page
def replace(request, nomination, link, now):
    """The authority has its nomination: whom to ask, and the offer to replace it."""
    if not nomination.is_draft:
        return redirect(address(nomination, link.token, "sent"))
    standing = (
        nomination.round.nominations.live()
        .in_words()
        .filter(organisation=nomination.organisation, quota__isnull=False)
        .first()
    )
    if standing is None:
        return redirect(address(nomination, link.token, "check"))
    replacement = getattr(nomination, "replacement", None)
    asked = replacement if replacement and replacement.standing_id == standing.pk else None
    journey, _ = journey_for(nomination)
    proved = is_proved(nomination, link)
    if request.method == "POST" and not proved:
        mail_again(request, nomination, link, now)
        return redirect(address(nomination, link.token, "replace"))
    if request.method == "POST":
        replacement = actions.ask_to_replace(draft=nomination, proved=proved, by=author(nomination, link), now=now)
        if replacement.agreed_at:
            actions.send_nomination(
                nomination=nomination,
                attested_by=nomination.writer[0],
                by=author(nomination, link),
                now=now,
                proved=proved,
            )
            return redirect(address(nomination, link.token, "sent"))
        return redirect(address(nomination, link.token, "replace"))
    return render(
        request,
        "nominations/already.html",
        {
            **around(nomination, link.token),
            "standing": standing,
            # Only an invited colleague, whose address we chose ourselves, is told who nominated.
            "names_colleague": nomination.invitation_id is not None,
            "same_person": proved and standing.nominator_email == nomination.nominator_email,
            "proved": proved,
            "asked": asked,
            "missing": journey.missing(nomination),
            "back_url": address(nomination, link.token),
        },
    )


@draft_page
def substitute(request, nomination, link, now):
    """Put forward somebody else: begins a draft that takes the place of this nomination when it is sent."""
    if request.method != "POST" and not (nomination.may_be_substituted and now < nomination.substitutes_until):
        return redirect(address(nomination, link.token, "sent"))
    if request.method == "POST":
        draft = actions.substitute_nominee(nomination=nomination, by=author(nomination, link), now=now)
        return redirect(actions.draft_path(draft, now))
    return sure(
        request,
        nomination,
        link,
        heading="Nominate somebody else?",
        lede=f"You begin a new draft. The sponsor, the fee and how the work is covered are copied; you are asked again "
        f"for the release and the line manager, who may be others for somebody else. The nomination of "
        f"{nomination.nominee_name} stands until you send the new one, at the latest on "
        f"{day_time(nomination.substitutes_until)}.",
        button="Begin",
    )
