"""What is made along with a new cohort: its modules and their days."""

from cohorts.registry import plan

from .actions import plan_modules


@plan(order=300, key="modules", title="Modules and their days")
def modules(cohort, source, shift, by, now):
    plan_modules(cohort=cohort, source=source, shift=shift, by=by, now=now)
