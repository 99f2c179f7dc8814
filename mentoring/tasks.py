"""Background work: it fetches and delegates."""

from celery import shared_task
from django.utils import timezone

from .actions import claim_run, close_mentorships, work_out


@shared_task(name="mentoring.tasks.tick")
def tick():
    """Work out matchings too large for a request."""
    while run := claim_run(now=timezone.now()):
        work_out(run=run, clock=timezone.now)


@shared_task(name="mentoring.tasks.close")
def close():
    """Close mentorships whose participant or cohort has left."""
    close_mentorships(now=timezone.now())
