"""Whom a participant may let read their plan or results: their mentor, on the page of their mentorship."""

from django.urls import reverse

from modules.registry import reader, reading_page

from .models import Mentorship


def _live(place):
    return Mentorship.objects.live().filter(place=place)


@reader(order=20, key="mentor", title="Their mentor")
def mentor(place):
    """Whoever mentors them now, from the day both are told until it ends."""
    found = _live(place).select_related("mentor__person").first()
    return found.mentor.person if found else None


@reading_page(order=20, key="mentor", title="Their mentor, on the page of the mentorship")
def mentorship(place, reader, now):
    found = _live(place).filter(mentor__person=reader).first()
    return f"{reverse('mentor_mentee', args=[found.pk])}#shared" if found else ""
