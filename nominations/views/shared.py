"""A colleague fills in a section by a link of their own; the director shares and revokes."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from leaders.components.dates import day_month
from leaders.people.refusals import NotPossible
from nominations import actions, links
from nominations.forms import Share
from nominations.models import SharedSection

from .drafts.around import address, around, author, draft_page, journey_for
from .drafts.filling import answer_page
from .frame import by_link, frame, not_possible, posted


@draft_page
def share(request, nomination, link, now):
    """Ask a colleague; who has a link; take it back."""
    journey, _ = journey_for(nomination)
    sections = [section for section in journey.sections if section.shareable]
    if not sections:
        raise Http404
    if not nomination.is_draft:
        return redirect(address(nomination, link.token, "sent"))
    form = Share(sections, posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.share_section(nomination=nomination, by=author(nomination, link), now=now, **given)
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            if made.shared_at == now:
                messages.success(request, f"We are emailing a link to {made.name}. It comes within a minute.")
            else:
                messages.info(
                    request,
                    f"{made.name} has had a link to this section since {day_month(made.shared_at)}, so we have not "
                    "written again. To send a new one, take the old one back first.",
                )
            return redirect(address(nomination, link.token, "share"))
    titles = {section.key: section.title for section in sections}
    return render(
        request,
        "nominations/share.html",
        {
            **around(nomination, link.token),
            "form": form,
            "shares": [
                (made, titles.get(made.section, ""), address(nomination, link.token, "revoke", made.pk))
                for made in nomination.shares.filter(revoked_at=None)
            ],
            "back_url": address(nomination, link.token),
        },
        status=422 if form.errors else 200,
    )


@draft_page
def revoke(request, nomination, link, now, pk):
    made = get_object_or_404(nomination.shares, pk=pk)
    if request.method == "POST":
        actions.revoke_share(share=made, by=author(nomination, link), now=now)
        messages.success(request, f"{made.name}’s link no longer works.")
    return redirect(address(nomination, link.token, "share"))


def _share(pk):
    return (
        SharedSection.objects.select_related(
            "nomination__round__cohort__programme",
            "nomination__round__cohort__contact",
            "nomination__organisation",
            "nomination__nominator",
            "nomination__nominee",
            "nomination__invitation",
        )
        .filter(pk=pk, revoked_at=None)
        .first()
    )


shared_page = by_link(links.SECTION, _share)


@shared_page
def section(request, made, link, now):
    """What the colleague is asked, and the last word when they are done."""
    nomination = made.nomination
    journey, _ = journey_for(nomination)
    part = journey.section(made.section)
    if request.method == "POST":
        actions.finish_share(share=made, by=made.name, now=now)
        return redirect("shared_section", link.token)
    return render(
        request,
        "nominations/shared.html",
        {
            **frame(nomination.round),
            "share": made,
            "nomination": nomination,
            "part": part,
            "open": nomination.takes_changes(now),
            "complete": part.is_complete(nomination),
            "begin": reverse("shared_page", args=[link.token, part.pages[0].key]),
        },
    )


@shared_page
def page(request, made, link, now, page):
    """A page of the shared section, and of no other."""
    nomination = made.nomination
    journey, criteria = journey_for(nomination)
    this = journey.pages.get(page)
    if this is None or journey.section_of(this).key != made.section:
        raise Http404
    if request.method != "POST" and not nomination.takes_changes(now):
        words = (
            f"{nomination.nominator_name} has sent the nomination, so there is nothing left to fill in. Thank you."
            if nomination.sent_at
            else f"Nominations for {nomination.cohort.name} have closed, so there is nothing left to fill in."
        )
        return not_possible(
            request, words, nomination.round, status=200, heading="Nothing left to fill in", silent=True
        )
    here = reverse("shared_section", args=[link.token])
    return answer_page(
        request,
        nomination,
        journey,
        this,
        now,
        context={**frame(nomination.round), "criteria": criteria, "share": made},
        by=made.name,
        url=lambda key: reverse("shared_page", args=[link.token, key]),
        done=here,
        both=lambda clash: _kept(request, made, here),
    )


def _kept(request, made: SharedSection, here: str) -> str:
    messages.info(
        request,
        f"{made.nomination.nominator_name} changed this page at the same time. Both texts are kept, and "
        f"{made.nomination.nominator_name} chooses between them.",
    )
    return here
