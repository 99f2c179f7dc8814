"""What happens by itself: each task finds its rows and calls an action."""

from celery import shared_task
from django.db.models import Exists, OuterRef
from django.utils import timezone

from leaders.components.dates import london_date

from .actions import (
    cut_equality_links,
    expire_offers,
    forget_access_needs,
    forget_saved_answers,
    offer_free_seats,
    open_round,
)
from .models import Nomination, Round, SavedAnswer


@shared_task(ignore_result=True)
def tick():
    """Open rounds, end offers past their deadline, offer seats that became free; at the close let go."""
    now = timezone.now()
    for this in Round.objects.open(now).filter(opened_at=None).in_words():
        open_round(round=this, by=None, now=now)
    expire_offers(now=now)
    waiting = Round.objects.live().filter(
        released_at__isnull=False, cohort__starts_on__gt=london_date(now), nominations__state="waiting"
    )
    for this in waiting.in_words().distinct():
        offer_free_seats(round=this, now=now)
    closed = Round.objects.filter(cohort__closed_at__isnull=False, equality_returns__pseudonym__isnull=False)
    for this in closed.distinct():
        cut_equality_links(round=this, now=now)
    needs = Nomination.objects.filter(round=OuterRef("pk")).exclude(access_needs="")
    for this in Round.objects.filter(Exists(needs), cohort__closed_at__isnull=False):
        forget_access_needs(round=this, now=now)
    saved = SavedAnswer.objects.filter(nomination__round=OuterRef("pk"))
    for this in Round.objects.filter(Exists(saved), cohort__closed_at__isnull=False):
        forget_saved_answers(round=this, now=now)
