"""The demo's clock work: reminders are planned every Monday, written and sent every working morning."""

from datetime import time, timedelta

from django.utils import timezone

from leaders.outbox.delivery import send_due
from leaders.people.demo import World, moment, part, weekday

from .actions import materialise, tick

MONDAY = 0


@part(order=900, title="Reminders are planned, written and sent every working morning")
def mornings(world: World):
    world.kept["on_first_cohort"] = lambda: morning(world)


def morning(world: World):
    """In life planning runs every few minutes; once a week, and on the last day, tells the same story sooner."""
    today = timezone.localdate(world.now)
    if today.weekday() == MONDAY or (world.today - today).days <= 1:
        materialise(world.now)
    tick(world.now, plan=False)
    send_due(world.now)
    world.at(moment(weekday(today + timedelta(days=1)), time(9, 5)), morning, world)
