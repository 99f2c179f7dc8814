"""The teams' board: propose, see why, lock, move, confirm."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Cohort, Place
from leaders.components.dates import london_date
from leaders.office.admin import confirm, office_page
from leaders.people.refusals import NotPossible
from modules.actions import confirm_teams as confirm_them
from modules.actions import form_teams, give_challenge, lock_member, move_member, record_presentation
from modules.models import Team, TeamMember


def _cohort(pk) -> Cohort:
    return get_object_or_404(Cohort.objects.select_related("programme", "contact"), pk=pk)


def boards(request):
    """The live cohorts, each with its board."""
    cohorts = Cohort.objects.live().select_related("programme").prefetch_related("teams")
    return office_page(request, "office/modules/boards.html", title="Challenge teams", cohorts=cohorts)


def board(request, pk):
    """One cohort's teams. Each button posts its name as `do`."""
    cohort = _cohort(pk)
    if request.method == "POST":
        if request.POST.get("do") == "move" and (team := _confirmed_team(request, cohort)):
            return _move(request, cohort, team)
        try:
            done = _do(request, cohort, timezone.now())
        except NotPossible as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, done)
        return redirect("admin:modules_team_board", pk)
    teams = list(
        cohort.teams.select_related("challenge", "presentation")
        .prefetch_related("members__place__person", "members__place__organisation")
        .order_by("name")
    )
    without = (
        Place.objects.active().for_cohort(cohort).filter(team_membership=None).select_related("person", "organisation")
    )
    return office_page(
        request,
        "office/modules/board.html",
        title=f"Challenge teams: {cohort}",
        cohort=cohort,
        teams=teams,
        is_confirmed=any(team.confirmed_at for team in teams),
        without=list(without),
        people=Place.objects.active().for_cohort(cohort).count(),
        challenges=list(cohort.challenges.all()),
        now=timezone.now(),
    )


def _confirmed_team(request, cohort: Cohort) -> Team | None:
    teams = cohort.teams.confirmed().select_related("cohort__programme", "cohort__contact")
    return teams.filter(pk=request.POST.get("team")).first()


def _move(request, cohort: Cohort, team: Team):
    """Into a team that is confirmed: whoever is moved is told so, and who else is concerned stands there before."""
    place = get_object_or_404(
        Place.objects.active().select_related("person", "team_membership__team"), pk=request.POST.get("place"),
        cohort=cohort,
    )  # fmt: skip
    person, now = place.person, timezone.now()
    leaves = getattr(place, "team_membership", None)
    others = team.members.filter(place__status=Place.Status.ACTIVE).exclude(place=place)

    def act(reason):
        move_member(place=place, team=team, by=request.user, now=now)
        return f"{person} is in {team}."

    return confirm(
        request,
        title=f"Put {person} into {team}?",
        lines=[f"{person} leaves {leaves.team}."] if leaves else [],
        told=[person.name],
        explain=f"{person} gets a message that they are in {team}, with who else is in it. The others are not written "
        f"to: {', '.join(others.order_by('place__person__name').values_list('place__person__name', flat=True))}.",
        button="Move and tell them",
        act=act,
        back=reverse("admin:modules_team_board", args=[cohort.pk]),
        keep={name: [request.POST.get(name, "")] for name in ("do", "place", "team")},
    )


def _do(request, cohort: Cohort, now) -> str:
    """What the button asked for; the sentence shown afterwards."""
    do, by = request.POST.get("do"), request.user
    if do == "propose":
        return form_teams(cohort=cohort, by=by, now=now).summary
    if do == "lock":
        members = TeamMember.objects.select_related("team__cohort", "place__person").filter(team__cohort=cohort)
        member = get_object_or_404(members, pk=request.POST.get("member"))
        lock_member(member=member, locked=request.POST.get("locked") == "yes", by=by, now=now)
        return f"{member.place.person} {'stays in' if member.locked else 'may be moved from'} {member.team}."
    team = get_object_or_404(
        Team.objects.select_related("cohort__programme", "cohort__contact"), pk=request.POST.get("team"), cohort=cohort
    )
    if do == "move":
        place = get_object_or_404(
            Place.objects.active().select_related("person"), pk=request.POST.get("place"), cohort=cohort
        )
        move_member(place=place, team=team, by=by, now=now)
        return f"{place.person} is in {team}."
    if do == "challenge":
        challenge = get_object_or_404(cohort.challenges, pk=request.POST.get("challenge"))
        give_challenge(team=team, challenge=challenge, by=by, now=now)
        return f"{team} works on {challenge}."
    if do == "presented":
        record_presentation(team=team, presented_on=london_date(now), by=by, now=now)
        return f"{team} has presented."
    raise NotPossible("Choose one of the buttons on this page.")


def confirm_teams(request, pk):
    """Everybody by team, before anybody is told."""
    cohort = _cohort(pk)
    teams = cohort.teams.proposed().prefetch_related("members__place__person").order_by("name")
    lines = [
        f"{team}: {', '.join(sorted(member.place.person.name for member in team.members.all()))}" for team in teams
    ]

    def act(reason):
        confirmed = confirm_them(cohort=cohort, by=request.user, now=timezone.now())
        return f"{len(confirmed)} teams are confirmed and everybody is told theirs."

    return confirm(
        request,
        title=f"Confirm the teams of {cohort.name}",
        lines=lines,
        explain="Everybody named gets a message with their team and its challenge.",
        button="Confirm and tell them",
        act=act,
        back=reverse("admin:modules_team_board", args=[pk]),
    )
