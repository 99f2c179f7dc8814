"""Every message: the list, each one's own page, and what did not arrive."""

from dataclasses import dataclass

from django.contrib import admin
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone

from leaders.components.dates import day, short_day_time
from leaders.office.admin import ReadOnlyAdmin, Screen, confirm, office_page
from leaders.office.steps import counted
from leaders.outbox import actions
from leaders.outbox.group_letters import KIND
from leaders.outbox.models import Attachment, GroupLetter, Message, Suppression
from leaders.outbox.registry import emails
from leaders.outbox.screen import file_of, page_of, veiled
from leaders.people.models import AuditEvent, Person
from leaders.reminders.models import NoDigest
from leaders.reminders.registry import rules, said_step

from . import kinds
from .show import ChosenFilter, CohortFilter, DayFilter, stylesheet, tag
from .steps import MESSAGES
from .throughput import throughput
from .write import write

State = Message.State
TAGS = {
    State.PENDING: "due", State.QUEUED: "info", State.SENDING: "info", State.SENT: "done", State.HELD: "due",
    State.SKIPPED: "neutral", State.FAILED: "late", State.UNCERTAIN: "late",
}  # fmt: skip


class KindFilter(ChosenFilter):
    """From the page of every email."""

    title = "email"
    parameter_name = "kind"

    def name_of(self, key):
        return emails.title_of(key)


class AboutFilter(admin.SimpleListFilter):
    """By what the email is about, as on the page of every email; one kind is chosen there."""

    title = "about"
    parameter_name = "about"

    def lookups(self, request, model_admin):
        return [(group, group) for group in kinds.grouped()]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.filter(kind__in=[kind.key for kind in kinds.grouped().get(self.value(), [])])


class ReaderFilter(ChosenFilter):
    """From the page of a message to its reader: all that we wrote to them."""

    title = "reader"
    parameter_name = "reader"

    def name_of(self, key):
        return self._reader(key) or "Nobody we know"

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        reader = self._reader(self.value())
        return queryset.to_person(reader) if reader else queryset.none()

    def _reader(self, key):
        return Person.objects.filter(pk=key).first() if key.isdecimal() else None


class LetterFilter(ChosenFilter):
    """From the page that wrote to a group: each person's message."""

    title = "written to"
    parameter_name = "letter"

    def name_of(self, key):
        letter = GroupLetter.objects.filter(pk=key).first() if key.isdecimal() else None
        return letter or "No group we know"

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.filter(about_type=GroupLetter._meta.label_lower, about_id=self.value())


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    menu = "Messages"
    menu_order = 10
    screens = (
        Screen("Write to a group", "outbox_message_write", 5),
        Screen("How mail is going", "outbox_message_throughput", 20),
        Screen("Every email, previewed", "outbox_message_kinds", 30),
    )
    empty = "No messages yet. Every email we send appears here, before and after it goes out."
    list_display = ["subject", "recipient", "how", "when", "reason"]
    list_filter = [
        "state", AboutFilter, CohortFilter, KindFilter, ReaderFilter, LetterFilter, "category", ("due_at", DayFilter),
    ]  # fmt: skip
    search_fields = ["subject", "to_email", "to_name"]
    list_select_related = ["person"]
    ordering = ["-due_at", "-pk"]
    actions = MESSAGES.bulk_actions()

    def get_queryset(self, request):
        return super().get_queryset(request).defer("text", "html", "headers")

    @admin.display(description="to")
    def recipient(self, message):
        return message.person or message.to_name or message.to_email

    @admin.display(description="state", ordering="state")
    def how(self, message):
        return tag(TAGS[message.state], message.get_state_display())

    @admin.display(description="when", ordering="due_at")
    def when(self, message):
        return short_day_time(message.sent_at or message.due_at)

    def get_urls(self):
        def guarded(view):
            return self.admin_site.admin_view(view)

        return [
            path("kinds/", guarded(kinds.kinds), name="outbox_message_kinds"),
            path("kinds/<str:key>/", guarded(kinds.kind_letter), name="outbox_message_kind"),
            path("kinds/<str:key>/words/", guarded(kinds.kind_words), name="outbox_message_kind_words"),
            path("kinds/<str:key>/letter.css", guarded(kinds.kind_css), name="outbox_message_kind_css"),
            path("write/", guarded(write), name="outbox_message_write"),
            path("throughput/", guarded(throughput), name="outbox_message_throughput"),
            path("<int:pk>/letter/", guarded(letter), name="outbox_message_letter"),
            path("<int:pk>/letter.css", guarded(letter_css), name="outbox_message_letter_css"),
            path("files/<int:pk>/", guarded(file), name="outbox_message_file"),
            path("<int:pk>/missed/", guarded(missed_page), name="outbox_message_missed"),
            path("<int:pk>/<str:name>/now/", guarded(step_page), name="outbox_message_step"),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        message = self.get_object(request, object_id)
        if message is None:
            return super().change_view(request, object_id, form_url, extra_context)
        return office_page(
            request,
            "office/messages/message.html",
            title=message.subject,
            message=message,
            text=veiled(message)[0],
            state=tag(TAGS[message.state], message.get_state_display()),
            kind=emails.title_of(message.kind),
            letter=GroupLetter.objects.filter(pk=message.about_id).first() if message.kind == KIND else None,
            copies=message.copies.defer("text", "html", "headers").order_by("written_at", "pk"),
            files=message.attachments.defer("content"),
            reminders=[
                (rules.title_of(row.rule), said_step(row.rule, row.step), row) for row in message.reminders.all()
            ],
            events=AuditEvent.objects.about(message),
            trouble=Trouble.of(message, timezone.now()),
            no_digest=message.person and NoDigest.objects.filter(person=message.person).first(),
            steps=MESSAGES.open_to(message),
        )


@dataclass(frozen=True)
class Trouble:
    """Why a message did not arrive, as far as its address goes, and what the office can do about it."""

    suppression: Suppression | None  # of the address that it was for
    new_address: str  # of the same reader, when it was corrected since
    missed: int  # messages to this reader that did not arrive and still could

    @classmethod
    def of(cls, message: Message, now) -> "Trouble | None":
        suppression = Suppression.of(message.to_email)
        present = message.person.email if message.person else message.to_email
        new_address = present if present.lower() != message.to_email.lower() else ""
        is_stopped = message.state == State.FAILED or message.reason.startswith(actions.STOPPED)
        if not suppression and not is_stopped:
            return None
        waits = 0 if Suppression.of(present) else actions.missed(message, now).count()
        return cls(suppression, new_address, waits)


def missed_page(request, pk):
    """Send what did not reach one reader, to the address that they have now."""
    message = get_object_or_404(Message.objects.select_related("person"), pk=pk)
    now = timezone.now()
    waiting = list(actions.missed(message, now).select_related("person"))
    count = counted(len(waiting), "message")
    address = message.person.email if message.person else message.to_email

    def act(reason):
        for each in waiting:
            actions.send_missed(message=each, by=request.user, now=now)
        return f"{count} on the way to {address}."

    if not waiting and request.method != "POST":
        return confirm(
            request, title="Nothing to send", lines=[], button="", act=act,
            explain=f"Nothing is missing of what we wrote to {message.person or 'this address'}.",
            back=reverse("admin:outbox_message_change", args=[pk]),
        )  # fmt: skip

    return confirm(
        request, title=f"Send {count} to {message.person or message.to_name or 'this address'}", act=act,
        lines=[f"{each.subject}, written on {day(each.written_at)}" for each in waiting], button=f"Send {count}",
        explain=f"These did not arrive. They go to {address} within a minute, in the very same words. What is too "
        "late by now is left out, and so is a reminder of something that was done meanwhile.",
        back=reverse("admin:outbox_message_change", args=[pk]),
    )  # fmt: skip


def step_page(request, pk, name):
    """Confirm one step for one message, and take it."""
    return MESSAGES.page(request, pk, name, back=reverse("admin:outbox_message_change", args=[pk]))


def letter(request, pk):
    """The very message as its reader sees it, but for what is its reader's alone."""
    message = get_object_or_404(Message, pk=pk)
    page = page_of(
        veiled(message)[1], stylesheet=reverse("admin:outbox_message_letter_css", args=[pk]),
        back=(reverse("admin:outbox_message_change", args=[pk]), f"“{message.subject}” from {message.from_email}"),
    )  # fmt: skip
    return HttpResponse(page)


def file(request, pk):
    """A file that goes with a message, unless it is its reader's alone."""
    return file_of(get_object_or_404(Attachment, pk=pk, message__secret=False))


def letter_css(request, pk):
    return stylesheet(veiled(get_object_or_404(Message, pk=pk))[1])
