"""What closing or opening days would do to what is planned: looked at before it is saved, nothing written."""

from dataclasses import dataclass
from datetime import datetime

import structlog

from leaders.reminders.models import Reminder
from leaders.reminders.registry import Rule, rules
from leaders.reminders.timing import next_opening
from leaders.reminders.working_days import Days

from .plan import CHUNK, change_of, key_of, occurrences_of

logger = structlog.get_logger()

State = Reminder.State


@dataclass(frozen=True)
class Shift:
    """A planned reminder that would go out at `goes_at` instead of its present moment; None if not any more."""

    row: Reminder
    goes_at: datetime | None


def shifts(closed: Days, now: datetime) -> list[Shift]:
    """The planned reminders that the next planning would move if these were the closed days, by their present day.

    The change is worked out by the very function that planning uses, so that it cannot differ from what follows.
    """
    found = []
    for part in rules:
        try:
            found += _shifts_of(part.brings, closed, now)
        except Exception:  # as in planning: the rows of a rule that fails stay as they are
            logger.exception("reminders.rule_failed", rule=part.key)
    return sorted(found, key=lambda shift: (shift.row.due_at, shift.row.pk))


def _shifts_of(rule: Rule, closed: Days, now: datetime) -> list[Shift]:
    found = []
    occurrences = {key_of(rule, occurrence): occurrence for occurrence in occurrences_of(rule, now, None)}
    keys = list(occurrences)
    for start in range(0, len(keys), CHUNK):
        rows = Reminder.objects.filter(dedupe_key__in=keys[start : start + CHUNK]).exclude(state=State.WRITTEN)
        for row in rows.select_related("recipient"):
            change = change_of(rule, row, occurrences[row.dedupe_key], now, closed)
            was_planned = row.state == State.PENDING
            is_planned = change.get("state", row.state) == State.PENDING
            if is_planned and change.get("due_at", row.due_at) != row.due_at:
                goes_at = next_opening(max(change["due_at"], now), closed)
                found.append(Shift(row, goes_at if goes_at < change["expires_at"] else None))
            elif was_planned and not is_planned:
                found.append(Shift(row, None))
    return found
