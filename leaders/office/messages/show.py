"""What the lists of messages and of reminders have in common."""

from django.contrib import admin
from django.http import HttpResponse
from django.utils.html import format_html

from leaders.outbox.screen import stylesheet_of
from leaders.reminders.registry import scopes


def tag(kind: str, label: str) -> str:
    """`kind` is one of the tags' colours: due, info, done, late, neutral."""
    return format_html('<span class="tag tag-{}">{}</span>', kind, label)


def stylesheet(html: str) -> HttpResponse:
    return HttpResponse(stylesheet_of(html), content_type="text/css; charset=utf-8")


class DayFilter(admin.DateFieldListFilter):
    """By the day on which it goes out, or did."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = "day"


class ChosenFilter(admin.SimpleListFilter):
    """A filter with too many choices for a list: it is chosen on another page, and only what was chosen is shown."""

    def lookups(self, request, model_admin):
        chosen = request.GET.get(self.parameter_name)
        return [(chosen, self.name_of(chosen))] if chosen else []

    def queryset(self, request, queryset):
        return queryset.filter(**{self.parameter_name: self.value()}) if self.value() else queryset


class CohortFilter(admin.SimpleListFilter):
    """The cohorts that are planned or live, as for a rehearsal."""

    title = "cohort"
    parameter_name = "cohort"

    def lookups(self, request, model_admin):
        return [(str(item.pk), str(item)) for part in scopes for item in part.brings()]

    def queryset(self, request, queryset):
        return queryset.filter(cohort_id=self.value()) if (self.value() or "").isdecimal() else queryset
