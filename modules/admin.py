"""The year in the office."""

from django.contrib import admin
from django.db import models, transaction
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from import_export.admin import ImportMixin
from import_export.resources import ModelResource

from leaders.components.dates import date_range, day_time, london_date
from leaders.office.admin import OfficeAdmin, ReadOnlyAdmin, Screen, office_view
from leaders.office.exports import Column, Exportable, Sheet
from leaders.people.audit import record

from .actions import add_challenge, add_session, ask_wave, change_session
from .aggregates import has_figures
from .models import LearningContract, Material, Module, Session, Speaker, SystemsChallenge, Talk, Team, Wave
from .office import dates, learning, register, teams, year
from .office.forms import SessionForm, open_cohorts

# Modules and their days


class InOpenCohort(OfficeAdmin):
    """Added to a cohort that is planned or live: the choices are few, and come in one query."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "cohort":
            kwargs["queryset"] = open_cohorts()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Module)
class ModuleAdmin(InOpenCohort):
    menu, menu_order = "Programme", 30
    office_search = True
    empty = "No modules yet. A cohort brings those of its programme along."
    list_display = ["name", "number", "cohort", "dates", "venue", "status"]
    list_display_links = None
    list_filter = ["status", learning.OfCohort]
    list_select_related = ["cohort__programme"]
    search_fields = ["title", "venue"]
    fields = ["page", "cohort", "number", "title", "focus", "description", "venue", "status"]
    readonly_fields = ["page", "venue", "status"]
    ordering = ["-cohort__starts_on", "number"]

    def get_readonly_fields(self, request, obj=None):
        return [*self.readonly_fields, *(["cohort", "number"] if obj else [])]

    def get_queryset(self, request):
        return super().get_queryset(request).with_dates()

    @admin.display(description="Title", ordering="title")
    def name(self, module):
        return format_html('<a href="{}">{}</a>', year.run_url(module), module.title)

    @admin.display(ordering="starts")
    def dates(self, module):
        return date_range(module.starts, module.ends, year=True) if module.starts else "None yet"

    @admin.display(description="Its page")
    def page(self, module):
        if not module.pk:
            return ""
        return format_html('<a href="{}">Venue, days, materials</a>', year.run_url(module))

    def get_urls(self):
        return [
            path("<int:pk>/run/", office_view(year.run), name="modules_module_run"),
            path("<int:pk>/confirm/", office_view(year.confirm_venue), name="modules_module_confirm"),
            path("<int:pk>/move/", office_view(dates.move), name="modules_module_move"),
            path("<int:pk>/papers/<slug:kind>/", office_view(year.paper), name="modules_module_paper"),
            *super().get_urls(),
        ]


class TalkInline(admin.TabularInline):
    model = Talk
    extra = 0
    autocomplete_fields = ["speaker"]


@admin.register(Session)
class SessionAdmin(OfficeAdmin):
    """Dates change through the action, so that everybody's calendar follows; who is told is seen before."""

    menu, menu_order = "Programme", 31
    form = SessionForm
    empty = "No sessions yet. The days of modules, development sessions and other dates of a cohort stand here."
    in_series = True
    list_display = ["name", "cohort", "when", "where", "register", "cancel"]
    list_filter = ["kind", learning.OfCohort]
    list_select_related = ["module", "cohort__programme"]
    search_fields = ["title", "module__title"]
    fields = ["cohort", "module", "title", "starts", "ends", "place", "online_link"]
    inlines = [TalkInline]
    ordering = ["-starts"]

    def get_readonly_fields(self, request, obj=None):
        return ["cohort", "module"] if obj else []

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.cancelled_at)

    def save_model(self, request, obj, form, change):
        given = {name: form.cleaned_data[name] for name in ("title", "starts", "ends", "place", "online_link")}
        now = timezone.now()
        was = form.initial.get("starts") if change else None
        if change:
            saved = change_session(session=obj, by=request.user, now=now, **given)
        else:
            cleaned = form.cleaned_data
            module = cleaned["module"]
            cohort = module.cohort if module else cleaned["cohort"]
            saved = add_session(cohort=cohort, module=module, by=request.user, now=now, **given)
        obj.__dict__.update(saved.__dict__)
        if "confirmed" not in request.POST:
            dates.ask_first(saved, was=was, now=now)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except dates.AskFirst as asks:  # and by this nothing is saved
            session = Session.objects.select_related("module").filter(pk=object_id).first() if object_id else None
            return dates.ask_before_saving(request, session, asks)

    def save_formset(self, request, form, formset, change):
        """The speakers below the session are no action's: each leaves its own trace."""
        super().save_formset(request, form, formset, change)
        changed = [talk for talk, _fields in formset.changed_objects]
        traces = (("added", formset.new_objects), ("changed", changed), ("deleted", formset.deleted_objects))
        for verb, talks in traces:
            for talk in talks:
                self._record(request, talk, verb, {"session": form.instance.pk})

    # The actions have written the trail already.
    def log_addition(self, request, obj, message):
        pass

    def log_change(self, request, obj, message):
        pass

    @admin.display(description="Session", ordering="title")
    def name(self, session):
        return f"{session}: {session.module.title}" if session.module else str(session)

    @admin.display(ordering="starts")
    def when(self, session):
        return f"{day_time(session.starts)}{', cancelled' if session.cancelled_at else ''}"

    @admin.display(description="Register")
    def register(self, session):
        return format_html('<a href="{}">Register</a>', reverse("admin:modules_session_register", args=[session.pk]))

    @admin.display(description="Cancel")
    def cancel(self, session):
        if session.cancelled_at:
            return ""
        return format_html('<a href="{}">Cancel</a>', reverse("admin:modules_session_cancel", args=[session.pk]))

    def get_urls(self):
        return [
            path("<int:pk>/register/", office_view(register.register), name="modules_session_register"),
            path("<int:pk>/check-in/", office_view(register.check_in), name="modules_session_check_in"),
            path("<int:pk>/catch-up/", office_view(register.catch_up), name="modules_session_catch_up"),
            path("<int:pk>/cancel/", office_view(year.cancel), name="modules_session_cancel"),
            *super().get_urls(),
        ]


class SpeakerResource(ModelResource):
    class Meta:
        model = Speaker
        fields = ["name", "role_title", "bio"]
        import_id_fields = ["name", "role_title"]


class SpeakerSheet(Sheet):
    """With the headings that an import understands."""

    name = Column("name", "name")
    role_title = Column("role_title", "role_title")
    bio = Column("bio", "bio")


@admin.register(Speaker)
class SpeakerAdmin(ImportMixin, Exportable, OfficeAdmin):
    menu, menu_order = "Programme", 32
    resource_classes = [SpeakerResource]
    sheet = SpeakerSheet
    import_export_change_list_template = "admin/import_export/change_list_import_export.html"
    empty = "No speakers yet. Add them one by one, or bring in a spreadsheet."
    in_series = True
    list_display = ["name", "role_title", "talks_given"]
    search_fields = ["name", "role_title"]
    fields = ["name", "role_title", "bio"]
    skip_admin_log = True

    def process_result(self, result, request):
        """An import leaves one trace, however many lines it had."""
        made, changed = result.totals["new"], result.totals["update"]
        with transaction.atomic():
            record(
                "modules.speaker.imported", f"Speakers were imported: {made} new, {changed} changed",
                subject=request.user, by=request.user, now=timezone.now(), new=made, changed=changed,
            )  # fmt: skip
        return super().process_result(result, request)

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(talks_count=models.Count("talks"))

    @admin.display(description="Talks", ordering="talks_count")
    def talks_given(self, speaker):
        return speaker.talks_count


@admin.register(Material)
class MaterialAdmin(ReadOnlyAdmin):
    """Added on a module's page, where files are checked."""

    menu, menu_order = "Programme", 33
    empty = "No materials yet. Readings and files are added on the page of their module."
    list_display = ["title", "module", "what", "due_on", "minutes", "remove"]
    list_filter = [learning.OfModulesCohort]
    list_select_related = ["module"]
    search_fields = ["title"]
    fields = ["module", "title", "url", "filename", "size", "due_on", "minutes", "added_at", "added_by"]

    @admin.display(description="Kind")
    def what(self, material):
        return material.kind or "Link"

    @admin.display(description="")
    def remove(self, material):
        return format_html('<a href="{}">Remove</a>', reverse("admin:modules_material_remove", args=[material.pk]))

    def get_urls(self):
        return [
            path("<int:pk>/remove/", office_view(year.remove), name="modules_material_remove"),
            *super().get_urls(),
        ]


# Challenges and teams


@admin.register(SystemsChallenge)
class SystemsChallengeAdmin(InOpenCohort):
    menu, menu_order = "Programme", 40
    empty = "No systems challenges yet. Add the questions that a cohort’s teams choose from."
    in_series = True
    list_display = ["title", "cohort", "problem_owner", "team_name"]
    list_filter = [learning.OfCohort]
    list_select_related = ["cohort__programme", "team"]
    search_fields = ["title", "question"]
    fields = ["cohort", "title", "question", "background", "problem_owner", "stakeholders", "learning", "final_offer"]
    readonly_fields = ["stakeholders", "learning", "final_offer"]

    def get_fields(self, request, obj=None):
        return self.fields if obj else [name for name in self.fields if name not in self.readonly_fields]

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
        else:
            added = add_challenge(by=request.user, now=timezone.now(), **form.cleaned_data)
            obj.__dict__.update(added.__dict__)

    def log_addition(self, request, obj, message):
        pass  # The action has written the trail already.

    @admin.display(description="Team")
    def team_name(self, challenge):
        return str(challenge.team) if hasattr(challenge, "team") else ""


@admin.register(Team)
class TeamAdmin(ReadOnlyAdmin):
    menu, menu_order = "Programme", 41
    screens = (Screen("Form teams", "modules_team_boards", 42),)
    office_search = True
    empty = "No teams yet. They are formed on a cohort’s board and appear here as soon as they are proposed."
    list_display = ["__str__", "cohort", "challenge", "confirmed_at", "board"]
    list_filter = [learning.OfCohort]
    list_select_related = ["cohort__programme", "challenge"]
    search_fields = ["name", "challenge__title"]
    fields = ["cohort", "name", "challenge", "reason", "confirmed_at", "confirmed_by"]

    @admin.display(description="Board")
    def board(self, team):
        return format_html('<a href="{}">Board</a>', reverse("admin:modules_team_board", args=[team.cohort_id]))

    def get_urls(self):
        return [
            path("boards/", office_view(teams.boards), name="modules_team_boards"),
            path("board/<int:pk>/", office_view(teams.board), name="modules_team_board"),
            path("board/<int:pk>/confirm/", office_view(teams.confirm_teams), name="modules_team_board_confirm"),
            *super().get_urls(),
        ]


# Learning: who answered, and the contracts; answers, plans and words are not registered


@admin.register(Wave)
class WaveAdmin(OfficeAdmin):
    """Dates change through the action. A cohort's waves are planned with it."""

    menu, menu_order = "Programme", 50
    empty = "No questionnaires yet. They are planned with each cohort."
    list_display = ["__str__", "opens_on", "due_on", "answers", "page"]
    list_filter = ["kind", learning.OfCohort]
    list_select_related = ["cohort__programme"]
    fields = ["page", "cohort", "kind", "opens_on", "due_on"]
    readonly_fields = ["page", "cohort", "kind"]
    ordering = ["-due_on"]

    def get_readonly_fields(self, request, obj=None):
        is_fixed = obj and has_figures(obj, london_date(timezone.now()))
        return [*self.readonly_fields, *(["due_on"] if is_fixed else [])]

    def has_add_permission(self, request):
        return False

    def get_queryset(self, request):
        return learning.answered_of(super().get_queryset(request))

    def save_model(self, request, obj, form, change):
        ask_wave(
            cohort=obj.cohort, kind=obj.kind, opens_on=obj.opens_on, due_on=obj.due_on, by=request.user,
            now=timezone.now(),
        )  # fmt: skip

    def log_change(self, request, obj, message):
        pass  # The action has written the trail already.

    @admin.display(description="Answered")
    def answers(self, wave):
        return f"{wave.answered} of {wave.asked}"

    @admin.display(description="Its page")
    def page(self, wave):
        return format_html('<a href="{}">Who has answered</a>', reverse("admin:modules_wave_answers", args=[wave.pk]))

    def get_urls(self):
        return [
            path("<int:pk>/answers/", office_view(learning.answers), name="modules_wave_answers"),
            *super().get_urls(),
        ]


@admin.register(LearningContract)
class LearningContractAdmin(ReadOnlyAdmin):
    """Who waits for whom; read on a page of its own, signed through the action."""

    menu, menu_order = "Programme", 51
    empty = "No learning contracts yet. Each participant’s appears here once it is begun."
    list_display = ["who", "organisation", "cohort", "stands", "due_on"]
    list_display_links = None
    list_filter = ["status", learning.WaitsFor, learning.OfPlacesCohort]
    list_select_related = ["place__person", "place__organisation", "place__cohort__programme"]
    search_fields = ["place__person__name", "place__organisation__name"]
    fields = ["place", "status", "version", "due_on", "review_on", "sent_at", "agreed_at", "reviewed_at"]
    ordering = ["due_on", "place__person__name", "pk"]
    actions = [learning.sign_many]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("signatures")

    @admin.display(description="Participant", ordering="place__person__name")
    def who(self, contract):
        url = reverse("admin:modules_learningcontract_read", args=[contract.pk])
        return format_html('<a href="{}">{}</a>', url, contract.place.person)

    @admin.display(description="Organisation", ordering="place__organisation__name")
    def organisation(self, contract):
        return contract.place.organisation

    @admin.display(description="Cohort", ordering="place__cohort")
    def cohort(self, contract):
        return contract.place.cohort.name

    @admin.display(description="Where it stands", ordering="status")
    def stands(self, contract):
        return contract.standing

    def get_urls(self):
        return [
            path("<int:pk>/read/", office_view(learning.contract), name="modules_learningcontract_read"),
            path("<int:pk>/sign/<int:version>/", office_view(learning.sign), name="modules_learningcontract_sign"),
            *super().get_urls(),
        ]
