"""The audit trail in the office: what happened, found by when, by whom, of what kind and to which record."""

from django.contrib import admin

from leaders.components.dates import short_day_time
from leaders.people.models import OFFICE_ROLES, AuditEvent, Person

from .admin import ReadOnlyAdmin
from .messages.show import ChosenFilter, DayFilter


class AboutFilter(ChosenFilter):
    """From the page of every record: all that happened to it. Its key is "people.organisation:12"."""

    title = "record"
    parameter_name = "about"

    def name_of(self, key):
        last = self._about(AuditEvent.objects, key).first()
        return last.subject if last else "one record"

    def queryset(self, request, queryset):
        return self._about(queryset, self.value()) if self.value() else queryset

    @staticmethod
    def _about(events, key):
        kind, _, number = key.partition(":")
        return events.filter(subject_type=kind, subject_id=number)


class ActorFilter(admin.SimpleListFilter):
    """By who did it: somebody of the office, others, or the programme by itself."""

    title = "who"
    parameter_name = "who"

    def lookups(self, request, model_admin):
        staff = Person.objects.filter(role_grants__role__in=OFFICE_ROLES).distinct().order_by("name")
        return [*((str(pk), name) for pk, name in staff.values_list("pk", "name")), ("itself", "By itself")]

    def queryset(self, request, queryset):
        if self.value() == "itself":
            return queryset.filter(actor_id=None)
        return queryset.filter(actor_id=self.value()) if (self.value() or "").isdecimal() else queryset


class KindFilter(admin.SimpleListFilter):
    """By what it is about: the part of the house that wrote it."""

    title = "kind"
    parameter_name = "kind"
    KINDS = {
        "people": "People and roles", "nominations": "Nominations and selection", "cohorts": "Cohorts and places",
        "modules": "Modules, teams and learning", "mentoring": "Mentoring and coaching", "outbox": "Messages",
        "reminders": "Reminders", "documents": "Documents",
    }  # fmt: skip

    def lookups(self, request, model_admin):
        return list(self.KINDS.items())

    def queryset(self, request, queryset):
        return queryset.filter(action__startswith=f"{self.value()}.") if self.value() in self.KINDS else queryset


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    menu = "Settings"
    menu_order = 90
    empty = "Nothing has happened yet. Whatever is decided or changed is written here, with who did it and why."
    list_display = ["when", "sentence", "actor", "reason"]
    list_filter = [("at", DayFilter), ActorFilter, KindFilter, AboutFilter]
    fields = ["at", "sentence", "actor", "reason", "subject", "kind", "detail"]
    search_fields = ["sentence", "actor", "action"]
    list_per_page = 100

    @admin.display(description="kind")
    def kind(self, event):
        return KindFilter.KINDS.get(event.action.partition(".")[0], event.action)

    @admin.display(description="when", ordering="at")
    def when(self, event):
        return short_day_time(event.at)

    def history_of(self, event):
        return ""
