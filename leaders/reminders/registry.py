"""Reminder rules, brought by apps in their `reminders.py`."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from django.db import models

from leaders.components.dates import day, is_over
from leaders.outbox.models import Wording
from leaders.outbox.registry import Category, Letter, OnUncertain, emails
from leaders.outbox.wordings import worded
from leaders.people.joining import Joint
from leaders.people.models import Person

rules = Joint("reminders", "Reminder rules: whom, what is due, what stops it")
comings = Joint("reminders (coming up)", "Dates under “Coming up” in the weekly digest")
scopes = Joint("reminders (rehearsal)", "What a whole year of mail can be rehearsed for")
casts = Joint("reminders (rehearsal, who)", "Who is invented for a rehearsal, where nobody is known yet")
letters = Joint(
    "reminders (rehearsal, letters)", "Letters that leave on a cohort's own dates, counted in its rehearsal"
)
signatures = Joint("reminders (signature)", "Who signs a person's weekly digest")
DAY_IN_STEP = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


@dataclass(frozen=True)
class Occurrence:
    """That `recipient` is to hear about `subject` on `on` (London); `step` tells the steps of a rule apart.

    The ledger's unique key is rule:subject:recipient:step, so a moved date moves the row and never adds one.
    `due` is when the thing is due that the reminder is about: the digest says it ("Due Monday 8 March"), and a
    step after it is never sent before it. With `not_before` that holds for `on` itself: what opens then, or has
    been silent until then, must not be written of earlier, so it moves to a later day and not to an earlier one.
    `asked` is when the recipient was asked for it: what would come on that day or before is not sent, for nobody is
    reminded of what they hear for the first time.
    """

    subject: models.Model
    recipient: Person
    step: str
    on: date
    due: date | datetime | None = None
    not_before: bool = False
    asked: date | datetime | None = None


@dataclass(frozen=True)
class Rule:
    """One reminder.

    `plan(now, scope)` yields the occurrences of everything live, or of `scope` (a cohort, also one not yet launched:
    then it yields what would be sent, the rehearsal). What it leaves out is cancelled. `needed(subject, recipient,
    now)` is asked again at the moment of sending: people who have acted hear nothing. `item(subject, recipient,
    step, now)` is the line in the weekly digest, or else `letter(subject, recipient, step, now)` a mail of its own;
    what is due to one person together comes in one mail all the same.
    `email` is the key of the email that `letter` writes: the office edits its words there, and its category says
    whether the law asks for consent. `expires` is how many working days late it may still go out, until closing time
    of the last of them; a step before its deadline goes out before the deadline or not at all. `names` says a step in
    words where its key in the ledger is none.
    """

    key: str
    title: str
    plan: Callable[[datetime, models.Model | None], Iterable[Occurrence]]
    needed: Callable[[models.Model, Person, datetime], bool]
    model: type[models.Model]
    steps: str
    stops: str
    letter: Callable[..., Letter] | None = None
    item: Callable[..., "Item"] | None = None
    on_uncertain: OnUncertain = OnUncertain.RESEND
    expires: int = 3
    at: time = time(9)
    email: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    def said(self, step: str) -> str:
        """What people call a step; a date in its name in words."""
        return DAY_IN_STEP.sub(lambda found: day(date.fromisoformat(found[0])), self.names.get(step, step))

    @property
    def is_promotional(self) -> bool:
        """Whether it needs consent (PECR, regulation 22): then it is never mixed with what a place brings along."""
        return self.email in emails and emails[self.email].brings.category == Category.PROMOTIONAL


@dataclass(frozen=True)
class Item:
    """One line of a digest: what, why or how long, where to do it, by when."""

    title: str
    detail: str
    url: str
    button: str = "Continue"
    due: date | datetime | None = None

    def worded(self, wording: Wording | None, *, now: datetime, first_name: str, name: str) -> "Item":
        """The line in the office's words, where there are any; a deadline that is over is none any more."""
        is_ahead = self.due is not None and not is_over(self.due, now)
        usual = Letter(subject=self.title, opening=(self.detail,), due=self.due if is_ahead else None)
        said = worded(usual, wording, first_name=first_name, name=name)
        return replace(self, title=said.subject, detail=" ".join(said.opening))


@dataclass(frozen=True)
class DatedLetter:
    """A letter that a cohort's own date brings along: nobody is reminded, and nobody has to ask for it.

    `at` is when it leaves, or the last moment at which it does ("at the latest" in `detail`). `email` is its key.
    """

    email: str
    recipient: Person
    at: datetime
    detail: str = ""


def said_step(key: str, step: str) -> str:
    """What people call a step of the rule of that key, which may be one that no app brings any more."""
    return rules[key].brings.said(step) if key in rules else step


def remind(rule: Rule, *, order: int) -> Rule:
    """Bring a rule to the ledger."""
    rules.add(rule, order=order, key=rule.key, title=rule.title, module=rule.plan.__module__)
    return rule


@dataclass(frozen=True)
class Signature:
    """Who signs a digest, who answers to it, and why this person gets it ("You have a place in Cohort 7.")."""

    brand: str
    name: str
    role: str
    reply_to: str
    why_you: str


def coming_up(*, order: int, key: str = "", title: str = ""):
    """Bring dates: function(person, start, end) -> list of (aware datetime, what). The digest puts them in order."""
    return comings.part(order=order, key=key, title=title)


def signature(*, order: int, key: str = "", title: str = ""):
    """Bring a signature: function(person, now) -> Signature | None. The first one is used."""
    return signatures.part(order=order, key=key, title=title)


def signed_for(person: Person, now: datetime) -> Signature | None:
    """Who signs what this person gets, and answers to it: None where they take part in nothing."""
    return next((found for part in signatures if (found := part.brings(person, now))), None)


def scope(*, order: int, key: str = "", title: str = ""):
    """Bring what can be rehearsed: function() -> objects, such as cohorts that are planned or live, newest first."""
    return scopes.part(order=order, key=key, title=title)


def cast(*, order: int, key: str = "", title: str = ""):
    """Bring whom to invent: function(scope, now) -> what was invented ("30 participants"), or "".

    It runs in a transaction that is taken back, so it makes real rows and the rules meet them as they will.
    """
    return casts.part(order=order, key=key, title=title)


def dated_letters(*, order: int, key: str = "", title: str = ""):
    """Bring letters for a rehearsal: function(scope, now) -> DatedLetter, ...; after the cast was invented."""
    return letters.part(order=order, key=key, title=title)
