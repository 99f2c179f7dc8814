"""What mentoring and coaching hold about a person."""

from datetime import datetime

from django.db.models import Q, QuerySet

from leaders.people.models import Person
from leaders.people.privacy import Holding, holds

from .actions import forget_in_runs, leave_mentorships
from .models import (
    Agreement,
    Coach,
    CoachingAttendance,
    Conflict,
    Meeting,
    MenteeProfile,
    Mentor,
    MentoringRules,
    Mentorship,
    MentorshipReview,
    PrivateNote,
    ServiceRecord,
    Side,
)
from .wording import title


def _profiles(person: Person):
    profiles = MenteeProfile.objects.filter(place__person=person).select_related("place__cohort__programme")
    for profile in profiles.prefetch_related("preferences__mentor__person"):
        rules = MentoringRules.of(profile.place.cohort)
        yield {
            "would like a mentor": profile.is_in,
            "said": profile.chosen_at.isoformat(),
            "looks for": profile.wants,
            "hopes": profile.looking_for,
            "works on": profile.goals,
            "chose to share": profile.shares,
            "would choose": [title(each.mentor, rules) for each in profile.preferences.all()],
        }


def _erase_profiles(person: Person, now: datetime) -> None:
    MenteeProfile.objects.filter(place__person=person).delete()


def _mentors(person: Person):
    for mentor in Mentor.objects.filter(person=person).with_training():
        yield {
            "status": mentor.get_status_display(),
            "takes": mentor.capacity,
            "offers": mentor.offers,
            "in own words": mentor.offer,
            "when and where": [mentor.availability, mentor.meets_at, *mentor.modes],
            "rests until": mentor.resting_until.isoformat() if mentor.resting_until else "",
            "chose to share": mentor.shares,
            "training": [f"{each.get_kind_display()}, {each.on.isoformat()}" for each in mentor.trainings.all()],
        }


def forget_mentors(found: QuerySet[Mentor]) -> None:
    """They leave the pool; that trained people served stays as a number."""
    found.update(
        status=Mentor.Status.STOOD_DOWN, offers={}, offer="", availability="", meets_at="", shares_words="",
        resting_until=None,
    )  # fmt: skip


def _erase_mentors(person: Person, now: datetime) -> None:
    forget_mentors(Mentor.objects.filter(person=person))


def _conflicts(person: Person):
    for conflict in Conflict.objects.standing().filter(declared_by=person).select_related("person", "organisation"):
        yield {
            "kind": conflict.get_kind_display(),
            "whom": conflict.whom or str(conflict.person or conflict.organisation or ""),
            "why": conflict.reason,
            "declared": conflict.declared_at.isoformat(),
        }


def _erase_conflicts(person: Person, now: datetime) -> None:
    Conflict.objects.filter(Q(declared_by=person) | Q(person=person)).delete()


def _mine(person: Person):
    return Mentorship.objects.visible_to(person)


def _mentorships(person: Person):
    for each in _mine(person).with_people().prefetch_related("meetings", "reviews"):
        side = each.side_of(person)
        yield {
            "with": str(each.other(side)),
            "told": each.told_at.isoformat(),
            "why": each.why(side),
            "state": each.get_state_display(),
            "meet next": f"{each.next_at.isoformat()}, {each.next_how}" if each.next_at else "",
            "met": [f"{met.on.isoformat()}, {met.get_mode_display().lower()}" for met in each.meetings.all()],
            "found useful": [getattr(meeting, f"useful_{side}") for meeting in each.meetings.all()],
            "said it goes": [
                review.get_going_display() for review in each.reviews.all() if review.side == side and review.is_asked
            ],
            "asked to talk": [
                review.answered_at.isoformat()
                for review in each.reviews.all()
                if review.side == side and review.wants_to_talk
            ],
        }


def _erase_mentorships(person: Person, now: datetime) -> None:
    """That two people met stays as dates; why they were matched, and what they found of it, goes."""
    forget_in_runs(person=person, now=now)
    leave_mentorships(person=person, now=now)
    for each in _mine(person).select_related("place", "mentor"):
        side = each.side_of(person)
        each.meetings.update(**{f"useful_{side}": None})
        MentorshipReview.objects.filter(mentorship=each, side=side).delete()
        if side == Side.MENTEE:
            Mentorship.objects.filter(pk=each.pk).update(why_mentor="")
        Mentorship.objects.filter(pk=each.pk).update(**{f"why_{side}": ""})
    Agreement.objects.filter(mentorship__in=_mine(person)).update(aims="", frequency="", ending="")


def forget_mentorships(found: QuerySet[Mentorship]) -> None:
    """What both sides were told and found, when there is no more to come of it."""
    Meeting.objects.filter(mentorship__in=found).update(useful_mentee=None, useful_mentor=None)
    MentorshipReview.objects.filter(mentorship__in=found).delete()
    Agreement.objects.filter(mentorship__in=found).update(aims="", frequency="", ending="")
    found.update(why_mentee="", why_mentor="")


def _notes(person: Person):
    for note in PrivateNote.objects.filter(person=person):
        yield {"written": note.written_at.isoformat(), "words": note.words}


def _erase_notes(person: Person, now: datetime) -> None:
    PrivateNote.objects.filter(person=person).delete()


def _coaching(person: Person):
    for seen in CoachingAttendance.objects.filter(place__person=person).select_related("session__group"):
        yield {"group": str(seen.session.group), "on": seen.session.starts.isoformat(), "was there": seen.present}


def _coaches(person: Person):
    for coach in Coach.objects.filter(person=person):
        yield {
            "about you, for your groups": coach.about,
            "coaches since": coach.joined_at.isoformat(),
            "until": coach.stood_down_at.isoformat() if coach.stood_down_at else "",
            "groups": [str(group) for group in coach.groups.all()],
        }


def _erase_coaches(person: Person, now: datetime) -> None:
    """They coach no longer; a group they lead needs another."""
    Coach.objects.filter(person=person, stood_down_at=None).update(stood_down_at=now)
    Coach.objects.filter(person=person).update(about="")


def _service(person: Person):
    for served in ServiceRecord.objects.filter(mentor__person=person).select_related("cohort__programme"):
        yield {
            "cohort": str(served.cohort),
            "code": served.code,
            "name": served.name,
            "mentees": served.mentees,
            "meetings": served.meetings,
            "issued": served.issued_at.isoformat(),
        }


holds(
    Holding(
        key="mentoring.mentee",
        what="Whether you would like a mentor, what you look for, and whom you would choose",
        who_reads="You and the programme office; your mentor reads what you hope for and work on, once you are "
        "matched. What you chose to have in common nobody reads",
        kept_for="Until your cohort has ended",
        export=_profiles,
        erase=_erase_profiles,
    ),
    order=400,
)
holds(
    Holding(
        key="mentoring.mentor",
        what="What you offer as a mentor, your training, and when you rest",
        who_reads="You, the programme office, and participants who look for a mentor",
        kept_for="As long as you mentor, and two years after",
        export=_mentors,
        erase=_erase_mentors,
    ),
    order=410,
)
holds(
    Holding(
        key="mentoring.conflict",
        what="With whom you cannot be matched, and why",
        who_reads="You. The programme office learns whom you mean, never why; the other person learns nothing",
        kept_for="Until you take it back",
        export=_conflicts,
        erase=_erase_conflicts,
    ),
    order=420,
)
holds(
    Holding(
        key="mentoring.mentorship",
        what="Your mentorships: with whom, why you were matched, when and how you met",
        who_reads="The two of you; the programme office sees dates and ways of meeting, not where. Whether a meeting "
        "was useful, and how it is going, the other never sees",
        kept_for="Two years after it ended, then as numbers",
        export=_mentorships,
        erase=_erase_mentorships,
    ),
    order=430,
)
holds(
    Holding(
        key="mentoring.notes",
        what="Your private notes about mentoring",
        who_reads="Only you",
        kept_for="Until you throw them away",
        export=_notes,
        erase=_erase_notes,
    ),
    order=440,
)
holds(
    Holding(
        key="mentoring.coaching",
        what="Which sessions of your coaching group you came to",
        who_reads="You, your coach and the programme office",
        kept_for="Six years after your cohort",
        export=_coaching,
        why_kept="It can be part of how you graduated; nothing that was said is held.",
    ),
    order=450,
)
holds(
    Holding(
        key="mentoring.coach",
        what="What your groups read about you as a coach, and which groups you lead",
        who_reads="You, the programme office, and the people in your groups",
        kept_for="As long as you coach",
        export=_coaches,
        erase=_erase_coaches,
    ),
    order=460,
)
holds(
    Holding(
        key="mentoring.service",
        what="Your certificate of service as a mentor: its code, the name on it, when it was issued",
        who_reads="You and the programme office",
        kept_for="Without end, as it is yours to show",
        export=_service,
        why_kept="It proves to others how you served.",
    ),
    order=470,
)
