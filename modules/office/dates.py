"""Dates of the year that move: first who is told, then they are."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date

from cohorts.models import Cohort
from leaders.components.dates import day, london_date
from leaders.office.admin import confirm
from leaders.outbox.models import Message
from leaders.people.refusals import NotPossible
from modules.actions import move_module
from modules.models import Module, Session

from .year import run_url

TELLING = ("modules.invite", "modules.session_changed", "modules.module_moved")


def would_hear(act: Callable[[], object], *, cohort: Cohort, now: datetime) -> list[str]:
    """The names of those whom `act` would write to, by name: it is done and taken back."""
    with transaction.atomic():
        try:
            act()
            return heard(cohort, now)
        finally:
            transaction.set_rollback(True)


def heard(cohort: Cohort, now: datetime) -> list[str]:
    """The names of those who were written to about the days of a cohort at this very moment."""
    sent = Message.objects.filter(kind__in=TELLING, cohort_id=cohort.pk, written_at=now)
    return list(sent.order_by("to_name", "pk").values_list("to_name", flat=True))


def who_hears(names: list[str], *, with_it: str) -> str:
    """2 people are written to, one message each, with the invite for their calendar."""
    if not names:
        return "Nobody is written to."
    who = "1 person is written to" if len(names) == 1 else f"{len(names)} people are written to, one message each"
    return f"{who}, {with_it}."


class AskFirst(Exception):
    """Saving would write to people, or put days into another order: the office is asked before it is done."""

    def __init__(self, names: list[str], warning: str):
        super().__init__()
        self.names, self.warning = names, warning


def ask_first(session: Session, *, was: datetime | None, now: datetime) -> None:
    """Raises AskFirst when saving `session`, just now, has told somebody, or if it has passed another of its days."""
    names, warning = heard(session.cohort, now), _passes(session, was) if was else ""
    if names or warning:
        raise AskFirst(names, warning)


def _passes(session: Session, was: datetime) -> str:
    """Which other day of its module it would stand on the other side of; empty while the days keep their order."""
    others = session.module.sessions.kept().exclude(pk=session.pk).order_by("starts") if session.module else ()
    for other in others:
        if (other.starts < was) != (other.starts < session.starts):
            side = "after" if was < other.starts else "before"
            return (
                f"{session.title} would then be {side} {other.title.lower()}, which is on {day(other.starts)}. To move "
                "all days of a module, use “Move this module” on its page."
            )
    return ""


def ask_before_saving(request, session: Session | None, asks: AskFirst):
    """What was typed, posted along: saving it is one press more, and going back to the form loses none of it."""
    kept = {name: values for name, values in request.POST.lists() if name not in {"csrfmiddlewaretoken", "back"}}
    return confirm(
        request,
        title=f"Save {session or 'this session'}?",
        lines=[],
        told=asks.names,
        explain=who_hears(asks.names, with_it="with the invite for their calendar"),
        button="Save and tell them" if asks.names else "Save",
        act=lambda reason: "",
        back=reverse("admin:modules_session_changelist"),
        warning=asks.warning,
        keep=kept,
        form=True,
    )


def move(request, pk):
    """Move a module with all its days: what becomes of each and who is told, before anybody is."""
    now = timezone.now()
    related = Module.objects.select_related("cohort__programme", "cohort__contact")
    module = get_object_or_404(related, pk=pk)
    days = list(module.sessions.kept().order_by("starts"))
    standing = [session.starts.isoformat() for session in days]
    first = _first(request)

    def act(reason):
        if request.POST.getlist("seen") != standing:
            raise NotPossible(f"The days of {module} were moved meanwhile. Look at them again before you move them.")
        if first is None:
            raise NotPossible(CHOOSE)
        move_module(module=module, first=first, by=request.user, now=now)
        return f"Module {module.number} begins on {day(first)}."

    names, warning = [], "" if first else CHOOSE
    if first:
        try:
            names = would_hear(lambda: _try(module, first, now), cohort=module.cohort, now=now)
        except NotPossible as refused:
            warning = str(refused)
    button = "" if warning else ("Move and tell them" if names else "Move the module")
    return confirm(
        request,
        title=f"Move module {module.number}" + (f" to {day(first)}" if first else ""),
        lines=_lines(days, first) if button else [],
        told=names,
        explain=who_hears(names, with_it="with an invite for each day") if button else "",
        button=button,
        act=act,
        back=run_url(module),
        warning=warning or _overtakes(module, days, first),
        keep={"seen": standing},
    )


CHOOSE = "Choose the day on which the module is to begin."


def _first(request) -> date | None:
    try:
        return parse_date(request.GET.get("first", ""))
    except ValueError:  # the 30th of February
        return None


def _try(module: Module, first: date, now: datetime) -> None:
    trial = Module.objects.select_related("cohort__programme", "cohort__contact").get(pk=module.pk)
    move_module(module=trial, first=first, by=None, now=now)


def _lines(days: list[Session], first: date) -> list[str]:
    shift = first - london_date(days[0].starts)
    return [
        f"{session.title}: {day(london_date(session.starts) + shift)}, was {day(session.starts)}" for session in days
    ]


def _overtakes(module: Module, days: list[Session], first: date | None) -> str:
    """That the modules would no longer follow each other by number."""
    if first is None or not days:
        return ""
    last = first + (london_date(days[-1].starts) - london_date(days[0].starts))
    for other in module.cohort.modules.exclude(pk=module.pk).with_dates().exclude(starts=None).order_by("number"):
        if (other.number < module.number) != (london_date(other.starts) < first):
            where = "before" if other.number < module.number else "after"
            return f"It would begin {where} module {other.number}, which begins on {day(other.starts)}."
        if first <= london_date(other.ends) and london_date(other.starts) <= last:
            return f"It would meet module {other.number}, which begins on {day(other.starts)}."
    return ""
