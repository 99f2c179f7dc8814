from django import forms

from leaders.components.fields import MaxWords
from leaders.components.forms import Form, Look
from leaders.people.models import Weekday

NO_DIGEST = -1


class DigestDayForm(Form):
    digest_day = forms.TypedChoiceField(
        label="Which day should your weekly email come?",
        choices=[*Weekday.choices, (NO_DIGEST, "Do not send me the weekly email")],
        coerce=int,
        widget=forms.RadioSelect,
    )
    looks = {"digest_day": Look(bold=True, small=True, called="a day for your weekly email")}


class PrivacyRequestForm(Form):
    words = forms.CharField(
        label="Tell us in your own words",
        help_text="Say what it is about, and what you would like us to do.",
        widget=forms.Textarea(attrs={"rows": 6}),
        validators=[MaxWords(500)],
    )
    looks = {"words": Look(called="what you ask for")}
