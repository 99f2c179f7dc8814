"""What the office does with the rights that people have over their data: requests, erasing, what is past its time."""

from datetime import datetime, time

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import admin
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from leaders.components.dates import LONDON, london_date
from leaders.outbox.rights import answer_request as answer_and_tell
from leaders.outbox.rights import erase_and_tell
from leaders.people.actions import clear_expired, take_down_privacy
from leaders.people.models import Person, PrivacyRequest
from leaders.people.privacy import holdings
from leaders.people.refusals import NotPossible
from leaders.people.retention import AT_ONCE, retentions

from .admin import OfficeAdmin, Screen, Wanted, confirm, director_only, office_page
from .fields import day_box
from .saying import HappenedFilter


class PrivacyRequestForm(forms.ModelForm):
    """A request that came by letter or telephone, or that somebody said."""

    asked_on = forms.DateField(label="The day it came", widget=day_box(), help_text="The day from which the month runs")

    class Meta:
        model = PrivacyRequest
        fields = ["person", "kind", "words"]

    def clean_asked_on(self):
        asked_on = self.cleaned_data["asked_on"]
        if asked_on > london_date(timezone.now()):
            raise forms.ValidationError("Enter the day on which it came, not one to come.")
        return asked_on


@admin.register(PrivacyRequest)
class PrivacyRequestAdmin(OfficeAdmin):
    """What people ask under “Your data”, and what the office takes down; answered on a page of its own."""

    menu = "People"
    menu_order = 60
    screens = (Screen("Past their time", "people_retention", order=70),)
    empty = "No requests. What people ask about their own data appears here, with the day it has to be answered by."
    list_display = ["kind", "person", "asked_at", "due_on", "answered_at", "answer_link"]
    list_filter = ["kind", ("answered_at", HappenedFilter)]
    list_select_related = ["person"]
    autocomplete_fields = ["person"]
    form = PrivacyRequestForm

    def has_change_permission(self, request, obj=None):
        return obj is None and super().has_change_permission(request, obj)

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change, **kwargs, **({"form": forms.ModelForm} if obj else {}))

    def get_fields(self, request, obj=None):
        return super().get_fields(request, obj) if obj else ["person", "kind", "words", "asked_on"]

    def save_model(self, request, obj, form, change):
        given, now = form.cleaned_data, timezone.now()
        asked_at = min(now, datetime.combine(given["asked_on"], time(12), LONDON))
        asked = take_down_privacy(
            person=given["person"],
            kind=given["kind"],
            words=given["words"],
            asked_at=asked_at,
            by=request.user,
            now=now,
        )
        obj.__dict__.update(asked.__dict__)

    def log_addition(self, request, obj, message):
        pass  # The action has written the trail already.

    @admin.display(description="")
    def answer_link(self, asked):
        if asked.answered_at:
            return ""
        return format_html('<a href="{}">Answer</a>', reverse("admin:people_answer_request", args=[asked.pk]))


@director_only
@reauthentication_required
def erase(request, pk):
    """Erase a person after a confirmation that says what goes and what stays."""
    person = get_object_or_404(Person, pk=pk)

    def act(reason):
        erase_and_tell(person=person, by=request.user, reason=reason, now=timezone.now())
        return "The person was erased. Totals stay without identity; the audit trail stays as it was written."

    return confirm(
        request,
        title=f"Erase {person}",
        lines=[f"{person}, {person.email}"],
        explain="Their name, contact details and confidential texts are removed for good, their roles end, and they "
        "leave what they take part in. The audit trail keeps what was done, with the names in it, a certificate stays "
        "until it is revoked, and others keep the letters we wrote to them. This cannot be undone.",
        button="Erase for good",
        act=act,
        back=reverse("admin:people_person_changelist"),
        needs_reason=True,
        danger=True,
    )


ANSWER = Wanted(
    "Answer", "It goes to the person by email, word for word, and stays under “Your data”.", 10_000, rows=14
)


def answer_request(request, pk):
    """Answer a privacy request in words that are kept."""
    asked = get_object_or_404(PrivacyRequest.objects.select_related("person"), pk=pk)
    length = str(len(asked.words))  # words are only ever added

    def act(reason):
        if request.POST.get("seen", length) != length:
            raise NotPossible(f"{asked.person} has added to this request. Read it again before you answer.")
        answer_and_tell(asked=asked, answer=reason, by=request.user, now=timezone.now())
        return f"The request of {asked.person} is answered."

    return confirm(
        request,
        title=f"{asked.get_kind_display()}: {asked.person}",
        lines=[asked.words, f"Due {asked.due_on:%A %-d %B %Y}"],
        explain="Write to the person what was done.",
        wanted=ANSWER,
        button="Record the answer",
        act=act,
        back=reverse("admin:people_privacyrequest_changelist"),
        needs_reason=True,
        keep={"seen": [length]},
    )


@director_only
def retention(request):
    """How long each kind of record is kept, and what is past its time. Nothing goes by itself."""
    now = timezone.now()
    rows = []
    for part in holdings:
        kept = retentions[part.key].brings if part.key in retentions else None
        count = kept.expired(now).count() if kept else 0
        url = reverse("admin:people_expire", args=[part.key]) if count else ""
        rows.append({"held": part.brings, "kept": kept, "count": count, "url": url})
    return office_page(request, "office/retention.html", title="Past their time", rows=rows)


@director_only
@reauthentication_required
def expire(request, key):
    """Let the records of one holding go that are past their time, after a look at how many of which year."""
    if key not in retentions:
        raise Http404
    kept, held, now = retentions[key].brings, holdings[key].brings, timezone.now()

    def act(reason):
        count = clear_expired(key=key, by=request.user, now=now)
        return f"{count:,} records are gone that were past their time."

    return confirm(
        request,
        title=f"Past their time: {held.what}",
        lines=[f"{many:,} of {year}" for year, many in kept.years(now)] or ["Nothing"],
        explain=f"Kept as we promise: {held.kept_for}. What happens now: {kept.how}. At most {AT_ONCE:,} go at once, "
        "the oldest first. This cannot be undone.",
        button="Let them go for good",
        act=act,
        back=reverse("admin:people_retention"),
        danger=True,
    )
