"""Scoring of the system leadership questionnaire: pure functions over dataclasses.

Raw answers are stored and scores recomputed; nothing here reads a database, a clock or a setting.
The instrument is a development conversation aid and not validated: say so wherever scores are shown.
"""

from .change import Change, Claim, ReliableChange, ResponseShift, matched_change, reliable_change, response_shift
from .cohort import CohortDimension, cohort_dimensions
from .individual import (
    DimensionScore,
    Level,
    Profile,
    QualityFlag,
    dimension_mean,
    level,
    quality,
    score,
)
from .instrument import STANDARD, Answers, Dimension, Instrument, Item, Thresholds, read_instrument
from .needs import Need, NeedKind, all_learning_needs, learning_needs
from .reliability import Band, Reliability, cronbach_alpha, dimension_reliability
from .student_t import t_cdf, t_quantile

__all__ = [
    "STANDARD",
    "Answers",
    "Band",
    "Change",
    "Claim",
    "CohortDimension",
    "Dimension",
    "DimensionScore",
    "Instrument",
    "Item",
    "Level",
    "Need",
    "NeedKind",
    "Profile",
    "QualityFlag",
    "Reliability",
    "ReliableChange",
    "ResponseShift",
    "Thresholds",
    "all_learning_needs",
    "cohort_dimensions",
    "cronbach_alpha",
    "dimension_mean",
    "dimension_reliability",
    "learning_needs",
    "level",
    "matched_change",
    "quality",
    "read_instrument",
    "reliable_change",
    "response_shift",
    "score",
    "t_cdf",
    "t_quantile",
]
