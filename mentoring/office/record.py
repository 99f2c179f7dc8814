"""The record of a run: what was weighed, what it reached, and whether its proof still holds."""

from mentoring import matching
from mentoring.models import MatchRun
from mentoring.wording import aim_words, labels, percent

ERASED = "Somebody in it was erased since: the question is gone, its hash and the answer stay."


def weighed(run: MatchRun) -> str:
    """The office's weights as they were."""
    if run.problem is None:
        return ERASED
    known, weights = labels(), run.problem.weights
    pairs = [(criterion.key, criterion.weight) for criterion in weights.criteria]
    pairs += [(matching.PREFERENCE, weights.preference), (matching.SHARED, weights.shared)]
    return "; ".join(f"{known.get(key, key)}: {weight}" for key, weight in pairs)


def reached(run: MatchRun) -> str:
    """What it reached, aim by aim in their order, and what it leaves undone."""
    levels = [level for level in run.result.levels if level.name != "tie"]
    said = "; ".join(f"{aim_words(level.name)}: {_value(level)}" for level in levels)
    stopped = run.result.headline.stopped_before
    return f"{said}. Stopped before: {aim_words(stopped)}" if stopped else said


def _value(level) -> str:
    return f"{percent(level.value)}%" if level.name == "floor" else str(level.value)


def engine(run: MatchRun) -> str:
    return ", ".join(f"{name} {version}" for name, version in sorted(run.result.versions.items()))


def proof(run: MatchRun) -> str:
    """Whether the answer is the best one, shown again by the checker, which shares no line with the solver."""
    aims = len(run.result.certificate.proofs)
    size = f"{aims} aims, {run.result.certificate.pairs:,} pairs"
    if run.problem is None:
        return f"{size}. {ERASED}"
    if run.is_large:
        return f"{size}. It is kept with the run; so large a one is not checked while you wait."
    try:
        matching.check(run.problem, run.result)
    except matching.CheckFailed as failed:
        return f"It does not hold: {failed}"
    return f"{size}. It holds: checked again just now, by a program of its own."
