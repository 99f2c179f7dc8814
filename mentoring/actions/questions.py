"""What the office asks about a proposal: answered at once where few take part, and by the worker where many do."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import cast

from django.db import transaction

from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from mentoring.models import MatchQuestion, MatchRun
from mentoring.models.matching import mentee_id, mentor_id
from mentoring.wording import progress_words

from .matching import confirm_match
from .runs import LEASE, REPLACED, State, record_run, unattended

Kind = MatchQuestion.Kind
KeepGoing = Callable[[str, int], bool]
LEFT_SHOWN, RATHER_SHOWN, CURES_SHOWN = 20, 50, 3


def ask(*, run: MatchRun, kind: str, now: datetime, about: int = 0, by: Person | None = None) -> MatchQuestion:
    """A question with its answer, which a large proposal has once the worker has found it.

    A proposal never changes, so neither does the answer: it is found once. Many may ask at once.
    """
    if run.is_large:
        asked = {"asked_at": now, "person": by}
        return MatchQuestion.objects.get_or_create(run=run, kind=kind, about=about, defaults=asked)[0]
    question = MatchQuestion(run=run, kind=kind, about=about, asked_at=now, answered_at=now)
    question.answer = _answer(question, lambda aim, done: True)
    return question


@transaction.atomic
def ask_to_confirm(*, run: MatchRun, by: Person, now: datetime, reason: str = "") -> MatchQuestion:
    """Have the worker confirm a proposal of many pairs: see `confirm_match`, which can still refuse it."""
    if not MatchRun.objects.filter(pk=run.pk, state=State.PROPOSED).exists():
        raise NotPossible(REPLACED)
    asked = {"run": run, "kind": Kind.CONFIRM, "about": 0}
    MatchQuestion.objects.filter(**asked, answered_at__isnull=False).delete()  # it was refused before
    by_whom = {"asked_at": now, "person": by, "reason": reason}
    question, is_new = MatchQuestion.objects.get_or_create(**asked, defaults=by_whom)
    if is_new:
        sentence = f"{by} asked to confirm proposal {run.number} of {run.cohort.name}"
        record_run(run, "confirm_asked", sentence, by=by, now=now)
    return question


@transaction.atomic
def withdraw_question(*, question: MatchQuestion, by: Person, now: datetime) -> None:
    """Ask no more: the worker stops at its next step. A confirmation that has begun is all or nothing, and goes on."""
    asked = MatchQuestion.objects.unanswered().filter(pk=question.pk)
    if question.kind == Kind.CONFIRM:
        asked = asked.filter(unattended(now))
    if not asked.delete()[0]:
        raise NotPossible("It is too late to stop this: look at what came of it.")
    if question.kind == Kind.CONFIRM:
        run = question.run
        sentence = f"{by} stopped the confirmation of proposal {run.number} of {run.cohort.name}"
        record_run(run, "confirm_stopped", sentence, by=by, now=now)


# The worker


def claim_question(*, now: datetime) -> MatchQuestion | None:
    """Take the next question about an open proposal, for as long as the lease: see `claim_run`."""
    waiting = MatchQuestion.objects.unanswered().filter(unattended(now))
    for pk in waiting.filter(run__state=State.PROPOSED).order_by("asked_at").values_list("pk", flat=True)[:5]:
        if waiting.filter(pk=pk).update(lease_until=now + LEASE):
            return MatchQuestion.objects.select_related("person").get(pk=pk)
    return None


def answer_question(*, question: MatchQuestion, clock: Callable[[], datetime]) -> None:
    """Find the answer to a claimed question, telling how far it is, until nobody asks any more.

    What failed once would fail again: such a question stays without an answer, and its page says so.
    """
    ours = MatchQuestion.objects.unanswered().filter(pk=question.pk)

    def keep_going(aim: str, done: int) -> bool:
        return bool(ours.update(progress=progress_words(aim, done), lease_until=clock() + LEASE))

    answer = None
    try:
        answer = _confirm(question, clock()) if question.kind == Kind.CONFIRM else _answer(question, keep_going)
    finally:
        ours.update(answer=answer, answered_at=clock(), progress="", lease_until=None)


def _confirm(question: MatchQuestion, now: datetime) -> dict:
    try:
        by = cast("Person", question.person)  # the database sees to it
        made = confirm_match(run=question.run, by=by, now=now, reason=question.reason)
    except NotPossible as refused:
        return {"refused": str(refused)}
    return {"matches": len(made)}


def _answer(question: MatchQuestion, keep_going: KeepGoing) -> dict:
    """In plain types, with people by id: the pages name them."""
    from mentoring import matching

    problem, result, about = question.run.problem, question.run.result, question.about
    match question.kind:
        case Kind.WHAT_IF:
            without = matching.if_mentor_leaves(problem, result, mentor_id(about), keep_going=keep_going)
            return {"difference": asdict(without.difference)}
        case Kind.SOMEBODY:
            mentee = mentee_id(about)
            found = matching.alternatives(problem, result, mentee, keep_going=keep_going)
            left = [mentee] if mentee in result.unmatched else []
            return {"next_best": [asdict(each) for each in found], "left": _reasons(problem, result, left)}
    rather = matching.blocking_pairs(problem, result)
    return {
        "left": _reasons(problem, result, result.unmatched[:LEFT_SHOWN]),
        "rather": [asdict(each) for each in rather[:RATHER_SHOWN]],
        "rather_count": len(rather),
    }


def _reasons(problem, result, mentees) -> list[dict]:
    from mentoring import matching

    found = matching.reasons(problem, result, mentees) if mentees else ()
    return [asdict(each) | {"cures": [asdict(cure) for cure in each.cures[:CURES_SHOWN]]} for each in found]
