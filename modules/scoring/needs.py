"""Learning needs: what a profile suggests for the learning plan. The participant chooses.

For development only: never used in selection, never shown to a sponsor or nominator unless shared.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import inf

from .individual import TOLERANCE, DimensionScore, Level, Profile
from .instrument import STANDARD, Dimension, Thresholds


class NeedKind(StrEnum):
    PRIORITY = "priority"  # rated below 3
    GAP = "gap"  # matters in the role by a point or more than it is practised
    RELATIVE = "relative"  # one of the two lowest, well below the person's own overall score
    EXPERIENCE = "experience"  # "No opportunity yet" twice or more
    DEVELOP = "develop"  # rated from 3 to under 3.75


@dataclass(frozen=True)
class Need:
    dimension: Dimension
    kinds: tuple[NeedKind, ...]  # in the order of NeedKind; never empty
    mean: float | None
    gap: float | None

    @property
    def reason(self) -> str:
        """Why it is offered, in one sentence to the participant."""
        return _REASONS[self.kinds[0]]


_REASONS = {
    NeedKind.PRIORITY: "You do this less than sometimes.",
    NeedKind.GAP: "You rate this as more important in your role than your practice shows so far.",
    NeedKind.RELATIVE: "This is lower than your answers as a whole.",
    NeedKind.EXPERIENCE: "You have had little opportunity for this so far.",
    NeedKind.DEVELOP: "You do this sometimes, with room to do it more often.",
}


def all_learning_needs(profile: Profile, limits: Thresholds = STANDARD) -> tuple[Need, ...]:
    """Every need, ordered: priority first, then the larger gap, then the lower mean, then module order.

    A missing gap counts as none, a missing mean as the highest.
    """
    relative = _relative_focus(profile, limits)
    needs = []
    for place, score in enumerate(profile.dimensions):
        kinds = tuple(
            kind
            for kind, holds in (
                (NeedKind.PRIORITY, score.level == Level.PRIORITY),
                (NeedKind.GAP, score.gap is not None and score.gap >= limits.gap_from - TOLERANCE),
                (NeedKind.RELATIVE, score in relative),
                (NeedKind.EXPERIENCE, score.no_opportunity >= limits.no_opportunity_from),
                (NeedKind.DEVELOP, score.level == Level.DEVELOP),
            )
            if holds
        )
        if kinds:
            need = Need(score.dimension, kinds, score.mean, score.gap)
            needs.append((_order(need), place, need))
    return tuple(need for _, _, need in sorted(needs, key=lambda entry: entry[:2]))


def learning_needs(profile: Profile, limits: Thresholds = STANDARD) -> tuple[Need, ...]:
    """The needs offered to the learning plan: the first three at most."""
    return all_learning_needs(profile, limits)[: limits.needs_offered]


def _order(need: Need) -> tuple[bool, float, float]:
    # Rounded, so that float noise never decides between two equal gaps or means.
    gap = 0.0 if need.gap is None else round(need.gap, 9)
    mean = inf if need.mean is None else round(need.mean, 9)
    return (NeedKind.PRIORITY not in need.kinds, -gap, mean)


def _relative_focus(profile: Profile, limits: Thresholds) -> tuple[DimensionScore, ...]:
    """The two lowest dimensions, each if at least half a point below the person's own overall score.

    Senior people rate themselves high: what is low for them shows only against their own level.
    """
    if profile.overall is None:
        return ()
    rated = sorted(
        (
            (round(score.mean, 9), place, score)
            for place, score in enumerate(profile.dimensions)
            if score.mean is not None
        ),
        key=lambda entry: entry[:2],
    )
    return tuple(
        score
        for mean, _, score in rated[: limits.relative_lowest]
        if profile.overall - mean >= limits.relative_distance - TOLERANCE
    )
