"""What is made along with a new cohort: its modules and their days."""

from cohorts.registry import plan
from leaders.components.dates import date_range

from .actions import plan_modules


@plan(order=300, key="modules", title="Modules and their days")
def modules(cohort, source, shift, by, now):
    made = plan_modules(cohort=cohort, source=source, shift=shift, by=by, now=now)
    days = cohort.sessions.module_days().order_by("starts")
    first, last = days.first(), days.last()
    return [f"{len(made)} modules, {date_range(first.starts, last.ends, year=True)}"] if first else []
