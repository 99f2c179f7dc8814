"""How long mentor training is good for. Pure, and light: pages ask this, the solver stays unloaded."""

from datetime import date

TRAINING_MONTHS = 24
"""Training, or its refresher, is good up to and including the day this many months later."""


def good_until(trained_on: date) -> date:
    """The last day on which training of that day counts: the same day of the month, or the last of a shorter month."""
    year, month = divmod(trained_on.year * 12 + trained_on.month - 1 + TRAINING_MONTHS, 12)
    for day_of_month in (trained_on.day, 30, 29, 28):
        try:
            return date(year, month + 1, day_of_month)
        except ValueError:
            continue
    raise ValueError(trained_on)


def training_is_good(trained_on: date | None, on: date) -> bool:
    """Trained at all, not later than `on`, and not too long ago."""
    return trained_on is not None and trained_on <= on <= good_until(trained_on)
