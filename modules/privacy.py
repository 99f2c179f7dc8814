"""What the year keeps about a person."""

import json
from datetime import datetime

from leaders.documents.actions import forget_documents
from leaders.people.models import Person
from leaders.people.privacy import Holding, holds

from .models import (
    Attendance,
    CatchUp,
    ContractVersion,
    Experiment,
    Feedback,
    Goal,
    LearningContract,
    LearningPlan,
    Reading,
    Response,
    TeamMember,
)

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
    for place in person.places.all():
        for choice in place.challenge_choices.select_related("challenge").order_by("rank"):
            yield {"would choose": str(choice.challenge), "rank": choice.rank, "chosen": choice.chosen_at.isoformat()}
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


# Learning: questionnaire, plan, contract

ERASED = "Erased"
UNSHARED = dict.fromkeys(
    ("shared_with_sponsor", "shared_with_sponsor_at", "shared_with_mentor", "shared_with_mentor_at")
)


def _answers(person: Person):
    for response in Response.objects.filter(place__person=person).select_related("wave__cohort", "place__organisation"):
        given, instrument = response.given, response.wave.instrument
        said = {item.wording(in_london=response.in_london): given["answers"].get(item.id) for item in instrument.items}
        titles = {dimension.key: dimension.title for dimension in instrument.dimensions}
        yield {
            "questionnaire": str(response.wave),
            "sent": response.submitted_at.isoformat() if response.submitted_at else None,
            "answers, 1 to 5": said,
            "importance": {titles[key]: value for key, value in given["importance"].items()},
            "looking back": {titles[key]: value for key, value in given["then"].items()},
        }


def _erase_answers(person: Person, now: datetime):
    """The row stays, so that it is known that somebody answered; it holds nothing any more."""
    empty = json.dumps({"answers": {}, "importance": {}, "then": {}})
    Response.objects.filter(place__person=person).update(words=empty, **UNSHARED)


def _goals(person: Person):
    for goal in Goal.objects.filter(plan__place__person=person):
        words = {name: str(getattr(goal, name) or "") for name in (*Goal.WORDS, "going", "notes", "status")}
        yield {**words, "written": goal.made_at.isoformat()}


def _erase_goals(person: Person, now: datetime):
    goals = Goal.objects.filter(plan__place__person=person)
    goals.update(title=ERASED, why="", steps="", support="", evidence="", notes="", dimension="")
    LearningPlan.objects.filter(place__person=person).update(**UNSHARED)


def _contract(person: Person):
    """Their own contract in all its versions; of others' contracts what they signed and said."""
    for version in ContractVersion.objects.filter(contract__place__person=person).order_by("contract", "number"):
        yield {"version": version.number, "written": version.made_at.isoformat(), **version.texts}
    for given in person.contract_signatures.all():
        yield {"signed as": given.get_party_display(), "name": given.name, "on": given.signed_at.isoformat()}
    for comment in person.contract_comments.all():
        yield {"comment": comment.words, "on": comment.made_at.isoformat()}


def _erase_contract(person: Person, now: datetime):
    person.contract_comments.update(words=ERASED, name=ERASED)
    person.contract_signatures.update(name=ERASED, signed_by=ERASED)
    for contract in LearningContract.objects.filter(place__person=person):
        contract.versions.update(words=json.dumps({}), made_by=ERASED)
        contract.comments.update(words=ERASED)
        forget_documents("modules.learning_contract", subject=contract)


holds(
    Holding(
        key="modules.questionnaire",
        what="Your answers to the leadership questionnaire",
        who_reads="Only you, and whoever you show your results; the programme office sees averages of eight or more",
        kept_for="Two years after your cohort",
        export=_answers,
        erase=_erase_answers,
    ),
    order=350,
)
holds(
    Holding(
        key="modules.learning_plan",
        what="Your learning plan",
        who_reads="Only you, and your sponsor or mentor if you share it",
        kept_for="Two years after your cohort",
        export=_goals,
        erase=_erase_goals,
    ),
    order=360,
)
holds(
    Holding(
        key="modules.learning_contract",
        what="Learning contracts that you wrote, signed or commented on",
        who_reads="The participant, their sponsor and line manager, and the programme office",
        kept_for="Two years after the cohort",
        export=_contract,
        erase=_erase_contract,
    ),
    order=370,
)
