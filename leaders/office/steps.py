"""What the office can do with a row of a ledger, messages and reminders alike: one step, for one row or for many.

Each step is confirmed on a page that names whom it reaches, and is one action of the app that owns the row.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import admin, messages
from django.db import models
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from leaders.people.refusals import NotPossible

from .admin import confirm

LINES_OF_CONFIRMATION = 50


@dataclass(frozen=True)
class Step:
    """One thing to do, from which states, in whose words. `act` is an action of the row's app."""

    label: str
    states: tuple[str, ...]
    act: Callable
    explain: str
    needs_reason: bool = False
    danger: bool = False


@dataclass(frozen=True)
class Ledger:
    """The rows of one kind that the office works with, and the steps that they can take.

    `thing` is what one is called; its actions take it under that name. `whom` and `what` say whom a row reaches, and
    with what.
    """

    thing: str
    rows: Callable[[], models.QuerySet]
    whom: Callable[[models.Model], str]
    what: Callable[[models.Model], str]
    steps: dict[str, Step]

    def line(self, row: models.Model) -> str:
        return f"{self.whom(row)}: {self.what(row)}"

    def open_to(self, row: models.Model) -> list[tuple[str, Step]]:
        """The steps that this row can take now, with their names."""
        return [(name, step) for name, step in self.steps.items() if row.state in step.states]

    def page(self, request, pk: int, name: str, back: str):
        """Confirm one step for one row, and take it."""
        row = get_object_or_404(self.rows(), pk=pk)
        if name not in self.steps:
            raise Http404
        step = self.steps[name]

        def act(reason):
            self._take(step, row, request, reason)
            return f"{step.label}: done."

        return confirm(
            request, title=f"{step.label}: this {self.thing}", lines=[self.line(row)], button=step.label, act=act,
            back=back, explain=step.explain, needs_reason=step.needs_reason, danger=step.danger,
        )  # fmt: skip

    def bulk_actions(self) -> list[Callable]:
        """The same steps for every chosen row of the list."""
        return [self._bulk(name, step) for name, step in self.steps.items()]

    def _bulk(self, name: str, step: Step) -> Callable:
        @admin.action(description=step.label, permissions=["view"])
        def act(model_admin, request, queryset):
            chosen = list(self.rows().filter(pk__in=queryset.values("pk")))
            able = [row for row in chosen if row.state in step.states]
            if not able:
                which = f"the {self.thing}" if len(chosen) == 1 else f"any of the {counted(len(chosen), self.thing)}"
                said = f"“{step.label}” does not apply to {which} that you chose, so nothing was done."
                return messages.warning(request, said)
            return confirm(
                request, title=f"{step.label}: {counted(len(able), self.thing)}", lines=self._lines(able),
                button=step.label, act=lambda reason: self._take_all(step, able, request, reason),
                back=request.get_full_path(), explain=step.explain + _left(len(chosen) - len(able)),
                needs_reason=step.needs_reason, danger=step.danger,
            )  # fmt: skip

        act.__name__ = name
        return act

    def _lines(self, rows: list) -> list[str]:
        more = len(rows) - LINES_OF_CONFIRMATION
        return [self.line(row) for row in rows[:LINES_OF_CONFIRMATION]] + ([f"and {more} more"] if more > 0 else [])

    def _take_all(self, step: Step, rows: list, request, reason: str) -> str:
        """One refusal does not keep the others from going; only when all are refused nothing was done."""
        refused = []
        for row in rows:
            try:
                self._take(step, row, request, reason)
            except NotPossible as why:
                refused.append((row, why))
        if len(refused) == len(rows):
            raise refused[0][1]
        rest = f" Not done for {len(refused)}, such as {self.whom(refused[0][0])}: {refused[0][1]}" if refused else ""
        return f"{step.label}: {counted(len(rows) - len(refused), self.thing)}.{rest}"

    def _take(self, step: Step, row: models.Model, request, reason: str) -> None:
        words = {"reason": reason} if step.needs_reason else {}
        step.act(**{self.thing: row}, by=request.user, now=timezone.now(), **words)


def counted(count: int, thing: str) -> str:
    """1 message, 2 messages."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _left(count: int) -> str:
    stays = "is left as it is" if count == 1 else "are left as they are"
    return f" {count} of those chosen {stays}: this does not apply." if count else ""
