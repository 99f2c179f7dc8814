"""What the pages of mentoring and coaching share."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from cohorts.models import Cohort, Place
from cohorts.places import current_place
from leaders.people.refusals import NotPossible
from mentoring.models import Mentorship, Side


def framed(cohort: Cohort | None, **context) -> dict:
    """The page's frame: whose programme this is; without a cohort, the house's own."""
    if cohort is None:
        return context
    return {
        "brand_name": cohort.programme.name,
        "brand_sub": f"{cohort.name}, {cohort.years}",
        "brand_url": reverse("my_home"),
        **context,
    }


def mark(request, url_name: str) -> None:
    """Show a page as part of another in the navigation."""
    for page in request.navigation:
        page["current"] = page["url"] == reverse(url_name)


def my_place(request, now) -> Place:
    """The person's place, on a page that belongs to My people."""
    mark(request, "my_people")
    place = current_place(request.user, now)
    if place is None:
        raise Http404("No place.")
    return place


def mine(request, pk: int) -> tuple[Mentorship, Side]:
    """A mentorship of one's own, and which of the two one is."""
    found = Mentorship.objects.visible_to(request.user).with_people().select_related("agreement")
    mentorship = get_object_or_404(found, pk=pk)
    side = mentorship.side_of(request.user)
    mark(request, "mentor_home" if side == Side.MENTOR else "my_people")
    return mentorship, side


def tried(request, act, done: str | Callable[..., str]) -> bool:
    """Do `act()`; whether it was possible. Either way the person reads what became of it: `done`, or what it says of
    what `act` returned."""
    try:
        outcome = act()
    except NotPossible as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, done if isinstance(done, str) else done(outcome))
    return True


def question(request, form, cohort: Cohort | None, **context):
    """A page with one to three questions."""
    return render(request, "components/question_page.html", framed(cohort, form=form, **context))
