"""The days on which nothing goes out, and how often we write: what a change moves is seen before it is saved."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from leaders.components.dates import clock, day, london_date, weekday_day_month
from leaders.people.refusals import NotPossible
from leaders.reminders import actions
from leaders.reminders.calendar import closed_by
from leaders.reminders.models import ClosedPeriod, Pace
from leaders.reminders.working_days import Days

from .admin import OfficeAdmin, confirm
from .steps import counted

NAMED = 10  # people of one line


class ClosingAdmin(OfficeAdmin):
    """A record that says on which days nothing goes out. When reminders would move, a page names them first.

    `closed_with(record, now, is_deleted=False)` is which days are closed, were the record as it is here, or gone.
    """

    closed_with: Callable[..., Days]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and (record := self._written(request, object_id)) is not None:
            page = self._look(request, title="Save it?", button="Save", record=record)
            if page:
                return page
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _written(self, request, object_id):
        """The record as it was written in the form; None where the form's own page has something to say first."""
        record = self.get_object(request, object_id) if object_id else None
        may = self.has_change_permission(request, record) if object_id else self.has_add_permission(request)
        if not may or (object_id and record is None):
            return None
        form = self.get_form(request, record, change=record is not None)(request.POST, instance=record)
        return form.instance if form.is_valid() else None

    def delete_view(self, request, object_id, extra_context=None):
        record = self.get_object(request, object_id)
        if record is not None and self.has_delete_permission(request, record):
            page = self._look(
                request, title=f"Delete {record}?", button="Delete it", record=record, is_deleted=True, danger=True
            )
            if page:
                return page
        return super().delete_view(request, object_id, extra_context)

    def get_actions(self, request):
        """One at a time, so that it is seen what moves."""
        offered = super().get_actions(request)
        offered.pop("delete_selected", None)
        return offered

    def _look(self, request, *, title: str, button: str, record, is_deleted: bool = False, danger: bool = False):
        """The page that says what moves; None when nothing does, or when what moves was seen."""
        now = timezone.now()
        found = actions.shifts(self.closed_with(record, now, is_deleted=is_deleted), now)
        today = london_date(now)
        haste = {str(shift.row.pk) for shift in found if shift.goes_at and london_date(shift.goes_at) == today}
        if not found:
            return None
        seen = request.method == "POST" and "confirmed" in request.POST
        if seen and haste <= set(request.POST.getlist("named")):
            return None

        def refuse(reason):
            raise NotPossible("Meanwhile more would go out today than this page named. Look at it as it is now.")

        ours = {"csrfmiddlewaretoken", "confirmed", "reason", "action", "named"}
        fields = {name: values for name, values in request.POST.lists() if name not in ours}
        return confirm(
            request, title=title, lines=_lines(found, now), act=refuse, button=button, back=request.get_full_path(),
            explain=f"{counted(len(found), 'planned reminder')} would not go out as planned. What has gone out stays.",
            warning=_warning(haste), danger=danger,
            keep={**(fields or {"post": ["yes"]}), "named": sorted(haste)},
        )  # fmt: skip


def _warning(haste: set[str]) -> str:
    if not haste:
        return ""
    goes = "goes" if len(haste) == 1 else "go"
    return (
        f"{counted(len(haste), 'reminder')} {goes} out today, because on the first day that is open their deadline has "
        "passed. What has gone out cannot be called back."
    )


def _lines(found: list[actions.Shift], now: datetime) -> list[str]:
    """Who hears on which day instead of which; those of today first, those who would not hear at all last."""
    groups: dict[tuple[date, date], list[actions.Shift]] = defaultdict(list)
    for shift in found:
        goes_on = london_date(shift.goes_at) if shift.goes_at else date.max
        groups[goes_on, london_date(shift.row.due_at)].append(shift)
    return [
        f"{counted(len(group), 'reminder')} of {weekday_day_month(planned)} {_goes(group, now)}: {_listed(group)}"
        for (_goes_on, planned), group in sorted(groups.items(), key=lambda item: item[0])
    ]


def _goes(group: list[actions.Shift], now: datetime) -> str:
    goes_at = group[0].goes_at
    if goes_at is None:
        return "would not be sent, as the deadline passes first"
    verb = "goes" if len(group) == 1 else "go"
    if london_date(goes_at) > london_date(now):
        return f"{verb} out on {day(goes_at)}"
    return f"{verb} out today, {'within a few minutes' if goes_at <= now else f'at {clock(goes_at)}'}"


def _listed(group: list[actions.Shift]) -> str:
    """Each of them once, as far as there is room."""
    people = list(dict.fromkeys(str(shift.row.recipient) for shift in group))
    more = len(people) - NAMED
    return ", ".join(people[:NAMED]) + (f" and {more} more" if more > 0 else "")


@admin.register(ClosedPeriod)
class ClosedPeriodAdmin(ClosingAdmin):
    menu = "Messages"
    menu_order = 70
    deletable = True
    empty = "No closed periods. On the days of one nothing goes out."
    in_series = True
    list_display = ["label", "first", "last"]
    fieldsets = [(None, {
        "fields": ["label", "first", "last"],
        "description": "On these days nothing goes out. What was planned for them goes out on the working day before; "
        "what must not come early, or for which that day has begun, on the first open one after, while its deadline "
        "allows. Before anything moves you see what would.",
    })]  # fmt: skip

    def closed_with(self, record, now, *, is_deleted=False):
        others: Iterable[ClosedPeriod] = ClosedPeriod.objects.exclude(pk=record.pk)
        return closed_by(Pace.current(), [*others] if is_deleted else [*others, record], now)


class PaceForm(forms.ModelForm):
    mails_a_week = forms.TypedChoiceField(
        coerce=int, choices=[(1, "1 a week"), *((n, f"{n} a week") for n in range(2, 8))], initial=2,
        label="Mails with reminders at most", help_text="To one person; the weekly email is one of them",
    )  # fmt: skip


@admin.register(Pace)
class PaceAdmin(ClosingAdmin):
    menu = "Messages"
    menu_order = 80
    empty = "Nothing is set, so the usual pace holds: two mails a week at most."
    list_display = ["__str__", "quiet_august", "quiet_christmas", "mails_a_week"]
    form = PaceForm
    change_list_template = "office/messages/pace.html"

    def closed_with(self, record, now, *, is_deleted=False):
        return closed_by(record, ClosedPeriod.objects.all(), now)

    def has_add_permission(self, request):
        return not Pace.objects.exists() and super().has_add_permission(request)

    def add_view(self, request, form_url="", extra_context=None):
        """There is one: whoever would add another is led to it."""
        if Pace.objects.exists() and super().has_add_permission(request):
            return HttpResponseRedirect(reverse("admin:reminders_pace_change", args=[1]))
        return super().add_view(request, form_url, extra_context)

    def save_model(self, request, obj, form, change):
        obj.pk = 1
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj, post_url_continue=None):
        return self._saved(request)

    def response_change(self, request, obj):
        return self._saved(request)

    def _saved(self, request):
        messages.success(request, "Saved. From now on we write this often. Reminders follow within ten minutes.")
        return HttpResponseRedirect(reverse("admin:reminders_pace_changelist"))
