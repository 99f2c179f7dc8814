"""The equality questions, read from data, and the report over everybody's answers with small numbers suppressed."""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from leaders.people.small_numbers import Cell, protect

from .models import EqualityReturn, Nomination, Round
from .models.equality import pseudonyms

DATA = Path(__file__).parent / "data" / "equality_questions.csv"
NOT_SAID = "Prefer not to say"
STAGES = (
    ("Put forward", lambda nomination: True),
    ("Offered a place", lambda nomination: nomination.was_offered),
    ("Place accepted", lambda nomination: nomination.state == Nomination.State.ACCEPTED),
)


@dataclass(frozen=True)
class Question:
    """`asked_if` is (another question's key, the answer that opens this one), or None."""

    key: str
    text: str
    hint: str
    options: tuple[str, ...]
    write_in: str
    asked_if: tuple[str, str] | None
    question_set: str


@cache
def questions() -> tuple[Question, ...]:
    """The questions that are asked now, in order."""
    with DATA.open(encoding="utf-8", newline="") as rows:
        return tuple(
            Question(
                key=row["key"],
                text=row["question"],
                hint=row["hint"],
                options=tuple(row["options_in_order"].split("|")),
                write_in=row["write_in"],
                asked_if=tuple(row["asked_if"].split("=", 1)) if row["asked_if"] else None,
                question_set=row["question_set"],
            )
            for row in csv.DictReader(rows)
            if row["on_by_default"] == "1"
        )


def question_set() -> str:
    return questions()[0].question_set


@dataclass(frozen=True)
class Table:
    """One question: for each option its count at each stage, as it may be shown."""

    question: Question
    stages: tuple[str, ...]
    rows: list[tuple[str, tuple[Cell, ...]]]


def report(this: Round) -> list[Table]:
    """The answers of a round by stage, rounded to the nearest five and with small numbers suppressed.

    Never by organisation. Once the cohort has closed only the first stage can be told.
    """
    returns = {found.pseudonym: found.answers for found in EqualityReturn.objects.filter(round=this)}
    loose = [found.answers for found in EqualityReturn.objects.filter(round=this, pseudonym=None)]
    people = _people(this)
    stages = []
    for name, reached in STAGES:
        answers = [returns[key] for key, nomination in people.items() if key in returns and reached(nomination)]
        stages.append((name, [*answers, *loose] if name == STAGES[0][0] else answers))
    return [_table(question, stages) for question in questions()]


def _people(this: Round) -> dict[str, Nomination]:
    from django.db.models import Exists, OuterRef

    from .models import Offer

    offered = Exists(Offer.objects.filter(nomination=OuterRef("pk")))
    sent = this.nominations.sent().annotate(was_offered=offered)
    return {key: found for found in sent for key in pseudonyms(found)}


def _table(question: Question, stages: Sequence[tuple[str, list[dict]]]) -> Table:
    columns = []
    for _, answers in stages:
        counts = Counter(answer.get(question.key) or "Not answered" for answer in answers)
        columns.append(protect([counts[option] for option in (*question.options, "Not answered")], round_to=5))
    rows = [
        (option, tuple(column[index] for column in columns))
        for index, option in enumerate((*question.options, "Not answered"))
    ]
    return Table(question, tuple(name for name, _ in stages), rows)
