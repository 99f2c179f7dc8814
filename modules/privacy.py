"""What the year keeps about a person."""

from datetime import datetime

from leaders.people.models import Person
from leaders.people.privacy import Holding, holds

from .models import Attendance, CatchUp, Experiment, Feedback, Reading, TeamMember

# The year: attendance, feedback, reading, teams


def _attendance(person: Person):
    for seen in Attendance.objects.filter(place__person=person).select_related("session__module", "catch_up"):
        row = {"session": str(seen.session), "on": seen.session.starts.isoformat(), "status": seen.get_status_display()}
        if hasattr(seen, "catch_up"):
            row |= {"asked to catch up by": seen.catch_up.task, "what you took from it": seen.catch_up.words}
        yield row


def _erase_attendance(person: Person, now: datetime):
    CatchUp.objects.filter(attendance__place__person=person).update(words="")


def _feedback(person: Person):
    for given in Feedback.objects.filter(place__person=person).select_related("module"):
        answers = {Feedback._meta.get_field(name).verbose_name: getattr(given, name) for name in Feedback.STATEMENTS}
        yield {"module": str(given.module), **answers, "comment": given.comment, "given": given.given_at.isoformat()}


def _erase_feedback(person: Person, now: datetime):
    Feedback.objects.filter(place__person=person).update(comment="")


def _reading(person: Person):
    for tick in Reading.objects.filter(place__person=person).select_related("material"):
        yield {"reading": tick.material.title, "ticked": tick.read_at.isoformat()}


def _erase_reading(person: Person, now: datetime):
    Reading.objects.filter(place__person=person).delete()


def _team(person: Person):
    for member in TeamMember.objects.filter(place__person=person).select_related("team__challenge"):
        yield {"team": str(member.team), "challenge": str(member.team.challenge or "")}
    for entry in Experiment.objects.filter(written_by__person=person):
        yield {
            "on": entry.tried_on.isoformat(),
            "tried": entry.tried,
            "happened": entry.happened,
            "learned": entry.learned,
        }


holds(
    Holding(
        key="modules.attendance",
        what="Which sessions you came to, and what you wrote when you caught up",
        who_reads="You and the programme office",
        kept_for="Six years after your cohort, as it shows how you graduated",
        export=_attendance,
        erase=_erase_attendance,
    ),
    order=310,
)
holds(
    Holding(
        key="modules.feedback",
        what="What you told us about each module",
        who_reads="You and the programme office; speakers see averages and comments without names",
        kept_for="Two years after your cohort",
        export=_feedback,
        erase=_erase_feedback,
    ),
    order=320,
)
holds(
    Holding(
        key="modules.reading",
        what="Which reading you ticked",
        who_reads="Only you",
        kept_for="As long as your cohort runs",
        export=_reading,
        erase=_erase_reading,
    ),
    order=330,
)
holds(
    Holding(
        key="modules.team",
        what="Your systems challenge team and what you wrote in its log",
        who_reads="You, your team and the programme office",
        kept_for="As long as the cohort's work is of use",
        export=_team,
        why_kept="The log is the work of the whole team; your name leaves it with your record.",
    ),
    order=340,
)
