"""What participants fill in during the year."""

from django import forms

from leaders.components.fields import DatePartsField, WordsField
from leaders.components.forms import Form, Look, ModelForm

from .learning_forms import KeepingForm
from .models import Feedback, SystemsChallenge

AGREEMENT = [(1, "Not at all"), (2, "A little"), (3, "Partly"), (4, "Mostly"), (5, "Completely")]


def statement(name: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=Feedback._meta.get_field(name).verbose_name,
        choices=AGREEMENT,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": f"Say how far this is true: “{Feedback._meta.get_field(name).verbose_name}”"},
    )


class FeedbackForm(Form):
    """How a module went."""

    worth_the_time = statement("worth_the_time")
    new_perspectives = statement("new_perspectives")
    will_use_it = statement("will_use_it")
    took_part_fully = statement("took_part_fully")
    comment = WordsField(label="What should we keep, and what should we change?", max_words=200, rows=5, required=False)
    looks = dict.fromkeys(Feedback.STATEMENTS, Look(bold=True, small=True, inline=True)) | {"comment": Look(bold=True)}


class CatchUpForm(Form):
    """What somebody took from catching up."""

    words = WordsField(label="What did you take from it?", max_words=150, rows=6)
    looks = {"words": Look(called="what you took from it")}


class ChoicesForm(Form):
    """Up to three wishes among the cohort's challenges."""

    first = forms.ModelChoiceField(SystemsChallenge.objects.none(), label="First choice", empty_label="Choose one")
    second = forms.ModelChoiceField(
        SystemsChallenge.objects.none(), label="Second choice", empty_label="None", required=False
    )
    third = forms.ModelChoiceField(
        SystemsChallenge.objects.none(), label="Third choice", empty_label="None", required=False
    )
    looks = {"first": Look(called="your first choice")}

    def __init__(self, *args, challenges, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("first", "second", "third"):
            self.fields[name].queryset = challenges

    def clean(self):
        cleaned = super().clean()
        seen = set()
        for name in ("first", "second", "third"):
            chosen = cleaned.get(name)
            if chosen in seen and chosen is not None:
                self.add_error(name, f"Choose a different challenge as your {name} choice, or none")
            seen.add(chosen)
        return cleaned

    @property
    def wishes(self) -> list[SystemsChallenge]:
        return [self.cleaned_data[name] for name in ("first", "second", "third") if self.cleaned_data[name]]


class ChallengeForm(ModelForm):
    """The team's part of its challenge."""

    stakeholders = WordsField(label="Who is involved, and what matters to them?", max_words=400, rows=6, required=False)
    learning = WordsField(label="What are we learning?", max_words=400, rows=8, required=False)
    final_offer = WordsField(
        label="What do we offer in the end?",
        max_words=300,
        rows=6,
        required=False,
        help_text="To the problem owner and to London: what you found, and what you would try next",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    looks = {name: Look(bold=True, mark_optional=False) for name in ("stakeholders", "learning", "final_offer")}

    class Meta:
        model = SystemsChallenge
        fields = ["stakeholders", "learning", "final_offer"]


class ExperimentForm(KeepingForm):
    """One entry of the team's log."""

    tried_on = DatePartsField(label="When did you try it?", help_text="For example, 27 3 2027")
    tried = WordsField(label="What did you try?", max_words=150, rows=4)
    happened = WordsField(label="What happened?", max_words=150, rows=4, required=False)
    learned = WordsField(label="What did you learn?", max_words=150, rows=4, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    looks = {
        "tried_on": Look(called="the date", bold=True),
        "tried": Look(called="what you tried", bold=True),
        "happened": Look(bold=True),
        "learned": Look(bold=True),
    }
