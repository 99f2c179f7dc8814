"""The weekly email: what is due, then what is coming up. Pure: it takes lines and returns a letter."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from leaders.components.dates import WEEKDAYS, clock, days_between, london_date, weekday_day_month
from leaders.outbox.registry import Block, Button, Letter

from .registry import Item, Signature

NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
MESSAGES = "/my/messages/"
REPLY = "If something does not work for you, reply to this email. It reaches a person."


@dataclass(frozen=True)
class Line:
    """One thing in a digest."""

    title: str
    paragraphs: tuple[str, ...]
    button: Button | None
    due: date | datetime | None

    @classmethod
    def of_item(cls, item: Item) -> "Line":
        due = f"Due {weekday_day_month(item.due)}. " if item.due else ""
        return cls(item.title, (due + item.detail,), Button(item.button, item.url), item.due)

    @classmethod
    def of_letter(cls, letter: Letter, due: date | None) -> "Line":
        """A letter that would have come by itself, had nothing else been due: all its words, and its first button."""
        button = next((block.button for block in letter.blocks if block.button), None)
        said = [
            paragraph
            for block in letter.blocks
            for paragraph in (*block.paragraphs, *(f"{when}: {what}" for when, what in block.rows))
        ]
        return cls(letter.subject, (*letter.opening, *said, *letter.closing), button, due)


def digest(
    lines: list[Line],
    *,
    coming: list[tuple[datetime, str]],
    signed: Signature | None,
    today: date | datetime,
    digest_day: int,
) -> Letter:
    """One mail for everything that one person has due, the most urgent first."""
    lines = in_order(lines)
    blocks = [Block(heading=line.title, paragraphs=line.paragraphs, button=line.button) for line in lines]
    if coming:
        rows = tuple((f"{weekday_day_month(when)}, {clock(when)}", what) for when, what in coming)
        blocks.append(Block(heading="Coming up", rows=rows))
    why = signed.why_you if signed else "You take part in one of our programmes."
    return Letter(
        subject=f"Your week: {subject(lines, today)}",
        opening=(opening(lines, today),),
        blocks=tuple(blocks),
        closing=(REPLY,),
        brand=signed.brand if signed else "Leaders",
        signed_by=signed.name if signed else "The programme office",
        signed_role=signed.role if signed else "",
        reply_to=signed.reply_to if signed else "",
        why_you=f"You get this on {WEEKDAYS[digest_day]}s, only when something is due or coming up. {why} "
        "We will still write about changes to dates.",
        why_link=Button("Choose the day, or stop the weekly email", MESSAGES),
        preheader=_preheader(lines),
    )


def bundle(lines: list[Line], *, like: Letter, today: date | datetime) -> Letter:
    """Letters that are due together for somebody who has no weekly email: one mail, signed as `like` is."""
    lines = in_order(lines)
    facts = subject(lines, today)
    return replace(
        like,
        subject=facts[0].upper() + facts[1:],
        opening=(opening(lines, today),),
        blocks=tuple(Block(heading=line.title, paragraphs=line.paragraphs, button=line.button) for line in lines),
        closing=(REPLY,),
        preheader=_preheader(lines),
    )


def in_order(lines: list[Line]) -> list[Line]:
    """The most urgent first, each thing once."""
    once: dict[tuple, Line] = {}
    for line in sorted(lines, key=lambda line: (line.due is None, london_date(line.due) if line.due else date.max)):
        once.setdefault((line.title, line.button or line.paragraphs), line)
    return list(once.values())


def _preheader(lines: list[Line]) -> str:
    return " ".join((lines[0].title, *lines[0].paragraphs[:1]))[:140]


def subject(lines: list[Line], today: date | datetime) -> str:
    """ "1 thing due by Monday 8 March": the fact, not an appeal. What has no day is not said to be due by one."""
    count = f"{len(lines)} thing{'' if len(lines) == 1 else 's'}"
    dated = [line.due for line in lines if line.due]
    late = [due for due in dated if days_between(due, today) < 0]
    all_due = "due" if len(dated) == len(lines) else "to do"
    if late:
        return f"{count} {all_due}, {len(late)} of them late" if len(lines) > 1 else "1 thing is late"
    if not dated:
        return f"{count} to do"
    if len(dated) < len(lines):
        return f"{count} to do, the first by {weekday_day_month(min(dated, key=london_date))}"
    return f"{count} due by {weekday_day_month(max(dated, key=london_date))}"


def opening(lines: list[Line], today: date | datetime) -> str:
    """How many things are needed, and by when the first."""
    number = NUMBERS[len(lines)] if len(lines) < len(NUMBERS) else str(len(lines))
    things = f"{number} thing{'' if len(lines) == 1 else 's'} need{'s' if len(lines) == 1 else ''} you"
    first = next((line.due for line in lines if line.due and days_between(line.due, today) >= 0), None)
    by = f", {'' if len(lines) == 1 else 'the first '}by {weekday_day_month(first)}" if first else ""
    return f"{things}{by}."
