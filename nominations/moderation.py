"""What the panel's scores say together, and who reads what. Pure functions over dataclasses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

APART = 2
"""Panel members this many points apart on one criterion have read it differently: it is worth a conversation."""


@dataclass(frozen=True)
class Reading:
    """One submitted assessment: scores by criterion key, and whether its author asks for a discussion."""

    scores: Mapping[str, int]
    discuss: bool = False


@dataclass(frozen=True)
class Scale:
    """A criterion as the arithmetic needs it."""

    key: str
    highest: int
    weight: int = 1


@dataclass(frozen=True)
class Standing:
    """A nomination's scores together: `average` and `spread` in percent of the highest possible, None when unread."""

    readings: int
    average: float | None
    spread: float
    by_criterion: dict[str, float]
    apart: tuple[str, ...]
    discuss: bool


def standing(readings: Sequence[Reading], scales: Sequence[Scale]) -> Standing:
    """Average and spread of the weighted totals; `discuss` when a reader asks for it or two are APART or more."""
    if not readings:
        return Standing(0, None, 0.0, {}, (), False)
    totals = [total(reading, scales) for reading in readings]
    by_criterion, apart = {}, []
    for scale in scales:
        values = [reading.scores[scale.key] for reading in readings if scale.key in reading.scores]
        if values:
            by_criterion[scale.key] = sum(values) / len(values)
            if max(values) - min(values) >= APART:
                apart.append(scale.key)
    return Standing(
        readings=len(readings),
        average=sum(totals) / len(totals),
        spread=max(totals) - min(totals),
        by_criterion=by_criterion,
        apart=tuple(apart),
        discuss=bool(apart) or any(reading.discuss for reading in readings),
    )


def total(reading: Reading, scales: Sequence[Scale]) -> float:
    """The weighted total of one reading, in percent of the highest possible."""
    highest = sum(scale.highest * scale.weight for scale in scales)
    return 100 * sum(reading.scores.get(scale.key, 0) * scale.weight for scale in scales) / highest if highest else 0.0


@dataclass(frozen=True)
class Reader:
    """A panel member: their organisation is never theirs to judge."""

    key: int
    organisation: int | None


@dataclass(frozen=True)
class Script:
    """A nomination to be read, with who reads it already or must not."""

    key: int
    organisation: int | None
    taken: frozenset[int] = frozenset()
    barred: frozenset[int] = frozenset()


def share_out(
    scripts: Sequence[Script], readers: Sequence[Reader], *, each: int, load: Mapping[int, int]
) -> list[tuple[int, int]]:
    """New (script, reader) pairs so that every script has `each` readers where possible, loads as even as can be.

    `load` is what readers have already. The scripts with the fewest possible readers are served first; among
    readers the least loaded, then the first listed: the same input gives the same answer.
    """
    loads = {reader.key: load.get(reader.key, 0) for reader in readers}
    position = {reader.key: index for index, reader in enumerate(readers)}

    def possible(script: Script) -> list[int]:
        return [
            reader.key
            for reader in readers
            if reader.key not in script.taken | script.barred
            and (reader.organisation is None or reader.organisation != script.organisation)
        ]

    pairs = []
    for script in sorted(scripts, key=lambda script: (len(possible(script)), script.key)):
        wanted = max(0, each - len(script.taken))
        for reader in sorted(possible(script), key=lambda key: (loads[key], position[key]))[:wanted]:
            loads[reader] += 1
            pairs.append((script.key, reader))
    return pairs
