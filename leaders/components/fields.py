"""Fields and validators that forms need beyond Django's own."""

import re
from datetime import date, time

from django import forms
from django.core.exceptions import ValidationError
from django.utils.deconstruct import deconstructible

from leaders.components.dates import MONTHS, clock, day
from leaders.components.text import count_words, lower_first, upper_first

# Of a telephone number: shorter ones are extensions, which nobody outside can call.
FEWEST_FIGURES = 7
BOXES = ("day", "month", "year")


@deconstructible
class MaxWords:
    """At most `limit` words, counted as the browser's counter does. On screen it becomes that counter."""

    code = "max_words"
    message = "Use %(limit)d words or fewer; there are %(words)d"

    def __init__(self, limit: int):
        self.limit = limit

    def __call__(self, text: str) -> None:
        if (words := count_words(text)) > self.limit:
            raise ValidationError(
                self.message, code=self.code, params={"limit": self.limit, "words": words, "over": words - self.limit}
            )

    def __eq__(self, other):
        return isinstance(other, MaxWords) and other.limit == self.limit

    def __hash__(self):
        return hash(self.limit)


class WordsField(forms.CharField):
    """A text of at most `max_words` words."""

    widget = forms.Textarea

    def __init__(self, *, max_words: int, rows: int = 8, **kwargs):
        super().__init__(**kwargs)
        self.widget.attrs["rows"] = rows
        self.validators.append(MaxWords(max_words))


class PhoneField(forms.CharField):
    """A telephone number as people write it: with spaces, brackets, a plus or an extension, and enough figures."""

    default_error_messages = {"not_a_number": "Enter a telephone number, such as 020 7946 0000"}

    def clean(self, value):
        number = super().clean(value)
        if number and sum(letter.isdigit() for letter in number) < FEWEST_FIGURES:
            raise ValidationError(self.error_messages["not_a_number"], code="not_a_number")
        return number


CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*([ap])?\.?m?\.?")


class ClockField(forms.TimeField):
    """A time of day as people write it and as we print it: 14:30, 14.30, 2pm, 2:30pm, midday."""

    widget = forms.TextInput

    def prepare_value(self, value):
        return clock(value) if isinstance(value, time) else value

    def to_python(self, value):
        if value in self.empty_values or isinstance(value, time):
            return super().to_python(value)
        text = str(value).strip().lower()
        if text in {"midday", "noon", "midnight"}:
            return time(0 if text == "midnight" else 12)
        found = CLOCK.fullmatch(text)
        hour, minute, half = (int(found[1]), int(found[2] or 0), found[3]) if found else (99, 0, None)
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
        elif half or (found and not found[2]):
            hour = 99  # 14pm is no time, and 2 alone could be either
        if hour > 23 or minute > 59:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return time(hour, minute)

    def has_changed(self, initial, data):
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class DateInputWidget(forms.MultiWidget):
    """Three boxes: day, month, year. The posted value is a list of three strings."""

    use_fieldset = True

    def __init__(self, attrs=None):
        super().__init__({name: forms.TextInput({"inputmode": "numeric"}) for name in BOXES}, attrs)

    def decompress(self, value):
        return [value.day, value.month, value.year] if value else ["", "", ""]


class DatePartsField(forms.Field):
    """A real date from three boxes; the month may be a number or its name.

    Errors say what to mend and carry the boxes at fault in `params["boxes"]` (0 day, 1 month, 2 year).
    `earliest` and `latest` are dates, both allowed; the form sets them on the instance when they depend on now.
    """

    widget = DateInputWidget

    def __init__(self, *, earliest: date | None = None, latest: date | None = None, **kwargs):
        super().__init__(**kwargs)
        self.earliest, self.latest = earliest, latest
        self.called = ""

    def until(self, latest: date) -> None:
        """Nothing after that day, and an example that would be taken."""
        self.latest = latest
        self.help_text = f"For example, {latest.day} {latest.month} {latest.year}"

    def clean(self, value) -> date | None:
        parts = [str(part or "").strip() for part in value or ("", "", "")]
        if not any(parts):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        result = self._real(parts)
        if self.earliest and result < self.earliest:
            raise self._problem(f"must be on or after {day(self.earliest)}", (0, 1, 2))
        if self.latest and result > self.latest:
            raise self._problem(f"must be on or before {day(self.latest)}", (0, 1, 2))
        self.run_validators(result)
        return result

    def has_changed(self, initial, data) -> bool:
        parts = [str(part or "").strip() for part in data or ("", "", "")]
        return parts != [str(part) for part in self.widget.decompress(initial)]

    def _real(self, parts: list[str]) -> date:
        if missing := [index for index, part in enumerate(parts) if not part]:
            raise self._problem(f"must include a {' and '.join(BOXES[index] for index in missing)}", missing)
        day_of_month, month, year = _number(parts[0], 31), _month(parts[1]), _number(parts[2], 9999)
        wrong = [index for index, part in enumerate((day_of_month, month, year)) if part is None]
        if year is not None and not (len(parts[2]) == 4 and year >= 1000):
            raise self._problem("must have a year of 4 figures, like 2027", (2,))
        if wrong:
            raise self._problem("must be a real date, like 27 3 2027", wrong)
        try:
            return date(year, month, day_of_month)
        except ValueError:
            raise self._problem("must be a real date, like 27 3 2027", (0, 1, 2)) from None

    def _problem(self, what: str, boxes) -> ValidationError:
        name = upper_first(self.called or lower_first(str(self.label or "the date")))
        return ValidationError(f"{name} {what}".replace("%", "%%"), code="invalid", params={"boxes": tuple(boxes)})


def _number(text: str, most: int) -> int | None:
    """A whole number from 1 to `most` in plain digits, else None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= most else None


def _month(text: str) -> int | None:
    """3, 03, mar, Sept and March are months; anything else is None."""
    word = text.lower().rstrip(".")
    if len(word) >= 3:
        return next((number for number, name in enumerate(MONTHS, 1) if name.lower().startswith(word)), None)
    return _number(word, 12)
