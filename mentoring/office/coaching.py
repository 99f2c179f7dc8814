"""Coaching groups in the office: propose, see why, keep, move, give a coach, confirm."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Cohort, Place
from leaders.office.admin import confirm, office_page
from leaders.people.refusals import NotPossible
from mentoring import actions
from mentoring.models import Coach, CoachingGroup, CoachingGroupMember, MentoringRules


def boards(request):
    """The live cohorts that have coaching groups."""
    cohorts = Cohort.objects.live().select_related("programme__mentoring_rules").prefetch_related("coaching_groups")
    found = [cohort for cohort in cohorts if MentoringRules.of(cohort).has_coaching]
    return office_page(request, "office/mentoring/coaching_boards.html", title="Coaching groups", cohorts=found)


def _cohort(pk) -> Cohort:
    return get_object_or_404(Cohort.objects.select_related("programme", "contact"), pk=pk)


def board(request, pk):
    """One cohort's groups. Each button posts its name as `do`."""
    cohort = _cohort(pk)
    if request.method == "POST":
        try:
            messages.success(request, _do(request, cohort, timezone.now()))
        except NotPossible as refused:
            messages.error(request, str(refused))
        else:
            return redirect("admin:mentoring_coaching_board", pk)
    groups = list(
        cohort.coaching_groups.select_related("coach__person__organisation")
        .prefetch_related("members__place__person", "members__place__organisation", "sessions")
        .order_by("number")
    )
    without = Place.objects.active().for_cohort(cohort).filter(coaching_membership=None)
    context = {
        "cohort": cohort,
        "asked": request.POST,  # what was refused: a move then has a field for its reason
        "groups": groups,
        "is_confirmed": any(group.confirmed_at for group in groups),
        "without": list(without.select_related("person", "organisation")),
        "people": Place.objects.active().for_cohort(cohort).count(),
        "coaches": list(Coach.objects.filter(stood_down_at=None).select_related("person__organisation")),
        "now": timezone.now(),
    }
    return office_page(request, "office/mentoring/coaching_board.html", title=f"Coaching groups: {cohort}", **context)


def _do(request, cohort: Cohort, now) -> str:
    """What the button asked for; the sentence shown afterwards."""
    do, by, posted = request.POST.get("do"), request.user, request.POST
    if do == "propose":
        plan = actions.form_groups(cohort=cohort, by=by, now=now)
        people = {str(place.person_id): place.person for place in cohort.places.select_related("person")}
        return " ".join([plan.summary, *(f"{people[person]}: {why}" for person, why in plan.left_out)])
    if do == "lock":
        members = CoachingGroupMember.objects.select_related("group__cohort", "place__person").filter(
            group__cohort=cohort
        )
        member = get_object_or_404(members, pk=posted.get("member"))
        actions.lock_in_group(member=member, locked=not member.locked, by=by, now=now)
        return f"{member.place.person} {'stays in' if member.locked else 'may be moved from'} {member.group}."
    groups = CoachingGroup.objects.select_related("cohort__programme", "cohort__contact", "coach__person")
    group = get_object_or_404(groups, pk=posted.get("group"), cohort=cohort)
    if do == "move":
        places = Place.objects.active().select_related("person", "organisation")
        place = get_object_or_404(places, pk=posted.get("place"), cohort=cohort)
        actions.move_to_group(place=place, group=group, by=by, now=now, reason=posted.get("reason", ""))
        return f"{place.person} is in {group}."
    if do == "coach":
        coach = get_object_or_404(Coach.objects.select_related("person__organisation"), pk=posted.get("coach"))
        actions.give_coach(group=group, coach=coach, by=by, now=now)
        return f"{coach} leads {group}."
    raise NotPossible("Choose one of the buttons on this page.")


def stand_down(request, pk):
    """Somebody coaches no longer."""
    coach = get_object_or_404(Coach.objects.filter(stood_down_at=None).select_related("person"), pk=pk)

    def act(reason):
        actions.stand_down_coach(coach=coach, by=request.user, now=timezone.now())
        return f"{coach} coaches no longer."

    return confirm(
        request,
        title=f"{coach} stands down as a coach",
        lines=[
            f"{coach} is given no more groups, and the coaching page closes. What they coached stays on record.",
            "A group in a running cohort needs another coach first.",
        ],
        button="Stand down",
        act=act,
        back=reverse("admin:mentoring_coach_changelist"),
    )


def confirm_groups(request, pk):
    """Everybody by group, before anybody is told."""
    cohort = _cohort(pk)
    groups = (
        cohort.coaching_groups.proposed().select_related("coach__person").prefetch_related("members__place__person")
    )
    lines = [
        f"{group}, {group.coach or 'no coach yet'}: "
        + ", ".join(sorted(member.place.person.name for member in group.members.all()))
        for group in groups
    ]

    def act(reason):
        made = actions.confirm_groups(cohort=cohort, by=request.user, now=timezone.now())
        return f"{len(made)} groups are confirmed. Members and coaches are told."

    return confirm(
        request,
        title=f"Confirm the coaching groups of {cohort.name}",
        lines=lines,
        explain="Everybody named gets a message with their group; each coach is asked to set the first date.",
        button="Confirm and tell them",
        act=act,
        back=reverse("admin:mentoring_coaching_board", args=[pk]),
    )
