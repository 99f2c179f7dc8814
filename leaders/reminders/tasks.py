"""The reminders' background work. Tasks read the clock and delegate."""

from celery import shared_task
from django.utils import timezone

from . import actions


@shared_task
def tick():
    """Write what is due, every minute."""
    actions.tick(timezone.now())


@shared_task
def materialise():
    """Plan what lies ahead, every ten minutes."""
    actions.materialise(timezone.now())
