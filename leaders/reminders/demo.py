"""The demo's clock work: every working morning reminders are planned, written and sent."""

from datetime import time, timedelta

from leaders.outbox.delivery import send_due
from leaders.people.demo import World, moment, part, weekday

from .actions import materialise, tick


@part(order=900, title="Reminders are planned, written and sent every working morning")
def mornings(world: World):
    world.at(world.now, morning, world)


def morning(world: World):
    materialise(world.now)
    tick(world.now)
    send_due(world.now)
    tomorrow = weekday(world.now.date() + timedelta(days=1))
    world.at(moment(tomorrow, time(9, 5)), morning, world)
