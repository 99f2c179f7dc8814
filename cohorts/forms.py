"""What participants fill in about their place, and whoever checks a certificate."""

from django import forms

from leaders.components.fields import MaxWords, PhoneField, WordsField
from leaders.components.forms import Form, Look

from .models import Pulse, Quote


class NarrativeForm(Form):
    """The three parts, after Marshall Ganz's public narrative; none is needed for a draft."""

    mark_optional = False

    self_text = WordsField(
        label="Self: what called you to this work?", required=False, max_words=400, rows=9,
        help_text="A moment of choice: what happened, what you did, what it says about what you value.",
    )  # fmt: skip
    us_text = WordsField(
        label="Us: who are we, and what do we share?", required=False, max_words=400, rows=9,
        help_text="The people you lead with, in the cohort and at home. A time when you were at your best together.",
    )  # fmt: skip
    now_text = WordsField(
        label="Now: what does this moment ask of us?", required=False, max_words=400, rows=9,
        help_text="What is urgent in London, what you hope for, and the first step you ask others to take with you.",
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    looks = {
        "self_text": Look(bold=True, called="the part about yourself"),
        "us_text": Look(bold=True, called="the part about us"),
        "now_text": Look(bold=True, called="the part about now"),
    }


class QuoteForm(Form):
    """Words of one's own, and how they are shown."""

    words = forms.CharField(
        label="Your words", widget=forms.Textarea(attrs={"rows": 4}), validators=[MaxWords(80)],
        help_text="One or two sentences that somebody who has never heard of the programme would understand.",
    )  # fmt: skip
    shown_as = forms.ChoiceField(label="Shown with them", choices=Quote.ShownAs, widget=forms.RadioSelect)
    looks = {"words": Look(bold=True), "shown_as": Look(bold=True, called="how you want to be shown")}


class AgreeForm(Form):
    shown_as = forms.ChoiceField(label="If you agree, shown as", choices=Quote.ShownAs, widget=forms.RadioSelect)
    looks = {"shown_as": Look(called="how you want to be shown", small=True)}


class DetailsForm(Form):
    known_as = forms.CharField(label="What should we call you?", required=False, max_length=80,
        help_text="If it is not your first name.")  # fmt: skip
    pronouns = forms.CharField(label="Your pronouns", required=False, max_length=40)
    phone = PhoneField(
        label="Telephone", required=False, max_length=40,
        help_text="For the organisers on the day of a module, if something changes.",
    )  # fmt: skip
    role_title = forms.CharField(label="Your job title", max_length=150)
    service = forms.CharField(label="Your service or directorate", required=False, max_length=150)
    access_needs = forms.CharField(
        label="What do you need to take part fully?", required=False, widget=forms.Textarea(attrs={"rows": 4}),
        validators=[MaxWords(300)],
        help_text="Access, food, prayer, caring hours, a hearing loop: anything. Only the people who organise the days "
        "read this, and it is deleted when the cohort closes.",
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)
    looks = {
        "known_as": Look(width=20),
        "pronouns": Look(width=20),
        "phone": Look(width=20, autocomplete="tel"),
        "role_title": Look(autocomplete="organization-title"),
    }


class PulseForm(Form):
    role = forms.ChoiceField(label="What is your post now, compared with the day you graduated?", choices=Pulse.Role,
        widget=forms.RadioSelect)  # fmt: skip
    works_across = forms.TypedChoiceField(
        label="Since then, have you worked on something with somebody you met on the programme?",
        choices=[("yes", "Yes"), ("no", "No")], coerce=lambda value: value == "yes", widget=forms.RadioSelect,
    )  # fmt: skip
    words = forms.CharField(
        label="Anything you would like us to know", required=False, widget=forms.Textarea(attrs={"rows": 4}),
        validators=[MaxWords(200)],
    )  # fmt: skip
    looks = {"role": Look(bold=True), "works_across": Look(bold=True, inline=True), "words": Look(bold=True)}


class CodeForm(Form):
    code = forms.CharField(
        label="Check code", max_length=40, help_text="Eight letters and figures at the foot of the certificate, "
        "like 7F3K-2QXD.",
    )  # fmt: skip
    looks = {"code": Look(width=10, called="the check code", autocomplete="off")}
