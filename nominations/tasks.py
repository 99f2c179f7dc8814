"""What happens by itself: each task finds its rows and calls an action."""

from celery import shared_task
from django.utils import timezone

from .actions import expire_offers, offer_free_seats, open_round
from .models import Round


@shared_task(ignore_result=True)
def tick():
    """Open the rounds whose day has come, end offers past their deadline, offer seats that became free."""
    now = timezone.now()
    for this in Round.objects.open(now).filter(opened_at=None).in_words():
        open_round(round=this, by=None, now=now)
    expire_offers(now=now)
    waiting = Round.objects.live().filter(
        released_at__isnull=False, cohort__starts_on__gt=now.date(), nominations__state="waiting"
    )
    for this in waiting.in_words().distinct():
        offer_free_seats(round=this, by=None, now=now)
