"""What a coach fills in: a date, and who was there."""

from datetime import date, datetime

from django import forms
from django.core.exceptions import ValidationError

from leaders.components.dates import LONDON, time_range, weekday_day_month
from leaders.components.fields import ClockField, DatePartsField
from leaders.components.forms import Form, Look
from modules.models import Session


class SessionForm(Form):
    """A date of a coaching group; one on which its people have something else is asked about first."""

    on = DatePartsField(label="Which day?", help_text="For example, 27 3 2027")
    starts = ClockField(label="From", help_text="For example, 14:00 or 2pm")
    ends = ClockField(label="To", help_text="For example, 15:30 or 3:30pm")
    where = forms.CharField(
        label="Where?", max_length=200, required=False, help_text="A room, or a link to join online"
    )
    anyway = forms.BooleanField(label="We meet at that time all the same", required=False)
    looks = {
        "on": Look(bold=True, called="the date"), "starts": Look(bold=True, width=5, called="when it starts"),
        "ends": Look(bold=True, width=5, called="when it ends"), "where": Look(bold=True),
        "anyway": Look(mark_optional=False),
    }  # fmt: skip

    def __init__(self, *args, cohort, **kwargs):
        super().__init__(*args, **kwargs)
        self.cohort = cohort
        if not self.is_bound:
            del self.fields["anyway"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("starts") and cleaned.get("ends") and cleaned["ends"] <= cleaned["starts"]:
            self.add_error("ends", "It has to end after it starts")
        clash = None if {"on", "starts", "ends"} & set(self.errors) else self._clash()
        if clash is None:
            del self.fields["anyway"]
        elif not cleaned["anyway"]:
            times = time_range(clash.starts, clash.ends)
            self.add_error("anyway", f"{clash} is on that day, {times}: choose another time, or tick this box")
        return cleaned

    def _clash(self) -> Session | None:
        """What the whole cohort has at that time."""
        sessions = Session.objects.kept().for_cohort(self.cohort)
        return sessions.during(self.moment("starts"), self.moment("ends")).select_related("module").first()

    def moment(self, name: str) -> datetime:
        return datetime.combine(self.cleaned_data["on"], self.cleaned_data[name], LONDON)

    @property
    def given(self) -> dict:
        """What the action takes."""
        return {
            "starts": self.moment("starts"), "ends": self.moment("ends"), "where": self.cleaned_data["where"],
        }  # fmt: skip


class PresentForm(Form):
    """Who came to a session. Nobody is ticked beforehand: saving the page as it opens would be a wrong record."""

    NOBODY = "nobody"

    present = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick everybody who was there, or “Nobody came”"},
    )
    looks = {"present": Look(heading=True)}

    def __init__(self, *args, members, on: date, **kwargs):
        super().__init__(*args, **kwargs)
        people = [(member.place_id, member.place.person.name) for member in members]
        self.fields["present"].label = f"Who was there on {weekday_day_month(on)}?"
        self.fields["present"].choices = [*people, (self.NOBODY, "Nobody came")]

    def clean_present(self) -> list[str]:
        ticked = self.cleaned_data["present"]
        if self.NOBODY in ticked and len(ticked) > 1:
            raise ValidationError("Tick “Nobody came” only where nobody else is ticked")
        return ticked

    @property
    def places(self) -> set[int]:
        return {int(each) for each in self.cleaned_data["present"] if each != self.NOBODY}
