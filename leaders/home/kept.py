"""What somebody sent from a page that had waited too long, kept for them: signed out meanwhile, or a token gone stale.

Nothing is stored. The words go back to the browser that just sent them, on a page that can send them once more, so
they can never be offered to anybody else. Files are not among them: a browser has to be given those again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

MOST_LETTERS, MOST_FIELDS = 100_000, 300
TOKEN = "csrfmiddlewaretoken"  # noqa: S105  the field's name
# Codes are typed here: they are short, and nobody's to be shown again.
NOT_KEPT = "/accounts/"


@dataclass(frozen=True)
class Kept:
    """A form as it was sent: where to, every field, and of those the texts that somebody wrote."""

    path: str
    fields: list[tuple[str, str]]

    @property
    def written(self) -> list[tuple[str, str]]:
        """What the field is called, and the words in it. Ticks, marks and dates are sent again unseen."""
        return [
            (name.rpartition("-")[2].removesuffix("_text").replace("_", " ").capitalize(), value)
            for name, value in self.fields
            if len(value.split()) > 5 or "\n" in value.strip()
        ]


def kept(request: HttpRequest) -> Kept | None:
    """What was posted; None when that is nothing, or more than any form of ours asks for."""
    fields = [(name, value) for name, values in request.POST.lists() if name != TOKEN for value in values]
    letters = sum(len(name) + len(value) for name, value in fields)
    if not fields or len(fields) > MOST_FIELDS or letters > MOST_LETTERS or request.path.startswith(NOT_KEPT):
        return None
    return Kept(request.get_full_path(), fields)


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Sign-in is asked for, and the page never cached. A form that is sent without it comes back with every word."""
    asked = login_required(view)

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if request.method == "POST" and not request.user.is_authenticated:
            context = {"kept": kept(request), "sign_in_url": reverse("account_login")}
            return render(request, "home/signed_out.html", context, status=403)
        return asked(request, *args, **kwargs)

    return never_cache(guarded)


@never_cache
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is not the browser's present one. It can be sent again only if it came from a page of ours.

    A browser says truthfully where a form came from: what another site posts here must not get our token.
    """
    is_ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    return render(request, "403_csrf.html", {"kept": kept(request) if is_ours else None}, status=403)
