"""What a matching run gives back."""

from dataclasses import dataclass
from functools import cached_property

from .certificate import Certificate


@dataclass(frozen=True)
class Pairing:
    """A mentee with their mentor; `fit` is 0-4000."""

    mentee: str
    mentor: str
    fit: int
    locked: bool = False


@dataclass(frozen=True)
class Level:
    """What the plan reaches at one aim, in the order the aims were taken."""

    name: str
    value: int


@dataclass(frozen=True)
class Headline:
    """The run in figures. `load` is the sum of squares over mentors, `most` the largest number one mentor has.

    `proved` is False when the run was stopped, and `stopped_before` names the aim it did not finish.
    """

    matched: int
    asked: int
    minimum: int | None
    total: int
    load: int
    most: int
    pairs_checked: int
    proved: bool
    stopped_before: str = ""


@dataclass(frozen=True)
class Result:
    """A plan with its proof; a record by itself, together with the problem whose hash it carries."""

    pairs: tuple[Pairing, ...]
    unmatched: tuple[str, ...]
    opted_out: tuple[str, ...]
    headline: Headline
    levels: tuple[Level, ...]
    certificate: Certificate
    versions: dict[str, str]
    input_hash: str
    result_hash: str

    @cached_property
    def _mentors(self) -> dict[str, str]:
        return {pair.mentee: pair.mentor for pair in self.pairs}

    def mentor_of(self, mentee: str) -> str | None:
        return self._mentors.get(mentee)

    def mentees_of(self, mentor: str) -> tuple[str, ...]:
        return tuple(pair.mentee for pair in self.pairs if pair.mentor == mentor)

    def value(self, level: str) -> int | None:
        """What the plan reaches at a level, None where the run did not come to it."""
        return next((each.value for each in self.levels if each.name == level), None)

    def sentence(self) -> str:
        """The headline in words."""
        h = self.headline
        said = f"Matched {h.matched} of {h.asked}"
        if h.minimum is not None:
            said += f", lowest fit {h.minimum / 40:.0f}%, average {h.total / h.matched / 40:.0f}%"
        if h.proved:
            return f"{said}; proved best: {h.pairs_checked:,} pairs checked"
        return f"{said}; stopped before “{h.stopped_before}”, best so far"
