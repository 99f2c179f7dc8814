"""The worker makes the documents that were asked for; web requests never do."""

from time import monotonic

from celery import shared_task
from django.utils import timezone

from .actions import claim_document, make_document

# Seconds after which a tick leaves the rest to the next, so that a long batch does not hold a worker.
AT_MOST = 30


@shared_task(name="leaders.documents.tasks.tick")
def tick() -> int:
    """Make the documents that wait, one after the other; how many were made."""
    began, made = monotonic(), 0
    while monotonic() - began < AT_MOST and (document := claim_document(now=timezone.now())):
        made += make_document(document=document, now=timezone.now())
    return made
