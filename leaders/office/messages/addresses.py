"""Addresses that nothing is sent to."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Cast
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from leaders.components.dates import day
from leaders.office.admin import ReadOnlyAdmin, confirm, office_page
from leaders.office.steps import counted
from leaders.outbox import actions
from leaders.outbox.models import Message, Suppression
from leaders.people.models import AuditEvent, Person

State = Message.State


class StoppedFilter(admin.SimpleListFilter):
    """Those that hold, or those that are over."""

    title = "state"
    parameter_name = "stopped"

    def lookups(self, request, model_admin):
        return [("yes", "Stopped now"), ("no", "Sent to again")]

    def queryset(self, request, queryset):
        return queryset.filter(lifted_at__isnull=self.value() == "yes") if self.value() else queryset


@admin.register(Suppression)
class SuppressionAdmin(ReadOnlyAdmin):
    menu = "Messages"
    menu_order = 60
    empty = "No address is stopped. One appears here when mail to it came back, or when somebody stopped it."
    list_display = ["address", "owner", "reason", "stopped", "lifted", "lift_link"]
    list_filter = [StoppedFilter]
    search_fields = ["address"]
    change_list_template = "office/messages/suppressions.html"

    def get_queryset(self, request):
        """With whose address it was when it was stopped, as the trail knows."""
        stopped = AuditEvent.objects.filter(
            action="outbox.address.suppressed", subject_type="outbox.suppression",
            subject_id=Cast(OuterRef("pk"), CharField()),
        )  # fmt: skip
        theirs = Person.objects.filter(pk=OuterRef("owner_id"))
        return (
            super()
            .get_queryset(request)
            .annotate(owner_id=Subquery(stopped.values("person_id")[:1]))
            .annotate(owner_name=Subquery(theirs.values("name")[:1]), owner_email=Subquery(theirs.values("email")[:1]))
        )

    @admin.display(description="whose")
    def owner(self, suppression):
        if not suppression.owner_name:
            return ""
        page = reverse("admin:people_person_change", args=[suppression.owner_id])
        moved = "" if suppression.owner_email == suppression.address else f", now at {suppression.owner_email}"
        return format_html('<a href="{}">{}</a>{}', page, suppression.owner_name, moved)

    @admin.display(description="since", ordering="since")
    def stopped(self, suppression):
        return day(suppression.since)

    @admin.display(description="until", ordering="lifted_at", empty_value="")
    def lifted(self, suppression):
        return suppression.lifted_at and day(suppression.lifted_at)

    @admin.display(description="")
    def lift_link(self, suppression):
        if suppression.lifted_at:
            return ""
        return format_html(
            '<a href="{}">Send to it again</a>', reverse("admin:outbox_suppression_lift", args=[suppression.pk])
        )

    def get_urls(self):
        return [
            path("<int:pk>/lift/", self.admin_site.admin_view(lift), name="outbox_suppression_lift"),
            path("stop/", self.admin_site.admin_view(stop), name="outbox_suppression_stop"),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        extra = {"stop_url": reverse("admin:outbox_suppression_stop"), **(extra_context or {})}
        return super().changelist_view(request, extra)


def lift(request, pk):
    """Send to an address again."""
    suppression = get_object_or_404(Suppression, pk=pk)
    stopped = Message.objects.filter(to_email__iexact=suppression.address).order_by("-written_at").first()
    missed = actions.missed(stopped, timezone.now()).exists() if stopped else False

    def act(reason):
        actions.unsuppress(suppression=suppression, by=request.user, now=timezone.now())
        return f"Messages go to {suppression.address} again."

    return confirm(
        request, title="Send to this address again", button="Send to it again",
        lines=[f"{suppression.address}: {suppression.reason}"],
        explain="Do this when the mailbox was repaired. "
        + ("Afterwards you see what did not arrive, and can send it." if missed else "Nothing waits for it."),
        act=act, back=reverse("admin:outbox_message_missed", args=[stopped.pk])
        if missed else reverse("admin:outbox_suppression_changelist"),
    )  # fmt: skip


def stop(request):
    """Stop all mail to one address: first which, then a confirmation that says whose it is and what waits for it."""
    address = request.GET.get("address", "").strip()
    try:
        if address:
            validate_email(address)
    except ValidationError:
        error = "Enter an email address in the correct format, like name@example.org."
    else:
        error = actions.OWN_ADDRESS if address.lower() == request.user.email.lower() else ""
    if "address" in request.GET and not address:
        error = "Enter an email address."
    if not address or error:
        return office_page(
            request, "office/messages/stop.html", title="Send nothing more to an address", error=error, address=address
        )
    owner = Person.objects.filter(email__iexact=address).first()
    waiting = Message.objects.filter(to_email__iexact=address, state__in=[State.PENDING, State.HELD]).count()

    def act(reason):
        actions.suppress(address, reason=reason, by=request.user, now=timezone.now())
        return f"Nothing more is sent to {address}."

    return confirm(
        request, title="Send nothing more to this address", button="Stop mail to it", act=act, needs_reason=True,
        lines=[
            f"{owner}, {owner.email}" if owner else f"{address}, which belongs to nobody we know",
            f"{counted(waiting, 'message')} waiting for it will not go out",
        ],
        explain="No message goes to it until somebody says otherwise, sign-in codes included.", danger=True,
        back=reverse("admin:outbox_suppression_changelist"),
    )  # fmt: skip
