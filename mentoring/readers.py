"""Whom a participant may let read their plan or results: their mentor."""

from modules.registry import reader

from .models import Mentorship


@reader(order=20, key="mentor", title="Their mentor")
def mentor(place):
    """Whoever mentors them now, from the day both are told until it ends."""
    found = Mentorship.objects.live().filter(place=place).select_related("mentor__person").first()
    return found.mentor.person if found else None
