"""Forms as people meet them: one question a page, errors that say what to do, every pasted word kept.

    class AboutYou(Form):
        name = forms.CharField(label="Your full name")
        email = forms.EmailField(label="Your work email address", help_text="We send your private link here")
        looks = {"name": Look(autocomplete="name"), "email": Look(width=30)}

Templates: `{% include "components/error_summary.html" %}` and `{% crispy form %}` or `{{ form|crispy }}`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet

from leaders.components.fields import BOXES, DateInputWidget, DatePartsField, MaxWords
from leaders.components.text import clean_pasted, lower_first, upper_first

NOTHING: Mapping = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Look:
    """How one field is shown, where the default is not right."""

    heading: bool = False  # its label or legend is the page's heading
    bold: bool = False  # its label or legend stands out, on a page with several questions
    width: int | None = None  # in characters: 2, 3, 4, 5, 10, 20 or 30
    autocomplete: str = ""
    prefix: str = ""
    suffix: str = ""
    inline: bool = False  # radios side by side, for two short answers
    small: bool = False  # small radios or checkboxes
    called: str = ""  # in errors: Enter <called>, <Called> must be …
    mark_optional: bool = True
    hints: Mapping[str, str] = field(default_factory=dict)  # by choice
    reveals: Mapping[str, str] = field(default_factory=dict)  # choice -> name of the field it opens
    exclusive: str = ""  # the choice that unticks all others, after an "or"


class GovukBoundField(BoundField):
    """What the templates in templates/govuk/ ask of a field."""

    @property
    def look(self) -> Look:
        return getattr(self.form, "looks", NOTHING).get(self.name) or Look()

    @property
    def kind(self) -> str:
        """Which template shows it: templates/govuk/fields/<kind>.html."""
        kinds = (
            (DateInputWidget, "date"),
            (forms.CheckboxSelectMultiple, "options"),
            (forms.RadioSelect, "options"),
            (forms.CheckboxInput, "checkbox"),
            (forms.SelectMultiple, "select"),
            (forms.Select, "select"),
            (forms.Textarea, "textarea"),
            (forms.FileInput, "file"),
            (forms.PasswordInput, "password"),
            (forms.MultiWidget, "plain"),
        )
        return next((kind for widget, kind in kinds if isinstance(self.field.widget, widget)), "input")

    @property
    def control(self) -> str:
        """The design system's word for it, as in govuk-radios."""
        if self.kind == "options":
            return "checkboxes" if isinstance(self.field.widget, forms.CheckboxSelectMultiple) else "radios"
        return {"password": "input", "file": "file-upload", "date": "input"}.get(self.kind, self.kind)

    @property
    def data(self):
        """What was sent, with text pasted from Word made plain. Passwords are left alone."""
        sent = super().data
        if isinstance(sent, str) and isinstance(self.field, forms.CharField) and self.kind != "password":
            return clean_pasted(sent)
        return sent

    @property
    def max_words(self) -> int | None:
        return next((rule.limit for rule in self.field.validators if isinstance(rule, MaxWords)), None)

    @property
    def optional(self) -> bool:
        return not (
            self.field.required
            or self.kind == "checkbox"
            or self.revealed
            or "optional" in self.label
            or not self.look.mark_optional
            or not getattr(self.form, "mark_optional", False)
        )

    @property
    def revealed(self) -> bool:
        """Shown inside the choice that opens it, so not in its own place."""
        return self.name in getattr(self.form, "revealed_fields", ())

    @property
    def aria_describedby(self) -> str | None:
        own = super().aria_describedby
        if own is not None and self.max_words and self.auto_id:
            return f"{own} {self.auto_id}-info".strip()
        return own

    @property
    def first_id(self) -> str:
        """Where the error summary leads: the control itself, the first choice, or the first box at fault."""
        if self.kind == "date":
            return f"{self.auto_id}_{min(self.wrong_boxes, default=0)}"
        if self.kind == "options":
            return f"{self.auto_id}_0"
        return self.id_for_label or self.auto_id

    @property
    def wrong_boxes(self) -> set[int]:
        """Of a date: the boxes to mend, all three when the error does not say."""
        boxes: set[int] = set()
        for error in self.form.errors.get(self.name, forms.utils.ErrorList()).as_data():
            boxes.update((error.params or {}).get("boxes", range(3)))
        return boxes

    @property
    def boxes(self) -> list[dict]:
        """Of a date: its three boxes."""
        value = self.value()
        values = value if isinstance(value, list) else self.field.widget.decompress(value)
        birthday = self.look.autocomplete == "bday"
        return [
            {
                "id": f"{self.auto_id}_{index}",
                "name": f"{self.html_name}_{part}",
                "label": part.capitalize(),
                "value": "" if values[index] is None else values[index],
                "width": 4 if part == "year" else 2,
                "autocomplete": f"bday-{part}" if birthday else "",
                "wrong": index in self.wrong_boxes,
            }
            for index, part in enumerate(BOXES)
        ]

    @property
    def options(self) -> list[dict]:
        """Of radios and checkboxes: each choice with its hint and the field it opens."""
        choices = []
        for option in self.subwidgets:
            value = str(option.data["value"])
            opens = self.look.reveals.get(value)
            choices.append(
                {
                    "id": option.id_for_label,
                    "name": option.data["name"],
                    "value": value,
                    "label": option.choice_label,
                    "checked": option.data["selected"],
                    "disabled": option.data["attrs"].get("disabled", False),
                    "hint": self.look.hints.get(value, ""),
                    "opens": self.form[opens] if opens else None,
                    "exclusive": bool(value) and value == self.look.exclusive,
                }
            )
        return choices

    def build_widget_attrs(self, attrs, widget=None):
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if widget.is_hidden or self.kind in {"date", "options", "checkbox", "plain"}:
            return attrs
        classes = [f"govuk-{self.control}", widget.attrs.get("class", "")]
        if self.look.width:
            classes.append(f"govuk-input--width-{self.look.width}")
        if self.max_words:
            classes.append("govuk-js-character-count")
        if self.kind == "password":
            classes.append("govuk-password-input__input govuk-js-password-input-input")
        if self.errors:
            classes.append(f"govuk-{self.control}--error")
        attrs["class"] = " ".join(filter(None, classes))
        return {**self._typing_help(widget), **attrs}

    def _typing_help(self, widget) -> dict:
        """What helps phones and browsers to help with typing, unless the widget says otherwise."""
        helps: dict = {}
        if isinstance(self.field, forms.EmailField):
            helps = {"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"}
        elif isinstance(self.field, forms.IntegerField) and type(self.field) is forms.IntegerField:
            helps = {"inputmode": "numeric", "spellcheck": "false"}
        elif isinstance(self.field, forms.DecimalField | forms.FloatField):
            helps = {"inputmode": "decimal", "spellcheck": "false"}
        elif isinstance(self.field, forms.URLField):
            helps = {"inputmode": "url", "spellcheck": "false", "autocapitalize": "none"}
        elif self.kind == "password":
            helps = {"autocomplete": "current-password", "spellcheck": "false", "autocapitalize": "none"}
        if self.look.autocomplete:
            helps["autocomplete"] = self.look.autocomplete
        return {name: value for name, value in helps.items() if name not in widget.attrs}


def as_govuk(bound: BoundField) -> GovukBoundField:
    """Any form's field with what the templates need: forms of libraries can be shown too."""
    return bound if isinstance(bound, GovukBoundField) else GovukBoundField(bound.form, bound.field, bound.name)


def error_links(*forms_or_formsets) -> list[tuple[str, str]]:
    """The error summary: (id to go to, or empty for an error of the whole; what to do), each said once."""
    links: dict[tuple[str, str], None] = {}
    for item in forms_or_formsets:
        if isinstance(item, BaseFormSet):
            links.update(dict.fromkeys(("", str(error)) for error in item.non_form_errors()))
            links.update(dict.fromkeys(error_links(*item.forms)))
            continue
        # As on the page: an error that is found last may be about the first field.
        asked = [NON_FIELD_ERRORS, *item.fields]
        places = {name: place for place, name in enumerate(asked)}
        for name, errors in sorted(item.errors.items(), key=lambda found: places.get(found[0], len(asked))):
            known = name != NON_FIELD_ERRORS and name in item.fields and not item[name].is_hidden
            target = as_govuk(item[name]).first_id if known else ""
            links.update(dict.fromkeys((target, str(error)) for error in errors))
    return list(links)


class FieldsOnly(FormHelper):
    """The page brings the form tag, the token and the button."""

    form_tag = False
    disable_csrf = True
    form_action = ""  # crispy-forms would look the empty name up among the URLs each time


class GovukFormMixin:
    """What `Form` and `ModelForm` share. `looks` says how single fields differ from the default."""

    looks: Mapping[str, Look] = NOTHING
    mark_optional = True
    use_required_attribute = False
    bound_field_class = GovukBoundField
    label_suffix = ""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name in self.fields:
            self._prepare(self[name])
        # Each has copied its label and hint, which a form may still change.
        self._bound_fields_cache.clear()

    def _prepare(self, bound: GovukBoundField) -> None:
        """No maxlength that cuts what is pasted, no spinners, and errors in the words of this field."""
        subject, control = bound.field, bound.field.widget
        control.attrs.pop("maxlength", None)
        if isinstance(control, forms.NumberInput):
            # Spinners and scroll wheels change numbers unseen; letters are answered by an error instead.
            control.input_type = "text"
            for attribute in ("min", "max", "step"):
                control.attrs.pop(attribute, None)
        called = bound.look.called or lower_first(str(bound.label))
        if isinstance(subject, DatePartsField):
            subject.called = called
        for code, message in _messages(bound, called).items():
            if str(subject.error_messages.get(code, "")) == str(_default_message(subject, code)):
                # Django fills in %(…)s only where an error brings figures; elsewhere a per cent sign is itself.
                said = called.replace("%", "%%") if "%(" in message else called
                subject.error_messages[code] = message.replace("{called}", said).replace("{Called}", upper_first(said))

    @property
    def revealed_fields(self) -> set[str]:
        return {name for look in self.looks.values() for name in look.reveals.values()}

    @property
    def error_links(self) -> list[tuple[str, str]]:
        return error_links(self)

    @property
    def helper(self) -> FormHelper:
        """For `{% crispy form %}`."""
        helper = FieldsOnly()
        helper.layout = Layout(*(name for name in self.fields if name not in self.revealed_fields))
        return helper


class Form(GovukFormMixin, forms.Form):
    """The base of every form outside the office."""


class ModelForm(GovukFormMixin, forms.ModelForm):
    """The base of every form over a model outside the office."""


def _default_message(subject: forms.Field, code: str) -> str:
    """Django's own text, so that a message chosen by the form's author is left alone."""
    for kind in type(subject).__mro__:
        if code in getattr(kind, "default_error_messages", {}):
            return kind.default_error_messages[code]
    return ""


def _messages(bound: GovukBoundField, called: str) -> dict[str, str]:
    """What to do about each error, by Django's codes; {called} is the field in the middle of a sentence."""
    choose = isinstance(bound.field, forms.ChoiceField | forms.ModelChoiceField)
    question = called.endswith("?")
    if isinstance(bound.field, forms.BooleanField):
        required = f"Tick “{bound.label}” to continue"
    elif isinstance(bound.field, forms.FileField):
        required = "Choose {called}"
    elif question:
        required = "Answer “{Called}”"
    else:
        required = "Select {called}" if choose else "Enter {called}"
    subject = "Your answer" if question else "{Called}"
    messages = {
        "required": required,
        "max_length": f"{subject} must be %(limit_value)d characters or fewer; there are %(show_value)d",
        "min_length": f"{subject} must be at least %(limit_value)d characters; there are %(show_value)d",
        "max_words": f"{subject} must be %(limit)d words or fewer; there are %(words)d",
        "min_value": f"{subject} must be %(limit_value)s or more",
        "max_value": f"{subject} must be %(limit_value)s or less",
        "invalid_choice": "Select one of the answers shown",
    }
    invalid = {
        forms.EmailField: "Enter an email address in full, like name@example.org",
        forms.URLField: "Enter a web address in full, like https://www.example.org",
        forms.IntegerField: f"{subject} must be a whole number, like 12",
        forms.DecimalField: f"{subject} must be a number, like 12.5",
        forms.TimeField: f"{subject} must be a time, like 14:30",
        forms.FileField: "The file did not arrive; choose it again",
    }
    for kind, message in invalid.items():
        if isinstance(bound.field, kind) and (kind is not forms.IntegerField or type(bound.field) is kind):
            messages["invalid"] = message
    if isinstance(bound.field, forms.FileField):
        messages["empty"] = "The file is empty; choose another"
        messages.pop("max_length")
    return messages
