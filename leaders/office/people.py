"""The office's pages about organisations, people and roles."""

from dataclasses import dataclass
from datetime import datetime

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode

from leaders.outbox.actions import missed_by
from leaders.outbox.models import Message
from leaders.people.models import OFFICE_ROLES, AuditEvent, Organisation, Person, Role, RoleGrant

from .accounts import give_role, may_change_account, take_role, tell_old_address
from .admin import OfficeAdmin, confirm, director_only, office_page
from .exports import Column, Day, Exportable, Sheet
from .fields import LinesField
from .messages.reach import hindrances
from .standing import standing_of
from .steps import counted

LINES_OF_TIMELINE = 200


class OrganisationForm(forms.ModelForm):
    email_domains = LinesField(label="Email domains", help_text="One a line, such as camden.gov.uk", required=False)


@admin.register(Organisation)
class OrganisationAdmin(OfficeAdmin):
    menu = "People"
    menu_order = 20
    office_search = True
    empty = "No organisations yet. Employers of participants stand here: the 33 authorities and their partners."
    in_series = True
    list_display = ["name", "kind", "subregion", "short_code", "gss_code", "is_active"]
    list_filter = ["kind", "subregion", "is_active"]
    search_fields = ["name", "formal_name", "short_code", "gss_code"]
    prepopulated_fields = {"slug": ["name"]}
    form = OrganisationForm
    fieldsets = [
        (None, {"fields": ["name", "formal_name", "kind", "is_active", "slug"]}),
        ("In London", {"fields": ["subregion", "inner_outer", "partnership", "gss_code", "short_code"]}),
        ("On the web", {"fields": ["website_domain", "email_domains"]}),
        ("On the map", {"fields": ["tile_col", "tile_row", "latitude", "longitude"]}),
    ]


class RoleGrantInline(admin.TabularInline):
    model = RoleGrant
    extra = 0
    fields = readonly_fields = ["role", "granted_at", "granted_by", "ended_at"]
    can_delete = False
    verbose_name_plural = "Roles"

    def has_add_permission(self, request, obj=None):
        return False


class HeldRole(admin.SimpleListFilter):
    """Those who hold a role today; former holders are in the timeline."""

    title = "role"
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return Role.choices

    def queryset(self, request, queryset):
        if self.value() not in Role.values:
            return queryset
        return queryset.filter(role_grants__role=self.value(), role_grants__ended_at=None)


class PersonSheet(Sheet):
    """Whom the programmes know, and what they are to them today."""

    name = Column("Name", "name")
    known_as = Column("Known as", "known_as")
    email = Column("Email", "email")
    phone = Column("Telephone", "phone")
    organisation = Column("Organisation", "organisation__name")
    role_title = Column("Job title", "role_title")
    service = Column("Service", "service")
    roles = Column("Roles", "held_roles")
    since = Day("Known since", "joined_at")

    def dehydrate_roles(self, person):
        return held_roles(person)


def held_roles(person: Person) -> str:
    """Of somebody whose grants are at hand already."""
    return ", ".join(grant.get_role_display() for grant in person.role_grants.all() if not grant.ended_at)


class PersonForm(forms.ModelForm):
    def clean_email(self):
        """Said once, beside the address, and with whose it is."""
        email = self.cleaned_data["email"].strip().lower()
        if found := Person.objects.filter(email=email).exclude(pk=self.instance.pk).first():
            url = reverse("admin:people_person_change", args=[found.pk])
            said = format_html('This is the address of <a href="{}">{}</a>. Each person has their own.', url, found)
            raise forms.ValidationError(said)
        return email


@admin.register(Person)
class PersonAdmin(Exportable, OfficeAdmin):
    menu = "People"
    menu_order = 10
    office_search = True
    empty = "Nobody yet. Everybody whom the programmes know stands here, whether they sign in or not."
    in_series = True
    list_display = ["name", "email", "organisation", "role_title", "held_roles"]
    list_filter = [HeldRole, "organisation__kind", "is_active"]
    list_select_related = ["organisation"]
    search_fields = ["name", "email", "organisation__name"]
    autocomplete_fields = ["organisation"]
    form = PersonForm
    sheet = PersonSheet
    readonly_fields = ["standing", "links", "mail", "joined_at"]
    fieldsets = [
        (None, {"fields": ["name", "known_as", "pronouns", "email", "phone", "standing", "links"]}),
        ("Work", {"fields": ["organisation", "role_title", "service"]}),
        ("Messages", {"fields": ["mail", "digest_day", "is_active", "joined_at"]}),
    ]
    inlines = [RoleGrantInline]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("role_grants")

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or may_change_account(obj, request.user))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The account of a colleague opens the office: changing it asks who you are once more."""
        view = super().change_view
        person = self.get_object(request, object_id)
        if person and person.is_staff and person != request.user:
            view = reauthentication_required(view)
        return view(request, object_id, form_url, extra_context)

    @transaction.atomic
    def save_model(self, request, obj, form, change):
        before = form.initial.get("email", "")
        super().save_model(request, obj, form, change)
        if change and obj.email != before.lower():
            tell_old_address(person=obj, before=before, by=request.user, now=timezone.now())
            _offer_missed(request, obj)

    def history_of(self, person):
        return reverse("admin:people_timeline", args=[person.pk])

    @admin.display(description="our mail")
    def mail(self, person):
        return (" ".join(hindrances(person)) or "Reaches them") if person.pk else ""

    @admin.display(description="roles")
    def held_roles(self, person):
        return held_roles(person)

    @admin.display(description="in the programmes")
    def standing(self, person):
        return standing_of(person) if person.pk else ""

    @admin.display(description="more")
    def links(self, person):
        if not person.pk:
            return ""
        return format_html(
            '<a href="{}">Everything that happened</a> · <a href="{}?{}">Messages to them</a> · '
            '<a href="{}">Give or end a role</a> · <a href="{}">Erase</a>',
            reverse("admin:people_timeline", args=[person.pk]),
            reverse("admin:outbox_message_changelist"),
            urlencode({"q": person.email}),
            reverse("admin:people_roles", args=[person.pk]),
            reverse("admin:people_erase", args=[person.pk]),
        )


def _offer_missed(request, person: Person) -> None:
    """After an address was corrected: one link to what did not arrive at the old one."""
    waiting = missed_by(person, timezone.now())
    if (count := waiting.count()) and (last := waiting.last()):
        said = format_html(
            '{} did not arrive at the old address. <a href="{}">Send what did not arrive</a>',
            counted(count, "message"), reverse("admin:outbox_message_missed", args=[last.pk]),
        )  # fmt: skip
        messages.warning(request, said)


@dataclass(frozen=True)
class Line:
    """One line of a timeline."""

    at: datetime
    what: str
    detail: str
    url: str = ""


def timeline(request, pk):
    """Everything that happened to or through one person, with every message to them, newest first."""
    person = get_object_or_404(Person, pk=pk)
    lines = [
        Line(event.at, event.sentence, event.reason)
        for event in AuditEvent.objects.concerning(person)[:LINES_OF_TIMELINE]
    ]
    lines += [
        Line(
            message.sent_at or message.due_at,
            f"Message: {message.subject}",
            message.get_state_display(),
            reverse("admin:outbox_message_change", args=[message.pk]) if _has_page("outbox_message") else "",
        )
        for message in Message.objects.to_person(person).defer("text", "html")[:LINES_OF_TIMELINE]
    ]
    lines.sort(key=lambda line: line.at, reverse=True)
    return office_page(
        request, "office/timeline.html", title=person.name, person=person, lines=lines[:LINES_OF_TIMELINE]
    )


def _has_page(name: str) -> bool:
    return any(f"{m._meta.app_label}_{m._meta.model_name}" == name for m in admin.site._registry)


@director_only
def roles(request, pk):
    """Which roles somebody holds, and where each is given or ended."""
    person = get_object_or_404(Person, pk=pk)
    options = [
        {
            "label": label, "held": person.has_role(value),
            "url": reverse("admin:people_role", args=[person.pk, "end" if person.has_role(value) else "give", value]),
        }
        for value, label in Role.choices
    ]  # fmt: skip
    return office_page(request, "office/roles.html", title=f"Roles of {person}", person=person, options=options)


@director_only
@reauthentication_required
def role(request, pk, step, role):
    """Give one role, or end it, after a confirmation."""
    person = get_object_or_404(Person, pk=pk)
    if role not in Role.values:
        raise Http404
    words = Role(role).in_words
    back = reverse("admin:people_roles", args=[person.pk])
    opens = (
        "They can read and change what the office can, once they have set up a second step, and are told so by email."
    )
    if step == "give":

        def give(reason):
            give_role(person=person, role=role, by=request.user, now=timezone.now())
            return f"{person} is {words} now."

        return confirm(
            request, title=f"Make {person} {words}?", lines=[f"{person}, {person.email}"],
            explain=opens if role in OFFICE_ROLES else "", button=f"Make {person.first_name} {words}", act=give,
            back=back,
        )  # fmt: skip

    def take(reason):
        take_role(person=person, role=role, by=request.user, reason=reason, now=timezone.now())
        return f"{person} is no longer {words}."

    return confirm(
        request, title=f"End the role of {person} as {words}?", lines=[f"{person}, {person.email}"],
        button="End this role", act=take, back=back, needs_reason=True,
    )  # fmt: skip
