"""What somebody's home shows of mentoring and coaching: read once per person instance, and only their own rows."""

from datetime import datetime

from cohorts.models import Place
from cohorts.places import current_place
from leaders.components.dates import london_date
from leaders.people.models import Person, Role

from .models import CoachingGroup, MenteeProfile, MentoringRules, Mentorship


def my_mentorship(person: Person, now: datetime) -> Mentorship | None:
    """The mentorship in which somebody is the mentee now."""
    if not hasattr(person, "_my_mentorship"):
        place = current_place(person, now)
        found = None
        if place is not None:
            live = Mentorship.objects.live().filter(place=place).with_people().select_related("agreement")
            found = live.prefetch_related("meetings", "reviews").first()
        person._my_mentorship = found
    return person._my_mentorship


def my_mentees(person: Person) -> list[Mentorship]:
    """The mentorships in which somebody is the mentor now."""
    if not hasattr(person, "_my_mentees"):
        found = []
        if person.has_role(Role.MENTOR):
            live = Mentorship.objects.live().filter(mentor__person=person).with_people().select_related("agreement")
            found = list(live.prefetch_related("meetings", "reviews").order_by("told_at"))
        person._my_mentees = found
    return person._my_mentees


def wishes_open(place: Place | None, today) -> MentoringRules | None:
    """The mentoring rules, while a participant may still be asked what they look for; None otherwise."""
    if place is None or not place.is_active:
        return None
    cohort = place.cohort
    if not cohort.starts_on <= today <= cohort.graduation_on:
        return None
    rules = MentoringRules.of(cohort)
    return rules if rules.has_mentoring else None


def my_profile(place: Place) -> MenteeProfile | None:
    if "_mentee_profile" not in place.__dict__:
        place._mentee_profile = MenteeProfile.objects.filter(place=place).first()
    return place._mentee_profile


def my_group(person: Person, now: datetime) -> CoachingGroup | None:
    """The confirmed coaching group of somebody's place."""
    if not hasattr(person, "_my_group"):
        place = current_place(person, now)
        groups = (
            CoachingGroup.objects.confirmed().filter(members__place=place) if place else CoachingGroup.objects.none()
        )
        person._my_group = groups.select_related("coach__person", "cohort").prefetch_related("sessions").first()
    return person._my_group


def my_coached_groups(person: Person, now: datetime) -> list[CoachingGroup]:
    """The confirmed groups of running cohorts that somebody coaches."""
    if not hasattr(person, "_my_coached_groups"):
        found = []
        if person.has_role(Role.COACH):
            running = {"cohort__status": "live", "cohort__ends_on__gte": london_date(now)}
            groups = CoachingGroup.objects.confirmed().filter(coach__person=person, **running)
            found = list(groups.select_related("cohort").prefetch_related("sessions"))
        person._my_coached_groups = found
    return person._my_coached_groups


def kept_sessions(group: CoachingGroup) -> list:
    """The sessions of a group that take or took place, in order."""
    return [session for session in group.sessions.all() if not session.cancelled_at]
