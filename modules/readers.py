"""Whom a participant may let read their plan or results, of those whom this app knows."""

from .registry import reader


@reader(order=10, key="sponsor", title="Their sponsor")
def sponsor(place):
    return place.sponsor
