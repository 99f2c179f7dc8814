"""Background work: it fetches and delegates."""

from celery import shared_task
from django.utils import timezone

from .actions import keep_invites


@shared_task(name="modules.tasks.tick")
def tick():
    """Invite those who joined a cohort after its invites went out."""
    keep_invites(now=timezone.now())
