"""The questionnaire as data: its items, the dimensions they measure, and the thresholds of its scoring."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

LOWEST, HIGHEST = 1, 5
TEXTS = ("title_elsewhere", "summary", "summary_elsewhere", "then_item", "then_item_elsewhere")

Answers = Mapping[str, int | None]
"""Item id -> 1..5, or None for "No opportunity yet". An item not answered at all has no key."""


@dataclass(frozen=True)
class Item:
    id: str
    dimension: str  # the dimension's key
    text: str = ""
    elsewhere: str = ""  # the wording for people outside London, where it differs
    reverse: bool = False

    def score(self, answer: int) -> int:
        """The answer as it counts: a reverse item turns 1 into 5. Raises ValueError outside 1 to 5."""
        if not LOWEST <= answer <= HIGHEST:
            raise ValueError(f"{answer} is not an answer from {LOWEST} to {HIGHEST}.")
        return LOWEST + HIGHEST - answer if self.reverse else answer

    def wording(self, *, in_london: bool = True) -> str:
        return self.text if in_london or not self.elsewhere else self.elsewhere


@dataclass(frozen=True)
class Dimension:
    key: str
    title: str
    module: int  # the module it feeds, 1 to 6
    title_elsewhere: str = ""  # the wording for people outside London, where it differs
    summary: str = ""  # what it is about, in one sentence
    summary_elsewhere: str = ""
    then_item: str = ""  # the one statement about before the programme (the then-test)
    then_item_elsewhere: str = ""

    def called(self, *, in_london: bool = True) -> str:
        return self.title if in_london or not self.title_elsewhere else self.title_elsewhere

    def about(self, *, in_london: bool = True) -> str:
        return self.summary if in_london or not self.summary_elsewhere else self.summary_elsewhere

    def looking_back(self, *, in_london: bool = True) -> str:
        return self.then_item if in_london or not self.then_item_elsewhere else self.then_item_elsewhere


@dataclass(frozen=True)
class Instrument:
    """One version of the questionnaire. Dimensions stand in module order, which settles every tie."""

    version: str
    dimensions: tuple[Dimension, ...]
    items: tuple[Item, ...]

    def items_of(self, dimension: str) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.dimension == dimension)

    def in_order_for(self, cohort: str) -> tuple[Item, ...]:
        """The items shuffled once per cohort: the same order before and after, whoever asks."""
        return tuple(sorted(self.items, key=lambda item: sha256(f"{cohort}|{item.id}".encode()).digest()))


@dataclass(frozen=True)
class Thresholds:
    """Every limit of the scoring rules, so that the office can change one without a deploy."""

    items_needed: int = 4  # of the five in a dimension
    dimensions_needed: int = 6  # of the seven in the overall score
    priority_below: float = 3.0
    develop_below: float = 3.75
    relative_distance: float = 0.5  # below one's own overall score
    relative_lowest: int = 2
    gap_from: float = 1.0  # importance minus mean
    no_opportunity_from: int = 2
    needs_offered: int = 3
    fastest_seconds: int = 90
    cohort_mean_from: int = 8
    cohort_distribution_from: int = 10
    change_spread_from: int = 10  # below it a change is shown as its mean only
    reliable_change_from: int = 20
    reliable_change_alpha: float = 0.6
    reliable_change_index: float = 1.96
    alpha_from: int = 10
    alpha_steady_from: int = 20


STANDARD = Thresholds()


def read_instrument(lines: Iterable[str], *, version: str, texts: Iterable[str] = ()) -> Instrument:
    """The instrument from the lines of `modules/data/questionnaire.csv`, which stand in module order.

    `texts` are the lines of `dimensions.csv`: what each dimension is about, and its then-test.
    """
    said = {row["dimension_key"]: {name: row[name] for name in TEXTS} for row in csv.DictReader(texts)}
    dimensions: dict[str, Dimension] = {}
    items = []
    for row in csv.DictReader(lines):
        key = row["dimension_key"]
        dimensions.setdefault(key, Dimension(key, row["dimension"], int(row["module_number"]), **said.get(key, {})))
        items.append(Item(row["item_id"], key, row["item"], row["item_elsewhere"], row["reverse"] == "1"))
    return Instrument(version, tuple(dimensions.values()), tuple(items))
