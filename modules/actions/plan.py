"""What can happen to a learning plan: goals are added, changed, reviewed and ended; the plan is shared."""

from datetime import datetime

from django.db import IntegrityError, transaction

from cohorts.models import Place
from leaders.people.audit import record
from leaders.people.meanwhile import ChangedMeanwhile
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from modules.models import Goal, LearningPlan
from modules.models.learning import LIVE_GOALS

from .sharing import check_reader, share_and_tell, sharing_words

FULL = "You have three goals already. Finish or drop one before you add another."
ENDED = "This goal has ended. Add a new one to go on with it."


@transaction.atomic
def add_goal(*, place: Place, by: Person, now: datetime, **words) -> Goal:
    """Add a goal to the plan. Raises NotPossible when three are live: finish or drop one first.

    `words` are `Goal.WORDS`. The same goal sent twice, word for word as by a double click, is one goal.
    """
    _only_the_writer(place, by)
    plan, _ = LearningPlan.objects.get_or_create(place=place, defaults={"started_at": now})
    live = {goal.slot: goal for goal in plan.goals.live()}
    sent = Goal(**words).mark
    twice = next((goal for goal in live.values() if goal.mark == sent), None)
    if twice:
        return twice
    free = next((slot for slot in range(1, LIVE_GOALS + 1) if slot not in live), None)
    if free is None:
        raise NotPossible(FULL)
    try:
        with transaction.atomic():
            goal = Goal.objects.create(plan=plan, slot=free, made_at=now, **words)
    except IntegrityError as race:  # the slot was taken in another window at the same moment
        raise NotPossible(FULL) from race
    _note(goal, "added", f"{by} added a learning goal", by, now)
    return goal


@transaction.atomic
def change_goal(*, goal: Goal, seen: str, by: Person, now: datetime, **words) -> Goal:
    """Change the words of a live goal.

    Raises ChangedMeanwhile when it no longer says what the writer's page showed (`seen`, see `Goal.mark`).
    """
    kept = _live(goal, by)
    if kept.mark != seen:
        raise ChangedMeanwhile
    for field, value in words.items():
        setattr(kept, field, value)
    kept.save(update_fields=list(words))
    _note(kept, "changed", f"{by} changed a learning goal", by, now)
    return kept


@transaction.atomic
def review_goal(*, goal: Goal, seen: str, going: str, notes: str, by: Person, now: datetime) -> Goal:
    """Say how a live goal is going.

    Raises ChangedMeanwhile when the review no longer says what the writer's page showed (`seen`, `Goal.review_mark`).
    """
    kept = _live(goal, by)
    is_new = (kept.going, kept.notes) != (going, notes)
    if is_new and kept.review_mark != seen:
        raise ChangedMeanwhile
    kept.going, kept.notes, kept.reviewed_at = going, notes, now
    kept.save(update_fields=["going", "notes", "reviewed_at"])
    _note(kept, "reviewed", f"{by} reviewed a learning goal", by, now)
    return kept


@transaction.atomic
def end_goal(*, goal: Goal, done: bool, by: Person, now: datetime, **review: str) -> Goal:
    """Finish a goal, or drop it; either frees its slot.

    `review` is what was noticed last, where the page has it: `seen`, `going` and `notes` of `review_goal`.
    """
    kept = _live(goal, by)
    if review and (kept.going, kept.notes) != (review["going"], review["notes"]):
        kept = review_goal(goal=kept, by=by, now=now, **review)
    kept.status, kept.ended_at = (Goal.Status.DONE if done else Goal.Status.DROPPED), now
    kept.save(update_fields=["status", "ended_at"])
    _note(kept, "ended", f"{by} {'finished' if done else 'dropped'} a learning goal", by, now)
    return kept


@transaction.atomic
def share_plan(*, plan: LearningPlan, with_whom: str, reader: Person | None, by: Person, now: datetime) -> bool:
    """Let `reader`, who is the sponsor or the mentor now, read the plan; with None, nobody. Only its writer decides.

    They are told where to read it; the answer is whether there is such a page already.
    Raises NotPossible when somebody else has become their sponsor or mentor: they are asked anew.
    """
    _only_the_writer(plan.place, by)
    check_reader(plan.place, with_whom, reader)
    kept = LearningPlan.objects.select_for_update().get(pk=plan.pk)
    has_page = share_and_tell(kept, plan.place, with_whom, reader, what="their learning plan", now=now)
    record(
        "modules.plan.shared" if reader else "modules.plan.unshared",
        f"{by} {sharing_words(with_whom, reader, 'their learning plan')}",
        subject=plan,
        person=by,
        cohort_id=plan.place.cohort_id,
        by=by,
        now=now,
    )
    return has_page


def _live(goal: Goal, by: Person) -> Goal:
    """The goal, locked. Raises NotPossible when it has ended."""
    kept = Goal.objects.select_for_update(of=("self",)).select_related("plan__place").get(pk=goal.pk)
    _only_the_writer(kept.plan.place, by)
    if kept.status != Goal.Status.LIVE:
        raise NotPossible(ENDED)
    return kept


def _only_the_writer(place: Place, by: Person) -> None:
    if place.person_id != by.pk:
        raise NotPossible("Only the person whose plan it is writes in it, and decides who reads it.")


def _note(goal: Goal, what: str, sentence: str, by: Person, now: datetime) -> None:
    record(
        f"modules.goal.{what}",
        sentence,
        subject=goal,
        person=by,
        cohort_id=goal.plan.place.cohort_id,
        by=by,
        now=now,
    )
