"""The office's pages about messages: what goes out, what did, what did not, and what can be done about it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from leaders.components.charts import columns
from leaders.components.dates import LONDON, clock, day, short_day
from leaders.outbox import actions
from leaders.outbox.letters import render
from leaders.outbox.models import Message, Suppression, Wording
from leaders.outbox.registry import emails
from leaders.outbox.screen import page_of, stylesheet_of, veiled
from leaders.outbox.wordings import LONGEST, PLACEHOLDERS, checked, current_wording, save_wording, worded
from leaders.people.models import AuditEvent, Person
from leaders.people.refusals import NotPossible

from .admin import ReadOnlyAdmin, Screen, confirm, office_page

State = Message.State
TAGS = {
    State.PENDING: "due", State.QUEUED: "info", State.SENDING: "info", State.SENT: "done", State.HELD: "due",
    State.SKIPPED: "neutral", State.FAILED: "late", State.UNCERTAIN: "late",
}  # fmt: skip
DAYS_OF_CHART = 14
LINES_OF_CONFIRMATION = 50


@dataclass(frozen=True)
class Step:
    """One thing the office can do with a message, from which states, in whose words."""

    label: str
    states: tuple[str, ...]
    act: Callable
    explain: str
    needs_reason: bool = False
    danger: bool = False


STEPS = {
    "hold": Step("Hold", (State.PENDING,), actions.hold, "It stays here until somebody releases it.", True),
    "release": Step("Release", (State.HELD,), actions.release, "It goes out within a minute."),
    "send_now": Step(
        "Send now", (State.PENDING, State.HELD, State.FAILED), actions.send_now,
        "It goes out within a minute, however late it is.",
    ),
    "resend": Step(
        "Send again", (State.SENT, State.UNCERTAIN, State.FAILED, State.SKIPPED), actions.resend,
        "The very same message goes out again, with the same words and the same date.",
    ),
    "mark_as_sent": Step(
        "Mark as sent", (State.UNCERTAIN,), actions.mark_as_sent,
        "Use this when you know that it arrived. It is not sent again.", True,
    ),
    "drop": Step(
        "Do not send", (State.PENDING, State.HELD, State.UNCERTAIN, State.FAILED), actions.drop,
        "It will not go out. It stays in the list as skipped, with your reason.", True, True,
    ),
}  # fmt: skip


def title_of(kind: str) -> str:
    """The name of a message's kind, as people call it."""
    return emails[kind].title if kind in emails else kind


def tag(state: str, label: str):
    return format_html('<span class="tag tag-{}">{}</span>', TAGS.get(state, "neutral"), label)


def counted(count: int, thing: str) -> str:
    """1 message, 2 messages."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def applies_to_none(step: Step, count: int, thing: str) -> str:
    which = f"the {thing}" if count == 1 else f"any of the {count} {thing}s"
    return f"“{step.label}” does not apply to {which} that you chose, so nothing was done."


def bulk(name: str, step: Step):
    """The same step for every chosen message of the list, after a page that names the recipients."""

    @admin.action(description=step.label, permissions=["view"])
    def act(model_admin, request, queryset):
        chosen = list(queryset.select_related("person").defer("text", "html"))
        able = [message for message in chosen if message.state in step.states]
        if not able:
            return messages.warning(request, applies_to_none(step, len(chosen), "message"))
        left = len(chosen) - len(able)
        stays = "is left as it is" if left == 1 else "are left as they are"
        lines = [f"{message.to_name or message.to_email}: {message.subject}" for message in able]
        more = [f"and {len(lines) - LINES_OF_CONFIRMATION} more"] if len(lines) > LINES_OF_CONFIRMATION else []
        explain = step.explain + (f" {left} of those chosen {stays}: this does not apply." if left else "")

        def run(reason):
            refused = []
            for message in able:
                try:
                    take(step, message, request, reason)
                except NotPossible as why:
                    refused.append(f"{message.to_name or message.to_email}: {why}")
            if len(refused) == len(able):
                raise NotPossible(refused[0])
            rest = f" Not done for {len(refused)}, such as {refused[0]}" if refused else ""
            return f"{step.label}: {counted(len(able) - len(refused), 'message')}.{rest}"

        return confirm(
            request, title=f"{step.label}: {counted(len(able), 'message')}",
            lines=lines[:LINES_OF_CONFIRMATION] + more, button=step.label, act=run, back=request.get_full_path(),
            explain=explain, needs_reason=step.needs_reason, danger=step.danger,
        )  # fmt: skip

    act.__name__ = name
    return act


def take(step: Step, message: Message, request, reason: str) -> None:
    words = {"reason": reason} if step.needs_reason else {}
    step.act(message=message, by=request.user, now=timezone.now(), **words)


class ChosenFilter(admin.SimpleListFilter):
    """A filter with too many choices for a list: it is chosen on another page, and only what was chosen is shown."""

    def lookups(self, request, model_admin):
        chosen = request.GET.get(self.parameter_name)
        return [(chosen, self.name_of(chosen))] if chosen else []

    def queryset(self, request, queryset):
        return queryset.filter(**{self.parameter_name: self.value()}) if self.value() else queryset


class KindFilter(ChosenFilter):
    """From the page of every email."""

    title = "email"
    parameter_name = "kind"

    def name_of(self, key):
        return title_of(key)


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    menu = "Messages"
    menu_order = 10
    screens = (
        Screen("How mail is going", "outbox_message_throughput", 20),
        Screen("Every email, previewed", "outbox_message_kinds", 30),
    )
    list_display = ["subject", "recipient", "how", "when", "reason"]
    list_filter = ["state", KindFilter, "category", ("due_at", admin.DateFieldListFilter)]
    search_fields = ["subject", "to_email", "to_name"]
    list_select_related = ["person"]
    ordering = ["-due_at", "-pk"]
    actions = [bulk(name, step) for name, step in STEPS.items()]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("text", "html", "headers")

    def lookup_allowed(self, lookup, value, request=None):
        return lookup == "person__id__exact" or super().lookup_allowed(lookup, value, request)

    @admin.display(description="to")
    def recipient(self, message):
        return message.person or message.to_name or message.to_email

    @admin.display(description="state", ordering="state")
    def how(self, message):
        return tag(message.state, message.get_state_display())

    @admin.display(description="when", ordering="due_at")
    def when(self, message):
        moment = message.sent_at or message.due_at
        return f"{short_day(moment)}, {clock(moment)}"

    def get_urls(self):
        def guarded(view):
            return self.admin_site.admin_view(view)

        return [
            path("kinds/", guarded(kinds), name="outbox_message_kinds"),
            path("kinds/<str:key>/", guarded(kind_letter), name="outbox_message_kind"),
            path("kinds/<str:key>/words/", guarded(kind_words), name="outbox_message_kind_words"),
            path("kinds/<str:key>/letter.css", guarded(kind_css), name="outbox_message_kind_css"),
            path("throughput/", guarded(throughput), name="outbox_message_throughput"),
            path("<int:pk>/letter/", guarded(letter), name="outbox_message_letter"),
            path("<int:pk>/letter.css", guarded(letter_css), name="outbox_message_letter_css"),
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
            state=tag(message.state, message.get_state_display()),
            kind=title_of(message.kind),
            files=message.attachments.defer("content"),
            reminders=message.reminders.all(),
            events=AuditEvent.objects.about(message),
            trouble=Trouble.of(message, timezone.now()),
            steps=[(name, step) for name, step in STEPS.items() if message.state in step.states],
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

    return confirm(
        request, title=f"Send {count} to {message.person or message.to_name or 'this address'}", act=act,
        lines=[f"{each.subject}, written on {day(each.written_at)}" for each in waiting], button=f"Send {count}",
        explain=f"These did not arrive. They go to {address} within a minute, in the very same words. What is too "
        "late by now is left out, and so is a reminder of something that was done meanwhile.",
        back=reverse("admin:outbox_message_change", args=[pk]),
    )  # fmt: skip


def step_page(request, pk, name):
    """Confirm one step for one message, and take it."""
    message = get_object_or_404(Message, pk=pk)
    if name not in STEPS:
        raise Http404
    step = STEPS[name]

    def act(reason):
        take(step, message, request, reason)
        return f"{step.label}: done."

    return confirm(
        request, title=f"{step.label}: {message.subject}", lines=[f"To {message.to_name} {message.to_email}"],
        button=step.label, act=act, back=reverse("admin:outbox_message_change", args=[pk]), explain=step.explain,
        needs_reason=step.needs_reason, danger=step.danger,
    )  # fmt: skip


def letter(request, pk):
    """The very message as its reader sees it, but for what is its reader's alone."""
    _, html = veiled(get_object_or_404(Message, pk=pk))
    return HttpResponse(page_of(html, stylesheet=reverse("admin:outbox_message_letter_css", args=[pk])))


def letter_css(request, pk):
    return _css(veiled(get_object_or_404(Message, pk=pk))[1])


def kinds(request):
    """Every email the product can send."""
    return office_page(
        request, "office/messages/kinds.html", title="Every email, previewed", kinds=[part.brings for part in emails]
    )


def kind_letter(request, key):
    """One email, written by the very function that sends it, from its sample."""
    return HttpResponse(page_of(_sample(key), stylesheet=reverse("admin:outbox_message_kind_css", args=[key])))


def kind_css(request, key):
    return _css(_sample(key))


def _sample(key: str, wording: Wording | None = None) -> str:
    wording = wording or current_wording(key)
    return render(worded(_usual(key), wording, first_name="Amara", name="Amara Mensah"), to_name="Amara")[1]


def _usual(key: str):
    if key not in emails:
        raise Http404
    kind = emails[key].brings
    return kind.write(**kind.sample())


def kind_words(request, key):
    """Give one email the office's own words: seen before they are saved, checked, and every version kept."""
    usual, versions = _usual(key), Wording.objects.filter(kind=key)
    version = request.GET.get("version", "")
    start = versions.filter(version=version).first() if version.isdecimal() else current_wording(key)
    given = {field: request.POST.get(field, getattr(start, field, "")) for field in LONGEST}
    error = ""
    if request.method == "POST":
        try:
            if "preview" in request.POST:
                html = _sample(key, Wording(kind=key, **checked(**given)))
                return HttpResponse(page_of(html, stylesheet=reverse("admin:outbox_message_kind_css", args=[key])))
            save_wording(kind=key, by=request.user, now=timezone.now(), **given)
        except NotPossible as refused:
            error = str(refused)
        else:
            messages.success(request, "Saved. Messages written from now on use these words.")
            return HttpResponseRedirect(reverse("admin:outbox_message_kind_words", args=[key]))
    return office_page(
        request, "office/messages/words.html", title=f"Words of “{emails[key].title}”", key=key, given=given,
        error=error, placeholders=[(f"{{{name}}}", meaning) for name, meaning in PLACEHOLDERS.items()],
        usual={"subject": usual.subject, "opening": "\n\n".join(usual.opening), "closing": "\n\n".join(usual.closing)},
        versions=versions, longest=LONGEST, lengths={field: len(text) for field, text in given.items()},
    )  # fmt: skip


def _css(html: str) -> HttpResponse:
    return HttpResponse(stylesheet_of(html), content_type="text/css; charset=utf-8")


def throughput(request):
    """What went out day by day, what did not, and what waits now."""
    today = timezone.localdate(timezone=LONDON)
    first = today - timedelta(days=DAYS_OF_CHART - 1)
    labels = [(first + timedelta(days=n), str((first + timedelta(days=n)).day)) for n in range(DAYS_OF_CHART)]
    sent = _per_day(Message.objects.filter(state=State.SENT, sent_at__date__gte=first), "sent_at")
    failed = _per_day(Message.objects.filter(state=State.FAILED, due_at__date__gte=first), "due_at")
    waiting = dict(
        Message.objects.exclude(state__in=[State.SENT, State.SKIPPED])
        .order_by()
        .values_list("state")
        .annotate(count=Count("pk"))
    )
    return office_page(
        request,
        "office/messages/throughput.html",
        title="How mail is going",
        sent=columns([(label, sent.get(day, 0)) for day, label in labels]),
        failed=columns([(label, failed.get(day, 0)) for day, label in labels]),
        has_failed=any(failed.values()),
        waiting=[(label, waiting.get(value, 0), value) for value, label in State.choices if waiting.get(value)],
        totals=(sum(sent.values()), sum(failed.values())),
        days=DAYS_OF_CHART,
    )


def _per_day(found, field: str) -> dict:
    per_day = found.order_by().annotate(day=TruncDate(field, tzinfo=LONDON)).values_list("day")
    return dict(per_day.annotate(count=Count("pk")))


@admin.register(Suppression)
class SuppressionAdmin(ReadOnlyAdmin):
    menu = "Messages"
    menu_order = 60
    list_display = ["address", "reason", "stopped", "lifted", "lift_link"]
    list_filter = [("lifted_at", admin.EmptyFieldListFilter)]
    search_fields = ["address"]

    @admin.display(description="since", ordering="since")
    def stopped(self, suppression):
        return short_day(suppression.since)

    @admin.display(description="until", ordering="lifted_at", empty_value="")
    def lifted(self, suppression):
        return suppression.lifted_at and short_day(suppression.lifted_at)

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
        self.change_list_template = "office/messages/suppressions.html"
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
