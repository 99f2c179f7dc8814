"""Every email the product can send, brought by apps in their `emails.py`.

An email is one function that returns a `Letter`. The preview, the test and the sending
all run that function, so what is previewed is what is sent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from leaders.people.joining import Joint

emails = Joint("emails", "Every email the product can send")
last_looks = Joint("emails (last look)", "Who may still stop a message just before it is handed over")


class Category(StrEnum):
    """What a message is in law: promotional mail needs consent and can be stopped, service mail needs neither."""

    SERVICE = "service"  # neutral facts about something that somebody takes part in already
    PROMOTIONAL = "promotional"


class OnUncertain(StrEnum):
    """What to do when a process died after handing a message over and before noting it."""

    HOLD = "hold"  # never twice: the office decides
    RESEND = "resend"  # once more, byte for byte the same


class Linkable(str):
    """An address or a link in the words of a letter that the product vouches for: it stays whole.

    All other words are kept from becoming links, whoever typed them: see `inert.py`.
    """

    __slots__ = ()


@dataclass(frozen=True)
class Button:
    """The one thing to do: a path on this site (or a full URL) and the words on the button."""

    label: str
    url: str


@dataclass(frozen=True)
class Block:
    """A part of a letter under a heading: paragraphs, rows of (when, what), and perhaps a button."""

    heading: str = ""
    paragraphs: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    button: Button | None = None


@dataclass(frozen=True)
class Letter:
    """The words of one email, as plain text: the layout escapes and marks up, never the writer.

    `subject` states the fact; the first paragraph of `opening` says what is needed and what is not;
    `signed_by` is a named person (role and telephone in `signed_role`); `why_you` says why they get it, and
    `why_link` where they can change that. The first button is drawn as one, further ones as links. `due` is when what
    it asks for is due, None where nothing is, or nothing any more.
    """

    subject: str
    opening: tuple[str, ...]
    greeting: str = ""
    blocks: tuple[Block, ...] = ()
    closing: tuple[str, ...] = ()
    brand: str = "Leaders"
    signed_by: str = ""
    signed_role: str = ""
    reply_to: str = ""
    why_you: str = ""
    why_link: Button | None = None
    preheader: str = ""
    due: date | datetime | None = None


@dataclass(frozen=True)
class Kind:
    """One email: `write(**kwargs)` makes the letter, `sample()` the kwargs of its preview (unsaved objects will do).

    `by_hand` says that the office writes its words each time, so that there are no usual ones to change.
    """

    key: str
    title: str
    write: Callable[..., Letter]
    sample: Callable[[], dict]
    category: Category
    on_uncertain: OnUncertain
    by_hand: bool = False


def email(
    key: str,
    *,
    title: str,
    sample: Callable[[], dict],
    category: Category = Category.SERVICE,
    on_uncertain: OnUncertain = OnUncertain.RESEND,
    order: int = 100,
    by_hand: bool = False,
):
    """Bring an email: decorate the function that writes its `Letter` (keyword-only arguments)."""

    def keep(function):
        kind = Kind(key, title, function, sample, category, on_uncertain, by_hand)
        emails.add(kind, order=order, key=key, title=title, module=function.__module__)
        return function

    return keep


@dataclass(frozen=True)
class Objection:
    """Why a message must not go out now: never, or not before `until`.

    `then` is what follows when it was stopped for it, in the same transaction.
    """

    reason: str
    until: datetime | None = None
    then: Callable[[], object] | None = None


def last_look(*, order: int, key: str = "", title: str = ""):
    """Bring a last look: function(message, now) -> Objection | None. It only looks: see `Objection.then`."""
    return last_looks.part(order=order, key=key, title=title)
