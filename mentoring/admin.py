"""Mentoring and coaching in the office: never what two people say, or why somebody cannot be matched."""

from django.contrib import admin
from django.db.models import Count, Max
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from leaders.components.dates import london_date
from leaders.office.admin import OfficeAdmin, ReadOnlyAdmin, Screen, office_view
from leaders.office.exports import Exportable
from leaders.office.saying import in_short

from .models import Coach, CoachingGroup, MatchCriterion, MatchRun, Mentor, MentoringRules, Mentorship, ServiceRecord
from .office import coaching, matching, mentors
from .office.exports import MentorSheet, MentorshipSheet
from .office.reach import reach_both


@admin.register(Mentor)
class MentorAdmin(Exportable, OfficeAdmin):
    """The office changes a few facts; what a mentor offers is the mentor's own to change."""

    menu, menu_order = "People", 40
    sheet = MentorSheet
    screens = (
        Screen("Mentors: supply and demand", "mentoring_supply", 39),
        Screen("Conflicts to settle", "mentoring_conflicts", 42),
    )
    office_search = True
    empty = "No mentors yet. Alumni appear here when they offer to be mentors."
    list_display = ["name", "organisation", "status", "load", "trained", "resting_until", "joined_at", "act"]
    list_filter = ["status"]
    list_select_related = ["person__organisation"]
    search_fields = ["person__name", "person__email"]
    fields = [
        "person",
        "status",
        "load",
        "meets",
        "meets_at",
        "availability",
        "offer",
        "resting_until",
        "trained",
    ]
    readonly_fields = fields
    ordering = ["person__name"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(last_trained=Max("trainings__on")).defer("shares_words")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(ordering="person__name")
    def name(self, mentor):
        return mentor.person.name

    @admin.display(ordering="person__organisation__name")
    def organisation(self, mentor):
        return mentor.person.organisation or ""

    @admin.display(description="Mentees")
    def load(self, mentor):
        return f"{mentor.active} of {mentor.capacity}"

    @admin.display(description="How they meet")
    def meets(self, mentor):
        return mentor.modes_words

    @admin.display(description="Last trained", ordering="last_trained")
    def trained(self, mentor):
        return in_short(mentor.last_trained) if mentor.last_trained else "Not yet"

    @admin.display(description="")
    def act(self, mentor):
        if mentor.status == Mentor.Status.VOLUNTEERED:
            return format_html('<a href="{}">Approve</a>', reverse("admin:mentoring_mentor_approve", args=[mentor.pk]))
        if mentor.status == Mentor.Status.APPROVED:
            return format_html(
                '<a href="{}">Record training</a>', reverse("admin:mentoring_mentor_training", args=[mentor.pk])
            )
        return ""

    def get_urls(self):
        return [
            path("supply/", office_view(mentors.supply), name="mentoring_supply"),
            path("invite/", office_view(mentors.invite), name="mentoring_mentor_invite"),
            path("conflicts/", office_view(mentors.conflicts), name="mentoring_conflicts"),
            path("conflicts/<int:pk>/", office_view(mentors.settle), name="mentoring_conflict_settle"),
            path("<int:pk>/training/", office_view(mentors.training), name="mentoring_mentor_training"),
            path("<int:pk>/approve/", office_view(mentors.approve), name="mentoring_mentor_approve"),
            *super().get_urls(),
        ]


@admin.register(MatchRun)
class MatchRunAdmin(ReadOnlyAdmin):
    """Every matching that was worked out: input hash, result, who confirmed it."""

    menu, menu_order = "Programme", 51
    screens = (Screen("Matching", "mentoring_matches", 50),)
    empty = "No matching was worked out yet. Every proposal is kept here, with what it weighed and who confirmed it."
    list_display = ["__str__", "what", "state", "created_at", "created_by", "confirmed_by"]
    list_filter = ["state", "cohort"]
    list_select_related = ["cohort__programme"]
    fields = [
        "cohort", "number", "what", "on", "dial_order", "state", "people", "ruled", "weighed", "reached", "proof",
        "engine", "input_hash", "result_hash", "created_at", "created_by", "solved_at", "confirmed_at", "confirmed_by",
    ]  # fmt: skip
    readonly_fields = ["ruled", "weighed", "reached", "proof", "engine"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("problem_text", "outcome", "dial")

    @admin.display(description="What the office ruled")
    def ruled(self, run):
        rulings = run.rulings.select_related("place__person", "mentor__person")
        return "; ".join(f"{ruling} ({ruling.made_by})" for ruling in rulings) or "Nothing"

    @admin.display(description="Weights")
    def weighed(self, run):
        return self._told(run, "weighed")

    @admin.display(description="What it reached")
    def reached(self, run):
        return self._told(run, "reached")

    @admin.display(description="Proof")
    def proof(self, run):
        return self._told(run, "proof")

    @admin.display(description="Worked out by")
    def engine(self, run):
        return self._told(run, "engine")

    @staticmethod
    def _told(run, what: str) -> str:
        """A part of the record; the solver is loaded by nothing else here."""
        from .office import record

        return getattr(record, what)(run) if run.result else "Not solved"

    def get_urls(self):
        return [
            path("cohorts/", office_view(matching.matches), name="mentoring_matches"),
            path("cohorts/<int:pk>/", office_view(matching.match), name="mentoring_match"),
            path("cohorts/<int:pk>/people/<int:place>/", office_view(matching.pair), name="mentoring_match_pair"),
            path("cohorts/<int:pk>/what-if/", office_view(matching.what_if), name="mentoring_match_what_if"),
            path("cohorts/<int:pk>/compare/", office_view(matching.compare), name="mentoring_match_compare"),
            path("cohorts/<int:pk>/confirm/", office_view(matching.confirm_match), name="mentoring_match_confirm"),
            path("cohorts/<int:pk>/thank/", office_view(mentors.thank), name="mentoring_thank"),
            *super().get_urls(),
        ]


class SilentFilter(admin.SimpleListFilter):
    """Live pairs that have not met for so long and have no date."""

    title, parameter_name = "time without a meeting", "silent"

    spans = (30, 60)

    def lookups(self, request, model_admin):
        return [(str(days), f"For {days} days") for days in self.spans]

    def queryset(self, request, queryset):
        asked = next((days for days in self.spans if str(days) == self.value()), None)
        return queryset.silent(london_date(timezone.now()), days=asked) if asked else queryset


@admin.register(Mentorship)
class MentorshipAdmin(Exportable, ReadOnlyAdmin):
    """That two people are matched and met; never what they said, wrote or thought of it."""

    menu, menu_order = "Programme", 52
    sheet = MentorshipSheet
    empty = "No mentorships yet. Pairs appear here when a matching is confirmed and they are told."
    list_display = ["mentee", "mentor_name", "last_met", "met", "state", "contact", "act", "cohort_name", "told"]
    list_filter = ["state", SilentFilter, "cohort"]
    list_select_related = ["place__person", "mentor__person", "cohort__programme"]
    search_fields = ["place__person__name", "mentor__person__name"]
    fields = [
        "mentee",
        "mentor_name",
        "cohort",
        "state",
        "told_at",
        "first_meeting_by",
        "begun_at",
        "ended_at",
        "met",
        "last_met",
    ]
    ordering = ["-told_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(meetings_count=Count("meetings"), latest=Max("meetings__on"))

    @admin.display(ordering="place__person__name")
    def mentee(self, mentorship):
        return mentorship.place.person.name

    @admin.display(description="Mentor", ordering="mentor__person__name")
    def mentor_name(self, mentorship):
        return mentorship.mentor.person.name

    @admin.display(description="Cohort", ordering="cohort")
    def cohort_name(self, mentorship):
        return mentorship.cohort.name

    @admin.display(description="Told", ordering="told_at")
    def told(self, mentorship):
        return in_short(mentorship.told_at, year=False)

    @admin.display(description="Meetings", ordering="meetings_count")
    def met(self, mentorship):
        return mentorship.meetings_count

    @admin.display(description="Last met", ordering="latest")
    def last_met(self, mentorship):
        return in_short(mentorship.latest, year=False) if mentorship.latest else "Not yet"

    @admin.display(description="Write or ring")
    def contact(self, mentorship):
        return reach_both(mentorship) if mentorship.is_live else ""

    @admin.display(description="")
    def act(self, mentorship):
        if not mentorship.is_live:
            return ""
        url = reverse("admin:mentoring_mentorship_end", args=[mentorship.pk])
        return format_html('<p><a href="{}">End</a></p><a href="{}?rematch=yes">End and match again</a>', url, url)

    def get_urls(self):
        return [
            path("<int:pk>/end/", office_view(mentors.end), name="mentoring_mentorship_end"),
            path("reviews/<int:pk>/talked/", office_view(mentors.talked), name="mentoring_review_talked"),
            *super().get_urls(),
        ]


@admin.register(MatchCriterion)
class MatchCriterionAdmin(OfficeAdmin):
    """What people are matched by, and how much each thing counts."""

    menu, menu_order = "Settings", 60
    empty = "Nothing to match by. Without criteria every pair is as good as any other."
    in_series = True
    list_display = ["label", "group", "weight", "is_active", "order"]
    list_filter = ["group", "is_active"]
    fields = ["key", "group", "label", "weight", "order", "is_active"]

    def get_readonly_fields(self, request, obj=None):
        return ["key", "group"] if obj else []


@admin.register(MentoringRules)
class MentoringRulesAdmin(OfficeAdmin):
    """How each programme arranges mentoring and coaching."""

    menu, menu_order = "Settings", 61
    empty = "No rules yet. Each programme has one set, which says how it arranges mentoring and coaching."
    list_display = ["programme", "has_mentoring", "has_coaching", "shows_names", "matching_days"]
    list_select_related = ["programme"]
    fields = [
        "programme", "has_mentoring", "has_coaching", "shows_names", "wishes_days", "matching_days",
        "first_meeting_days", "bands", "group_size",
    ]  # fmt: skip

    def get_readonly_fields(self, request, obj=None):
        return ["programme"] if obj else []


@admin.register(Coach)
class CoachAdmin(OfficeAdmin):
    menu, menu_order = "People", 45
    office_search = True
    empty = "No coaches yet. Add the people who lead coaching groups."
    in_series = True
    list_display = ["name", "organisation", "groups_at_once", "running", "stood_down_at", "act"]
    list_select_related = ["person__organisation"]
    search_fields = ["person__name"]
    autocomplete_fields = ["person"]
    fields = ["person", "groups_at_once", "about"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(groups_count=Count("groups"))

    def get_readonly_fields(self, request, obj=None):
        return ["person"] if obj else []

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
            return
        from .actions import add_coach

        added = add_coach(by=request.user, now=timezone.now(), **form.cleaned_data)
        obj.__dict__.update(added.__dict__)

    @admin.display(ordering="person__name")
    def name(self, coach):
        return coach.person.name

    @admin.display(description="Organisation")
    def organisation(self, coach):
        return coach.person.organisation or ""

    @admin.display(description="Groups so far")
    def running(self, coach):
        return coach.groups_count

    @admin.display(description="")
    def act(self, coach):
        if coach.stood_down_at:
            return ""
        return format_html('<a href="{}">Stand down</a>', reverse("admin:mentoring_coach_stand_down", args=[coach.pk]))

    def get_urls(self):
        return [
            path("<int:pk>/stand-down/", office_view(coaching.stand_down), name="mentoring_coach_stand_down"),
            *super().get_urls(),
        ]


@admin.register(CoachingGroup)
class CoachingGroupAdmin(ReadOnlyAdmin):
    menu, menu_order = "Programme", 54
    screens = (Screen("Form coaching groups", "mentoring_coaching_boards", 53),)
    empty = "No coaching groups yet. They are formed on a cohort’s board."
    list_display = ["__str__", "cohort", "coach", "confirmed_at", "board"]
    list_filter = ["cohort"]
    list_select_related = ["cohort__programme", "coach__person"]
    fields = ["cohort", "number", "coach", "reason", "confirmed_at", "confirmed_by"]

    @admin.display(description="Board")
    def board(self, group):
        return format_html('<a href="{}">Board</a>', reverse("admin:mentoring_coaching_board", args=[group.cohort_id]))

    def get_urls(self):
        return [
            path("boards/", office_view(coaching.boards), name="mentoring_coaching_boards"),
            path("board/<int:pk>/", office_view(coaching.board), name="mentoring_coaching_board"),
            path("board/<int:pk>/confirm/", office_view(coaching.confirm_groups), name="mentoring_coaching_confirm"),
            *super().get_urls(),
        ]


@admin.register(ServiceRecord)
class ServiceRecordAdmin(ReadOnlyAdmin):
    menu, menu_order = "Documents", 60
    empty = "No service records yet. A mentor gets one when their mentorships in a cohort are over."
    list_display = ["name", "cohort", "mentees", "meetings", "issued_at", "code"]
    list_filter = ["cohort"]
    list_select_related = ["cohort__programme"]
    search_fields = ["name", "code"]
    fields = ["name", "cohort", "mentees", "meetings", "code", "issued_at"]
