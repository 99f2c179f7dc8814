"""The best matching: one aim after another, each among the plans that are best at all aims before it.

1. fewest unmatched, 2. least waiting priority left out, 3. the highest minimum, 4. the fewest below each band, 5. the
highest total, 6. load spread, 7. ties by a hash of ids. Aims 3 and 4 are the director's choice (Settings.order).
"""

from collections.abc import Callable, Iterator
from importlib.metadata import version

import numpy as np

from .certificate import Certificate, Proof
from .face import Aim, Face
from .flow import NOBODY, Prices
from .model import MOST_FIT, Order, Problem, Settings
from .record import problem_hash, result_hash
from .result import Headline, Level, Pairing, Result
from .table import Table, table, tie_hash

VERSION = "1"
"""Raised whenever the same problem could give another answer."""

FLOOR = "floor"

KeepGoing = Callable[[str, int], bool]


class _StoppedError(Exception):
    """The caller asked to stop."""


def solve(
    problem: Problem, *, keep_going: KeepGoing | None = None, start_arcs: int = 30, all_arcs_up_to: int = 20_000
) -> Result:
    """The best matching of a problem, with its proof.

    `keep_going(aim, aims finished)` is asked before every step: False ends the run with the plan of the last finished
    aim, which the result then says. The first aim is always finished. With more than `all_arcs_up_to` allowed pairs
    the flows start from about `start_arcs` arcs a person and every other pair is priced. Raises ProblemError.
    """
    return solve_table(problem, table(problem), keep_going, start_arcs, all_arcs_up_to)


def solve_table(
    problem: Problem, t: Table, keep_going: KeepGoing | None, start_arcs: int, all_arcs_up_to: int
) -> Result:
    """As solve, for a problem already scored."""
    face = Face(t, start_arcs, all_arcs_up_to)
    pairs = face.count
    mate = np.full(len(t.mentees), NOBODY, dtype=np.int64)
    proofs: list[Proof] = []
    stopped_before = ""
    for aim in aims(t, problem.settings):
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
    return _result(problem, t, mate, Certificate(tuple(proofs), pairs), stopped_before)


def aims(t: Table, settings: Settings) -> Iterator[Aim | str]:
    """What is wanted, in order, as costs; the highest minimum is not a cost and only has its name, FLOOR."""
    n, m = t.fit.shape
    locks = np.fromiter(t.locked_fit.values(), dtype=np.int64)
    nobody_minds = np.zeros(n, dtype=np.int64)
    any_load = np.zeros((m, int(t.seats.max(initial=0)) + 1), dtype=np.int64)

    def no_cost(fit, _row, _column):
        return np.zeros(fit.shape, dtype=np.int32)

    yield Aim("unmatched", no_cost, nobody_minds + 1, any_load)
    yield Aim("waiting", no_cost, t.waiting, any_load)
    if settings.order in {Order.FLOOR, Order.BANDS}:
        yield FLOOR
    if settings.order is Order.BANDS:
        for band in sorted(set(settings.bands)):
            yield below(band, t, any_load, int((locks < band).sum()))

    def fit_lost(fit, _row, _column):
        return -fit.astype(np.int32)

    yield Aim("total", fit_lost, nobody_minds, any_load, locked=-int(locks.sum()), sign=-1)
    load = (t.load[:, None] + np.arange(any_load.shape[1])) ** 2
    yield Aim("load", no_cost, nobody_minds, load)

    def hashes(_fit, row, column):
        return tie_hash(row, column)

    i, j = np.fromiter(t.locked, dtype=np.int64), np.fromiter(t.locked.values(), dtype=np.int64)
    yield Aim("tie", hashes, nobody_minds, any_load, locked=int(tie_hash(t.row_hash[i], t.column_hash[j]).sum()))


def below(band: int, t: Table, any_load: np.ndarray, locked: int = 0) -> Aim:
    """Few pairs with a fit below `band`."""

    def is_below(fit, _row, _column):
        return fit < band

    return Aim(f"below:{band}", is_below, np.zeros(len(t.mentees), dtype=np.int64), any_load, locked)


def _raise_floor(face: Face, mate: np.ndarray, ask: Callable[[], None]) -> tuple[np.ndarray, Proof]:
    """The highest minimum any plan of the face reaches, by bisection; a lock's fit counts like any other.

    Each probe asks for the fewest pairs below a value. None is a plan with a higher minimum; more than none comes
    with prices, and those prices rule out every floor above the best pair they do not cover.
    """
    t = face.table
    any_load = np.zeros((len(t.seats), int(t.seats.max(initial=0)) + 1), dtype=np.int64)
    highest = min(t.locked_fit.values(), default=MOST_FIT)

    def minimum(plan: np.ndarray) -> int:
        i = np.flatnonzero(plan != NOBODY)
        return int(t.fit[i, plan[i]].min(initial=highest))

    low, witness = minimum(mate), None
    if (choice := face.least_choice()) and choice[0] < highest:
        highest, witness = choice
    target = highest if face.listed else (low + highest + 1) // 2
    while low < highest:
        aim = below(target, t, any_load)
        plan, at = face.optimise(aim, mate, ask)
        if face.value(aim, plan) == 0:
            mate, low = plan, minimum(plan)
        else:
            highest, witness = max(face.best_beyond(at, target), low), at
        target = (low + highest + 1) // 2
    return mate, _proof(FLOOR, low, witness)


def _proof(name: str, value: int, at: Prices | None) -> Proof:
    return Proof(name, value, tuple(at.u.tolist()), tuple(at.p.tolist())) if at else Proof(name, value)


def _result(problem: Problem, t: Table, mate: np.ndarray, certificate: Certificate, stopped_before: str) -> Result:
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
        versions={"matching": VERSION, "ortools": version("ortools"), "numpy": np.__version__},
        input_hash=problem_hash(problem),
        result_hash=result_hash(pairs, levels),
    )
