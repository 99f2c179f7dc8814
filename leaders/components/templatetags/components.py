"""Tags and filters every page may use: `{% load components %}`."""

import re
from functools import wraps

from django import template
from django.utils.html import format_html_join

from leaders.components import dates, text
from leaders.components.charts import share
from leaders.components.forms import as_govuk, error_links

register = template.Library()
BEFORE_A_SIGN = re.compile(r"(?=[@.])")
DAY_AND_MONTH = re.compile(rf"(\d) ({'|'.join(dates.MONTHS)})")


def absent_says_nothing(function):
    """An absent date or name prints nothing, as with Django's own filters."""
    return wraps(function)(lambda value: "" if value in {None, ""} else function(value))


def absent_says_nothing_of_two(function):
    return wraps(function)(lambda value, other: "" if value in {None, ""} else function(value, other))


ONE = (
    *(dates.day, dates.day_time, dates.weekday_day_month, dates.short_day, dates.day_month, dates.month_year),
    *(dates.clock, dates.moment, dates.minutes_needed, text.initials, text.sentence),
)
TWO = (dates.time_range, dates.date_range, dates.when, dates.due, dates.due_kind, dates.day_month_near, dates.year_near)

for function in ONE:
    register.filter(function.__name__, absent_says_nothing(function))
for function in TWO:
    register.filter(function.__name__, absent_says_nothing_of_two(function))


@register.filter
def date_range_year(start, end) -> str:
    """15 to 16 September 2026"""
    return dates.date_range(start, end, year=True)


@register.filter
def unbroken(said: str) -> str:
    """A date as it was said, with its day and month on one line: Thursday 31 December."""
    return DAY_AND_MONTH.sub("\\1\u00a0\\2", said)


@register.filter
def breakable(address: str) -> str:
    """An email address that breaks where people read a break, before its @ and its dots, and not inside a word."""
    return format_html_join("", "<wbr>{}", ((part,) for part in BEFORE_A_SIGN.split(address)))


@register.filter
def due_on(day, now) -> str:
    """Due 15 March"""
    return f"Due {dates.day_month_near(day, now)}"


@register.filter
def weekday(moment) -> str:
    """Monday"""
    return dates.WEEKDAYS[dates.london_date(moment).weekday()]


@register.filter
def month(moment) -> str:
    """March"""
    return dates.MONTHS[dates.london_date(moment).month - 1]


@register.filter
def day_number(moment) -> int:
    """8"""
    return dates.london_date(moment).day


@register.filter
def iso(moment) -> str:
    """For <time datetime>: London's date, or its time with offset."""
    return dates.london(moment).isoformat() if moment else ""


register.filter("govuk", as_govuk)


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms_or_formsets):
    """One summary over several forms and formsets: {% error_summary form formset %}."""
    return {"links": error_links(*(item for item in forms_or_formsets if item is not None))}


@register.filter("error_links")
def links_of(form) -> list[tuple[str, str]]:
    return error_links(form) if form is not None and hasattr(form, "errors") else []


@register.inclusion_tag("components/charts/bar.html")
def bar(value, total):
    """{% bar 3 6 %}: half full. Words beside it say the same."""
    return {"share": share(value, total)}
