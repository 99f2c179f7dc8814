"""What participants, sponsors and line managers fill in about learning."""

from django import forms

from leaders.components.fields import DatePartsField, WordsField
from leaders.components.forms import Form, Look

from .models import Goal
from .models.questionnaire import NO_OPPORTUNITY, instrument
from .scoring.instrument import Dimension, Item

FREQUENCY = [
    ("1", "Almost never"),
    ("2", "Rarely"),
    ("3", "Sometimes"),
    ("4", "Often"),
    ("5", "Almost always"),
    (NO_OPPORTUNITY, "No opportunity yet"),
]
IMPORTANCE = [("1", "Not important"), ("2", "A little"), ("3", "Fairly"), ("4", "Very"), ("5", "Essential")]
IN_ROWS = Look(bold=True, small=True, inline=True)


def answer(value: str) -> int | None:
    """What a choice means: 1 to 5, or None for "No opportunity yet"."""
    return None if value == NO_OPPORTUNITY else int(value)


def choice(value: int | None) -> str:
    return NO_OPPORTUNITY if value is None else str(value)


class RatingForm(Form):
    """A few statements with one choice each. None has to be answered to go on: the last page says what is missing."""

    mark_optional = False

    def __init__(self, *args, questions: list[tuple[str, str, str]], choices, given: dict, **kwargs):
        super().__init__(*args, **kwargs)
        self.looks = {}
        for key, label, hint in questions:
            self.fields[key] = forms.ChoiceField(
                label=label, help_text=hint, choices=choices, widget=forms.RadioSelect, required=False,
                initial=choice(given[key]) if key in given else None,
            )  # fmt: skip
            self.looks[key] = IN_ROWS
            self._prepare(self[key])

    def answers(self) -> dict[str, int | None]:
        return {key: answer(value) for key, value in self.cleaned_data.items() if value}


def item_questions(part: str, asked: tuple[Item, ...] | tuple[Dimension, ...], *, in_london: bool):
    """Key, question and hint of each statement or dimension, in the wording that applies to the person."""
    if part == "answers":
        return [(item.id, item.wording(in_london=in_london), "") for item in asked]
    if part == "then":
        return [(dimension.key, dimension.looking_back(in_london=in_london), "") for dimension in asked]
    return [
        (dimension.key, dimension.called(in_london=in_london), dimension.about(in_london=in_london))
        for dimension in asked
    ]


class KeepingForm(Form):
    """A form that keeps what was typed when an action refuses it, and can be sent again."""

    def refuse(self, why: Exception, **hidden: str) -> None:
        """Say why, and send `hidden` fields with these values next time."""
        self.add_error(None, str(why))
        self.data = self.data.copy()
        self.data.update({name: str(value) for name, value in hidden.items()})


class GoalForm(KeepingForm):
    """One learning goal, in the participant's own words."""

    title = WordsField(label="What do you want to learn or do differently?", max_words=60, rows=2)
    why = WordsField(label="Why does it matter?", max_words=100, rows=3, required=False)
    steps = WordsField(label="What will you do?", max_words=150, rows=4, required=False)
    support = WordsField(label="Who or what will help?", max_words=80, rows=2, required=False)
    evidence = WordsField(label="How will you know?", max_words=100, rows=3, required=False)
    by_when = DatePartsField(label="By when?", required=False)
    dimension = forms.CharField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    looks = {"title": Look(called="what you want to learn"), "by_when": Look(called="the date")}

    def clean_dimension(self) -> str:
        """The dimension it comes from; whatever else stands there is dropped."""
        key = self.cleaned_data["dimension"]
        return key if key in {dimension.key for dimension in instrument().dimensions} else ""


class ReviewForm(KeepingForm):
    """How a goal is going, for the participant alone unless they share the plan."""

    going = forms.ChoiceField(label="How is it going?", choices=Goal.Going.choices, widget=forms.RadioSelect)
    notes = WordsField(label="What have you noticed?", max_words=200, rows=5, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class SectionForm(KeepingForm):
    """One section of the learning contract."""

    words = WordsField(label="In your own words", max_words=250, rows=8)
    seen = forms.CharField(widget=forms.HiddenInput)
    looks = {"words": Look(called="a few sentences")}


class CommentForm(KeepingForm):
    """What a sponsor or line manager would like to see changed."""

    words = WordsField(label="What would you like to say about it?", max_words=200, rows=4)
    looks = {"words": Look(called="what you would like to say", mark_optional=False)}


class SignForm(KeepingForm):
    """A signature: one's name, and a tick."""

    name = forms.CharField(
        label="Your full name", max_length=150,
        help_text="If it is not the name we know you by, both are shown under the contract",
    )  # fmt: skip
    agreed = forms.BooleanField(label="I have read this contract and agree to my part in it")
    version = forms.IntegerField(widget=forms.HiddenInput)
    looks = {"name": Look(autocomplete="name", width=30)}
