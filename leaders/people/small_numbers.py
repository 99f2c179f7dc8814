"""Disclosure control: which figures about a group may be shown without pointing at a person.

The rules are those of the law sheet for small numbers (Ofqual's rounding policy, HESA's methodology):
counts of 1 to 4 are never shown, a true zero is shown as 0, a further cell is hidden where subtraction
would reveal the first, no percentage of a group under 22, no average of seven people or fewer.
Pure functions: no ORM, no clock, no settings.
"""

from collections.abc import Sequence
from dataclasses import dataclass

SMALL = 5  # counts from 1 up to, not including, this one are hidden
LARGEST_SMALL = SMALL - 1
AVERAGE_FROM = 8
PERCENTAGE_FROM = 22

FEWER = f"fewer than {SMALL}"
HIDDEN = "not shown"


@dataclass(frozen=True)
class Cell:
    """One count of a table as it may be shown: `count` is None when hidden; `text` is what people read."""

    count: int | None
    text: str


def protect(counts: Sequence[int], *, round_to: int = 1) -> tuple[Cell, ...]:
    """Hide counts of 1 to 4, and as many larger ones as it takes to stop subtraction from the total.

    `round_to=5` also rounds what stays visible, as published equality figures ask.
    Hidden are, beside the small cells, the smallest large ones; if even hiding all of them leaves only
    one possible answer (4, 4 and 4 of a known twelve), the whole table is "not shown".
    Raises ValueError for a negative count.
    """
    if any(count < 0 for count in counts):
        raise ValueError("A count cannot be negative.")
    small = [i for i, count in enumerate(counts) if 0 < count < SMALL]
    large = sorted((i for i, count in enumerate(counts) if count >= SMALL), key=lambda i: (counts[i], i))
    also: list[int] = []
    while small and revealed([counts[i] for i in small], [counts[i] for i in also]):
        if not large:
            return tuple(Cell(0, "0") if count == 0 else Cell(None, HIDDEN) for count in counts)
        also.append(large.pop(0))
    shown = [rounded(count, to=round_to) for count in counts]
    cells = [Cell(count, f"{count:,}") for count in shown]
    for hidden, text in ((small, FEWER), (also, HIDDEN)):
        for i in hidden:
            cells[i] = Cell(None, text)
    return tuple(cells)


def revealed(small: Sequence[int], also: Sequence[int]) -> bool:
    """Whether a reader who knows the total can work out any of the hidden small counts.

    The reader knows that each of `small` lies between 1 and 4 and each of `also` is 5 or more, so for each of the
    small cells everything between two bounds is possible: it is revealed when the bounds meet.
    """
    if not small:
        return False
    left = sum(small) + sum(also)
    others = len(small) - 1
    # What one of them may be when the others are as small, or as large, as they can be: the same for each.
    most = min(LARGEST_SMALL, left - others - SMALL * len(also))
    least = 1 if also else max(1, left - others * LARGEST_SMALL)
    return least == most


def rounded(count: int, *, to: int = 5) -> int:
    """The count to the nearest multiple of `to`, halves upwards, so that nobody can be counted out."""
    return (count + to // 2) // to * to if to > 1 else count


def percentage(part: int, whole: int) -> int | None:
    """Whole percent, or None where the group is under 22 people and one person would move it visibly."""
    return None if whole < PERCENTAGE_FROM else round(100 * part / whole)


def nested(counts: Sequence[int]) -> tuple[Cell, ...]:
    """Counts each of which is part of the one before (nominated, offered, accepted), as they may be shown together.

    One of 1 to 4 is hidden, and so is one that differs by as few from another that is shown: the difference counts
    people too. Raises ValueError for a negative count.
    """
    if any(count < 0 for count in counts):
        raise ValueError("A count cannot be negative.")
    cells, shown = [], [0]
    for count in counts:
        if all(abs(count - other) not in range(1, SMALL) for other in shown):
            shown.append(count)
            cells.append(Cell(count, f"{count:,}"))
        else:
            cells.append(Cell(None, FEWER if 0 < count < SMALL else HIDDEN))
    return tuple(cells)
