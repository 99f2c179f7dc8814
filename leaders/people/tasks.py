"""The people's background work."""

import structlog
from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from . import seals
from .actions import look_for_expired
from .retention import retentions

logger = structlog.get_logger()


@shared_task(name="leaders.people.tasks.seal")
def seal() -> None:
    """Seal what happened, and put the end of the chain where the database's owner cannot reach it."""
    logger.info("audit.sealed", end=seals.seal())


@shared_task(name="leaders.people.tasks.check_audit")
def check_audit() -> None:
    """Look for what was changed behind our back; what is wrong is an error in the log."""
    if wrong := seals.check().wrong:
        logger.error("audit.broken", found=len(wrong))  # the sentences name people; `manage.py check_audit` says them


@shared_task(name="leaders.people.tasks.look_for_expired")
def look_for_all_expired() -> None:
    """Count what is past its time. Nothing goes before the office says so."""
    for part in retentions:
        look_for_expired(key=part.key, now=timezone.now())


@shared_task(name="leaders.people.tasks.clear_sessions")
def clear_sessions() -> None:
    """Sessions that have ended stay in their table until somebody clears it."""
    call_command("clearsessions")
