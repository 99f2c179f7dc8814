"""What a panel member says of a nomination."""

from django import forms

from leaders.components.forms import Form, Look


class Reading(Form):
    """A panel member's scores for one nomination: a choice and a comment for each criterion."""

    comment = forms.CharField(
        label="Anything for the discussion or the feedback letter", required=False, max_length=4000,
        widget=forms.Textarea({"rows": 4}),
    )  # fmt: skip
    discuss = forms.BooleanField(label="I would like to discuss this nomination", required=False)

    def __init__(self, criteria, *args, **kwargs):
        self.criteria = list(criteria)
        super().__init__(*args, **kwargs)

    @classmethod
    def of(cls, criteria, data=None, initial=None):
        """A form with a score and a comment for each criterion, before the closing questions."""
        fields: dict = {}
        looks: dict = {}
        for criterion in criteria:
            scores = range(criterion.max_score + 1)
            anchors = dict(enumerate(criterion.anchors))
            fields[f"score_{criterion.key}"] = forms.TypedChoiceField(
                label=f"Your score for “{criterion.title}”",
                help_text=criterion.guidance,
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
                choices=[(score, f"{score}: {anchors[score]}" if score in anchors else str(score)) for score in scores],
            )
            fields[f"comment_{criterion.key}"] = forms.CharField(
                label=f"Evidence for “{criterion.title}”: what you saw", required=False, max_length=2000,
                widget=forms.Textarea({"rows": 3}),
            )  # fmt: skip
            looks[f"score_{criterion.key}"] = Look(bold=True, mark_optional=False, called="a score")
            looks[f"comment_{criterion.key}"] = Look(mark_optional=False)
        form = type("ReadingForm", (cls,), {**fields, "looks": looks, "field_order": [*fields, "comment", "discuss"]})
        return form(criteria, data, initial=initial)

    def require_all(self) -> None:
        """For handing in: every criterion has its score, and what was seen."""
        for criterion in self.criteria:
            name = f"score_{criterion.key}"
            if name not in self.errors and self.cleaned_data.get(name) is None:
                self.add_error(name, f"Select a score for “{criterion.title}”")
            name = f"comment_{criterion.key}"
            if name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, f"Say what you saw for “{criterion.title}”: a few words are enough")

    def scores(self) -> dict[str, tuple[int | None, str]]:
        given = self.cleaned_data
        return {c.key: (given.get(f"score_{c.key}"), given.get(f"comment_{c.key}", "")) for c in self.criteria}
