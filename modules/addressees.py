"""Whom the office can write to about a cohort's systems challenges: each of its teams."""

from collections.abc import Iterable
from datetime import datetime

from cohorts.letters import signature
from cohorts.models import Place
from leaders.outbox.groups import Group, group
from leaders.people.models import Person

from .models import Team


@group(order=300, key="modules.team", title="Each team of a live cohort")
def teams(now: datetime) -> Iterable[Group]:
    live = Team.objects.confirmed().filter(cohort__status="live").select_related("cohort__programme", "cohort__contact")
    for team in live.order_by("-cohort__starts_on", "name"):
        members = Place.objects.filter(team_membership__team=team)
        yield Group(
            key=f"modules.team:{team.pk}", title=str(team), of=team.cohort.short_name,
            why=f"You are in {team} of {team.cohort}.", signed=signature(team.cohort), cohort_id=team.cohort_id,
            people=Person.objects.filter(pk__in=members.active().values("person")),
            left=Person.objects.filter(pk__in=members.exclude(pk__in=members.active()).values("person")),
        )  # fmt: skip
