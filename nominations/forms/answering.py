"""What nominees and sponsors answer, and why somebody would rather not."""

from django import forms

from leaders.components.fields import WordsField
from leaders.components.forms import Form, Look
from nominations.models import SavedAnswer

from .dates import ComesOnTheDates
from .waiting import MayWait


class Reason(Form):
    """A reason, if one likes to give it."""

    reason = forms.CharField(label="Reason", required=False, max_length=1000, widget=forms.Textarea({"rows": 4}))


class HalfWay(MayWait, Form):
    """An answer that may be saved before it is complete. `seen` is the version of what was saved; see `save_answer`."""

    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    @classmethod
    def going_on(cls, data=None, saved: SavedAnswer | None = None, **initial):
        """The form with what was saved in it, or else with `initial`."""
        known = {**saved.answers, "seen": saved.version} if saved else {**initial, "seen": 0}
        return cls(data, initial=known)

    def asked(self) -> list[str]:
        return [name for name in self.fields if name != "seen"]

    def typed(self) -> dict[str, str]:
        """What stands in the form, whether it could be sent or not."""
        return {name: (self[name].data or "").strip() for name in self.asked()}

    def refuse(self, why: Exception) -> None:
        """Say why it was not saved, and nothing of what is missing before it can be sent."""
        self.errors.clear()
        self.add_error(None, str(why))


class Acceptance(HalfWay, ComesOnTheDates):
    """The nominee's own part."""

    statement = WordsField(label="What do you want to learn, and what would you do with it?", max_words=300, rows=10)
    contribution = WordsField(
        label="A London challenge you would bring", max_words=150, rows=6, required=False,
        help_text="The cohort works on such questions in teams all year",
    )  # fmt: skip
    access_needs = forms.CharField(
        label="What would help you take part?",
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=(
            "Such as step-free rooms, a hearing loop, breaks, large print, prayer times. Only the people who organise "
            "the days read this; it is stored encrypted and removed when the cohort closes."
        ),
    )
    field_order = ["statement", "contribution", "dates", "date_clash", "access_needs"]
    looks = {
        "statement": Look(bold=True),
        "contribution": Look(bold=True),
        "dates": ComesOnTheDates.look_of_dates,
        "access_needs": Look(bold=True),
    }


class Endorse(HalfWay):
    """A sponsor's word for an applicant."""

    role_title = forms.CharField(label="Your job title", max_length=150)
    statement = WordsField(
        label="What do you know of their work, and why now?", max_words=300, rows=9,
        help_text="An example says more than praise. The panel reads it without names.",
    )  # fmt: skip
    looks = {"statement": Look(bold=True), "role_title": Look(autocomplete="organization-title")}
