"""Every email the product can send, and every line of the weekly one, with the office's own words for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from leaders.office.admin import office_page
from leaders.outbox.letters import render
from leaders.outbox.models import Wording
from leaders.outbox.registry import Letter, emails
from leaders.outbox.screen import page_of
from leaders.outbox.wordings import LONGEST, PLACEHOLDERS, checked, current_wording, save_wording, tidied, worded
from leaders.people.refusals import NotPossible
from leaders.reminders.digest import Line, digest
from leaders.reminders.emails import sample
from leaders.reminders.models import Reminder
from leaders.reminders.registry import Item, Rule, rules

from .show import stylesheet

GROUPS = {
    "leaders.reminders": "The weekly email", "leaders.outbox": "From the programme office",
    "cohorts": "Places and cohorts",
}  # fmt: skip
READER = {"first_name": "Amara", "name": "Amara Mensah"}  # of every preview


@dataclass(frozen=True)
class Words:
    """What the office can say in its own words: its usual ones, its fields with their labels, and how it looks."""

    title: str
    usual: Letter
    fields: dict[str, str]
    drawn: Callable[[Wording | None], Letter]

    def sample(self, wording: Wording | None) -> str:
        """The HTML in these words."""
        return render(self.drawn(wording), to_name=READER["first_name"])[1]


def words_of(key: str, now: datetime) -> Words:
    """An email, or the line that a rule puts into the weekly email. Raises Http404 for anything else."""
    if key in emails:
        kind = emails[key].brings
        usual = kind.write(**kind.sample())
        fields = {"subject": "Subject", "opening": "Opening", "closing": "Closing"}
        return Words(kind.title, usual, fields, lambda wording: worded(usual, wording, **READER))
    if key not in rules or rules[key].brings.item is None:
        raise Http404
    rule = rules[key].brings
    item = _newest(rule, now)

    def drawn(wording):
        line = Line.of_item(item.worded(wording, **READER))
        return digest([line], coming=[], signed=sample()["signed"], today=now, digest_day=0)

    usual = Letter(subject=item.title, opening=(item.detail,))
    return Words(f"{rule.title}, in the weekly email", usual, {"subject": "Heading", "opening": "Text"}, drawn)


def _newest(rule: Rule, now: datetime) -> Item:
    """The line as the rule writes it, for what was planned last."""
    for row in Reminder.objects.filter(rule=rule.key).select_related("recipient").order_by("-planned_at")[:20]:
        if subject := rule.model._default_manager.filter(pk=row.subject_id).first():
            return rule.item(subject, row.recipient, row.step, now)
    return Item(rule.title, "What the person is to do, and how long it takes", "/my/")


def kinds(request):
    """Every email the product can send, by what it is about; `q` finds some by a word of their title."""
    words = request.GET.get("q", "").strip()[:100]
    groups: dict[str, list] = {}
    for part in emails:
        if words.lower() in part.brings.title.lower():
            groups.setdefault(GROUPS.get(part.app) or capfirst(part.app.rpartition(".")[2]), []).append(part.brings)
    return office_page(
        request, "office/messages/kinds.html", title="Every email, previewed", groups=list(groups.items()), words=words
    )  # fmt: skip


def kind_letter(request, key):
    """One email, written by the very function that sends it, from its sample."""
    page = page_of(
        _as_it_is(key), stylesheet=reverse("admin:outbox_message_kind_css", args=[key]),
        back=(reverse("admin:outbox_message_kinds"), words_of(key, timezone.now()).title),
    )  # fmt: skip
    return HttpResponse(page)


def kind_css(request, key):
    return stylesheet(_as_it_is(key))


def _as_it_is(key: str) -> str:
    return words_of(key, timezone.now()).sample(current_wording(key))


def kind_words(request, key):
    """Give one email or line the office's own words: seen before they are saved, checked, every version kept."""
    if key in emails and emails[key].brings.by_hand:
        raise Http404
    words, versions = words_of(key, timezone.now()), Wording.objects.filter(kind=key)
    version = request.GET.get("version", "")
    start = versions.filter(version=version).first() if version.isdecimal() else current_wording(key)
    given = {field: request.POST.get(field, getattr(start, field, "")) for field in words.fields}
    error = ""
    if request.method == "POST":
        try:
            if "preview" in request.POST:
                html = words.sample(Wording(kind=key, **checked(words.fields, **given)))
                return HttpResponse(page_of(html, stylesheet=reverse("admin:outbox_message_kind_css", args=[key])))
            save_wording(kind=key, title=words.title, called=words.fields, by=request.user, now=timezone.now(), **given)
        except NotPossible as refused:
            error = str(refused)
        else:
            messages.success(request, "Saved. Messages written from now on use these words.")
            return HttpResponseRedirect(reverse("admin:outbox_message_kind_words", args=[key]))
    usual = {
        "subject": words.usual.subject, "opening": "\n\n".join(words.usual.opening),
        "closing": "\n\n".join(words.usual.closing),
    }  # fmt: skip
    fields = [
        {
            "name": name,
            "label": label,
            "given": given[name],
            "usual": usual[name],
            "longest": LONGEST[name],
            "count": len(tidied(name, given[name])),
        }
        for name, label in words.fields.items()
    ]
    shown = [
        {"row": row, "words": [(label, getattr(row, name)) for name, label in words.fields.items()]} for row in versions
    ]
    return office_page(
        request, "office/messages/words.html", title=f"Words of “{words.title}”", key=key, fields=fields, error=error,
        placeholders=[(f"{{{name}}}", meaning) for name, meaning in PLACEHOLDERS.items()], versions=shown,
    )  # fmt: skip
