"""What is made along with a new cohort: its modules and their days."""

from cohorts.registry import ModuleDates, course, moves_along, plan
from leaders.components.dates import date_range, day

from .actions import ask_wave, begin_with, move_contracts, move_waves, plan_modules, planned_waves
from .models import Wave


@plan(order=300, key="modules", title="Modules and their days")
def modules(cohort, source, shift, by, now):
    made = plan_modules(cohort=cohort, source=source, shift=shift, by=by, now=now)
    modules = cohort.modules.with_dates().exclude(starts=None).order_by("number")
    if not modules:
        return []
    first, last = min(module.starts for module in modules), max(module.ends for module in modules)
    return [
        f"{len(made)} modules, {date_range(first, last, year=True)}. Each can be moved on its page once they are made.",
        *(f"{module}: {date_range(module.starts, module.ends, year=True)}" for module in modules),
    ]


@plan(order=310, key="questionnaire", title="The questionnaire's three waves")
def waves(cohort, source, shift, by, now):
    """Before the first module, at the last, and six months after."""
    dates = planned_waves(cohort)
    for kind, (opens_on, due_on) in dates.items():
        ask_wave(cohort=cohort, kind=kind, opens_on=opens_on, due_on=due_on, by=by, now=now)
    return [f"{Wave.Kind(kind).label}: due {day(due_on)}" for kind, (_, due_on) in dates.items()]


@course(order=300, key="modules", title="The first day of each module")
def first_days(cohort):
    modules = cohort.modules.with_dates().with_day_count().exclude(starts=None).order_by("starts")
    return [ModuleDates(module.title, module.starts, module.day_count, module.venue) for module in modules]


@moves_along(order=300, key="first_module", title="The first module, which begins on the cohort's first day")
def first_module_follows(before, cohort, by, now):
    if before.starts_on != cohort.starts_on:
        begin_with(cohort=cohort, by=by, now=now)


@moves_along(order=310, key="questionnaire", title="Waves of the questionnaire that the office has not moved itself")
def waves_follow(before, cohort, by, now):
    move_waves(cohort=cohort, before=planned_waves(before), by=by, now=now)


@moves_along(order=320, key="contract", title="Learning contracts, until they were looked at together")
def contracts_follow(before, cohort, by, now):
    move_contracts(cohort=cohort, by=by, now=now)
