"""A message that the office writes once, by hand, to each person of a group."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.urls import Resolver404, resolve

from leaders.components.dates import day_time
from leaders.components.text import clean_pasted, count_words
from leaders.people.audit import record
from leaders.people.meanwhile import mark
from leaders.people.models import Person
from leaders.people.refusals import NotPossible

from .actions import post
from .groups import Group, find_group
from .inert import DIRECTIONS, inert
from .models import GroupLetter, Message, Suppression
from .registry import Button, Objection, last_look
from .wordings import paragraphs

KIND = "outbox.group_letter"
LONGEST = {"subject": 120, "label": 40, "url": 500}  # characters
MOST_WORDS = 1000
RECENTLY = timedelta(days=7)

INACTIVE = "Account closed"
ERASED = "Erased"
STOPPED = "Nothing is sent to this address"


@dataclass(frozen=True)
class Writing:
    """What somebody wrote: plain words, paragraphs apart by an empty line, and perhaps a button.

    Raises NotPossible for words that cannot be sent.
    """

    subject: str
    words: str
    button: Button | None = None

    def __post_init__(self):
        if not (self.subject.strip() and self.words.strip()):
            raise NotPossible("A message needs a subject and words that can be seen.")
        if len(self.subject) > LONGEST["subject"] or count_words(self.words) > MOST_WORDS:
            raise NotPossible(
                f"The subject may have {LONGEST['subject']} characters and the message {MOST_WORDS:,} words."
            )
        faults = [link_in(self.subject), link_in(self.words)]
        if self.button:
            faults += [link_in(self.button.label), wrong_address(self.button.url)]
        if fault := next(filter(None, faults), ""):
            raise NotPossible(fault)

    @property
    def mark(self) -> str:
        """Tells it from one in other words."""
        return mark([self.subject, self.words, *((self.button.label, self.button.url) if self.button else ())])


@dataclass(frozen=True)
class Reach:
    """Who of a group gets a message, in the order of their names, and who does not and why."""

    people: list[Person]
    left_out: list[tuple[Person, str]]
    recently: int  # of those who get it: how many had mail from us in the last seven days


def link_in(text: str) -> str:
    """What is wrong with words of which mail programs would make a link; empty when there is nothing."""
    said = clean_pasted(text).translate(DIRECTIONS)
    run = next((run for run in said.split() if inert(run) != run), "") if inert(said) != said else ""
    if not run:
        return ""
    return (
        f"Mail programs make a link of “{run[:80]}”. Links stand in the button, so that everybody sees where they "
        "lead: put it there, or a space after the dot or colon if it is no link."
    )


def wrong_address(url: str) -> str:
    """What is wrong with where a button leads: to a page of this site, by its path, or anywhere by https."""
    path = url.removeprefix(settings.BASE_URL)
    try:
        if path.startswith("/") and len(path.split()) == 1:
            page = resolve(path.partition("#")[0].partition("?")[0])
            if "token" in page.kwargs:
                return "That is the private link of one person."
            return "Only the office can open its pages." if "admin" in page.namespaces else ""
        URLValidator(schemes=["https"])(url)
    except Resolver404:
        return f"There is no page {url} on this site."
    except ValidationError:
        return "Enter a full address that begins with https://, or the path of a page on this site, such as /my/dates/."
    return ""


def reach(group: Group, now: datetime) -> Reach:
    """Whom a message to the group reaches now."""
    people, left_out = [], []
    found = list(group.people.order_by("name", "pk"))
    stopped = Suppression.objects.filter(lifted_at=None, address__in=[person.email.lower() for person in found])
    addresses = {address.lower() for address in stopped.values_list("address", flat=True)}
    for person in found:
        reason = _standing(person) or (STOPPED if person.email.lower() in addresses else "")
        if reason:
            left_out.append((person, reason))
        else:
            people.append(person)
    here = {person.pk for person in found}
    left_out += [
        (each, _standing(each) or group.gone) for each in group.left.order_by("name", "pk") if each.pk not in here
    ]
    # Sign-in codes are no mail from us that anybody would count.
    sent = Message.objects.filter(person__in=people, sent_at__gt=now - RECENTLY, urgent=False)
    return Reach(people, left_out, sent.order_by().values("person").distinct().count())


def _standing(person: Person) -> str:
    """Why somebody is not written to, whatever group they are in; empty when they are."""
    if person.erased_at:
        return ERASED
    return "" if person.is_active else INACTIVE


@transaction.atomic
def write_to_group(
    *,
    group: Group,
    writing: Writing,
    named: Collection[int],
    form_uuid: uuid.UUID,
    by: Person,
    now: datetime,
    due_at: datetime | None = None,
) -> GroupLetter:
    """Write to each of those `named` (by key) who still belong to the group; whoever joined it since is not written to.

    The same `form_uuid` is sent once, and returns what was sent. Raises NotPossible when it was sent in other words
    or to another group, and when nobody is left to get it.
    """
    what = mark([group.key, writing.mark])
    if known := GroupLetter.objects.filter(form_uuid=form_uuid).first():
        return _same(known, what)
    people = [person for person in reach(group, now).people if person.pk in named]
    if not people:
        raise NotPossible("Nobody would get it, so nothing was sent.")
    # Of two tabs that send at once, the database lets one write; the other finds what that one wrote.
    letter, is_new = GroupLetter.objects.get_or_create(
        form_uuid=form_uuid,
        defaults={
            "group": group.key, "title": str(group), "mark": what, "cohort_id": group.cohort_id,
            "people": len(people), "written_at": now, "due_at": due_at or now,
        },
    )  # fmt: skip
    if not is_new:
        return _same(letter, what)
    for person in people:
        _post(letter, group, writing, to=person, now=now)
    record(
        "outbox.group_letter.written", f"{by} wrote to {len(people)} of {group}: “{writing.subject}”", subject=letter,
        cohort_id=group.cohort_id, by=by, now=now, group=str(group), message=writing.subject, count=len(people),
    )  # fmt: skip
    return letter


def _same(letter: GroupLetter, what: str) -> GroupLetter:
    """What was sent from the same page. Raises NotPossible when that was something else."""
    if letter.mark != what:
        raise NotPossible(
            f"This page sent another message on {day_time(letter.written_at)}. Look at this one once more: then it is "
            "a message of its own."
        )
    return letter


def preview_to(person: Person, *, group: Group, writing: Writing, now: datetime) -> Message:
    """The message as this person would get it: written as it will be, and taken back."""
    with transaction.atomic():
        letter = GroupLetter.objects.create(group=group.key, written_at=now, due_at=now)
        message = _post(letter, group, writing, to=person, now=now)
        transaction.set_rollback(True)
    return message


def _post(letter: GroupLetter, group: Group, writing: Writing, *, to: Person, now: datetime) -> Message:
    """Released, for the office has looked at it: many at once are what it wants, and no sign of a mistake."""
    return post(
        KIND, to=to, now=now, due_at=letter.due_at, dedupe_key=f"{KIND}:{letter.form_uuid}:{to.pk}", about=letter,
        cohort_id=letter.cohort_id, released=True, subject=writing.subject, paragraphs=paragraphs(writing.words),
        button=writing.button, why=group.why, signed=group.signed,
    )  # fmt: skip


@last_look(order=50, title="Whoever has left the group that the office wrote to")
def still_in_the_group(message: Message, now: datetime) -> Objection | None:
    """A message that waits for the morning, or was held, goes only to those who belong to the group by then."""
    # A copy is what the office sends to one person, whose place in the group it knows.
    if message.kind != KIND or message.copy_of_id:
        return None
    letter = GroupLetter.objects.filter(pk=message.about_id).first()
    group = letter and find_group(letter.group, now)
    if group and group.people.filter(pk=message.person_id).exists():
        return None
    return Objection("They no longer belong to the group that it was written to")
