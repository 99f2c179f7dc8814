"""Write a message to a group: whom and what, then a look at the very message and its readers, then it goes."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from leaders.components.dates import clock, day_time, weekday_day_month
from leaders.components.fields import WordsField
from leaders.components.text import clean_pasted
from leaders.office.admin import office_page
from leaders.outbox.group_letters import (
    KIND,
    LONGEST,
    MOST_WORDS,
    Reach,
    Writing,
    link_in,
    preview_to,
    reach,
    write_to_group,
    wrong_address,
)
from leaders.outbox.groups import Group, groups
from leaders.outbox.models import GroupLetter
from leaders.outbox.registry import Button
from leaders.outbox.screen import page_of
from leaders.people.refusals import NotPossible
from leaders.reminders.timing import next_opening

NOW, OPENING = "now", "opening"


class WriteForm(forms.Form):
    """Whom to write to, and what. The same `form_uuid` is sent once."""

    form_uuid = forms.UUIDField(widget=forms.HiddenInput)
    group = forms.ChoiceField()
    subject = forms.CharField(
        max_length=LONGEST["subject"], help_text="The fact itself, such as: Thursday starts at 11",
        widget=forms.TextInput({"size": 60}),
    )  # fmt: skip
    words = WordsField(
        label="Message", max_words=MOST_WORDS, rows=12,
        help_text="After “Dear” and the name. An empty line between paragraphs. The signature and why they get it are "
        f"added. At most {MOST_WORDS:,} words.",
    )  # fmt: skip
    label = forms.CharField(
        label="Words on a button", required=False, max_length=LONGEST["label"],
        help_text="If there is something to open, such as: See the new room",
    )  # fmt: skip
    url = forms.CharField(
        label="Where the button leads", required=False, max_length=LONGEST["url"],
        help_text="A full address that begins with https://, or a page of this site, such as /my/dates/",
        widget=forms.TextInput({"size": 60}),
    )  # fmt: skip

    def __init__(self, *args, offered: list[Group], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].widget.attrs["cols"] = 80
        self.offered = {group.key: group for group in offered}
        headed: dict[str, list] = {}
        for group in offered:
            headed.setdefault(group.of, []).append((group.key, str(group)))
        self.fields["group"].choices = [("", "Choose a group"), *headed.items()]

    def clean_group(self) -> Group:
        return self.offered[self.cleaned_data["group"]]

    def clean_subject(self) -> str:
        return _without_links(" ".join(clean_pasted(self.cleaned_data["subject"]).split()))

    def clean_words(self) -> str:
        return _without_links(clean_pasted(self.cleaned_data["words"]).strip())

    def clean_label(self) -> str:
        return _without_links(" ".join(clean_pasted(self.cleaned_data["label"]).split()))

    def clean_url(self) -> str:
        url = self.cleaned_data["url"]
        if url and (fault := wrong_address(url)):
            raise forms.ValidationError(fault)
        return url

    def clean(self):
        cleaned = super().clean()
        if "label" in cleaned and "url" in cleaned and bool(cleaned["label"]) != bool(cleaned["url"]):
            missing = "url" if cleaned["label"] else "label"
            self.add_error(missing, "A button needs both: words, and an address where it leads.")
        if not self.errors:
            button = Button(cleaned["label"], cleaned["url"]) if cleaned["url"] else None
            try:
                self.writing = Writing(cleaned["subject"], cleaned["words"], button)
            except NotPossible as refused:
                self.add_error(None, str(refused))
        return cleaned


def _without_links(text: str) -> str:
    if fault := link_in(text):
        raise forms.ValidationError(fault)
    return text


@dataclass(frozen=True)
class Departure:
    """When a message goes out that is sent at `now`. Outside working hours the office chooses.

    By working days alone: quiet weeks and days closed for reminders are for what goes out by itself.
    """

    now: datetime
    choice: str

    @property
    def opening(self) -> datetime:
        return next_opening(self.now, frozenset())

    @property
    def is_open(self) -> bool:
        return self.opening == self.now

    @property
    def due_at(self) -> datetime:
        return self.now if self.choice == NOW else self.opening

    @property
    def opening_in_words(self) -> str:
        return f"on {weekday_day_month(self.opening)} at {clock(self.opening)}"


def write(request):
    """The form, then the look; each press posts every word, so going back or being refused loses none."""
    now = timezone.now()
    offered, cohort = _offered(request.GET.get("cohort", ""), now)
    if request.method != "POST":
        form = WriteForm(initial={"form_uuid": uuid.uuid4(), "group": request.GET.get("group", "")}, offered=offered)
        return _form_page(request, form, narrowed=cohort)
    form = WriteForm(request.POST, offered=offered)
    if not form.is_valid() or "back" in request.POST:
        return _form_page(request, form, narrowed=cohort)
    group, writing = form.cleaned_data["group"], form.writing
    readers = reach(group, now)
    if not readers.people:
        form.add_error("group", f"Nobody would get it: {_nobody(group, readers)}")
        return _form_page(request, form, narrowed=cohort)
    if "letter" in request.POST:
        message = preview_to(readers.people[0], group=group, writing=writing, now=now)
        return HttpResponse(page_of(message.html, stylesheet=reverse("admin:outbox_message_kind_css", args=[KIND])))
    departure = Departure(now, request.POST.get("when", OPENING))
    error = ""
    if "send" in request.POST:
        try:
            letter = write_to_group(
                group=group, writing=writing, named=_keys(request.POST.get("named", "")), by=request.user, now=now,
                form_uuid=form.cleaned_data["form_uuid"], due_at=departure.due_at,
            )  # fmt: skip
        except NotPossible as refused:
            error = str(refused)
        else:
            messages.success(request, _sent(letter, now))
            return HttpResponseRedirect(f"{reverse('admin:outbox_message_changelist')}?letter={letter.pk}")
    return _look_page(request, form, group, readers, departure, error=error)


def _offered(cohort: str, now: datetime) -> tuple[list[Group], str]:
    """The groups to choose from, and the cohort whose they are, if only its own are wanted."""
    every = list(groups(now))
    its_own = [group for group in every if str(group.cohort_id) == cohort]
    return (its_own, cohort) if its_own else (every, "")


def _nobody(group: Group, readers: Reach) -> str:
    if not readers.left_out:
        return f"there is nobody among “{group}” yet."
    person, reason = readers.left_out[0]
    return f"of “{group}” nobody can be written to ({person}: {reason.lower()})."


def _keys(named: str) -> set[int]:
    return {int(key) for key in named.split(",") if key.isdecimal()}


def _form_page(request, form: WriteForm, *, narrowed: str):
    return office_page(
        request, "office/messages/write.html", title="Write to a group", form=form, narrowed=narrowed
    )  # fmt: skip


def _look_page(request, form: WriteForm, group: Group, readers: Reach, departure: Departure, *, error: str):
    given = form.cleaned_data
    before = GroupLetter.objects.filter(form_uuid=given["form_uuid"]).first()
    message = preview_to(readers.people[0], group=group, writing=form.writing, now=departure.now)
    fields = {"group": group.key, **{name: given[name] for name in ("subject", "words", "label", "url")}}
    return office_page(
        request,
        "office/messages/write_look.html",
        title="Look at it before it goes",
        # What is sent after a message that went out from this page is another one.
        fields={"form_uuid": uuid.uuid4() if before else given["form_uuid"], **fields},
        named=",".join(str(person.pk) for person in readers.people),
        group=group,
        message=message,
        readers=readers,
        names=", ".join(person.name for person in readers.people),
        count=_people(len(readers.people)),
        left_out=_by_reason(readers),
        before=before,
        departure=departure,
        error=error,
    )


def _by_reason(readers: Reach) -> list[tuple[str, int, str]]:
    """Why some do not get it, how many, and their names."""
    reasons: dict[str, list[str]] = {}
    for person, reason in readers.left_out:
        reasons.setdefault(reason, []).append(person.name)
    return [(reason, len(names), ", ".join(names)) for reason, names in reasons.items()]


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _sent(letter: GroupLetter, now: datetime) -> str:
    when = "within a minute" if letter.due_at <= now else f"on {day_time(letter.due_at)}"
    return f"Your message to {letter} goes out to {_people(letter.people)} {when}."
