"""The office's pages about reminders: what is planned, what was written, and a whole year rehearsed."""

import re
from collections import defaultdict
from datetime import timedelta

from django.contrib import admin
from django.db.models import Case, F, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from leaders.components.dates import LONDON, day_month, london_date, short_day, short_day_time
from leaders.outbox.models import Message
from leaders.outbox.screen import page_of, stylesheet_of, veiled
from leaders.people.models import AuditEvent
from leaders.reminders import actions
from leaders.reminders.models import Pace, Reminder
from leaders.reminders.registry import Rule, rules, said_step, scopes

from .admin import ReadOnlyAdmin, Screen, office_page
from .messages.reach import hindrances
from .messages.show import ChosenFilter, CohortFilter, DayFilter, tag
from .steps import Ledger, Step, counted

State = Reminder.State
TAGS = {State.PENDING: "due", State.WRITTEN: "done", State.HELD: "due"}


REMINDERS = Ledger(
    thing="reminder",
    rows=lambda: Reminder.objects.select_related("recipient"),
    whom=lambda row: row.recipient.name,
    what=lambda row: f"{rules.title_of(row.rule)}, {said_step(row.rule, row.step)}",
    steps={
        "send_now": Step(
            "Send now", "going out", (State.PENDING, State.HELD, State.DROPPED), actions.send_now,
            "It is written now instead of on its day, and goes out within a minute or when working hours begin.",
        ),
        "hold": Step("Hold", "held", (State.PENDING,), actions.hold, "It stays here until somebody releases it.", True),
        "release": Step(
            "Release", "released", (State.HELD,), actions.release, "It goes out when it is due, if it is still needed."
        ),
        "drop": Step(
            "Do not send", "stopped", (State.PENDING, State.HELD), actions.drop,
            "It will not be sent, even if its date moves, unless somebody chooses “Send now”.", True, True,
        ),
    },
)  # fmt: skip


class RuleFilter(ChosenFilter):
    """From the page of every rule."""

    title = "rule"
    parameter_name = "rule"

    def name_of(self, key):
        return rules.title_of(key)


class PlannedFilter(DayFilter):
    """The usual choices, and the days to come."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localtime(timezone=LONDON).replace(hour=0, minute=0, second=0, microsecond=0)
        span = {self.lookup_kwarg_since: today, self.lookup_kwarg_until: today + timedelta(days=8)}
        self.links = (self.links[0], ("Next 7 days", span), *self.links[1:])


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdmin):
    menu = "Messages"
    menu_order = 15
    screens = (
        Screen("Every reminder, and what stops it", "reminders_reminder_rules", 35),
        Screen("Rehearsal of a year", "reminders_reminder_rehearsal", 40),
    )
    empty = "No reminders yet. They are planned from the dates of each cohort, every few minutes."
    list_display = ["when", "recipient", "rule_title", "said", "how", "reason", "message_link"]
    list_filter = ["state", CohortFilter, RuleFilter, ("due_at", PlannedFilter)]
    list_select_related = ["recipient"]
    search_fields = ["recipient__name", "recipient__email"]
    # What is planned comes first, the next one at the top; then what is past, the last one first.
    ordering = [Case(When(state=State.PENDING, then=F("due_at"))).asc(nulls_last=True), "-due_at", "-pk"]
    actions = REMINDERS.bulk_actions()

    @admin.display(description="when", ordering="due_at")
    def when(self, row):
        return short_day_time(row.due_at)

    @admin.display(description="rule")
    def rule_title(self, row):
        return rules.title_of(row.rule)

    @admin.display(description="step")
    def said(self, row):
        return said_step(row.rule, row.step) + (f", moved from {short_day(row.on)}" if _is_moved(row) else "")

    @admin.display(description="state")
    def how(self, row):
        return tag(TAGS.get(row.state, "neutral"), row.get_state_display())

    @admin.display(description="message")
    def message_link(self, row):
        if row.message_id:
            return format_html(
                '<a href="{}">Read it</a>', reverse("admin:outbox_message_change", args=[row.message_id])
            )
        if row.state not in {State.PENDING, State.HELD}:
            return ""
        page = reverse("admin:reminders_reminder_letter", args=[row.pk])
        return format_html('<a href="{}">See it<span class="visually-hidden"> as it will go out</span></a>', page)

    def get_urls(self):
        return [
            path("rehearsal/", self.admin_site.admin_view(rehearsal), name="reminders_reminder_rehearsal"),
            path("<int:pk>/letter/", self.admin_site.admin_view(letter), name="reminders_reminder_letter"),
            path("<int:pk>/letter.css", self.admin_site.admin_view(letter_css), name="reminders_reminder_letter_css"),
            path("<int:pk>/<str:name>/now/", self.admin_site.admin_view(step_page), name="reminders_reminder_step"),
            path("rules/", self.admin_site.admin_view(every_rule), name="reminders_reminder_rules"),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, object_id)
        if row is None:
            return super().change_view(request, object_id, form_url, extra_context)
        rule = rules[row.rule].brings if row.rule in rules else None
        return office_page(
            request, "office/messages/reminder.html", title=f"{rules.title_of(row.rule)}: {row.recipient}", row=row,
            state=self.how(row), letter=self.message_link(row), rule=rule, step=self.said(row),
            thing=_thing(row, rule), what=rules.title_of(row.rule), events=AuditEvent.objects.about(row),
            hindrances=hindrances(row.recipient), is_planned=row.state == State.PENDING, steps=REMINDERS.open_to(row),
        )  # fmt: skip


def _is_moved(row: Reminder) -> bool:
    """Whether a letter goes out on another day than its rule names: that day is closed. A digest has its own day."""
    rule = rules[row.rule].brings if row.rule in rules else None
    return rule is not None and rule.letter is not None and london_date(row.due_at) != row.on


def _thing(row: Reminder, rule: Rule | None) -> str:
    """What the person is to do, as the weekly email calls it; else what the rule is about."""
    subject = rule and rule.model._default_manager.filter(pk=row.subject_id).first()
    if not rule or subject is None or rule.item is None:
        return rules.title_of(row.rule)
    return rule.item(subject, row.recipient, row.step, timezone.now()).title


def step_page(request, pk, name):
    """Confirm one step for one reminder, and take it."""
    return REMINDERS.page(request, pk, name, back=reverse("admin:reminders_reminder_change", args=[pk]))


def letter(request, pk):
    """The very message in which a planned reminder would come, with whatever else is due to its reader then."""
    message = _preview(pk)
    page = page_of(
        veiled(message)[1], stylesheet=reverse("admin:reminders_reminder_letter_css", args=[pk]),
        back=(reverse("admin:reminders_reminder_change", args=[pk]), f"“{message.subject}” from {message.from_email}"),
    )  # fmt: skip
    return HttpResponse(page)


def letter_css(request, pk):
    return HttpResponse(stylesheet_of(veiled(_preview(pk))[1]), content_type="text/css; charset=utf-8")


def _preview(pk: int) -> Message:
    row = get_object_or_404(Reminder.objects.select_related("recipient"), pk=pk)
    message = actions.preview(row) if row.state in {State.PENDING, State.HELD} else None
    if message is None:
        raise Http404
    return message


def every_rule(request):
    """Every rule as its app declares it: whom, when, what stops it, how late it may be, and where its words are."""
    lines = [
        {
            "rule": part.brings, "form": _form_of(part.brings), "late": counted(part.brings.expires, "working day"),
            "words": part.brings.email or part.key,
        }
        for part in rules
    ]  # fmt: skip
    return office_page(
        request, "office/messages/rules.html", title="Every reminder, and what stops it", lines=lines
    )  # fmt: skip


def _form_of(rule: Rule) -> str:
    if not rule.letter:
        return "A line in the weekly email"
    return "A mail of its own, with consent" if rule.is_promotional else "A mail of its own"


def rehearsal(request):
    """Everything a cohort's people would get over its whole year, before anything is sent."""
    choices = {f"{item._meta.label_lower}:{item.pk}": item for part in scopes for item in part.brings()}
    asked = request.GET.get("scope", "")
    chosen = choices.get(asked)
    context = {
        "choices": [(key, str(item), item == chosen) for key, item in choices.items()],
        "chosen": chosen,
        "unknown": bool(asked) and chosen is None,
    }
    if chosen:
        found = actions.rehearse(chosen, timezone.now(), mails_a_week=Pace.current().mails_a_week)
        context |= {
            "found": found,
            "weeks": [
                (f"{day_month(monday)} {monday:%Y}", reminders, letters, reminders + letters)
                for monday, (reminders, letters) in found.weeks.items()
            ],
            "most": max(map(sum, found.weeks.values()), default=0),
            "count": len(found.people),
            "groups": _alike(found.mails),
            "busy": [
                (_weeks(mondays), _listed(people))
                for mondays, people in _together((tuple(mondays), person) for person, mondays in found.busy.items())
            ],
        }
    return office_page(request, "office/messages/rehearsal.html", title="Rehearsal of a year", **context)


def _alike(mails: list) -> list[dict]:
    """Those who would get the very same mails at the same moments, together; in the order of their names."""
    theirs = defaultdict(list)
    for mail in mails:
        theirs[mail[0].recipient].append(mail)
    year = (
        (tuple((line.due_at, line.title, line.detail) for mail in mine for line in mail), person)
        for person, mine in theirs.items()
    )
    return [
        {
            "who": _listed(people), "people": len(people), "count": len(theirs[people[0]]),
            "mails": [(mail[0], mail) for mail in theirs[people[0]]],
        }
        for _year, people in _together(year)
    ]  # fmt: skip


def _together(keyed) -> list[tuple[tuple, list]]:
    """The people of each key, in the order of their names."""
    groups = defaultdict(list)
    for key, person in sorted(keyed, key=lambda each: _natural(each[1].name)):
        groups[key].append(person)
    return list(groups.items())


def _weeks(mondays: tuple) -> str:
    return f"week{'' if len(mondays) == 1 else 's'} from {', '.join(day_month(monday) for monday in mondays)}"


def _listed(people: list) -> str:
    """Amara Mensah; Amara Mensah and Helen Marsh; Participant 1 and 35 others."""
    names = [str(person) for person in people[:2]]
    if len(people) > len(names):
        return f"{names[0]} and {len(people) - 1} others"
    return " and ".join(names)


def _natural(name: str) -> list[tuple[int, str]]:
    """A key that sorts Participant 2 before Participant 10."""
    return [(int(part), "") if part.isdecimal() else (-1, part.casefold()) for part in re.split(r"(\d+)", name)]
