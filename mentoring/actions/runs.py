"""A run of the matching: begun from the rows as they are, solved at once or by the worker, replaced by the next."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q

from cohorts.models import Cohort
from leaders.components.dates import london_date
from leaders.people.audit import record
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from mentoring.models import MatchQuestion, MatchRun, Mentor, MentoringRules, Ruling, RunPair
from mentoring.models.matching import MatchRunQuerySet, key_of
from mentoring.problem import build_problem, size, with_rulings
from mentoring.wording import DIAL, progress_words

State = MatchRun.State
# Renewed before every step, of which the longest takes half a minute at ten thousand people.
LEASE = timedelta(minutes=3)
OPEN = (State.WAITING, State.PROPOSED)
REPLACED = "This proposal was confirmed or replaced meanwhile. Look at the newest one."


def take_turns(cohort: Cohort) -> None:
    """Serialise changes to one cohort's matching. Call it before any other row is locked, so that two changes cannot
    deadlock."""
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)


def open_run(cohort: Cohort) -> MatchRun | None:
    return cohort.match_runs.open().first()


def rulings_of(run: MatchRun | None) -> list[Ruling]:
    return list(run.rulings.select_related("place__person", "mentor__person")) if run else []


def new_run(
    cohort: Cohort,
    *,
    before: MatchRun | None,
    rulings: list[Ruling],
    left_out: list[int],
    dial: str,
    what: str,
    by: Person | None,
    now: datetime,
    reason: str = "",
) -> MatchRun:
    """Begin a run in the place of `before`, which is None for a cohort without an open one.

    Rulings from before that no longer hold are let go, and the run says so.
    """
    from mentoring import matching

    if not MentoringRules.of(cohort).has_mentoring:
        raise NotPossible(f"{cohort.programme} has no mentors.")
    problem, rulings, gone = with_rulings(build(cohort, left_out, dial, now), rulings)
    what = "; let go of ".join([what, *(f"{each.place.person} with {each.mentor}: {why}" for each, why in gone)])
    if not any(mentee.opted_in for mentee in problem.mentees) and not problem.locks:
        raise NotPossible(f"Nobody in {cohort.name} has asked for a mentor and is without one.")
    input_hash = matching.problem_hash(problem)
    if before is not None:
        if before.state == State.WAITING and before.input_hash == input_hash and not before.stop_asked:
            return before
        move(before, list(OPEN), State.SUPERSEDED)
    number = (cohort.match_runs.aggregate(last=Max("number"))["last"] or 0) + 1
    run = MatchRun.objects.create(
        cohort=cohort, number=number, based_on=before, what=what, on=problem.on, dial_order=dial,
        people=size(problem), left_out=left_out,
        problem_text=json.dumps(matching.dump_problem(problem)), input_hash=input_hash, created_at=now,
        created_by=str(by or "Leaders")[:150],
    )  # fmt: skip
    Ruling.objects.bulk_create(
        Ruling(
            run=run, kind=each.kind, place_id=each.place_id, mentor_id=each.mentor_id, reason=each.reason,
            rules=each.rules, made_at=each.made_at, made_by=each.made_by,
        )
        for each in rulings
    )  # fmt: skip
    record_run(run, "asked", f"{cohort.name}: {what}", by=by, now=now, reason=reason, input_hash=run.input_hash)
    if not run.is_large:
        run.problem = problem  # not decrypted and read again
        _solve(run, lambda: now, lambda aim, done: True)
    return run


def build(cohort: Cohort, left_out: Iterable[int], dial: str, now: datetime):
    """The matching of a cohort as its rows stand, before the office's rulings."""
    from mentoring import matching

    try:
        return build_problem(cohort, london_date(now), dial=dial, left_out=left_out)
    except matching.ProblemError as error:
        raise NotPossible(" ".join(error.problems)) from error


def _solve(run: MatchRun, clock: Callable[[], datetime], keep_going: Callable[[str, int], bool]) -> None:
    from mentoring import matching

    problem = run.problem
    scored = None if run.is_large else matching.table(problem)  # a large one would take up its room twice

    def best(order: str, keep_going: Callable[[str, int], bool]):
        t = scored.copy() if scored else matching.table(problem)
        return matching.solve_table(t, replace(problem.settings, order=matching.Order(order)), keep_going)

    result = replace(best(run.dial_order, keep_going), input_hash=run.input_hash)
    dial = {run.dial_order: asdict(result.headline)}

    def on_the_dial(_aim: str, _done: int) -> bool:
        return keep_going(DIAL, len(result.levels))

    for order in matching.Order:
        if order.value not in dial and on_the_dial("", 0):
            other = best(order, on_the_dial).headline
            dial |= {order.value: asdict(other)} if other.proved else {}
    solved = {
        "state": State.PROPOSED, "outcome": matching.dump_result(result), "dial": dial, "solved_at": clock(),
        "result_hash": result.result_hash, "progress": "", "lease_until": None,
    }  # fmt: skip
    with transaction.atomic():
        if not MatchRun.objects.waiting().filter(pk=run.pk).update(**solved):
            return
        vars(run).update(solved, result=result)
        RunPair.objects.bulk_create(_run_pairs(run, problem, result))


def _run_pairs(run: MatchRun, problem, result) -> Iterable[RunPair]:
    from mentoring import matching

    mentees = {each.id: each for each in problem.mentees}
    mentors = {each.id: each for each in problem.mentors}
    made = [(mentees[pair.mentee], mentors[pair.mentor]) for pair in result.pairs]
    for pair, parts in zip(result.pairs, matching.parts_of(problem.weights, made), strict=True):
        yield RunPair(
            run=run, place_id=key_of(pair.mentee), mentor_id=key_of(pair.mentor), fit=pair.fit, locked=pair.locked,
            parts=[vars(part) for part in parts],
        )  # fmt: skip
    for mentee in result.unmatched:
        yield RunPair(run=run, place_id=key_of(mentee))


def move(run: MatchRun, start: list[str], state: str) -> None:
    """One conditional update: two people may look at the same proposal."""
    if not MatchRun.objects.filter(pk=run.pk, state__in=start).update(state=state):
        raise NotPossible(REPLACED)
    run.state = state


def record_run(
    run: MatchRun, verb: str, sentence: str, *, by: Person | None, now: datetime, reason: str = "", **detail
) -> None:
    record(
        f"mentoring.match.{verb}",
        sentence,
        subject=run,
        cohort_id=run.cohort_id,
        by=by,
        now=now,
        reason=reason,
        **detail,
    )


@transaction.atomic
def forget_in_runs(*, person: Person, now: datetime) -> None:
    """Take out of every run what somebody who is erased said in confidence; the answers and all hashes stay.

    A stored problem holds everybody of the cohort and every mentor, matched or not. One that is open is put away.
    Cohorts first and in order, then the mentor, as everywhere.
    """
    theirs = Q(cohort__places__person=person)
    if mentor := Mentor.objects.filter(person=person).first():
        theirs |= Q(created_at__gte=mentor.joined_at)
    runs = MatchRun.objects.filter(pk__in=MatchRun.objects.filter(theirs).values("pk"))
    for cohort in Cohort.objects.filter(match_runs__in=runs.open()).distinct().order_by("pk"):
        take_turns(cohort)
    Mentor.objects.select_for_update(no_key=True).filter(person=person).first()
    for run in runs.open().select_related("cohort"):
        move(run, list(OPEN), State.SUPERSEDED)
        record_run(run, "discarded", f"Proposal {run.number} of {run.cohort.name} was put away", by=None, now=now)
    runs.update(problem_text="")
    MatchQuestion.objects.filter(run__in=runs).delete()
    about = Q(place__person=person) | Q(mentor__person=person)
    RunPair.objects.filter(about).update(parts=[])
    Ruling.objects.filter(about).update(reason="")
    for name in {person.name, *person.history.values_list("name", flat=True)}:
        for run in runs.filter(what__contains=name).only("what"):
            run.what = run.what.replace(name, "somebody")
            run.save(update_fields=["what"])


# The worker


@transaction.atomic
def stop_run(*, run: MatchRun, by: Person, now: datetime) -> None:
    """Stop a matching that the worker works on: the best found so far is proposed. If nobody is at it, nothing comes of
    it, and the proposal before it is open again."""
    waiting = MatchRun.objects.waiting().filter(pk=run.pk)
    if _end_without_answer(waiting.filter(unattended(now)), run):
        run.refresh_from_db()
    elif not waiting.update(stop_asked=True):
        raise NotPossible("It is finished already.")
    record_run(run, "stopped", f"{by} stopped proposal {run.number} of {run.cohort.name}", by=by, now=now)


def _end_without_answer(waiting: MatchRunQuerySet, run: MatchRun, why: str = "") -> bool:
    """End a run of which nothing comes, if it is among those `waiting`: what the office ruled before stays in force."""
    ended = waiting.update(state=State.STOPPED, lease_until=None, progress=why)
    if ended and (before := run.goes_back_to):
        move(before, [State.SUPERSEDED], State.PROPOSED)
    return bool(ended)


def unattended(now: datetime) -> Q:
    """Runs that no worker is at, or whose worker has died."""
    return Q(lease_until=None) | Q(lease_until__lte=now)


def claim_run(*, now: datetime) -> MatchRun | None:
    """Take the next matching that waits, for as long as the lease; a conditional update decides between two workers."""
    waiting = MatchRun.objects.waiting().filter(unattended(now))
    for pk in waiting.order_by("created_at").values_list("pk", flat=True)[:5]:
        if waiting.filter(pk=pk).update(lease_until=now + LEASE):
            # The problem is read by `work_out`, which stops a run whose problem cannot be read.
            return MatchRun.objects.select_related("cohort").defer("problem_text").get(pk=pk)
    return None


def work_out(*, run: MatchRun, clock: Callable[[], datetime]) -> None:
    """Solve a claimed matching, telling how far it is and stopping when asked; see `propose_match`.

    `clock` gives the time now: the lease is renewed while it lasts. Should a worker be taken for dead and go on all the
    same, both find the same pairs, and the first to finish proposes them.
    """
    ours = MatchRun.objects.waiting().filter(pk=run.pk)

    def keep_going(aim: str, done: int) -> bool:
        ours.update(progress=progress_words(aim, done), lease_until=clock() + LEASE)
        return ours.filter(stop_asked=False).exists()

    try:
        _solve(run, clock, keep_going)
    except Exception:
        # What failed once would fail again: it is not tried for ever.
        with transaction.atomic():
            _end_without_answer(ours, run, "It could not be worked out")
        raise
