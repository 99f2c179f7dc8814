"""Background work: it fetches and delegates."""

from celery import shared_task
from django.utils import timezone

from .actions import answer_question, claim_question, claim_run, close_mentorships, work_out


@shared_task(name="mentoring.tasks.tick")
def tick():
    """Work out matchings too large for a request, and answer what is asked about them, which is shorter work, first."""
    while True:
        if question := claim_question(now=timezone.now()):
            answer_question(question=question, clock=timezone.now)
        elif run := claim_run(now=timezone.now()):
            work_out(run=run, clock=timezone.now)
        else:
            break


@shared_task(name="mentoring.tasks.close")
def close():
    """Close mentorships whose participant or cohort has left."""
    close_mentorships(now=timezone.now())
