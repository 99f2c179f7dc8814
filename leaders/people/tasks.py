"""The people's background work."""

import structlog
from celery import shared_task

from . import seals

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
