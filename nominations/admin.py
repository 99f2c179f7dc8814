"""Nominations in the office."""

from django import forms
from django.contrib import admin
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from leaders.office.admin import OfficeAdmin, ReadOnlyAdmin, Screen, office_view
from leaders.office.exports import Exportable
from leaders.office.saying import HappenedFilter
from leaders.people.refusals import NotPossible

from .actions import add_panel_member, plan_invitation
from .models import Endorsement, Invitation, NobodyThisTime, Nomination, PanelMember, Replacement, Round, TellMe
from .office import changes, contacts, coverage, offering, releasing, selection, telephone
from .office.exports import NominationSheet

# The pages of each board, which the menu marks while one of them is open.
OF_COVERAGE = (
    "nominations_coverage", "nominations_invite", "nominations_answer", "nominations_named", "nominations_after_all",
    "nominations_chase", "nominations_another", "nominations_contacts",
)  # fmt: skip
OF_SELECTION = (
    "nominations_selection", "nominations_candidate", "nominations_share_out", "nominations_waiting_list",
    "nominations_offer_seats", "nominations_equality", "nominations_leave_panel", "nominations_reopen",
)  # fmt: skip


class RoundFilter(admin.RelatedFieldListFilter):
    """By round, each with its programme: one query, however many there are."""

    def field_choices(self, field, request, model_admin):
        return [(this.pk, str(this)) for this in Round.objects.in_words()]


class ActedForm(forms.ModelForm):
    """What is added here is added by an action while the form is cleaned, so that a refusal stands above the form.

    The action also knows what becomes of a record that is there already. `act(by, now, **given)` returns the record.
    """

    def clean(self):
        given = super().clean()
        if not self.errors:
            try:
                self.instance = self.act(by=self.by, now=timezone.now(), **given)
            except NotPossible as refused:
                raise forms.ValidationError(str(refused)) from None
        return given


class AddedByAction(OfficeAdmin):
    """Records that only an action adds (`act`), and that are looked at afterwards."""

    def has_change_permission(self, request, obj=None):
        return obj is None and super().has_change_permission(request, obj)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.related_model is Round:
            kwargs["queryset"] = Round.objects.in_words()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, form=forms.ModelForm if obj else ActedForm, **kwargs)
        return form if obj else type(form.__name__, (form,), {"act": staticmethod(self.act), "by": request.user})

    # The action has saved it and written the trail already.
    def save_model(self, request, obj, form, change):
        pass

    def log_addition(self, request, obj, message):
        pass


@admin.register(Round)
class RoundAdmin(OfficeAdmin):
    """The boards hang on the round."""

    menu, menu_order = "Nominations", 40
    screens = (
        Screen("Coverage board", "nominations_coverage_now", 1, OF_COVERAGE),
        Screen("Selection board", "nominations_selection_now", 2, OF_SELECTION),
        Screen("Release", "nominations_release_now", 3, ("nominations_release", "nominations_release_confirm")),
    )
    empty = "No rounds yet. A round is made with its cohort."
    list_display = ["cohort", "boards", "opened_at", "released_at"]
    list_select_related = ["cohort__programme"]
    fields = ["cohort", "boards", "substitutes_until", "assessors", "opened_at", "released_at", "released_by"]
    readonly_fields = ["cohort", "boards", "opened_at", "released_at", "released_by"]

    def has_add_permission(self, request):
        return False  # a round is made with its cohort

    @admin.display(description="Boards")
    def boards(self, this):
        names = (("coverage", "Coverage"), ("selection", "Selection"), ("release", "Release"))
        return format_html_join(
            " · ", '<a href="{}">{}</a>', ((coverage.url(name, this), label) for name, label in names)
        )

    def get_urls(self):
        boards = {
            "coverage": coverage.board,
            "contacts": contacts.contacts,
            "invite": coverage.invite,
            "selection": selection.board,
            "share_out": selection.share_out,
            "waiting_list": offering.waiting_list,
            "offer_seats": offering.offer_seats,
            "release": releasing.release,
            "release_confirm": releasing.release_confirm,
            "equality": selection.equality,
        }
        return [
            *(
                path(f"{name}/", office_view(coverage.current(name)), name=f"nominations_{name}_now")
                for name in ("coverage", "selection", "release")
            ),
            path("<int:pk>/answer/<int:organisation>/", office_view(coverage.answer), name="nominations_answer"),
            path(
                "<int:pk>/after-all/<int:organisation>/", office_view(telephone.after_all), name="nominations_after_all"
            ),
            *(
                path(f"<int:pk>/{name.replace('_', '-')}/", office_view(view), name=f"nominations_{name}")
                for name, view in boards.items()
            ),
            path(
                "<int:pk>/selection/<int:nomination>/", office_view(selection.candidate), name="nominations_candidate"
            ),
            *super().get_urls(),
        ]


@admin.register(Nomination)
class NominationAdmin(Exportable, ReadOnlyAdmin):
    """Looked at here; changed by named actions. What people wrote is read on the selection board."""

    menu, menu_order = "Nominations", 10
    office_search = True
    sheet = NominationSheet
    empty = "No nominations yet. Each appears here as soon as somebody has begun it."
    list_display = ["reference", "nominee_name", "employer_name", "state", "kind", "round", "sent_at"]
    list_filter = ["state", "kind", ("round", RoundFilter)]
    list_select_related = ["organisation", "round__cohort__programme"]
    search_fields = ["reference", "nominee_name", "nominator_name", "organisation__name"]
    fieldsets = [
        (None, {"fields": ["reference", "changes", "state", "kind", "round", "employer_name"]}),
        (
            "Who is nominated",
            {"fields": ["nominee_name", "nominee_email", "nominee_role_title", "nominee_level", "nominee_service"]},
        ),
        ("Who nominates", {"fields": ["nominator_name", "nominator_email", "nominator_role_title", "attested_by"]}),
        (
            "Who stands behind it",
            {
                "fields": [
                    "line_manager_name", "sponsor_name", "fee_contact_name", "fee_contact_email", "purchase_order",
                    "dates_agreed", "date_clash",
                ]
            },
        ),
        (
            "How it went",
            {
                "fields": [
                    "started_at", "noted_at", "saved_at", "sent_at", "answer_by", "completed_at", "extended_until",
                    "ended_at", "ended_reason",
                ]
            },
        ),
    ]  # fmt: skip
    readonly_fields = ["changes", "employer_name"]
    ordering = ["-pk"]

    @admin.display(description="Organisation", ordering="organisation__name")
    def employer_name(self, nomination):
        return nomination.employer

    @admin.display(description="Change")
    def changes(self, nomination):
        return _links(
            ("More time", "nominations_extend_nomination", nomination),
            ("Withdraw", "nominations_withdraw", nomination),
            ("Defer", "nominations_defer", nomination),
        )

    def get_urls(self):
        return [
            path("<int:pk>/extend/", office_view(changes.extend_nomination), name="nominations_extend_nomination"),
            path("<int:pk>/withdraw/", office_view(changes.withdraw), name="nominations_withdraw"),
            path("<int:pk>/defer/", office_view(changes.defer), name="nominations_defer"),
            *super().get_urls(),
        ]


@admin.register(Invitation)
class InvitationAdmin(AddedByAction):
    """Planned here, sent from the coverage board."""

    act = staticmethod(plan_invitation)

    menu, menu_order = "Nominations", 20
    empty = "No invitations yet. Plan whom to invite here; the coverage board sends them."
    list_display = ["nominator", "organisation", "round", "invited_at", "opened_at", "withdrawn_at"]
    list_filter = [("round", RoundFilter), ("invited_at", HappenedFilter)]
    list_select_related = ["nominator", "organisation", "round__cohort__programme"]
    search_fields = ["nominator__name", "organisation__name"]
    autocomplete_fields = ["nominator", "organisation"]
    fields = [
        "round",
        "organisation",
        "nominator",
        "reached",
        "changes",
        "invited_at",
        "opened_at",
        "extended_until",
        "withdrawn_at",
    ]
    readonly_fields = ["reached", "changes", "invited_at", "opened_at", "extended_until", "withdrawn_at"]

    def response_add(self, request, obj, post_url_continue=None):
        super().response_add(request, obj, post_url_continue)
        return redirect(coverage.url("coverage", obj.round))

    @admin.display(description="How to reach them")
    def reached(self, invitation):
        person = invitation.nominator if invitation.pk else None
        return ", ".join(filter(None, (person.email, person.phone))) if person else ""

    @admin.display(description="Change")
    def changes(self, invitation):
        if not invitation.pk:
            return ""
        this, organisation = invitation.round_id, invitation.organisation_id
        if NobodyThisTime.objects.filter(round=this, organisation=organisation, undone_at=None).exists():
            back = reverse("admin:nominations_after_all", args=[this, organisation])
            return format_html('<a href="{}">They have somebody after all</a>', back)
        return _links(
            ("They named somebody on the telephone", "nominations_named", invitation),
            ("More time", "nominations_extend_invitation", invitation),
            ("Remind now", "nominations_chase", invitation),
            ("Somebody else instead", "nominations_another", invitation),
            ("Withdraw", "nominations_withdraw_invitation", invitation),
        )

    def get_urls(self):
        return [
            path("<int:pk>/extend/", office_view(changes.extend_invitation), name="nominations_extend_invitation"),
            path("<int:pk>/named/", office_view(telephone.named), name="nominations_named"),
            path("<int:pk>/remind/", office_view(coverage.chase), name="nominations_chase"),
            path("<int:pk>/instead/", office_view(coverage.another), name="nominations_another"),
            path(
                "<int:pk>/withdraw/", office_view(changes.withdraw_invitation), name="nominations_withdraw_invitation"
            ),
            *super().get_urls(),
        ]


@admin.register(PanelMember)
class PanelMemberAdmin(AddedByAction):
    act = staticmethod(add_panel_member)
    menu, menu_order = "Nominations", 30
    empty = "Nobody is on a panel yet. Add those who read and score the nominations of a round."
    in_series = True
    list_display = ["person", "round", "joined_at", "left_at"]
    list_filter = [("round", RoundFilter)]
    list_select_related = ["person", "round__cohort__programme"]
    search_fields = ["person__name"]
    autocomplete_fields = ["person"]
    fields = ["round", "person", "joined_at", "left_at"]
    readonly_fields = ["joined_at", "left_at"]

    def get_urls(self):
        return [
            path("<int:pk>/leave/", office_view(selection.leave_panel), name="nominations_leave_panel"),
            path("readings/<int:pk>/reopen/", office_view(selection.reopen), name="nominations_reopen"),
            *super().get_urls(),
        ]


@admin.register(Replacement)
class ReplacementAdmin(ReadOnlyAdmin):
    menu, menu_order = "Nominations", 60
    empty = (
        "No requests. One appears here when a second nomination comes from an authority that may nominate one person."
    )
    list_display = ["draft", "standing", "asked_at", "agreed_at", "refused_at", "changes"]
    list_filter = [("agreed_at", HappenedFilter), ("refused_at", HappenedFilter)]
    list_select_related = ["draft", "standing"]

    @admin.display(description="")
    def changes(self, replacement):
        return "" if replacement.agreed_at else _links(("Replace", "nominations_agree", replacement))

    def get_urls(self):
        return [path("<int:pk>/agree/", office_view(changes.agree), name="nominations_agree"), *super().get_urls()]


@admin.register(Endorsement)
class EndorsementAdmin(ReadOnlyAdmin):
    menu, menu_order = "Nominations", 55
    empty = "No endorsements yet. One is asked of the sponsor when somebody applies."
    list_display = ["nomination", "sponsor", "state", "asked_at", "answered_at"]
    list_filter = ["state"]
    list_select_related = ["nomination", "sponsor"]
    fields = ["nomination", "sponsor", "role_title", "state", "asked_at", "answered_at"]


@admin.register(NobodyThisTime)
class NobodyThisTimeAdmin(ReadOnlyAdmin):
    menu, menu_order = "Nominations", 50
    empty = "Nobody has said so yet. Answers of “We have nobody this time” appear here."
    list_display = ["organisation", "round", "person", "said_at", "undone_at", "reason"]
    list_filter = [("round", RoundFilter)]
    list_select_related = ["organisation", "round__cohort__programme", "person"]


@admin.register(TellMe)
class TellMeAdmin(ReadOnlyAdmin):
    menu, menu_order = "Nominations", 65
    empty = "Nobody waits. Those who asked to be told when nominations open appear here."
    list_display = ["email", "programme", "asked_at"]
    list_filter = ["programme"]


def _links(*actions):
    """Links to the pages of named actions on one record."""
    return format_html_join(
        " · ",
        '<a href="{}">{}</a>',
        ((reverse(f"admin:{name}", args=[record.pk]), label) for label, name, record in actions),
    )
