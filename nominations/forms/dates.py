"""Whether somebody can come on all the dates: asked of nominees and of applicants alike."""

from django import forms

from leaders.components.forms import Form, Look


class ComesOnTheDates(Form):
    """Yes, or which day they may miss: nobody has to say yes to a date on which they cannot come."""

    dates = forms.ChoiceField(
        label="Can you come on all the dates?",
        widget=forms.RadioSelect,
        choices=[("all", "Yes, on all of them"), ("clash", "No, I may miss a day")],
    )
    date_clash = forms.CharField(
        label="Which day, and why", required=False, max_length=1000, widget=forms.Textarea({"rows": 3})
    )
    look_of_dates = Look(bold=True, called="whether you can come", reveals={"clash": "date_clash"})

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("dates") == "clash" and not cleaned.get("date_clash"):
            self.add_error("date_clash", forms.ValidationError("Say which day you may miss, and why", code="required"))
        elif cleaned.get("dates") == "all":
            cleaned["date_clash"] = ""
        return cleaned
