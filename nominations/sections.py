"""What nominations bring to a home: for panel members, what they have to read."""

from django.db.models import Count, Q
from django.urls import reverse

from leaders.components.dates import london_date
from leaders.home.registry import Page, Todo, page, todo
from leaders.people.models import Role

from .models import Assessment, PanelMember

MINUTES = 20
"""What one reading takes, as the letters to the panel say."""


def _memberships(person):
    """Where they read now: of live rounds that are not released."""
    return PanelMember.objects.filter(
        person=person, left_at=None, round__released_at=None, round__cohort__status="live"
    ).select_related("round__cohort")


def _reads(person, now) -> bool:
    return person.has_role(Role.PANEL_MEMBER) and _memberships(person).exists()


page(
    Page("Selection panel", "panel", shown=_reads),
    order=60,
    module=__name__,
)


@todo(order=100, key="panel", title="Nominations to read, for a panel member")
def readings(person, now):
    """One thing for each round, until all of it is handed in."""
    submitted = Q(assessments__state=Assessment.State.SUBMITTED)
    for_each = Assessment.objects.visible_to(person).to_do().values("member").annotate(left=Count("pk"))
    left = {row["member"]: row["left"] for row in for_each}
    found = []
    for member in _memberships(person).annotate(done=Count("pk", filter=submitted)):
        count = left.get(member.pk, 0)
        if not (count or member.done):
            continue
        cohort = member.round.cohort
        found.append(
            Todo(
                title=f"Read {count} nomination{'' if count == 1 else 's'} for {cohort.name}"
                if count
                else f"Nominations for {cohort.name}: all handed in",
                why="You see neither names nor organisations. Score each criterion, and say what you saw.",
                url=reverse("panel"),
                due=london_date(cohort.assessments_due),
                minutes=MINUTES * count or None,
                button="Go on reading" if member.done else "Begin",
                done=not count,
            )
        )
    return found
