"""Every email the product can send, previewed, and the office's own words for it."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from leaders.office.admin import office_page
from leaders.outbox.letters import render
from leaders.outbox.models import Wording
from leaders.outbox.registry import emails
from leaders.outbox.screen import page_of
from leaders.outbox.wordings import LONGEST, PLACEHOLDERS, checked, current_wording, save_wording, worded
from leaders.people.refusals import NotPossible

from .show import stylesheet


def kinds(request):
    """Every email the product can send."""
    return office_page(
        request, "office/messages/kinds.html", title="Every email, previewed", kinds=[part.brings for part in emails]
    )


def kind_letter(request, key):
    """One email, written by the very function that sends it, from its sample."""
    return HttpResponse(page_of(_sample(key), stylesheet=reverse("admin:outbox_message_kind_css", args=[key])))


def kind_css(request, key):
    return stylesheet(_sample(key))


def _sample(key: str, wording: Wording | None = None) -> str:
    wording = wording or current_wording(key)
    return render(worded(_usual(key), wording, first_name="Amara", name="Amara Mensah"), to_name="Amara")[1]


def _usual(key: str):
    if key not in emails:
        raise Http404
    kind = emails[key].brings
    return kind.write(**kind.sample())


def kind_words(request, key):
    """Give one email the office's own words: seen before they are saved, checked, and every version kept."""
    usual, versions = _usual(key), Wording.objects.filter(kind=key)
    version = request.GET.get("version", "")
    start = versions.filter(version=version).first() if version.isdecimal() else current_wording(key)
    given = {field: request.POST.get(field, getattr(start, field, "")) for field in LONGEST}
    error = ""
    if request.method == "POST":
        try:
            if "preview" in request.POST:
                html = _sample(key, Wording(kind=key, **checked(**given)))
                return HttpResponse(page_of(html, stylesheet=reverse("admin:outbox_message_kind_css", args=[key])))
            save_wording(kind=key, by=request.user, now=timezone.now(), **given)
        except NotPossible as refused:
            error = str(refused)
        else:
            messages.success(request, "Saved. Messages written from now on use these words.")
            return HttpResponseRedirect(reverse("admin:outbox_message_kind_words", args=[key]))
    return office_page(
        request, "office/messages/words.html", title=f"Words of “{emails[key].title}”", key=key, given=given,
        error=error, placeholders=[(f"{{{name}}}", meaning) for name, meaning in PLACEHOLDERS.items()],
        usual={"subject": usual.subject, "opening": "\n\n".join(usual.opening), "closing": "\n\n".join(usual.closing)},
        versions=versions, longest=LONGEST, lengths={field: len(text) for field, text in given.items()},
    )  # fmt: skip
