"""How long mentor training is good for. Pure, and light: pages ask this, the solver stays unloaded."""

from datetime import date, timedelta

from leaders.reminders.working_days import add_months

TRAINING_MONTHS = 24
"""Training, or its refresher, is good up to and including the day this many months later."""


def good_until(trained_on: date) -> date:
    """The last day on which training of that day counts: the same day of the month, or the last of a shorter month."""
    return add_months(trained_on, TRAINING_MONTHS)


def first_good_day(on: date) -> date:
    """The earliest day of training that still counts on `on`: what the database can compare with."""
    earliest = add_months(on, -TRAINING_MONTHS)
    # Two years before 29 February is 28 February, whose training is good to 28 February only.
    return earliest if good_until(earliest) >= on else earliest + timedelta(days=1)


def training_is_good(trained_on: date | None, on: date) -> bool:
    """Trained at all, not later than `on`, and not too long ago."""
    return trained_on is not None and trained_on <= on <= good_until(trained_on)
