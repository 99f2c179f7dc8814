"""Figures about mentoring and coaching in a cohort; small numbers are not shown, and nobody is rated."""

from django.db.models import Count, Q

from cohorts.registry import Fact, fact
from leaders.people.small_numbers import SMALL

from .models import CoachingGroup, CoachingSession, Meeting, Mentorship


@fact(order=400, key="mentoring", title="Mentoring")
def mentoring(cohort, now) -> list[Fact]:
    begun = Mentorship.objects.filter(cohort=cohort, begun_at__isnull=False)
    counts = begun.aggregate(mentees=Count("place", distinct=True), mentors=Count("mentor", distinct=True))
    if counts["mentees"] < SMALL or counts["mentors"] < SMALL:
        return []
    meetings = Meeting.objects.filter(mentorship__cohort=cohort).count()
    people = f"{counts['mentors']} alumni mentored {counts['mentees']} participants"
    found = [Fact("mentors", "Mentors", counts["mentors"], people)]
    if meetings:
        found.append(Fact("mentoring_meetings", "Mentoring meetings", meetings, f"The pairs met {meetings} times"))
    return found


@fact(order=410, key="coaching", title="Coaching groups")
def coaching(cohort, now) -> list[Fact]:
    groups = CoachingGroup.objects.confirmed().filter(cohort=cohort).count()
    held = CoachingSession.objects.filter(Q(group__cohort=cohort, recorded_at__isnull=False)).count()
    if not groups:
        return []
    said = f"{groups} coaching group{'' if groups == 1 else 's'}"
    return [Fact("coaching_groups", "Coaching groups", groups, f"{said} met {held} times" if held else said)]
