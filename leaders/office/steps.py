"""What the office can do with a row of a ledger, messages and reminders alike: one step, for one row or for many.

Each step is confirmed on a page that names whom it reaches, and is one action of the app that owns the row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import models, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from leaders.people.refusals import NotPossible

from .admin import confirm

LINES_OF_CONFIRMATION = 50
MOST_AT_ONCE = 500  # rows of one step: fewer than Django takes fields in one form


@dataclass(frozen=True)
class Step:
    """One thing to do, from which states, in whose words. `act` is an action of the row's app.

    `done` is what a row is afterwards ("held"). `alone` says that it is never taken for many. `doubt(row, now)` is
    what speaks against it, for which the office has to give a reason; such a row is left out when there are many.
    """

    label: str
    done: str
    states: tuple[str, ...]
    act: Callable
    explain: str
    needs_reason: bool = False
    danger: bool = False
    alone: bool = False
    doubt: Callable[[models.Model, datetime], str] | None = None

    def doubts(self, row: models.Model) -> str:
        return self.doubt(row, timezone.now()) if self.doubt else ""


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
        """Confirm one step for one row, and take it. A step that would be refused has no button."""
        row = get_object_or_404(self.rows(), pk=pk)
        if name not in self.steps:
            raise Http404
        step = self.steps[name]
        doubt = step.doubts(row)
        refusal = "" if request.method == "POST" else self._refusal(step, pk, request)

        def act(reason):
            self._take(step, row, request, reason)
            return f"The {self.thing} is {step.done}."

        return confirm(
            request, title=f"{step.label}: this {self.thing}", lines=[self.line(row)], act=act, back=back,
            button="" if refusal else step.label, explain="" if refusal else step.explain, warning=refusal or doubt,
            needs_reason=step.needs_reason or bool(doubt), danger=step.danger,
        )  # fmt: skip

    def _refusal(self, step: Step, pk: int, request) -> str:
        """What the action itself would say against it: it is tried and taken back."""
        with transaction.atomic():
            try:
                self._take(step, self.rows().get(pk=pk), request, "Tried")
            except NotPossible as why:
                return str(why)
            finally:
                transaction.set_rollback(True)
        return ""

    def bulk_actions(self) -> list[Callable]:
        """The same steps for every chosen row of the list."""
        return [self._bulk(name, step) for name, step in self.steps.items() if not step.alone]

    def _bulk(self, name: str, step: Step) -> Callable:
        @admin.action(description=step.label, permissions=["view"])
        def act(model_admin, request, queryset):
            if request.POST.get("confirmed"):
                # What the confirmation named, whatever has become of it and of the list since.
                able = list(self.rows().filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME)))
                left, count = "", len(able)
            else:
                chosen = list(self.rows().filter(pk__in=queryset.values("pk"))[: MOST_AT_ONCE + 1])
                able = [row for row in chosen if row.state in step.states and not step.doubts(row)]
                left, count = _left(len(chosen) - len(able)), len(chosen)
            if count > MOST_AT_ONCE:
                said = f"More than {MOST_AT_ONCE} {self.thing}s are too many to look through at once. Choose fewer."
                return messages.warning(request, said)
            if not able:
                which = f"the {self.thing}" if count == 1 else f"any of the {counted(count, self.thing)}"
                said = f"“{step.label}” does not apply to {which} that you chose, so nothing was done."
                return messages.warning(request, said)
            return confirm(
                request, title=f"{step.label}: {counted(len(able), self.thing)}", lines=self._lines(able),
                button=step.label, act=lambda reason: self._take_all(step, able, request, reason),
                back=request.get_full_path(), explain=step.explain + left, needs_reason=step.needs_reason,
                danger=step.danger, keep={ACTION_CHECKBOX_NAME: [row.pk for row in able]},
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
        done = len(rows) - len(refused)
        return f"{counted(done, self.thing)} {'is' if done == 1 else 'are'} {step.done}.{rest}"

    def _take(self, step: Step, row: models.Model, request, reason: str) -> None:
        words = {"reason": reason} if step.needs_reason or step.doubts(row) else {}
        step.act(**{self.thing: row}, by=request.user, now=timezone.now(), **words)


def counted(count: int, thing: str) -> str:
    """1 message, 2 messages."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _left(count: int) -> str:
    stays = "is left as it is" if count == 1 else "are left as they are"
    return f" {count} of those chosen {stays}: this does not apply." if count else ""
