"""An answer by private link that is saved half way: the confirmation, what was saved, and two texts of one answer."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from leaders.components.dates import clock, weekday_day_month
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from nominations import actions
from nominations.forms import Choice, HalfWay
from nominations.models import Nomination, SavedAnswer

from .frame import posted


@dataclass(frozen=True)
class Answering:
    """Somebody who answers in as many sittings as they like: the form, its page, and the pages `<door>_…` around it."""

    nomination: Nomination
    writer: Person
    form: type[HalfWay]
    page: str
    door: str
    token: str

    @cached_property
    def saved(self) -> SavedAnswer | None:
        return self.nomination.saved_answers.current().first()

    @cached_property
    def unsettled(self) -> SavedAnswer | None:
        """What an older window typed beside it: one of the two is chosen before anything else."""
        return self.nomination.saved_answers.beside().first() if self.saved else None

    def notice(self, what: str = "this") -> str:
        """What the pages say while something is saved."""
        return f"You saved {what} on {moment(self.saved.saved_at)}. It is not sent yet." if self.saved else ""

    @property
    def form_url(self) -> str:
        return reverse(self.page, args=[self.token])

    def url(self, name: str, *args) -> str:
        return reverse(f"{self.door}_{name}", args=[self.token, *args])

    def words(self, answers: dict[str, str]) -> list[dict]:
        """What was written, as rows of a summary list: the words of a choice, and no row for a question left empty."""
        form, rows = self.form(), []
        for name in form.asked():
            choices = dict(getattr(form.fields[name], "choices", ()))
            if said := choices.get(answers.get(name, ""), answers.get(name, "")):
                rows.append({"name": name, "key": form[name].label, "value": said})
        return rows


def moment(saved_at) -> str:
    """Thursday 26 November, 4pm"""
    return f"{weekday_day_month(saved_at)}, {clock(saved_at)}"


def save(answering: Answering, form: HalfWay, now) -> HttpResponse | None:
    """Save what stands in the form; None when it is refused, and the form says why with every word in it."""
    form.full_clean()
    seen = form.cleaned_data.get("seen")
    try:
        actions.save_answer(
            nomination=answering.nomination, words=form.typed(), seen=seen, by=answering.writer, now=now
        )
    except actions.Stale as stale:
        return redirect(answering.url("both", stale.clash.pk))
    except NotPossible as refused:
        form.refuse(refused)
        return None
    return redirect(answering.url("saved"))


def leave(request, answering: Answering, form: HalfWay, now, *, back: str) -> HttpResponse | None:
    """Go away from a form and save what stands in it; back without a word, where there is none."""
    if "back" in request.POST and not any(form.typed().values()):
        return redirect(back)
    return save(answering, form, now)


def saved(request, answering: Answering, now, context: dict) -> HttpResponse:
    """It is saved and not sent: until when one can come back, how, and what is there; the link mailed again."""
    kept, nomination = answering.saved, answering.nomination
    if kept is None:
        return redirect(answering.form_url)
    if request.method == "POST":
        actions.mail_answer_link(nomination=nomination, by=answering.writer, now=now)
        messages.success(request, f"We have emailed your private link to {answering.writer.email}.")
        return redirect(answering.url("saved"))
    return render(
        request,
        "nominations/saved.html",
        {
            **context,
            "saved_at": moment(kept.saved_at),
            "answer_until": moment(nomination.answer_deadline),
            "late": now >= nomination.answer_deadline,
            "too_long": answering.form(kept.answers).too_long,
            "rows": answering.words(kept.answers),
            "form_url": answering.form_url,
        },
    )


def both(request, answering: Answering, now, context: dict, pk: int) -> HttpResponse:
    """What an older window typed, and what was saved meanwhile: choose one; if it was saved again, look again."""
    beside = answering.nomination.saved_answers.beside().filter(pk=pk).first()
    if beside is None or answering.saved is None:  # chosen already, or sent
        return redirect(answering.form_url)
    form = Choice(posted(request))
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["keep"] == "typed"
        try:
            actions.choose_answer(
                beside=beside, typed=typed, seen=form.cleaned_data["seen"], by=answering.writer, now=now
            )
        except actions.Stale:
            messages.info(request, "It was saved once more since you looked. Please look at both texts again.")
            return redirect(answering.url("both", pk))
        messages.success(request, "Kept. The other text is gone.")
        return redirect(answering.form_url)
    return render(
        request,
        "nominations/both.html",
        {
            **context,
            "heading": "Two texts of your answer",
            "lede": "It was saved after this page had been opened, perhaps in another window, so it is not sent yet.",
            "seen": answering.saved.version,
            "texts": two_texts(answering, beside.answers, answering.saved.answers),
        },
    )


def two_texts(answering: Answering, typed: dict[str, str], current: dict[str, str]) -> list[tuple[str, str, str]]:
    """Question, what was typed, what was saved: of the questions in which they differ."""
    said = [{row["name"]: row["value"] for row in answering.words(answers)} for answers in (typed, current)]
    form = answering.form()
    return [
        (form[name].label, *(words.get(name, "") for words in said))
        for name in form.asked()
        if typed.get(name, "") != current.get(name, "")
    ]
