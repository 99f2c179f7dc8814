"""Two windows on one record: each form posts what it showed, so that a later save takes nothing back unseen."""

import json

from django import forms
from django.db.models import Model, QuerySet
from django.forms.models import ModelChoiceField
from django.utils.text import Truncator, capfirst

from leaders.people.meanwhile import mark

from .saying import said

SHOWN = "shown"  # the name under which a page posts it


class Watching:
    """For a form of a record: refused while a field of it says something else than what the page showed.

    Nothing that was typed is lost. What was not touched is shown as it stands now; where both wrote, the field says
    what was written meanwhile, and saving once more is a decision. `shown` is the mark of each field, by record.
    """

    shown: dict[str, dict[str, str]] = {}
    is_stale = False

    @property
    def record(self) -> str:
        return f"{self._meta.model._meta.label_lower}:{self.instance.pk}"

    def marks(self) -> dict[str, str]:
        """What the page that is drawn from this form shows; after a mistake that is what it showed before."""
        if self.is_bound and not self.is_stale:
            return self.shown.get(self.record, {})
        return {name: _mark(self._standing(name)) for name in self.fields} if self.instance.pk else {}

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk:
            self._look_again()
        return cleaned

    def _standing(self, name):
        return self.get_initial_for_field(self.fields[name], name)

    def _look_again(self):
        changed = []
        for name, shown in self.shown.get(self.record, {}).items():
            if name not in self.fields or name not in self.cleaned_data or _mark(self._standing(name)) == shown:
                continue
            typed, standing = _mark(self.cleaned_data[name]), self._standing(name)
            if typed == _mark(standing):
                continue
            words = f"“{Truncator(self._words(name)).chars(300)}”" if self._words(name) else "empty"
            changed.append(f"{capfirst(self.fields[name].label or name)}, now {words}")
            if typed == shown:
                self.fields[name].bound_data = lambda data, initial: initial  # nobody typed here: as it stands
            else:
                self.add_error(name, f"Meanwhile this became {words}. What you typed is here: save it to replace that.")
        if changed:
            self.is_stale = True
            self.add_error(
                None,
                f"Somebody changed this after you opened it: {'; '.join(changed)}. Nothing of yours is saved yet, and "
                "all you typed is still here. Look at it, then save it again.",
            )

    def _words(self, name) -> str:
        value, field = self._standing(name), self.fields[name]
        if isinstance(field, ModelChoiceField):
            found = value if isinstance(value, list | QuerySet) else field.queryset.filter(pk=value)
            return ", ".join(str(each) for each in found)
        choices = dict(field.choices) if isinstance(field, forms.ChoiceField) else {}
        if not isinstance(value, list) and value in choices:
            return str(choices[value])
        return said(value) or ("" if value is None else str(value))


def watching(form: type[forms.ModelForm], shown: dict[str, dict[str, str]]) -> type[forms.ModelForm]:
    return type(form.__name__, (Watching, form), {"shown": shown})


def shown_by(request) -> dict[str, dict[str, str]]:
    """What the page showed that posted this; nothing where it did not say."""
    try:
        shown = json.loads(request.POST.get(SHOWN, "{}"))
    except ValueError:
        return {}
    return {key: marks for key, marks in shown.items() if isinstance(marks, dict)} if isinstance(shown, dict) else {}


def to_show(found: list[Watching]) -> str:
    """As the page posts it back."""
    return json.dumps({form.record: marks for form in found if (marks := form.marks())})


def _mark(value) -> str:
    return mark(_plain(value))


def _plain(value) -> list[str]:
    """The same for what is stored and for the same typed again."""
    if isinstance(value, QuerySet | list | tuple) and all(isinstance(each, Model) for each in value):
        return sorted(str(each.pk) for each in value)
    if isinstance(value, list | tuple):
        return [str(each) for each in value]
    if isinstance(value, Model):
        return [str(value.pk)]
    if hasattr(value, "timestamp"):
        return [str(value.timestamp())]
    return ["" if value is None else str(value).replace("\r\n", "\n").strip()]
