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
from leaders.outbox.actions import sender_of
from leaders.outbox.letters import render
from leaders.outbox.models import Wording
from leaders.outbox.registry import Letter, emails
from leaders.outbox.screen import page_of
from leaders.outbox.wordings import (
    LONGEST,
    PLACEHOLDERS,
    checked,
    current_wording,
    placeholders,
    save_wording,
    tidied,
    worded,
)
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
    """What the office can say in its own words: its usual ones, its fields with their labels, and how it looks.

    `known`: the placeholders, each with what it brings.
    """

    title: str
    usual: Letter
    fields: dict[str, str]
    known: dict[str, str]
    drawn: Callable[[Wording | None], Letter]

    def sample(self, wording: Wording | None) -> tuple[str, str]:
        """The text and the HTML in these words."""
        return render(self.drawn(wording), to_name=READER["first_name"])

    def usual_of(self, field: str) -> str:
        """What a field says where the office has no words of its own."""
        said = getattr(self.usual, field)
        return said if isinstance(said, str) else "\n\n".join(said)


def words_of(key: str, now: datetime) -> Words:
    """An email, or the line that a rule puts into the weekly email. Raises Http404 for anything else."""
    if key in emails:
        kind = emails[key].brings
        usual = kind.write(**kind.sample())
        fields = {"subject": "Subject", "opening": "Opening", "closing": "Closing"}
        return Words(kind.title, usual, fields, placeholders(usual), lambda wording: worded(usual, wording, **READER))
    if key not in rules or rules[key].brings.item is None:
        raise Http404
    rule = rules[key].brings
    item = _newest(rule, now)

    def drawn(wording):
        line = Line.of_item(item.worded(wording, now=now, **READER))
        return digest([line], coming=[], signed=sample()["signed"], today=now, digest_day=0)

    usual, fields = Letter(subject=item.title, opening=(item.detail,)), {"subject": "Heading", "opening": "Text"}
    # Whether something is due differs from line to line; where nothing is, the usual words stand.
    return Words(f"{rule.title}, in the weekly email", usual, fields, PLACEHOLDERS, drawn)


def _newest(rule: Rule, now: datetime) -> Item:
    """The line as the rule writes it, for what was planned last."""
    for row in Reminder.objects.filter(rule=rule.key).select_related("recipient").order_by("-planned_at")[:20]:
        if subject := rule.model._default_manager.filter(pk=row.subject_id).first():
            return rule.item(subject, row.recipient, row.step, now)
    return Item(rule.title, "What the person is to do, and how long it takes", "/my/")


def kinds(request):
    """Every email the product can send, by what it is about; `q` finds some by a word of their title."""
    words = request.GET.get("q", "").strip()[:100]
    return office_page(
        request, "office/messages/kinds.html", title="Every email, previewed", groups=list(grouped(words).items()),
        words=words,
    )  # fmt: skip


def grouped(words: str = "") -> dict[str, list]:
    """The emails by what they are about; only those with these words in their title."""
    groups: dict[str, list] = {}
    for part in emails:
        if words.lower() in part.brings.title.lower():
            groups.setdefault(GROUPS.get(part.app) or capfirst(part.app.rpartition(".")[2]), []).append(part.brings)
    return groups


def kind_letter(request, key):
    """One email, written by the very function that sends it, from its sample: subject, sender, looks and text."""
    return _look(key, words_of(key, timezone.now()), current_wording(key))


def kind_css(request, key):
    return stylesheet(words_of(key, timezone.now()).sample(current_wording(key))[1])


def _look(key: str, words: Words, wording: Wording | None) -> HttpResponse:
    letter, (text, html) = words.drawn(wording), words.sample(wording)
    page = page_of(
        html, stylesheet=reverse("admin:outbox_message_kind_css", args=[key]),
        back=(
            reverse("admin:outbox_message_kinds"), f"{words.title}: “{letter.subject}” from {sender_of(letter)}",
        ),
        text=text,
    )  # fmt: skip
    return HttpResponse(page)


def _lost(words: Words, given: dict[str, str], start: Wording | None) -> list[tuple[str, str, str]]:
    """The fields whose usual words, with what the programme fills in, new words would replace: (name, label, words)."""
    return [
        (field, label, words.usual_of(field))
        for field, label in words.fields.items()
        if words.usual_of(field) and given[field].strip() and "{usual}" not in given[field]
        if tidied(field, given[field]) != getattr(start, field, "")
    ]


def kind_words(request, key):
    """Give one email or line the office's own words: seen before they are saved, checked, every version kept."""
    if key in emails and emails[key].brings.by_hand:
        raise Http404
    words, versions = words_of(key, timezone.now()), Wording.objects.filter(kind=key)
    version = request.GET.get("version", "")
    start = versions.filter(version=version).first() if version.isdecimal() else current_wording(key)
    given = {field: request.POST.get(field, getattr(start, field, "")) for field in words.fields}
    error, lost = "", []
    if request.method == "POST":
        try:
            valid = checked(words.fields, words.known, **given)
            if "preview" in request.POST:
                return _look(key, words, Wording(kind=key, **valid))
            lost = _lost(words, given, start)
            if {field for field, *_ in lost} <= set(request.POST.getlist("lose")):
                save_wording(
                    kind=key,
                    title=words.title,
                    called=words.fields,
                    known=words.known,
                    by=request.user,
                    now=timezone.now(),
                    **given,
                )
                messages.success(request, "Saved. Messages written from now on use these words.")
                return HttpResponseRedirect(reverse("admin:outbox_message_kind_words", args=[key]))
        except NotPossible as refused:
            error, lost = str(refused), []
    fields = [
        {
            "name": name,
            "label": label,
            "given": given[name],
            "usual": words.usual_of(name),
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
        lost=lost,
        placeholders=[(f"{{{name}}}", meaning) for name, meaning in words.known.items()], versions=shown,
    )  # fmt: skip
