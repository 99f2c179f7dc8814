"""What the pages of a draft share: opening its link, their addresses, and their frame."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from leaders.components.dates import day_time
from leaders.people.models import Person, PrivateLink
from nominations import links
from nominations.journey import Journey, journey_of
from nominations.models import Nomination
from nominations.views.frame import by_link, find_nomination, frame, not_possible

draft_page = by_link(links.DRAFT, find_nomination)


def address(nomination: Nomination, token: str, name: str = "", *args) -> str:
    """The address of a page of this draft: name is "check", "page", … or empty for the task list."""
    base = "application" if nomination.is_application else "nomination"
    return reverse(f"{base}_{name}" if name else base, args=[token, *args])


def around(nomination: Nomination, token: str) -> dict:
    """The context of each of these pages."""
    return {
        **frame(nomination.round),
        "nomination": nomination,
        "what": "application" if nomination.is_application else "nomination",
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


def closed(request, nomination: Nomination) -> HttpResponse:
    return not_possible(
        request,
        f"The last moment to send it was {day_time(nomination.deadline)}. What you wrote is kept. If something kept "
        f"you, ask {nomination.cohort.contact}: more time is sometimes possible.",
        nomination.round,
        heading="Nominations have closed",
        status=200,
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
