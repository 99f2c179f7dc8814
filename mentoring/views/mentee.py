"""A participant and their mentor: whether to have one, what to look for, whom to choose, and the match."""

from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.models import Place
from leaders.components.dates import london_date
from leaders.home.views import my_page
from mentoring.actions import opt_in, opt_out, state_preferences
from mentoring.forms import ChoicesForm, WishesForm
from mentoring.models import MenteeProfile, Mentor, MentoringRules, Mentorship, Side
from mentoring.relationship import looking_back, my_conflicts, relationship
from mentoring.wording import labels, title
from modules.models import Goal

from .frame import framed, my_place, question, tried

WISHES_READERS = (
    "the programme office. Your mentor reads what you hope for and what you work on once you are matched, and is told "
    "what you have in common; never what matters most to you, or whom you would choose."
)
CHOICES_READERS = "the programme office. Mentors never learn whom you named, or in which order."


def my_mentoring_place(request, now):
    """The place, where its programme has mentors."""
    place = my_place(request, now)
    if not MentoringRules.of(place.cohort).has_mentoring:
        raise Http404("This programme has no mentors.")
    return place


@my_page
@require_safe
def my_mentor(request):
    """The mentor and all about the mentorship; before the match, what the participant said."""
    now = timezone.now()
    place = my_mentoring_place(request, now)
    cohort, rules = place.cohort, MentoringRules.of(place.cohort)
    found = Mentorship.objects.filter(place=place).with_people().select_related("agreement")
    ended = looking_back(Mentorship.objects.filter(place=place), Side.MENTEE, request.user, now)
    live = found.live().first()
    if live is not None:
        live.place = place
        context = relationship(live, Side.MENTEE, now) | {"ended": ended}
        return render(request, "mentoring/mentorship.html", framed(cohort, **context))
    profile = MenteeProfile.objects.filter(place=place).prefetch_related("preferences__mentor__person").first()
    known = labels() if profile and profile.wants else {}
    context = {
        "place": place,
        "profile": profile,
        "wants": [known[key] for key in profile.wants if key in known] if profile else [],
        "choices": [title(each.mentor, rules) for each in profile.preferences.all()] if profile else [],
        "wishes_due": rules.wishes_due(cohort),
        "matching_on": rules.matching_on(cohort),
        "is_past": london_date(now) > rules.matching_on(cohort),
        "ended": ended,
        "conflicts": my_conflicts(request.user),
        "now": now,
    }
    return render(request, "mentoring/my_mentor.html", framed(cohort, **context))


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_wishes(request):
    """Say yes, and what one looks for."""
    now = timezone.now()
    place = my_mentoring_place(request, now)
    profile = MenteeProfile.objects.filter(place=place).first()
    form = WishesForm(request.POST or None, initial=WishesForm.initial_of(profile), plan=goals_of(place, profile))
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        given = {name: cleaned[name] for name in ("modes", "looking_for", "shares")} | {"goals": form.works_on}
        if tried(
            request,
            lambda: opt_in(place=place, by=request.user, now=now, wants=form.wants, **given),
            "Thank you. We look for somebody who fits.",
        ):
            is_new = profile is None or not profile.is_in
            return redirect("my_mentor_choices" if is_new else "my_mentor")
    return question(
        request, form, place.cohort, heading="What do you look for in a mentor?", readers=WISHES_READERS,
        intro="Tick what would help. Leave the rest: it then counts for nothing.", button="Save",
        back_url=reverse("my_mentor"), back_label="My mentor",
    )  # fmt: skip


def goals_of(place: Place, profile: MenteeProfile | None) -> list[str]:
    """The live goals of the learning plan that a mentor is not told already, to tick."""
    told = profile.goals.splitlines() if profile else []
    goals = Goal.objects.live().filter(plan__place=place)
    return [goal.title for goal in goals if goal.title not in told]


@my_page
@require_POST
def my_mentor_out(request):
    """No, thank you."""
    now = timezone.now()
    place = my_mentoring_place(request, now)
    tried(
        request, lambda: opt_out(place=place, by=request.user, now=now),
        "You do without a mentor. You can change your mind at any time.",
    )  # fmt: skip
    return redirect("my_mentor")


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_choices(request):
    """Whom one would choose among the mentors, named or not, as the programme decided."""
    now = timezone.now()
    place = my_mentoring_place(request, now)
    profile = get_object_or_404(MenteeProfile.objects.opted_in(), place=place)
    rules = MentoringRules.of(place.cohort)
    mentors = candidates(place)
    initial = dict(zip(ChoicesForm.NAMES, profile.preferences.values_list("mentor", flat=True), strict=False))
    form = ChoicesForm(
        request.POST or None, initial=initial, mentors=mentors,
        label=lambda mentor: f"{number_of(mentor, mentors)}. {title(mentor, rules)}",
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        act = partial(state_preferences, place=place, mentors=form.chosen, by=request.user, now=now)
        if tried(request, act, "Thank you. We do what we can; everybody counts alike."):
            return redirect("my_mentor")
    known = labels()
    context = {
        "form": form,
        "profiles": [profile_of(mentor, number, rules, known) for number, mentor in enumerate(mentors, 1)],
        "readers": CHOICES_READERS,
        "back_url": reverse("my_mentor"),
        "back_label": "My mentor",
    }
    return render(request, "mentoring/choices.html", framed(place.cohort, **context))


def candidates(place) -> list[Mentor]:
    """Mentors this participant could choose: approved, and not of their own organisation."""
    mentors = (
        Mentor.objects.approved().exclude(person=place.person_id).exclude(person__organisation=place.organisation_id)
    )
    return list(mentors.select_related("person__organisation").order_by("joined_at", "pk"))


def number_of(mentor: Mentor, mentors: list[Mentor]) -> int:
    return mentors.index(mentor) + 1


def profile_of(mentor: Mentor, number: int, rules: MentoringRules, known: dict[str, str]) -> dict:
    """What a participant reads of a mentor: with the name only where the programme shows names."""
    strong = [known[key] for key, level in sorted(mentor.offers.items()) if level >= 3 and key in known]
    return {
        "number": number,
        "title": title(mentor, rules),
        "name": mentor.person.name if rules.shows_names else "",
        "post": mentor.person.role_title if rules.shows_names else "",
        "organisation": str(mentor.person.organisation or "") if rules.shows_names else "",
        "offer": mentor.offer,
        "knows": strong,
        "modes": mentor.modes_words,
        "availability": mentor.availability,
    }
