"""How the office's lists and forms say what a record holds: in the words and dates of the house, not in Django's."""

from collections.abc import Callable
from datetime import date, time
from functools import cache

from django.contrib import admin
from django.db import models

from leaders.components.dates import clock, london_date, moment, short_day


def said(value) -> str | None:
    """A moment, a time, yes or no, several things or named ones in words; None for what needs no words of ours."""
    if isinstance(value, date):
        return moment(value)
    if isinstance(value, time):
        return clock(value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(_plain(each) for each in value)
    if isinstance(value, dict):
        return "; ".join(f"{_plain(name)}: {said(each) or _plain(each)}" for name, each in value.items())
    return None


def _plain(word) -> str:
    return str(word).replace("_", " ")


def columns(model: type[models.Model], names) -> list:
    """The columns of a list, in which a moment is its day, as the house says it in short, and yes and no are words.

    The time of day is on the record's own page.
    """
    return [_column(model, name) if isinstance(name, str) and _is_ours(model, name) else name for name in names]


def _is_ours(model: type[models.Model], name: str) -> bool:
    """Whether the column is a field whose values Django would write in its own way."""
    found = {field.name: field for field in model._meta.fields}.get(name)
    return isinstance(found, models.DateField | models.BooleanField)


@cache  # a list compares its columns, so each is one object
def _column(model: type[models.Model], name: str) -> Callable:
    @admin.display(description=model._meta.get_field(name).verbose_name, ordering=name)
    def column(record):
        value = getattr(record, name)
        return in_short(value) if isinstance(value, date) else said(value)

    column.__name__ = name
    return column


def in_short(value: date, *, year: bool = True) -> str:
    """Fri 14 May 2027, on one line however narrow its column is."""
    words = f"{short_day(value)} {london_date(value).year}" if year else short_day(value)
    return words.replace(" ", "\u00a0")


class HappenedFilter(admin.EmptyFieldListFilter):
    """By whether something has happened, from the moment at which it did."""

    def choices(self, changelist):
        for choice, words in zip(super().choices(changelist), ("All", "Not yet", "Yes"), strict=True):
            yield {**choice, "display": words}
