"""What every admin page of the office stands on, and the pages of the ground floor's own records."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import connection, models, transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.text import capfirst

from leaders.people.audit import record
from leaders.people.folding import Folded
from leaders.people.models import Person, Role
from leaders.people.refusals import NotPossible

from .fields import day_box, moment_boxes, time_box
from .saying import columns
from .watching import Watching, shown_by, to_show, watching

LONGEST_REASON = 1000  # characters


class CappedPaginator(Paginator):
    """Counts up to a cap, so that a list of a million rows opens as fast as one of a hundred."""

    cap = 2000

    @cached_property
    def _found(self) -> int:
        return len(self.object_list.order_by().values_list("pk")[: self.cap + 1])

    @cached_property
    def count(self) -> int:
        return min(self._found, self.cap)

    @property
    def is_capped(self) -> bool:
        """Whether there are more, which a search or a filter brings nearer."""
        return self._found > self.cap


@dataclass(frozen=True)
class Screen:
    """A screen of the office's own beside the lists: `url_name` without the "admin:" prefix.

    `pages` are the names of the other pages that belong to it: the menu marks it while one of them is open.
    """

    label: str
    url_name: str
    order: int = 0
    pages: tuple[str, ...] = ()


class InBoxes:
    """Days and times are written in the browser's own boxes."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, models.DateTimeField):
            kwargs.setdefault("widget", moment_boxes(capfirst(db_field.verbose_name)))
        elif isinstance(db_field, models.DateField):
            kwargs.setdefault("widget", day_box())
        elif isinstance(db_field, models.TimeField):
            kwargs.setdefault("widget", time_box())
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class OfficeAdmin(InBoxes, admin.ModelAdmin):
    """A list and a form of the office: audited, quick on long tables, safe by default.

    `menu` names the task it belongs to; `screens` adds pages of its own to that menu; `office_search` puts it
    into the search that Ctrl+K opens. `empty` is the sentence of a list with nothing in it: what would be here, and
    where it comes from. Nothing can be deleted unless `deletable` says so; `in_series` offers to add another at once.
    """

    MENUS = ("Nominations", "People", "Programme", "Messages", "Documents", "Settings")

    menu = "Settings"
    menu_order = 50
    screens: tuple[Screen, ...] = ()
    office_search = False
    empty = ""
    deletable = False
    in_series = False

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # a count for each choice would count the whole table
    paginator = CappedPaginator
    list_per_page = 50
    empty_value_display = ""
    list_max_show_all = 0
    save_on_top = False
    view_on_site = False

    def get_search_fields(self, request):
        """Names are found whatever their accents."""
        fields = super().get_search_fields(request)
        return [f"{field}__{Folded.lookup_name}" if field.endswith("name") else field for field in fields]

    def get_changeform_initial_data(self, request):
        """What an address proposes for a new record, without what a field cannot take."""
        proposed = super().get_changeform_initial_data(request)
        relations = {field.name for field in self.opts.fields if field.is_relation}
        return {name: value for name, value in proposed.items() if name not in relations or str(value).isdigit()}

    def get_action_choices(self, request, default_choices=None):
        return super().get_action_choices(request, default_choices or [("", "Choose what to do")])

    def get_formset_kwargs(self, request, obj, inline, prefix):
        return {**super().get_formset_kwargs(request, obj, inline, prefix), "form_kwargs": {"label_suffix": ""}}

    def get_object(self, request, object_id, from_field=None):
        """A record that is being saved is locked first: of two saves the second sees the first."""
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST" or not connection.in_atomic_block:
            return found
        self.model._base_manager.select_for_update().filter(pk=found.pk).first()
        return super().get_object(request, object_id, from_field)

    def get_form(self, request, obj=None, change=False, **kwargs):
        return watching(super().get_form(request, obj, change, **kwargs), shown_by(request))

    def get_formsets_with_inlines(self, request, obj=None):
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            formset.form = watching(formset.form, shown_by(request))
            yield formset, inline

    def get_list_display(self, request):
        return columns(self.model, super().get_list_display(request))

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(
            request,
            {"title": capfirst(self.opts.verbose_name_plural), "empty": self.empty, **(extra_context or {})},
        )

    def render_change_form(self, request, context, *, change=False, obj=None, **more):
        offered = {
            "show_save_and_add_another": self.in_series,
            "show_save_and_continue": change,
            "history_url": self.history_of(obj) if obj else "",
        }
        form = context["adminform"].form
        form.label_suffix = ""
        if change and self.has_change_permission(request, obj):
            rows = [row for inline in context["inline_admin_formsets"] for row in inline.formset.initial_forms]
            offered["shown"] = to_show([each for each in (form, *rows) if isinstance(each, Watching)])
        return super().render_change_form(request, {**offered, **context}, change=change, obj=obj, **more)

    def history_of(self, obj) -> str:
        """Where it is told what happened to a record: our audit trail. Empty where nothing is."""
        about = urlencode({"about": f"{obj._meta.label_lower}:{obj.pk}"})
        return f"{reverse('admin:people_auditevent_changelist')}?{about}"

    def history_view(self, request, object_id, extra_context=None):
        """Django's own log stays empty; its address leads to where the history is told."""
        obj = self.get_object(request, object_id)
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        return HttpResponseRedirect(self.history_of(obj) or reverse("admin:index"))

    def has_delete_permission(self, request, obj=None):
        return self.deletable and super().has_delete_permission(request, obj)

    def get_actions(self, request):
        actions = super().get_actions(request)
        if not self.deletable:
            actions.pop("delete_selected", None)
        return actions

    # Django's own log is a second, weaker trail: the audit trail takes its place.
    def log_addition(self, request, obj, message):
        self._record(request, obj, "added", {})

    def log_change(self, request, obj, message):
        """Which fields, never what was or is in them: the trail cannot be rewritten when somebody is erased."""
        told = [(verb, what) for part in message if isinstance(part, dict) for verb, what in part.items()]
        fields = [str(field) for _verb, what in told for field in what.get("fields", [])]
        lines = [
            ", ".join(str(field).lower() for field in what["fields"])
            if "name" not in what
            else f"{what['name']} “{what['object']}” {verb}"
            for verb, what in told
        ]
        self._record(
            request, obj, "changed", {"fields": fields}, ": " + "; ".join(lines) if lines else ", nothing of it"
        )

    def log_deletions(self, request, queryset):
        for obj in queryset:
            self._record(request, obj, "deleted", {})

    def _record(self, request, obj, verb, detail, more=""):
        with transaction.atomic():
            record(
                f"{obj._meta.label_lower}.{verb}",
                f"{request.user} {verb} {obj._meta.verbose_name} {obj}{more}",
                subject=obj,
                person=obj if isinstance(obj, Person) else None,
                by=request.user,
                now=timezone.now(),
                cohort_id=getattr(obj, "cohort_id", None),
                **detail,
            )


class ReadOnlyAdmin(OfficeAdmin):
    """Records that only actions write: the office looks."""

    def has_add_permission(self, request, *args):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@dataclass(frozen=True)
class Wanted:
    """What has to be written before a button does its work: what it is called, where it goes, how long it may be."""

    label: str
    goes: str
    longest: int  # characters
    rows: int = 4


REASON = Wanted("Reason", "It is kept in the audit trail.", LONGEST_REASON)


def confirm(
    request,
    *,
    title: str,
    lines: list[str],
    button: str,
    act: Callable[[str], str],
    back: str,
    explain: str = "",
    needs_reason: bool = False,
    wanted: Wanted = REASON,
    danger: bool = False,
    warning: str = "",
    keep: dict[str, list] | None = None,
    crumb: str = "",
    told: list[str] | None = None,
    form: bool = False,
):
    """A page that names what will happen to whom, and does it when the button is pressed.

    `act(reason)` runs on POST and returns the sentence shown afterwards; NotPossible is shown on the same page.
    `wanted` is what is to be written, where that is not a reason.
    `warning` is what speaks against it; without a `button` there is nothing to press. `keep` says what the page showed,
    lists of values by the name under which they are posted along: exactly that is acted on. Unless it says otherwise
    that is the rows chosen in a list. `crumb` names the page that `back` leads to. `told` names whom it writes to. With
    `form` a form was filled in before, and going back posts to it.
    """
    error = ""
    reason = request.POST.get("reason", "").strip()
    if request.method == "POST" and request.POST.get("confirmed"):
        if needs_reason and not reason:
            error = f"Give {'an' if wanted.label[0] in 'AEIOU' else 'a'} {wanted.label.lower()}. {wanted.goes}"
        elif len(reason) > wanted.longest:
            error = (
                f"The {wanted.label.lower()} must be {wanted.longest:,} characters or fewer; there are {len(reason):,}."
            )
        else:
            try:
                messages.success(request, act(reason))
            except NotPossible as refused:
                error = str(refused)
            else:
                return HttpResponseRedirect(back)
    return office_page(
        request,
        "office/confirm.html",
        title=title,
        lines=lines,
        button=button,
        explain=explain,
        needs_reason=needs_reason,
        reason=reason,
        wanted=wanted,
        danger=danger,
        warning=warning,
        error=error,
        back=back,
        crumb=crumb,
        keep={ACTION_CHECKBOX_NAME: request.POST.getlist(ACTION_CHECKBOX_NAME)} | (keep or {}),
        action=request.POST.get("action", ""),
        told=told or [],
        form=form,
    )


def office_page(request, template: str, *, status: int = 200, **context) -> TemplateResponse:
    """A page inside the office's frame."""
    return TemplateResponse(request, template, {**admin.site.each_context(request), **context}, status=status)


def office_view(view: Callable) -> Callable:
    """Guard a view as the admin's own pages are guarded: staff who confirmed with a second factor."""
    return admin.site.admin_view(view)


def director_only(view: Callable) -> Callable:
    """Refuse a view to everybody but programme directors."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.has_role(Role.DIRECTOR):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
