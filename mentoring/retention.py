"""How what mentoring and coaching hold goes in time."""

from django.db.models import OuterRef, Q, QuerySet, Subquery

from leaders.people.models import Role, RoleGrant
from leaders.people.retention import Retention, retires

from .models import CoachingAttendance, MenteeProfile, Mentor, Mentorship
from .privacy import forget_mentors, forget_mentorships


def _profiles() -> QuerySet[MenteeProfile]:
    return MenteeProfile.objects.all()


def _mentors() -> QuerySet[Mentor]:
    """Who mentor no longer, since their role ended."""
    grants = RoleGrant.objects.filter(person=OuterRef("person"), role=Role.MENTOR, ended_at__isnull=False)
    former = Mentor.objects.filter(status=Mentor.Status.STOOD_DOWN).exclude(offers={}, offer="", availability="")
    return former.annotate(ended_at=Subquery(grants.order_by("-ended_at").values("ended_at")[:1]))


def _mentorships() -> QuerySet[Mentorship]:
    return Mentorship.objects.filter(~Q(why_mentee="") | ~Q(why_mentor=""))


def _coaching() -> QuerySet[CoachingAttendance]:
    return CoachingAttendance.objects.all()


retires(
    Retention(
        key="mentoring.mentee", since="place__cohort__closed_at", months=0, how="deleted", records=_profiles,
        forget=lambda found, now: found.delete(),
    ),
    order=400,
)  # fmt: skip
retires(
    Retention(
        key="mentoring.mentor", since="ended_at", months=24, records=_mentors,
        how="what they offered goes; that they served stays", forget=lambda found, now: forget_mentors(found),
    ),
    order=410,
)  # fmt: skip
retires(
    Retention(
        key="mentoring.mentorship", since="ended_at", months=24, records=_mentorships,
        how="that two people met stays as dates; why, and what they found of it, goes",
        forget=lambda found, now: forget_mentorships(found),
    ),
    order=430,
)  # fmt: skip
retires(
    Retention(
        key="mentoring.coaching", since="place__cohort__ends_on", months=72, how="deleted", records=_coaching,
        forget=lambda found, now: found.delete(),
    ),
    order=450,
)  # fmt: skip
