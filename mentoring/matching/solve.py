"""The best matching: one aim after another, each among the plans that are best at all aims before it."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.metadata import version

import numpy as np

from .aims import FLOOR, aims, below
from .certificate import Certificate, Proof
from .face import Face
from .flow import NOBODY, Prices
from .model import MOST_FIT, Problem, Settings
from .record import problem_hash, result_hash
from .result import Headline, Level, Pairing, Result
from .table import Table, table

VERSION = "1"
"""Raised whenever the same problem could give another answer."""

KeepGoing = Callable[[str, int], bool]


class _StoppedError(Exception):
    """The caller asked to stop."""


def solve(
    problem: Problem, *, keep_going: KeepGoing | None = None, start_arcs: int = 30, all_arcs_up_to: int = 20_000
) -> Result:
    """The best matching of a problem, with its proof.

    `keep_going(aim, aims finished)` is asked before every step: False ends the run with the plan of the last finished
    aim, which the result then says. The first aim is always finished. With more than `all_arcs_up_to` allowed pairs
    (in proportion more above 1,000 people) the flows start from about `start_arcs` arcs a person and every other pair
    is priced. Raises ProblemError.
    """
    found = solve_table(table(problem), problem.settings, keep_going, start_arcs, all_arcs_up_to)
    return replace(found, input_hash=problem_hash(problem))


def solve_table(
    t: Table,
    settings: Settings,
    keep_going: KeepGoing | None = None,
    start_arcs: int = 30,
    all_arcs_up_to: int = 20_000,
) -> Result:
    """As solve, for a problem already scored, whose hash the result then lacks. It uses the table's array up."""
    face = Face(t, start_arcs, all_arcs_up_to)
    pairs = face.count
    mate = np.full(len(t.mentees), NOBODY, dtype=np.int64)
    proofs: list[Proof] = []
    stopped_before = ""
    for aim in aims(t, settings):
        name = aim if isinstance(aim, str) else aim.name

        def ask(name: str = name) -> None:
            if keep_going and not keep_going(name, len(proofs)) and proofs:
                raise _StoppedError

        try:
            if isinstance(aim, str):
                mate, proof = _raise_floor(face, mate, ask)
                face.keep_from(proof.value)
            else:
                mate, at = face.optimise(aim, mate, ask)
                face.narrow(aim, at)
                proof = _proof(name, aim.sign * face.value(aim, mate), at)
        except _StoppedError:
            stopped_before = name
            break
        proofs.append(proof)
    return _result(t, mate, Certificate(tuple(proofs), pairs), stopped_before)


def _raise_floor(face: Face, mate: np.ndarray, ask: Callable[[], None]) -> tuple[np.ndarray, Proof]:
    """The highest minimum any plan of the face reaches; a lock's fit counts like any other.

    What the arcs at hand allow is found first. Then one aim asks for the fewest pairs below the next value, and adds
    arcs that are missing: none below is a plan with a higher minimum, and more than none comes with prices that prove
    there is no such plan.
    """
    highest, witness = min(face.table.locked_fit.values(), default=MOST_FIT), None
    low = min(face.minimum(mate), highest)
    if (choice := face.least_choice()) and choice[0] < highest:
        highest, witness = choice
    while low < highest:
        mate = face.raise_minimum(mate, highest, ask)
        low = min(face.minimum(mate), highest)
        if low < highest:
            aim = below(low + 1, face.table)
            plan, at = face.optimise(aim, mate, ask)
            if face.value(aim, plan) == 0:
                mate = plan
            else:
                highest, witness = low, at
    return mate, _proof(FLOOR, low, witness)


def _proof(name: str, value: int, at: Prices | None) -> Proof:
    return Proof(name, value, tuple(at.u.tolist()), tuple(at.p.tolist())) if at else Proof(name, value)


def _result(t: Table, mate: np.ndarray, certificate: Certificate, stopped_before: str) -> Result:
    def pairing(i: int, j: int, *, locked: bool) -> Pairing:
        return Pairing(t.mentees[i].id, t.mentors[j].id, t.locked_fit[i] if locked else int(t.fit[i, j]), locked)

    free = np.flatnonzero(mate != NOBODY).tolist()
    chosen = [pairing(i, mate[i], locked=False) for i in free]
    decided = [pairing(i, j, locked=True) for i, j in t.locked.items()]
    pairs = sorted([*chosen, *decided], key=lambda pair: pair.mentee)
    levels = tuple(Level(proof.name, proof.value) for proof in certificate.proofs)
    load = t.load + np.bincount(mate[free], minlength=len(t.seats))
    fits = [pair.fit for pair in pairs]
    unmatched = tuple(t.mentees[i].id for i in np.flatnonzero(t.taking_part & (mate == NOBODY)))
    return Result(
        pairs=tuple(pairs),
        unmatched=unmatched,
        opted_out=tuple(m.id for i, m in enumerate(t.mentees) if not m.opted_in and i not in t.locked),
        headline=Headline(
            matched=len(pairs),
            asked=len(pairs) + len(unmatched),
            minimum=min(fits, default=None),
            total=sum(fits),
            load=int((load**2).sum()),
            most=int(load.max(initial=0)),
            pairs_checked=certificate.pairs,
            proved=not stopped_before,
            stopped_before=stopped_before,
        ),
        levels=levels,
        certificate=certificate,
        versions=_versions(),
        input_hash="",
        result_hash=result_hash(pairs, levels),
    )


@cache
def _versions() -> dict[str, str]:
    return {"matching": VERSION, "ortools": version("ortools"), "numpy": np.__version__}
