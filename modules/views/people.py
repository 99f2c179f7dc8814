"""The people around a participant, on one page."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cohorts.places import current_place
from leaders.home.registry import cards
from leaders.home.views import my_page

from .year import branded


@my_page
@require_safe
def my_people(request):
    """Team, coaching group, mentor, council: the cards that the apps bring."""
    now = timezone.now()
    place = current_place(request.user, now)
    if place is None:
        raise Http404("No place, so nobody around it.")
    brought = [card for part in cards if (card := part.brings(request.user, now))]
    return render(request, "modules/people.html", branded(place, people=brought))
