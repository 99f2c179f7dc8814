"""Programmes, cohorts, places, certificates and case studies in the office."""

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from leaders.components.dates import day_month, london_date
from leaders.office.admin import InBoxes, OfficeAdmin, ReadOnlyAdmin, Screen
from leaders.office.exports import Exportable
from leaders.office.saying import HappenedFilter
from leaders.office.standing import standing_of

from .dates import USUAL
from .models import (
    CaseStudy,
    Certificate,
    Cohort,
    Criterion,
    Extension,
    Narrative,
    Place,
    Programme,
    ProgrammeModule,
    ProgrammeRequirement,
    PublishingWindow,
    Waiver,
)
from .office import case_studies, cohorts, places
from .office.exports import PlaceSheet
from .office.forms import CohortForm, CriterionForm, ProgrammeForm, RequirementForm
from .registry import requirements


class CriterionInline(admin.StackedInline):
    model = Criterion
    form = CriterionForm
    extra = 0


class ModuleInline(InBoxes, admin.StackedInline):
    model = ProgrammeModule
    extra = 0


class RequirementInline(admin.StackedInline):
    model = ProgrammeRequirement
    form = RequirementForm
    extra = 0


@admin.register(Programme)
class ProgrammeAdmin(OfficeAdmin):
    """A programme's rules: the director edits, others read."""

    menu = "Programme"
    menu_order = 60
    form = ProgrammeForm
    empty = "No programmes yet. Each one’s rules, criteria and usual modules stand here; cohorts are made from them."
    list_display = ["name", "short_name", "capacity", "is_active"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [CriterionInline, ModuleInline, RequirementInline]

    fieldsets = [
        (None, {"fields": ["name", "slug", "short_name", "is_active", "capacity", "weeks"]}),
        ("What it is", {"fields": ["aim", "description", "principles"]}),
        (
            "Who nominates, and whom",
            {
                "fields": [
                    "who_nominates", "who_takes_part", "nominating_kinds", "nominations_per_organisation",
                    "eligible_kinds", "eligible_roles", "takes_applications", "applying_kinds", "fee",
                ]
            },
        ),
    ]  # fmt: skip

    def get_fieldsets(self, request, obj=None):
        may_edit = self.has_change_permission(request, obj) if obj else True
        plan = [f"plan_{name}" for name in USUAL] if may_edit else ["date_plan"]
        return [
            *self.fieldsets,
            ("The dates of a cohort", {"fields": plan, "description": "Negative before the start."}),
        ]


@admin.register(Cohort)
class CohortAdmin(OfficeAdmin):
    menu = "Programme"
    menu_order = 10
    screens = (Screen("New cohort", "cohorts_cohort_add", 11),)
    office_search = True
    change_form_template = "office/cohorts/cohort.html"
    empty = "No cohorts yet. Each run of a programme stands here, from planning to graduation."
    list_display = ["__str__", "status", "starts_on", "graduation_on", "seats", "provider"]
    list_filter = ["status", "programme"]
    list_select_related = ["programme"]
    search_fields = ["programme__name", "provider", "slug"]
    form = CohortForm
    fields = ["provider", "venue", "capacity", "contact", "graduation_from", "graduation_until"]
    autocomplete_fields = ["contact"]

    def save_model(self, request, obj, form, change):
        """Only what was changed here: meanwhile somebody may have taken a seat."""
        obj.save(update_fields=form.changed_data)

    @admin.display(description="seats")
    def seats(self, cohort):
        return f"{cohort.seats_taken} of {cohort.capacity}"

    def get_urls(self):
        guard = self.admin_site.admin_view
        pages = ("dates", "launch", "cancel", "graduation", "graduate", "case_study")
        return [
            path(f"<int:pk>/{page.replace('_', '-')}/", guard(getattr(cohorts, page)), name=f"cohorts_cohort_{page}")
            for page in pages
        ] + super().get_urls()

    def add_view(self, request, form_url="", extra_context=None):
        return cohorts.new(request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        cohort = self.get_object(request, object_id)
        context = {}
        if cohort:
            context = {
                "cohort": cohort,
                "title": cohort,
                "subtitle": None,
                "people": cohort.places.active().count(),
                "dates": [(cohorts.date_name(name), cohorts.said_date(getattr(cohort, name))) for name in Cohort.DATES],
            }
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})


class SponsorFilter(admin.SimpleListFilter):
    title = "sponsor"
    parameter_name = "sponsor"

    def lookups(self, request, model_admin):
        return [("none", "Without a sponsor"), ("some", "With a sponsor")]

    def queryset(self, request, queryset):
        if self.value() == "none":
            return queryset.active().filter(sponsor=None, cohort__status=Cohort.Status.LIVE)
        return queryset.filter(sponsor__isnull=False) if self.value() == "some" else queryset


class NarrativeFilter(admin.SimpleListFilter):
    title = "narrative"
    parameter_name = "narrative"

    def lookups(self, request, model_admin):
        return [("late", "Late"), ("submitted", "Submitted")]

    def queryset(self, request, queryset):
        today = london_date(timezone.now())
        submitted = Exists(Narrative.objects.filter(place=OuterRef("pk"), submitted_at__isnull=False))
        if self.value() == "submitted":
            return queryset.filter(submitted)
        if self.value() == "late":
            longer = Extension.objects.filter(place=OuterRef("pk"), what=Extension.What.NARRATIVE, until__gte=today)
            late = queryset.active().filter(cohort__status=Cohort.Status.LIVE, cohort__narratives_due__lt=today)
            return late.filter(~submitted, ~Exists(longer))
        return queryset


class ExtensionInline(admin.TabularInline):
    model = Extension
    fields = readonly_fields = ["what", "until", "reason", "given_at"]
    can_delete = False
    extra = 0

    def has_add_permission(self, request, obj=None):
        return False


class WaiverInline(ExtensionInline):
    model = Waiver
    fields = readonly_fields = ["requirement", "reason", "given_at", "given_by"]

    @admin.display(description="What is waived")
    def requirement(self, waiver):
        return requirements.title_of(waiver.requirement_key)


@admin.register(Place)
class PlaceAdmin(Exportable, ReadOnlyAdmin):
    """Everything about a place changes by a named action, with its reason."""

    menu = "People"
    menu_order = 15
    office_search = True
    change_form_template = "office/cohorts/place.html"
    sheet = PlaceSheet
    empty = "No places yet. A place appears here when somebody accepts an offer."
    list_display = ["person", "in_cohort", "organisation", "sponsor", "status"]
    list_filter = ["status", "cohort", SponsorFilter, NarrativeFilter]
    list_select_related = ["person", "cohort__programme", "organisation", "sponsor"]
    search_fields = ["person__name", "person__email", "organisation__name"]
    inlines = [ExtensionInline, WaiverInline]
    fieldsets = [
        (None, {"fields": ["the_person", "cohort", "status", "organisation", "role_title", "service", "around"]}),
        ("At their organisation", {"fields": ["sponsor", "line_manager"]}),
        ("To take part", {"fields": ["access_needs"], "description": "Only for those who organise the days."}),
        (
            "Story",
            {"fields": ["accepted_at", "left_at", "leaving_reason", "deferred_to", "graduated_at", "certificate"]},
        ),
    ]
    readonly_fields = ["the_person", "around", "status", "deferred_to", "certificate"]

    @admin.display(description="person")
    def the_person(self, place):
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:people_person_change", args=[place.person_id]), place.person
        )

    @admin.display(description="this year")
    def around(self, place):
        return standing_of(place.person, cohort_id=place.cohort_id)

    @admin.display(description="cohort", ordering="cohort")
    def in_cohort(self, place):
        return place.cohort.short_name

    @admin.display(description="certificate")
    def certificate(self, place):
        valid = place.certificates.filter(revoked_at=None).first()
        return format_html('<a href="{}">{}</a>', valid.get_absolute_url(), valid.code) if valid else "None valid"

    def get_urls(self):
        guard = self.admin_site.admin_view
        return [
            path("<int:pk>/do/<slug:name>/", guard(places.do), name="cohorts_place_do"),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        place = self.get_object(request, object_id)
        context = {}
        if place:
            context = {
                "place": place,
                "possible": places.possible(place),
                "title": place.person,
                "subtitle": place.cohort,
            }
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    menu = "Documents"
    menu_order = 20
    office_search = True
    empty = "No certificates yet. One is made for each participant when a cohort graduates."
    list_display = ["code", "name", "cohort", "issued_at", "revoked_at", "at_the_place"]
    list_filter = [("revoked_at", HappenedFilter)]
    list_select_related = ["place__cohort__programme"]
    search_fields = ["code", "name"]
    fields = ["name", "cohort", "code", "issued_at", "revoked_at", "revoked_reason", "at_the_place"]
    readonly_fields = ["cohort", "at_the_place"]

    @admin.display
    def cohort(self, certificate):
        return certificate.place.cohort

    @admin.display(description="Change")
    def at_the_place(self, certificate):
        url = reverse("admin:cohorts_place_change", args=[certificate.place_id])
        return format_html('<a href="{}">Reissue or revoke</a>', url)


@admin.register(CaseStudy)
class CaseStudyAdmin(ReadOnlyAdmin):
    menu = "Documents"
    menu_order = 10
    office_search = True
    change_list_template = "office/cohorts/case_studies.html"
    empty = "No case studies yet. One is begun for a cohort, from that cohort’s own figures."
    BEGUN_FOR = 4  # cohorts at most, the newest; of older ones it is begun on their own page
    list_display = ["title", "cohort", "state", "edited_when", "edited_by"]
    list_filter = ["state"]
    list_select_related = ["cohort__programme", "edited_by"]
    search_fields = ["title", "cohort__programme__name"]

    @admin.display(description="last edited", ordering="edited_at")
    def edited_when(self, study):
        return day_month(study.edited_at)

    def get_urls(self):
        guard = self.admin_site.admin_view
        pages = ("publish", "withdraw", "preview")
        return [
            path(f"<int:pk>/{page}/", guard(getattr(case_studies, page)), name=f"cohorts_casestudy_{page}")
            for page in pages
        ] + super().get_urls()

    def changelist_view(self, request, extra_context=None):
        running = Cohort.objects.filter(status__in=[Cohort.Status.LIVE, Cohort.Status.GRADUATED], case_study=None)
        without = running.select_related("programme").order_by("-starts_on")[: self.BEGUN_FOR]
        return super().changelist_view(request, {"without": without, **(extra_context or {})})

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return case_studies.desk(request, object_id)


@admin.register(PublishingWindow)
class PublishingWindowAdmin(OfficeAdmin):
    menu = "Settings"
    menu_order = 40
    deletable = True
    empty = "No pre-election windows. While one lasts, case studies are published only after a warning, or not at all."
    in_series = True
    list_display = ["name", "starts_on", "ends_on", "is_strict", "is_active"]
    list_filter = ["is_active"]
