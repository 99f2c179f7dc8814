"""What the pages of a draft share: opening its link, their addresses, and their frame."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from leaders.components.dates import day_time
from leaders.people.models import Person, PrivateLink
from nominations import links
from nominations.journey import Journey, Section, journey_of
from nominations.models import Nomination
from nominations.questions import questions_of
from nominations.views.frame import by_link, find_nomination, frame, not_possible


def draft_page(view: Callable) -> Callable:
    """A page of a draft, view(request, nomination, link, now, **kwargs).

    Once it is sent, the browser that only began it is told so and sees no more of it.
    """

    @wraps(view)
    def opened(request, nomination, link, now, **kwargs):
        if nomination.is_draft or is_proved(nomination, link):
            return view(request, nomination, link, now, **kwargs)
        return not_possible(
            request,
            f"{nomination.reference} was sent from your inbox. To read it again, or to withdraw it, open the link in "
            f"our emails to {nomination.writer[1]}.",
            nomination.round,
            heading=f"{nomination.get_kind_display()} sent",
            status=200 if request.method in {"GET", "HEAD"} else 409,
        )

    return by_link(links.DRAFT, find_nomination)(opened)


def address(nomination: Nomination, token: str, name: str = "", *args) -> str:
    """The address of a page of this draft: name is "check", "page", … or empty for the task list."""
    base = "application" if nomination.is_application else "nomination"
    return reverse(f"{base}_{name}" if name else base, args=[token, *args])


def around(nomination: Nomination, token: str) -> dict:
    """The context of each of these pages."""
    return {
        **frame(nomination.round),
        "nomination": nomination,
        "brand_sub": f"{'Applications' if nomination.is_application else 'Nominations'} for {nomination.cohort.name}",
        "what": "application" if nomination.is_application else "nomination",
        "takes_changes": nomination.takes_changes(timezone.now()),
        "urls": {
            name or "tasks": address(nomination, token, name)
            for name in (
                "", "check", "sent", "copy", "link", "delete", "withdraw", "share", "nobody", "replace", "substitute",
            )
        },
    }  # fmt: skip


def is_proved(nomination: Nomination, link: PrivateLink) -> bool:
    """Whether whoever opened this link has shown that the address on the form is theirs: it was mailed there."""
    return link.email == nomination.writer[1]


def author(nomination: Nomination, link: PrivateLink) -> Person | str:
    """Who acts on these pages: the person behind the address where it is proved, else the name that was typed."""
    known = nomination.nominee if nomination.is_application else nomination.nominator
    return (known if is_proved(nomination, link) else None) or nomination.writer[0]


def journey_for(nomination: Nomination) -> tuple[Journey, list]:
    criteria = list(nomination.round.cohort.programme.criteria.all())
    return journey_of(nomination, criteria), criteria


def written(nomination: Nomination, token: str = "") -> list[tuple[Section, list[dict]]]:
    """Every section with its answers, as rows of a summary list: with a token each leads back to its question."""
    journey, _ = journey_for(nomination)
    return [
        (
            section,
            [
                {
                    "key": question.label,
                    "value": question.said(nomination.value(question.name)),
                    "empty": "" if question.needed else "Not given",
                    "url": address(nomination, token, "page", page.key) + "?check" if token else "",
                }
                for page in section.pages
                for question in questions_of(page, nomination)
                if nomination.value(question.name) or not question.opened
            ],
        )
        for section in journey.sections
    ]


def open_clashes(nomination: Nomination, journey: Journey, token: str) -> list[tuple]:
    """Pages with two texts, each with the address where one is chosen.

    A criterion may have left the form since, and with it what two people wrote about it.
    """
    return [
        (clash, journey.pages[clash.page], address(nomination, token, "both", clash.pk))
        for clash in nomination.clashes.filter(settled_at=None, page__in=journey.pages)
    ]


def standing_of(nomination: Nomination) -> Nomination | None:
    """The nomination that keeps this draft from being sent, as its organisation may have no more; None when it can."""
    replacement = getattr(nomination, "replacement", None)
    if not nomination.quota or (replacement and replacement.agreed_at):
        return None
    live = nomination.round.nominations.live().in_words().filter(
        organisation=nomination.organisation, quota_slot__isnull=False
    )  # fmt: skip
    taken = list(live.order_by("quota_slot")[: nomination.quota])
    return taken[0] if len(taken) == nomination.quota else None


def fee_of(nomination: Nomination) -> str:
    """What taking part costs, in the programme's words, or when one hears of it."""
    fee = nomination.cohort.programme.fee
    if fee:
        return f"The fee: {fee.rstrip('.')}."
    return f"{nomination.cohort.contact} tells you the fee before anything is due. Nothing is paid to nominate."


def closed(request, nomination: Nomination) -> HttpResponse:
    """It is too late to send it; what was written can still be read and copied."""
    return not_possible(
        request,
        f"The last moment to send it was {day_time(nomination.deadline)}. What you wrote is kept below. If something "
        f"kept you, ask {nomination.cohort.contact}: more time is sometimes possible.",
        nomination.round,
        heading=f"{'Applications' if nomination.is_application else 'Nominations'} have closed",
        status=200,
        template="nominations/closed.html",
        closes=nomination.deadline,
        sections=written(nomination),
    )


def sure(request, nomination, link, *, form=None, status: int = 200, **words):
    """A page that asks once more before something happens."""
    back_url = address(nomination, link.token)
    return render(
        request,
        "nominations/sure.html",
        {**around(nomination, link.token), "form": form, "back_url": back_url, **words},
        status=status,
    )
