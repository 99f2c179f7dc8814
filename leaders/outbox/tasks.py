"""The outbox's background work. Tasks read the clock and delegate."""

from threading import Event

import structlog
from celery import shared_task
from celery.signals import worker_shutting_down
from django.conf import settings
from django.utils import timezone
from kombu.exceptions import KombuError, OperationalError

from . import delivery

logger = structlog.get_logger()

# Messages of one conversation with the mail server: few enough for their lease, many enough to be fast.
BATCH = 50
stopping = Event()


@worker_shutting_down.connect
def give_back_the_rest(**kwargs):
    """A worker that is asked to stop gives back, between two messages of a batch, what it has not begun."""
    stopping.set()


@shared_task
def tick():
    """Claim what is due and publish it, every minute."""
    publish(delivery.claim(now=timezone.now(), cap=settings.OUTBOX_PER_MINUTE))


@shared_task
def tick_urgent():
    """The same every few seconds, for what somebody waits for at the screen: sign-in codes."""
    publish(delivery.claim(now=timezone.now(), urgent=True))


@shared_task
def deliver(claims):
    delivery.deliver([(pk, token) for pk, token in claims], clock=timezone.now, stopping=stopping.is_set)


def publish(claims: list[delivery.Claim]) -> None:
    """Hand claims to workers. What cannot be published now is due again at once."""
    for start in range(0, len(claims), BATCH):
        batch = [(pk, str(token)) for pk, token in claims[start : start + BATCH]]
        try:
            deliver.apply_async([batch], retry=False)
        except (KombuError, OperationalError, OSError):
            logger.warning("outbox.broker_unreachable", given_back=len(claims) - start)
            delivery.give_back(claims[start:])
            return
