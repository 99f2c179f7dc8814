"""What can happen to a matching: it is proposed, argued with, and confirmed by a human. Nothing is sent before that."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q

from cohorts.models import Cohort, Place
from leaders.components.dates import london_date
from leaders.outbox.actions import post
from leaders.people.audit import record
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from leaders.reminders.working_days import working_day_on_or_before
from mentoring.models import (
    Agreement,
    Dial,
    MatchRun,
    MenteeProfile,
    Mentor,
    MentoringRules,
    Mentorship,
    Ruling,
    RunPair,
)
from mentoring.models.matching import key_of, mentee_id, mentor_id
from mentoring.problem import build_problem
from mentoring.wording import labels, why

from .mentors import take_seat
from .mentorships import AGREEMENT

State = MatchRun.State
IN_THE_REQUEST = 300  # people, fewer than which a matching is worked out while somebody waits
LEASE = timedelta(minutes=10)
OPEN = (State.WAITING, State.PROPOSED)


@transaction.atomic
def propose_match(
    *, cohort: Cohort, by: Person | None, now: datetime, dial: str | None = None, what: str = "Proposed a matching"
) -> MatchRun:
    """Work out the best matching of everybody in a cohort who wants a mentor and has none.

    It replaces the proposal that is open, and keeps what the office ruled there. From 300 people on the worker does it.
    Raises NotPossible when the rulings contradict each other.
    """
    before = _open_run(cohort)
    return _new_run(
        cohort, before=before, rulings=_rulings(before), left_out=before.left_out if before else [],
        dial=dial or (before.dial_order if before else Dial.BANDS), what=what, by=by, now=now,
    )  # fmt: skip


@transaction.atomic
def turn_dial(*, run: MatchRun, dial: str, by: Person, now: datetime) -> MatchRun:
    """Seek the best total, the best worst match, or that and few poor ones."""
    return _changed(run, dial=Dial(dial).value, what=f"Turned the dial to “{Dial(dial).label.lower()}”", by=by, now=now)


@transaction.atomic
def lock(*, run: MatchRun, place: Place, mentor: Mentor, by: Person, now: datetime, reason: str = "") -> MatchRun:
    """Keep two people together. Against a hard rule it needs a reason; beyond a mentor's capacity it cannot be done."""
    rulings = _without(_rulings(run), place=place, locks=True, mentor=mentor)
    _check_lock(run, rulings, place, mentor, reason)
    rulings.append(_ruling("lock", place, mentor, reason=reason, by=by, now=now))
    return _changed(run, rulings=rulings, what=f"{place.person} stays with {mentor}", by=by, now=now, reason=reason)


@transaction.atomic
def veto(*, run: MatchRun, place: Place, mentor: Mentor, by: Person, now: datetime, reason: str = "") -> MatchRun:
    """Keep two people apart."""
    rulings = [each for each in _rulings(run) if (each.place_id, each.mentor_id) != (place.pk, mentor.pk)]
    rulings.append(_ruling("veto", place, mentor, reason=reason, by=by, now=now))
    return _changed(
        run, rulings=rulings, what=f"{place.person} is not matched with {mentor}", by=by, now=now, reason=reason
    )


@transaction.atomic
def let_go(*, run: MatchRun, place: Place, mentor: Mentor, by: Person, now: datetime) -> MatchRun:
    """Take back what the office ruled about a pair."""
    rulings = _rulings(run)
    rest = [each for each in rulings if (each.place_id, each.mentor_id) != (place.pk, mentor.pk)]
    if len(rest) == len(rulings):
        raise NotPossible("Nothing was ruled about this pair.")
    return _changed(run, rulings=rest, what=f"Nothing is ruled about {place.person} and {mentor}", by=by, now=now)


@transaction.atomic
def swap(*, run: MatchRun, one: Place, other: Place, by: Person, now: datetime, reason: str = "") -> MatchRun:
    """Have two mentees change mentors; both new pairs are locked."""
    mentors = {
        pair.place_id: pair.mentor for pair in run.pairs.filter(place__in=[one, other]).select_related("mentor__person")
    }
    first, second = mentors.get(one.pk), mentors.get(other.pk)
    if one == other or first is None or second is None:
        raise NotPossible("Choose two people who both have a mentor in this proposal.")
    if first == second:
        raise NotPossible(f"Both are with {first}.")
    rulings = _without(
        _without(_rulings(run), place=one, locks=True, mentor=second), place=other, locks=True, mentor=first
    )
    for place, mentor in ((one, second), (other, first)):
        _check_lock(run, rulings, place, mentor, reason)
        rulings.append(_ruling("lock", place, mentor, reason=reason, by=by, now=now))
    what = f"{one.person} and {other.person} changed mentors"
    return _changed(run, rulings=rulings, what=what, by=by, now=now, reason=reason)


@transaction.atomic
def leave_out(*, run: MatchRun, mentor: Mentor, by: Person, now: datetime) -> MatchRun:
    """Do without a mentor this time: somebody who drops out on matching day."""
    if mentor.pk in run.left_out:
        raise NotPossible(f"{mentor} is left out already.")
    rulings = [each for each in _rulings(run) if not (each.kind == Ruling.Kind.LOCK and each.mentor_id == mentor.pk)]
    left_out = sorted({*run.left_out, mentor.pk})
    return _changed(run, rulings=rulings, left_out=left_out, what=f"{mentor} is left out", by=by, now=now)


@transaction.atomic
def bring_back(*, run: MatchRun, mentor: Mentor, by: Person, now: datetime) -> MatchRun:
    """Count on a mentor again who was left out."""
    if mentor.pk not in run.left_out:
        raise NotPossible(f"{mentor} is not left out.")
    left_out = [pk for pk in run.left_out if pk != mentor.pk]
    return _changed(run, left_out=left_out, what=f"{mentor} takes part again", by=by, now=now)


@transaction.atomic
def undo(*, run: MatchRun, by: Person, now: datetime) -> MatchRun:
    """Go back to the proposal that this one changed."""
    before = run.based_on
    if run.state != State.PROPOSED or before is None or before.state != State.SUPERSEDED or not before.solved_at:
        raise NotPossible("There is nothing to undo.")
    _move(run, [State.PROPOSED], State.SUPERSEDED)
    _move(before, [State.SUPERSEDED], State.PROPOSED)
    _record(before, "undone", f"{by} went back to proposal {before.number} of {run.cohort.name}", by=by, now=now)
    return before


@transaction.atomic
def discard(*, run: MatchRun, by: Person, now: datetime) -> None:
    """Put a proposal away: nothing comes of it, nothing was sent."""
    _move(run, [State.PROPOSED], State.SUPERSEDED)
    _record(run, "discarded", f"{by} put away proposal {run.number} of {run.cohort.name}", by=by, now=now)


@transaction.atomic
def stop_run(*, run: MatchRun, by: Person, now: datetime) -> None:
    """Stop a matching that the worker works on: the best found so far is proposed, or nothing if it has not begun."""
    if MatchRun.objects.waiting().filter(pk=run.pk, lease_until=None).update(state=State.STOPPED):
        run.refresh_from_db()
    elif not MatchRun.objects.waiting().filter(pk=run.pk).update(stop_asked=True):
        raise NotPossible("It is finished already.")
    _record(run, "stopped", f"{by} stopped proposal {run.number} of {run.cohort.name}", by=by, now=now)


def claim_run(*, now: datetime) -> MatchRun | None:
    """Take the next matching that waits, for as long as the lease; a conditional update decides between two workers."""
    waiting = MatchRun.objects.waiting().filter(Q(lease_until=None) | Q(lease_until__lte=now))
    for run in waiting.order_by("created_at")[:5]:
        if waiting.filter(pk=run.pk).update(lease_until=now + LEASE):
            return MatchRun.objects.select_related("cohort").get(pk=run.pk)
    return None


def work_out(*, run: MatchRun, now: datetime) -> None:
    """Solve a claimed matching, telling how far it is and stopping when asked; see `propose_match`."""

    def keep_going(aim: str, done: int) -> bool:
        ours = MatchRun.objects.waiting().filter(pk=run.pk)
        ours.update(progress=f"{done} of its aims reached", lease_until=now + LEASE)
        return ours.filter(stop_asked=False).exists()

    _solve(run, now, keep_going)


@transaction.atomic
def confirm_match(*, run: MatchRun, by: Person, now: datetime) -> list[Mentorship]:
    """Make a proposal come true: each pair gets a mentorship, and both are told why. A human's act.

    The proposal must still be the best answer today; capacity is taken by conditional update. Who is left waits with
    higher priority. Raises NotPossible otherwise.
    """
    _check_still_best(run, now)
    confirmed = MatchRun.objects.filter(pk=run.pk, state=State.PROPOSED)
    if not confirmed.update(state=State.CONFIRMED, confirmed_at=now, confirmed_by=str(by)[:150]):
        raise NotPossible("This proposal was confirmed or replaced meanwhile.")
    run.refresh_from_db()
    pairs = run.pairs.select_related("place__person", "place__organisation", "mentor__person__organisation")
    known, made = labels(), []
    for pair in pairs.order_by("pk"):
        if pair.mentor is None:
            _keep_waiting(run, pair.place, now)
        else:
            made.append(_begin(run, pair, pair.mentor, known, now))
    if not made:
        raise NotPossible("Nobody is matched in this proposal.")
    _record(
        run, "confirmed", f"{by} confirmed {len(made)} mentorships in {run.cohort.name}", by=by, now=now,
        input_hash=run.input_hash, result_hash=run.result_hash,
    )  # fmt: skip
    return made


def _begin(run: MatchRun, pair: RunPair, mentor: Mentor, known: dict[str, str], now: datetime) -> Mentorship:
    place, cohort = pair.place, run.cohort
    if Mentorship.objects.live().filter(place=place).exists():
        raise NotPossible(f"{place.person} has a mentor meanwhile. Propose again.")
    if not take_seat(mentor):
        raise NotPossible(f"{mentor} has no free place any more. Propose again.")
    why_mentee, why_mentor = why(pair.parts, known, mentee=place.person.first_name, mentor=mentor.person.first_name)
    days = MentoringRules.of(cohort).first_meeting_days
    mentorship = Mentorship.objects.create(
        cohort=cohort, place=place, mentor=mentor, run=run, why_mentee=why_mentee, why_mentor=why_mentor, told_at=now,
        first_meeting_by=working_day_on_or_before(london_date(now) + timedelta(days=days)),
    )  # fmt: skip
    Agreement.objects.create(mentorship=mentorship, **AGREEMENT)
    for side in ("mentee", "mentor"):
        post(
            f"mentoring.matched_{side}", to=mentorship.person(side), now=now, about=mentorship, cohort_id=cohort.pk,
            dedupe_key=f"mentorship:{mentorship.pk}:told:{side}", mentorship=mentorship,
        )  # fmt: skip
    record(
        "mentoring.mentorship.told", f"{mentorship} were told of their match", subject=mentorship, person=place.person,
        cohort_id=cohort.pk, by=run.confirmed_by, now=now,
    )  # fmt: skip
    return mentorship


def _keep_waiting(run: MatchRun, place: Place, now: datetime) -> None:
    """Somebody for whom there was nobody comes first next time, and hears so once a run."""
    profile = MenteeProfile.objects.opted_in().filter(place=place).first()
    if profile is None:
        return
    profile.priority = min(profile.priority + 1, 9)
    profile.save(update_fields=["priority"])
    post(
        "mentoring.not_yet", to=place.person, now=now, dedupe_key=f"match:{run.pk}:not_yet:{place.pk}", about=place,
        cohort_id=run.cohort_id, place=place,
    )  # fmt: skip


def _check_still_best(run: MatchRun, now: datetime) -> None:
    """Refuse a proposal that today's rows would answer otherwise."""
    if run.state != State.PROPOSED:
        raise NotPossible("Only a proposal can be confirmed.")
    today = _build(run.cohort, _rulings(run), run.left_out, run.dial_order, now)
    from mentoring import matching

    same = matching.problem_hash(today) == run.input_hash
    if not same and run.people < IN_THE_REQUEST:
        same = _pairs(matching.solve(today)) == _pairs(run.result)
    if not same:
        raise NotPossible("Something has changed since this was proposed. Propose again, then confirm.")


def _pairs(result) -> list[tuple[str, str]]:
    return [(pair.mentee, pair.mentor) for pair in result.pairs]


# How a run is made


def _changed(
    run: MatchRun,
    *,
    what: str,
    by: Person,
    now: datetime,
    rulings: list[Ruling] | None = None,
    left_out: list[int] | None = None,
    dial: str | None = None,
    reason: str = "",
) -> MatchRun:
    """A new run in the place of `run`, which must be the open proposal."""
    if run.state != State.PROPOSED:
        raise NotPossible("This proposal was confirmed or replaced meanwhile. Look at the newest one.")
    return _new_run(
        run.cohort, before=run, rulings=_rulings(run) if rulings is None else rulings,
        left_out=run.left_out if left_out is None else left_out, dial=dial or run.dial_order, what=what, by=by, now=now,
        reason=reason,
    )  # fmt: skip


def _new_run(
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
    from mentoring import matching

    Cohort.objects.select_for_update().get(pk=cohort.pk)
    if not MentoringRules.of(cohort).has_mentoring:
        raise NotPossible(f"{cohort.programme} has no mentors.")
    problem = _build(cohort, rulings, left_out, dial, now)
    if not any(mentee.opted_in for mentee in problem.mentees) and not problem.locks:
        raise NotPossible(f"Nobody in {cohort.name} has asked for a mentor and is without one.")
    if before is not None:
        _move(before, list(OPEN), State.SUPERSEDED)
    number = (cohort.match_runs.aggregate(last=Max("number"))["last"] or 0) + 1
    run = MatchRun.objects.create(
        cohort=cohort, number=number, based_on=before, what=what[:200], on=problem.on, dial_order=dial,
        people=len(problem.mentees) + len(problem.mentors), left_out=left_out,
        problem_text=json.dumps(matching.dump_problem(problem)), input_hash=matching.problem_hash(problem),
        created_at=now, created_by=str(by or "Leaders")[:150],
    )  # fmt: skip
    Ruling.objects.bulk_create(
        Ruling(
            run=run, kind=each.kind, place_id=each.place_id, mentor_id=each.mentor_id, reason=each.reason,
            made_at=each.made_at, made_by=each.made_by,
        )
        for each in rulings
    )  # fmt: skip
    _record(run, "asked", f"{cohort.name}: {what}", by=by, now=now, reason=reason, input_hash=run.input_hash)
    if run.people < IN_THE_REQUEST:
        _solve(run, now, lambda aim, done: True)
    return run


def _build(cohort: Cohort, rulings: Iterable[Ruling], left_out: Iterable[int], dial: str, now: datetime):
    from mentoring import matching

    here = set(Place.objects.active().for_cohort(cohort).values_list("pk", flat=True))
    here -= set(Mentorship.objects.live().filter(cohort=cohort).values_list("place", flat=True))
    mentors = set(Mentor.objects.approved().values_list("pk", flat=True))
    kept = [each for each in rulings if each.place_id in here and each.mentor_id in mentors]
    try:
        return build_problem(
            cohort, london_date(now), dial=dial, rulings=kept, left_out=[pk for pk in left_out if pk in mentors]
        )
    except matching.ProblemError as error:
        raise NotPossible(" ".join(error.problems)) from error


def _solve(run: MatchRun, now: datetime, keep_going: Callable[[str, int], bool]) -> None:
    from mentoring import matching

    problem = run.problem
    result = matching.solve(problem, keep_going=keep_going)
    dial = {run.dial_order: asdict(result.headline)}
    for order in matching.Order:
        if order.value not in dial and keep_going("the fairness dial", len(result.levels)):
            dial[order.value] = asdict(matching.solve(problem.with_order(order), keep_going=keep_going).headline)
    with transaction.atomic():
        solved = MatchRun.objects.waiting().filter(pk=run.pk)
        if not solved.update(
            state=State.PROPOSED, outcome=matching.dump_result(result), dial=dial, result_hash=result.result_hash,
            solved_at=now, progress="", lease_until=None,
        ):  # fmt: skip
            return
        run.refresh_from_db()
        run.__dict__.pop("result", None)
        RunPair.objects.bulk_create(_run_pairs(run, problem, result))


def _run_pairs(run: MatchRun, problem, result) -> Iterable[RunPair]:
    from mentoring import matching

    mentees = {each.id: each for each in problem.mentees}
    mentors = {each.id: each for each in problem.mentors}
    for pair in result.pairs:
        parts = matching.parts(problem.weights, mentees[pair.mentee], mentors[pair.mentor])
        yield RunPair(
            run=run, place_id=key_of(pair.mentee), mentor_id=key_of(pair.mentor), fit=pair.fit, locked=pair.locked,
            parts=[asdict(part) for part in parts],
        )  # fmt: skip
    for mentee in result.unmatched:
        yield RunPair(run=run, place_id=key_of(mentee))


def _open_run(cohort: Cohort) -> MatchRun | None:
    return cohort.match_runs.filter(state__in=OPEN).first()


def _rulings(run: MatchRun | None) -> list[Ruling]:
    return list(run.rulings.all()) if run else []


def _ruling(kind: str, place: Place, mentor: Mentor, *, reason: str, by: Person, now: datetime) -> Ruling:
    return Ruling(kind=kind, place=place, mentor=mentor, reason=reason.strip(), made_at=now, made_by=str(by)[:150])


def _without(rulings: list[Ruling], *, place: Place, locks: bool, mentor: Mentor) -> list[Ruling]:
    """The rulings without the place's lock, and without anything about this very pair."""
    return [
        each
        for each in rulings
        if each.place_id != place.pk or (each.kind != Ruling.Kind.LOCK and each.mentor_id != mentor.pk)
    ]


def _check_lock(run: MatchRun, rulings: list[Ruling], place: Place, mentor: Mentor, reason: str) -> None:
    """A broken rule needs a reason. Room does not bend: capacity is a fact of the mentor's own."""
    from mentoring import matching

    problem = run.problem
    if problem is None:
        raise NotPossible("Somebody in this proposal was erased. Propose again.")
    by_id = {each.id: each for each in (*problem.mentees, *problem.mentors)}
    mentee_row, mentor_row = by_id.get(mentee_id(place.pk)), by_id.get(mentor_id(mentor.pk))
    if mentee_row is None or mentor_row is None:
        raise NotPossible("Choose two people who are in this proposal.")
    locked = sum(each.kind == Ruling.Kind.LOCK and each.mentor_id == mentor.pk for each in rulings)
    if mentor.active + locked >= mentor.capacity:
        raise NotPossible(
            f"{mentor} has no free place. Ask {mentor.person.first_name} whether they would take one more."
        )
    broken = [
        rule for rule in matching.check_pair(problem, mentee_row, mentor_row) if not rule.kept and rule.key != "vetoed"
    ]
    if broken and not reason.strip():
        rules = "; ".join(rule.words.lower() for rule in broken)
        raise NotPossible(f"This match goes against a rule ({rules}). Give a reason if it is to be kept all the same.")


def _move(run: MatchRun, start: list[str], state: str) -> None:
    """One conditional update: two people may look at the same proposal."""
    if not MatchRun.objects.filter(pk=run.pk, state__in=start).update(state=state):
        raise NotPossible("This proposal was confirmed or replaced meanwhile. Look at the newest one.")
    run.state = state


def _record(
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
