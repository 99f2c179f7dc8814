"""The questions in the words of the forms that ask them: to read beforehand, and beside what was answered."""

from collections.abc import Mapping
from dataclasses import dataclass

from leaders.components.forms import GovukBoundField

from .forms.pages import PageForm, form_of
from .journey import Page
from .models import Nomination


@dataclass(frozen=True)
class Question:
    """One question. `name` is that of its answer (see `Nomination.value`); `choices` are in words, by what is kept.

    `label` says when an answer is optional, `opened` that it is only asked after a certain choice.
    """

    name: str
    label: str
    hint: str
    max_words: int | None
    choices: Mapping[str, str]
    needed: bool
    opened: bool
    ticked: bool

    def said(self, value) -> str:
        """An answer as it is read, empty when there is none."""
        if isinstance(value, bool):
            return "Yes" if value else ""
        return self.choices.get(value, value)


def questions_of(page: Page, nomination: Nomination) -> list[Question]:
    """What a page asks, in its order."""
    form = form_of(page, nomination)
    return [_question(form, form[name]) for name in form.asked()]


def _question(form: PageForm, bound: GovukBoundField) -> Question:
    return Question(
        name=form.answer(bound.name),
        label=f"{bound.label} (optional)" if bound.optional else bound.label,
        hint=bound.help_text,
        max_words=bound.max_words,
        choices=dict(getattr(bound.field, "choices", ())),
        needed=bound.field.required,
        opened=bound.revealed,
        ticked=bound.kind == "checkbox",
    )
