"""Student's t for whole degrees of freedom, so that a confidence interval needs no numerical library.

Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
"""

from math import atan, cos, pi, sin, sqrt, tan


def t_cdf(t: float, df: int) -> float:
    """P(T <= t) for `df` degrees of freedom, exact up to rounding. Raises ValueError for df < 1."""
    if df < 1:
        raise ValueError("Student's t needs at least one degree of freedom.")
    return 0.5 + _within(atan(t / sqrt(df)), df) / 2


def t_quantile(p: float, df: int) -> float:
    """The t with P(T <= t) = p. Raises ValueError for df < 1 or p outside the open interval (0, 1)."""
    if df < 1 or not 0 < p < 1:
        raise ValueError("Student's t needs df >= 1 and 0 < p < 1.")
    low, high = -pi / 2, pi / 2  # search the angle, not t: the interval is bounded
    for _ in range(100):
        middle = (low + high) / 2
        if 0.5 + _within(middle, df) / 2 < p:
            low = middle
        else:
            high = middle
    return tan((low + high) / 2) * sqrt(df)


def _within(angle: float, df: int) -> float:
    """P(|T| <= t), signed like t, at the angle atan(t / sqrt(df))."""
    square = cos(angle) ** 2
    odd = df % 2
    term = cos(angle) if odd else 1.0
    total = 0.0
    for n in range(2 + odd, df + 1, 2):
        total += term
        term *= square * (n - 1) / n
    series = sin(angle) * total
    return 2 / pi * (angle + series) if odd else series
