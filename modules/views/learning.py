"""My learning: where questionnaires, plan and contract stand; and what all their pages share."""

from functools import wraps

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cohorts.models import Place
from cohorts.places import current_place
from leaders.components.dates import london_date
from leaders.home.views import my_page
from leaders.people.models import Person
from modules.learning import Results, asked_of, contract_of, read_by
from modules.models import Goal, LearningPlan
from modules.models.learning import LIVE_GOALS

from .year import branded


def learning_page(view):
    """A signed-in person's page that belongs to "My learning" in the navigation, wherever its address stands."""

    @wraps(view)
    def placed(request, *args, **kwargs):
        here = reverse("my_learning")
        request.navigation = [{**item, "current": item["url"] == here} for item in request.navigation]
        return view(request, *args, **kwargs)

    return my_page(placed)


def my_place(request, now) -> Place:
    """The person's place, or a page that does not exist for them."""
    place = current_place(request.user, now)
    if place is None:
        raise Http404("No place, so no learning pages.")
    return place


def number_in(request, name: str) -> int:
    """A number that the page itself put into a hidden field; 0 where somebody has meddled with it."""
    given = request.POST.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def chosen_reader(request) -> Person | None:
    """The person whom the pressed button named as the one to share with; None for "stop sharing"."""
    named = number_in(request, "reader")
    return get_object_or_404(Person, pk=named) if named else None


def now_shared(whom: str, reader: Person | None, what: str, has_page: bool) -> str:
    """What the page says when sharing was decided: "Helen Marsh can now read your plan." """
    if reader is None:
        return f"Your {whom} can no longer {what}."
    where = (
        "We have sent them the link." if has_page else "Their link comes with your learning contract, once you send it."
    )
    return f"{reader} can now {what}. {where}"


@my_page
@require_safe
def my_learning(request):
    """What there is to answer, to plan and to agree, each with where it stands."""
    now = timezone.now()
    place = my_place(request, now)
    today = london_date(now)
    asked = asked_of(place)
    context = {
        "asked": [(one, one.is_open(today)) for one in asked if one.is_done or one.wave.opens_on <= today],
        "coming": next((one for one in asked if today < one.wave.opens_on), None),
        "results": Results(asked),
        "results_read_by": read_by(place, *(one.response for one in asked if one.is_done)),
        "plan_read_by": read_by(place, LearningPlan.objects.filter(place=place).first()),
        "goals": list(Goal.objects.live().filter(plan__place=place)),
        "most_goals": LIVE_GOALS,
        "contract": contract_of(place),
        "now": now,
        "today": today,
    }
    return render(request, "modules/learning/learning.html", branded(place, **context))
