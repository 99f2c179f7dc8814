"""All answers checked and sent; the receipt and its copy."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from leaders.documents.actions import latest
from leaders.documents.models import Document
from leaders.people.models import PrivateLink
from leaders.people.refusals import NotPossible
from nominations import actions
from nominations.forms import Attest
from nominations.models import Nomination
from nominations.views.frame import posted

from .around import (
    address,
    around,
    author,
    closed,
    draft_page,
    fee_of,
    is_proved,
    journey_for,
    open_clashes,
    standing_of,
    written,
)

State = Nomination.State


@draft_page
def check(request, nomination, link, now):
    """All answers on one page; a named person stands by them and sends, from their inbox if they began openly."""
    if not nomination.is_draft:
        return redirect(address(nomination, link.token, "sent"))
    if not nomination.takes_changes(now):
        return closed(request, nomination)
    journey, _ = journey_for(nomination)
    proved = is_proved(nomination, link)
    stood_by = proved and nomination.waits_to_be_sent
    if request.method != "POST" and nomination.waits_to_be_sent and not proved:
        return one_more_step(request, nomination, link)
    form = Attest(None if stood_by else posted(request))
    if request.method == "POST" and (stood_by or form.is_valid()):
        try:
            return redirect(address(nomination, link.token, send(nomination, link, now)))
        except NotPossible as refused:
            form = form if form.is_bound else Attest({"true": "on"})
            form.add_error(None, str(refused))
    return render(
        request,
        "nominations/check.html",
        {
            **around(nomination, link.token),
            "form": form,
            "sections": written(nomination, link.token),
            "clashes": open_clashes(nomination, journey, link.token),
            "standing": standing_of(nomination),
            "proved": proved,
            "fee": fee_of(nomination) if nomination.cohort.programme.fee else "",
            "stood_by": stood_by,
            "asked_until": nomination.answer_deadline_if_sent(now),
            "missing": journey.missing(nomination),
            "back_url": address(nomination, link.token),
        },
        status=422 if form.errors else 200,
    )


def send(nomination: Nomination, link: PrivateLink, now: datetime) -> str:
    """Send it, or mail the link that does where the address is not proved; the page that says what came of it."""
    said = {"attested_by": nomination.writer[0], "by": author(nomination, link), "now": now}
    try:
        if is_proved(nomination, link):
            actions.send_nomination(nomination=nomination, proved=True, **said)
            return "sent"
        if standing_of(nomination):
            return "replace"
        actions.ask_to_send(nomination=nomination, **said)
    except actions.AlreadyNominated:
        return "replace"
    return "check"


def one_more_step(request, nomination, link) -> HttpResponse:
    """It is ready, and waits for whoever has the inbox to send it: an address that was only typed sends nothing."""
    return render(
        request,
        "nominations/one_more_step.html",
        {**around(nomination, link.token), "back_url": address(nomination, link.token)},
    )


@draft_page
def sent(request, nomination, link, now):
    """The receipt: bookmarkable, with the reference, what happens next and when, and the copy."""
    if nomination.is_draft:
        return redirect(address(nomination, link.token))
    return render(
        request,
        "nominations/sent.html",
        {
            **around(nomination, link.token),
            "copy": latest("nominations.record", nomination),
            "may_substitute": nomination.may_be_substituted(now),
            "may_withdraw": nomination.may_be_withdrawn,
            "may_begin_again": nomination.state == State.WITHDRAWN and nomination.round.is_open(now),
            "states": State,
        },
    )


@draft_page
def copy(request, nomination, link, now):
    """The PDF copy, once the worker has made it."""
    found = latest("nominations.record", nomination) if nomination.sent_at else None
    if found is None or found.state != Document.State.READY:
        messages.info(request, "Your copy is being prepared. It is ready in a minute; this page then opens it.")
        return redirect(address(nomination, link.token, "sent"))
    response = HttpResponse(bytes(found.content), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{found.filename or nomination.reference + ".pdf"}"'
    return response
