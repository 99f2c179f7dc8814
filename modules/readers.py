"""Whom a participant may let read their plan or results, of those whom this app knows, and where they read it."""

from django.urls import reverse

from .actions import signing_link
from .models import LearningContract
from .registry import reader, reading_page


@reader(order=10, key="sponsor", title="Their sponsor")
def sponsor(place):
    return place.sponsor


@reading_page(order=10, key="sponsor", title="Their sponsor, by the private link to the learning contract")
def private_link(place, reader, now):
    """Once the contract was sent: before that the sponsor has no page, and its letter brings them there."""
    contract = LearningContract.objects.filter(place=place).first()
    if contract is None or contract.sent_version is None:
        return ""
    return f"{reverse('sign_contract', args=[signing_link(contract, reader, now).token])}#shared"
