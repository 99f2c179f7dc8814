"""What mentor and mentee fill in while they have each other."""

from datetime import date, datetime

from django import forms

from leaders.components.dates import LONDON
from leaders.components.fields import ClockField, DatePartsField, WordsField
from leaders.components.forms import Form, Look
from mentoring.models import MentorshipReview, Mode


class MeetingForm(Form):
    """That a meeting took place."""

    on = DatePartsField(label="When did you meet?", help_text="For example, 27 3 2027")
    mode = forms.ChoiceField(label="How did you meet?", choices=Mode.choices, widget=forms.RadioSelect)
    useful = forms.TypedChoiceField(
        label="Was it useful?", choices=[("yes", "Yes"), ("no", "Not this time")], required=False,
        coerce=lambda value: value == "yes", empty_value=None, widget=forms.RadioSelect,
        help_text="The other never sees this, and the programme office only sees how many said yes",
    )  # fmt: skip
    looks = {
        "on": Look(bold=True, called="the date"),
        "mode": Look(bold=True, small=True, called="how you met"),
        "useful": Look(bold=True, small=True, inline=True),
    }


class PlanForm(Form):
    """When, how and where two people meet next."""

    on = DatePartsField(label="Which day?", help_text="For example, 27 3 2027")
    at = ClockField(label="What time?", help_text="For example, 14:30 or 2:30pm")
    mode = forms.ChoiceField(label="How do you meet?", choices=Mode.choices, widget=forms.RadioSelect)
    where = forms.CharField(
        label="Where?", max_length=200, required=False,
        help_text="A room, or a link to join. Only the two of you read it.",
    )  # fmt: skip
    looks = {
        "on": Look(bold=True, called="the date"), "at": Look(bold=True, width=5, called="the time"),
        "mode": Look(bold=True, small=True, called="how you meet"), "where": Look(bold=True),
    }  # fmt: skip

    @property
    def moment(self) -> datetime:
        return datetime.combine(self.cleaned_data["on"], self.cleaned_data["at"], LONDON)


class AgreementForm(Form):
    """What the two agree on."""

    aims = WordsField(label="What are we aiming for?", max_words=200, rows=5)
    frequency = forms.CharField(label="How often do we meet, and for how long?", max_length=150)
    ending = WordsField(label="How do we end it?", max_words=100, rows=3)
    version = forms.IntegerField(widget=forms.HiddenInput)
    looks = {
        "aims": Look(bold=True, called="what you are aiming for"), "ending": Look(bold=True, called="how you end it"),
        "frequency": Look(bold=True, called="how often you meet"),
    }  # fmt: skip


class NoteForm(Form):
    """A note for oneself."""

    words = WordsField(label="A note for yourself", max_words=500, rows=4)
    looks = {"words": Look(called="your note")}


class ReviewForm(Form):
    """How it is going."""

    going = forms.ChoiceField(
        label="How is it going?", choices=MentorshipReview.Going.choices, widget=forms.RadioSelect
    )
    wants_to_talk = forms.BooleanField(label="I would like to talk to the programme office about it", required=False)
    looks = {"going": Look(bold=True, called="how it is going"), "wants_to_talk": Look(mark_optional=False)}


class EndForm(Form):
    """How a mentee wants to go on after an ending."""

    rematch = forms.ChoiceField(
        label="Would you like another mentor?", widget=forms.RadioSelect,
        choices=[("yes", "Yes, please look for somebody else"), ("no", "No, I would rather do without")],
    )  # fmt: skip
    looks = {"rematch": Look(bold=True, small=True, called="whether you would like another mentor")}


def no_later_than(form: Form, name: str, day: date) -> Form:
    """The form, whose date may not lie after `day`."""
    form.fields[name].until(day)
    return form
