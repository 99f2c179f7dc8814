"""The reminders' background work. Tasks read the clock and delegate."""

from urllib.request import Request, urlopen

import structlog
from celery import shared_task
from django.conf import settings
from django.utils import timezone

from . import actions
from .health import troubles

logger = structlog.get_logger()


@shared_task
def tick():
    """Write what is due, every minute."""
    actions.tick(timezone.now())


@shared_task
def materialise():
    """Plan what lies ahead, every ten minutes."""
    actions.materialise(timezone.now())


@shared_task
def sign_of_life():
    """Call DEAD_MANS_SWITCH while all is well: when the calls stay away, somebody outside raises the alarm."""
    if not settings.DEAD_MANS_SWITCH.startswith(("https://", "http://")) or troubles(timezone.now()):
        return
    try:
        urlopen(Request(settings.DEAD_MANS_SWITCH, method="POST"), timeout=10).close()  # noqa: S310  checked above
    except OSError:
        logger.warning("reminders.dead_mans_switch_unreachable")
