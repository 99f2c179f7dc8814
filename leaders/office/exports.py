"""Lists that can be taken away as a spreadsheet: after the second factor was shown again, and on record."""

from allauth.account.decorators import reauthentication_required
from django.contrib.admin.options import IncorrectLookupParameters
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from import_export.admin import ExportMixin
from import_export.fields import Field
from import_export.formats.base_formats import CSV, XLSX
from import_export.forms import ExportForm
from import_export.resources import Resource
from import_export.widgets import Widget

from leaders.components.dates import london_date
from leaders.components.text import clean_pasted
from leaders.people.audit import record

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet may take for the beginning of a formula (OWASP, CSV injection)."""


class WordsWidget(Widget):
    """Text that stays text, whoever typed it."""

    def render(self, value, obj=None, **kwargs):
        words = "" if value is None else clean_pasted(str(value))
        return f"'{words}" if words.startswith(FORMULA) else words


class DayWidget(Widget):
    """A moment as its day in London: a real date in Excel, ISO 8601 in CSV."""

    def render(self, value, obj=None, force_native_type=False, **kwargs):
        if value is None:
            return ""
        return london_date(value) if force_native_type else london_date(value).isoformat()


class Column(Field):
    """A column with a heading for people; `attribute` is a path such as person__name."""

    def __init__(self, heading: str, attribute: str, widget: Widget | None = None):
        super().__init__(attribute=attribute, column_name=heading, readonly=True, widget=widget or WordsWidget())


class Day(Column):
    """A column of days, from moments."""

    def __init__(self, heading: str, attribute: str):
        super().__init__(heading, attribute, widget=DayWidget())


class Sheet(Resource):
    """The columns of a spreadsheet, in the order in which they are declared."""

    @classmethod
    def get_display_name(cls) -> str:
        return cls.__name__


class Exportable(ExportMixin):
    """For an admin of the office; `sheet` names the columns. What the list is filtered by holds here too."""

    sheet: type[Sheet]
    export_formats = [XLSX, CSV]
    export_form_class = ExportForm
    export_template_name = "office/export.html"

    def get_export_resource_classes(self, request):
        return [self.sheet]

    @method_decorator(reauthentication_required)
    def export_action(self, request):
        try:
            return super().export_action(request)
        except IncorrectLookupParameters:  # as the list itself answers an address that nobody can have chosen
            return redirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))

    def init_request_context_data(self, request, form):
        context = super().init_request_context_data(request, form)
        [(_, columns)] = context["fields_list"]
        return context | {
            "title": f"Take away {self.opts.verbose_name_plural}",
            "columns": columns,
            "count": self.get_export_queryset(request).count(),
            "plural": self.opts.verbose_name_plural,
        }

    def _do_file_export(self, file_format, request, queryset, export_form=None):
        with transaction.atomic():
            count = queryset.count()
            record(
                f"{self.opts.label_lower}.exported",
                f"{request.user} took away a list of {count} {self.opts.verbose_name_plural}",
                subject=request.user,
                by=request.user,
                now=timezone.now(),
                filters=request.GET.dict(),
            )
            return super()._do_file_export(file_format, request, queryset, export_form)
