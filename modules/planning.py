"""What is made along with a new cohort: its modules and their days."""

from datetime import timedelta

from cohorts.registry import plan
from leaders.components.dates import date_range, day_month, london_date

from .actions import ask_wave, plan_modules
from .models import Wave


@plan(order=300, key="modules", title="Modules and their days")
def modules(cohort, source, shift, by, now):
    made = plan_modules(cohort=cohort, source=source, shift=shift, by=by, now=now)
    days = cohort.sessions.module_days().order_by("starts")
    first, last = days.first(), days.last()
    return [f"{len(made)} modules, {date_range(first.starts, last.ends, year=True)}"] if first else []


@plan(order=310, key="questionnaire", title="The questionnaire's three waves")
def waves(cohort, source, shift, by, now):
    """Before the first module, at the last, and six months after."""
    last = cohort.sessions.module_days().order_by("starts").last()
    at_the_last = london_date(last.ends) if last else cohort.graduation_on
    dates = {
        Wave.Kind.BEFORE: (cohort.onboarding_due - timedelta(days=21), cohort.onboarding_due),
        Wave.Kind.AFTER: (at_the_last - timedelta(days=7), at_the_last + timedelta(days=7)),
        Wave.Kind.LATER: (cohort.ends_on + timedelta(days=173), cohort.ends_on + timedelta(days=194)),
    }
    for kind, (opens_on, due_on) in dates.items():
        ask_wave(cohort=cohort, kind=kind, opens_on=opens_on, due_on=due_on, by=by, now=now)
    return [f"{kind.label}: due {day_month(due_on)}" for kind, (_, due_on) in dates.items()]
