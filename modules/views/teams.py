"""The participant's team: who is in it, its challenge, and the log in which all of them write."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cohorts.models import Place
from cohorts.places import current_place
from leaders.components.dates import london_date
from leaders.home.views import my_page
from leaders.people.meanwhile import ChangedMeanwhile
from leaders.people.refusals import NotPossible
from modules.actions import (
    Stale,
    choose_challenges,
    log_experiment,
    remove_experiment,
    revise_experiment,
    write_challenge,
)
from modules.forms import ChallengeForm, ChoicesForm, ExperimentForm
from modules.models import Experiment, Team

from .year import branded

READERS = "the members of your team and the programme office."


def my_place(request, now) -> Place:
    """The place, on a page that belongs to My people in the navigation."""
    for page in request.navigation:
        page["current"] = page["url"] == reverse("my_people")
    place = current_place(request.user, now)
    if place is None:
        raise Http404("No place, so no team.")
    return place


def my_own_team(request, place: Place) -> Team:
    """The person's confirmed team in this cohort."""
    teams = Team.objects.confirmed().filter(cohort=place.cohort_id, members__place=place)
    team = get_object_or_404(teams.select_related("challenge", "presentation"))
    team.cohort = place.cohort
    return team


@my_page
@require_safe
def my_team(request):
    """The team and its work; before teams are formed, the challenges to choose from."""
    now = timezone.now()
    place = my_place(request, now)
    teams = Team.objects.confirmed().filter(members__place=place).select_related("challenge", "presentation")
    team = teams.first()
    if team is None:
        challenges = list(place.cohort.challenges.all())
        chosen = list(place.challenge_choices.select_related("challenge"))
        context = {"challenges": challenges, "chosen": chosen, "now": now}
        return render(request, "modules/no_team_yet.html", branded(place, **context))
    members = team.members.filter(place__status__in=["active", "graduated"]).select_related(
        "place__person", "place__organisation"
    )
    context = {
        "team": team,
        "challenge": team.challenge,
        "members": list(members),
        "experiments": list(team.experiments.select_related("written_by__person")[:100]),
        "readers": READERS,
        "can_write": place.status == Place.Status.ACTIVE,
        "now": now,
    }
    return render(request, "modules/team.html", branded(place, **context))


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_choices(request):
    """Which challenges one would like to work on."""
    now = timezone.now()
    place = my_place(request, now)
    challenges = place.cohort.challenges.all()
    chosen = dict(
        zip(("first", "second", "third"), place.challenge_choices.values_list("challenge", flat=True), strict=False)
    )
    form = ChoicesForm(request.POST or None, initial=chosen, challenges=challenges)
    if request.method == "POST" and form.is_valid():
        try:
            choose_challenges(place=place, challenges=form.wishes, by=request.user, now=now)
        except NotPossible as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, "Thank you. We will do what we can when the teams are formed.")
        return redirect("my_team")
    context = {
        "form": form,
        "challenges": challenges,
        "heading": "Which challenges would you like to work on?",
        "readers": "the programme office.",
        "button": "Save my choices",
        "back_url": reverse("my_team"),
    }
    return render(request, "modules/choices.html", branded(place, **context))


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_challenge(request):
    """The team's part of its challenge. A save on a stale page keeps both texts for the writer to join."""
    now = timezone.now()
    place = my_place(request, now)
    team = my_own_team(request, place)
    if team.challenge is None:
        raise Http404("This team has no challenge yet.")
    form = ChallengeForm(request.POST or None, instance=team.challenge, initial={"version": team.challenge.version})
    theirs = None
    if request.method == "POST" and form.is_valid():
        words = {name: form.cleaned_data[name] for name in ("stakeholders", "learning", "final_offer")}
        try:
            write_challenge(team=team, version=form.cleaned_data["version"], by=request.user, now=now, **words)
        except Stale as stale:
            theirs = stale.challenge
            form = ChallengeForm(initial={**words, "version": theirs.version})
        except NotPossible as refused:
            messages.error(request, str(refused))
            return redirect("my_team")
        else:
            messages.success(request, "Saved for the whole team.")
            return redirect("my_team")
    context = {
        "form": form,
        "theirs": theirs,
        "team": team,
        "heading": f"Our work on {team.challenge}",
        "readers": READERS,
        "button": "Save",
        "back_url": reverse("my_team"),
        "back_label": str(team),
    }
    return render(request, "modules/challenge.html", branded(place, **context), status=409 if theirs else 200)


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_experiment(request, pk=None):
    """A new entry in the team's log, or one's own to correct or to remove."""
    now = timezone.now()
    place = my_place(request, now)
    team = my_own_team(request, place)
    own = Experiment.objects.filter(team=team, written_by=place)
    if pk and request.POST.get("do") == "remove":
        return _removed(request, own.filter(pk=pk).first(), now)
    known = get_object_or_404(own, pk=pk) if pk else None
    if known:
        initial = {name: getattr(known, name) for name in Experiment.WORDS} | {"seen": known.mark}
    else:
        initial = {"tried_on": london_date(now)}
    form = ExperimentForm(request.POST or None, initial=initial)
    form.fields["tried_on"].until(london_date(now))
    meanwhile = None
    if request.method == "POST" and form.is_valid():
        words = dict(form.cleaned_data)
        seen = words.pop("seen")
        try:
            if known:
                revise_experiment(experiment=known, seen=seen, by=request.user, now=now, **words)
            else:
                log_experiment(team=team, by=request.user, now=now, **words)
        except ChangedMeanwhile as refused:
            meanwhile = known
            form.refuse(refused, seen=known.mark)
        except NotPossible as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Saved in your team’s log.")
            return redirect(f"{reverse('my_team')}#log")
    context = {
        "form": form,
        "known": known,
        "meanwhile": meanwhile,
        "heading": "Change this entry" if known else "Something we tried",
        "readers": READERS,
        "button": "Save",
        "back_url": reverse("my_team"),
        "back_label": str(team),
    }
    return render(request, "modules/experiment.html", branded(place, **context))


def _removed(request, entry: Experiment | None, now):
    """Back in the log, without the entry. It is gone already when the button was pressed twice."""
    try:
        if entry:
            remove_experiment(experiment=entry, by=request.user, now=now)
    except NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "The entry is removed from your team’s log.")
    return redirect(f"{reverse('my_team')}#log")
