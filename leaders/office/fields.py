"""What the office writes in: the browser's own boxes for days and times, and lists of words one a line."""

from django import forms


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea

    def __init__(self, *, rows: int = 4, **kwargs):
        super().__init__(**kwargs)
        self.widget.attrs["rows"] = rows

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        return [line.strip() for line in super().to_python(value).splitlines() if line.strip()]


def day_box() -> forms.DateInput:
    """The browser's own date box: it works without a script, and by keyboard."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def time_box() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


def moment_boxes(label: str) -> forms.SplitDateTimeWidget:
    return forms.SplitDateTimeWidget(
        date_format="%Y-%m-%d",
        time_format="%H:%M",
        date_attrs={"type": "date", "aria-label": f"{label}: date"},
        time_attrs={"type": "time", "aria-label": f"{label}: time"},
    )


def moment(label: str) -> forms.SplitDateTimeField:
    return forms.SplitDateTimeField(label=label, widget=moment_boxes(label))
