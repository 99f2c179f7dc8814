"""What can happen to a matching: it is proposed, argued with, and confirmed by a human. Nothing is sent before that."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

from django.db import transaction

from cohorts.models import Cohort, Place
from leaders.components.dates import london_date
from leaders.outbox.actions import post
from leaders.people.audit import record
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from mentoring.models import (
    Agreement,
    Dial,
    MatchRun,
    Mentor,
    MentoringRules,
    Mentorship,
    Ruling,
    RunPair,
)
from mentoring.models.matching import mentee_id, mentor_id
from mentoring.problem import may_mentor, with_rulings
from mentoring.waiting import waiting
from mentoring.wording import labels, listed, why

from .mentors import take_seat
from .mentorships import AGREEMENT, who_declined
from .runs import (
    REPLACED,
    State,
    build,
    move,
    new_run,
    open_run,
    record_run,
    rulings_of,
    take_turns,
)


@transaction.atomic
def propose_match(
    *, cohort: Cohort, by: Person | None, now: datetime, dial: str | None = None, what: str = "Proposed a matching"
) -> MatchRun:
    """Work out the best matching of everybody in a cohort who wants a mentor and has none.

    It replaces the proposal that is open, and keeps what the office ruled there. From 300 people on the worker does it.
    Asked twice for the same while it is being worked out, it goes on. Raises NotPossible when nobody asks for a mentor.
    """
    take_turns(cohort)
    before = open_run(cohort)
    return new_run(
        cohort, before=before, rulings=rulings_of(before), left_out=before.left_out if before else [],
        dial=dial or (before.dial_order if before else Dial.BANDS), what=what, by=by, now=now,
    )  # fmt: skip


@transaction.atomic
def turn_dial(*, run: MatchRun, dial: str, by: Person, now: datetime) -> MatchRun:
    """Seek the best total, the best worst match, or that and few poor ones."""
    return _changed(run, dial=Dial(dial).value, what=f"Turned the dial to “{Dial(dial).label.lower()}”", by=by, now=now)


@transaction.atomic
def lock(*, run: MatchRun, place: Place, mentor: Mentor, by: Person, now: datetime, reason: str = "") -> MatchRun:
    """Keep two people together. Against a hard rule it needs a reason; beyond a mentor's capacity it cannot be done."""
    rulings = _without(rulings_of(run), place=place, mentor=mentor)
    rules = _check_lock(run, rulings, place, mentor, reason)
    rulings.append(_ruling("lock", place, mentor, reason=reason, rules=rules, by=by, now=now))
    return _changed(run, rulings=rulings, what=f"{place.person} stays with {mentor}", by=by, now=now, reason=reason)


@transaction.atomic
def veto(*, run: MatchRun, place: Place, mentor: Mentor, by: Person, now: datetime, reason: str) -> MatchRun:
    """Keep two people apart, for a reason that the audit trail keeps."""
    if not reason.strip():
        raise NotPossible("Give a reason for keeping them apart. It is kept in the audit trail.")
    rulings = [each for each in rulings_of(run) if (each.place_id, each.mentor_id) != (place.pk, mentor.pk)]
    rulings.append(_ruling("veto", place, mentor, reason=reason, by=by, now=now))
    return _changed(
        run, rulings=rulings, what=f"{place.person} is not matched with {mentor}", by=by, now=now, reason=reason
    )


@transaction.atomic
def let_go(*, run: MatchRun, place: Place, mentor: Mentor, by: Person, now: datetime) -> MatchRun:
    """Take back what the office ruled about a pair."""
    rulings = rulings_of(run)
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
    rulings = _without(_without(rulings_of(run), place=one, mentor=second), place=other, mentor=first)
    for place, mentor in ((one, second), (other, first)):
        rules = _check_lock(run, rulings, place, mentor, reason)
        rulings.append(_ruling("lock", place, mentor, reason=reason, rules=rules, by=by, now=now))
    what = f"{one.person} and {other.person} changed mentors"
    return _changed(run, rulings=rulings, what=what, by=by, now=now, reason=reason)


@transaction.atomic
def leave_out(*, run: MatchRun, mentor: Mentor, by: Person, now: datetime) -> MatchRun:
    """Do without a mentor this time: somebody who drops out on matching day."""
    if mentor.pk in run.left_out:
        raise NotPossible(f"{mentor} is left out already.")
    rulings = [each for each in rulings_of(run) if not (each.kind == Ruling.Kind.LOCK and each.mentor_id == mentor.pk)]
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
    take_turns(run.cohort)
    before = run.goes_back_to
    if run.state != State.PROPOSED or before is None:
        raise NotPossible("There is nothing to undo.")
    move(run, [State.PROPOSED], State.SUPERSEDED)
    move(before, [State.SUPERSEDED], State.PROPOSED)
    record_run(before, "undone", f"{by} went back to proposal {before.number} of {run.cohort.name}", by=by, now=now)
    return before


@transaction.atomic
def discard(*, run: MatchRun, by: Person, now: datetime) -> None:
    """Put a proposal away: nothing comes of it, nothing was sent."""
    take_turns(run.cohort)
    move(run, [State.PROPOSED], State.SUPERSEDED)
    record_run(run, "discarded", f"{by} put away proposal {run.number} of {run.cohort.name}", by=by, now=now)


@transaction.atomic
def confirm_match(*, run: MatchRun, by: Person, now: datetime, reason: str = "") -> list[Mentorship]:
    """Make a proposal come true: each pair gets a mentorship, and both are told why. A human's act.

    The proposal must still be the best answer today; capacity is taken by conditional update. Who is left waits with
    higher priority. Where a declared conflict does not say plainly who is meant, it needs a reason: the two could be
    matched. Raises NotPossible otherwise.
    """
    take_turns(run.cohort)
    _lock_mentors(run)
    today = _check_still_best(run, now)
    if not reason.strip() and (open_conflicts := list(run.unsettled())):
        names = listed(sorted({conflict.declared_by.name for conflict in open_conflicts}))
        raise NotPossible(f"Settle first whom {names} cannot be matched with, or give a reason for confirming before.")
    confirmed = MatchRun.objects.filter(pk=run.pk, state=State.PROPOSED)
    if not confirmed.update(state=State.CONFIRMED, confirmed_at=now, confirmed_by=str(by)[:150]):
        raise NotPossible(REPLACED)
    run.refresh_from_db()
    people = ("place__person", "place__organisation", "mentor__person__organisation")
    pairs = list(run.pairs.select_related(*people).order_by("pk"))
    reasons, declined = _reasons(today, pairs), who_declined(run.cohort)
    paired = set(Mentorship.objects.live().filter(cohort=run.cohort).values_list("place", flat=True))
    made = []
    for pair in pairs:
        if pair.mentor is None:
            _keep_waiting(run, pair.place, now)
        elif pair.place_id in paired:
            raise NotPossible(f"{pair.place.person} has a mentor meanwhile. Propose again.")
        else:
            made.append(_make_mentorship(run, pair, pair.mentor, reasons[pair.pk], declined, now=now))
    if not made:
        raise NotPossible("Nobody is matched in this proposal.")
    Agreement.objects.bulk_create(Agreement(mentorship=each, **AGREEMENT) for each in made)
    matches = "1 match" if len(made) == 1 else f"{len(made)} matches"
    record_run(
        run, "confirmed", f"{by} confirmed {matches} in {run.cohort.name}", by=by, now=now, reason=reason.strip(),
        input_hash=run.input_hash, result_hash=run.result_hash,
    )  # fmt: skip
    return made


def _lock_mentors(run: MatchRun) -> None:
    """Hold the mentors of a proposal, in one order for all cohorts: of two that share mentors neither waits for the
    other for ever, and nobody rests or stands down between the check and their letter."""
    wanted = run.pairs.exclude(mentor=None).order_by().values("mentor")
    list(Mentor.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk").values_list("pk"))


def _reasons(today, pairs: list[RunPair]) -> dict[int, tuple[str, str]]:
    """Why the two of each pair fit by what both say today: a word taken back since the proposal is not told."""
    from mentoring import matching

    known = labels()
    people = {each.id: each for each in (*today.mentees, *today.mentors)}
    matched = [(pair, pair.mentor) for pair in pairs if pair.mentor]
    both = [(people[mentee_id(pair.place_id)], people[mentor_id(mentor.pk)]) for pair, mentor in matched]
    return {
        pair.pk: why(map(asdict, parts), known, mentee=pair.place.person.first_name, mentor=mentor.person.first_name)
        for (pair, mentor), parts in zip(matched, matching.parts_of(today.weights, both), strict=True)
    }


def _make_mentorship(
    run: MatchRun,
    pair: RunPair,
    mentor: Mentor,
    reasons: tuple[str, str],
    declined: dict[str, set[int]],
    *,
    now: datetime,
) -> Mentorship:
    place, cohort = pair.place, run.cohort
    if not take_seat(mentor):
        raise NotPossible(f"{mentor} has no free place any more. Propose again.")
    why_mentee, why_mentor = reasons
    mentorship = Mentorship.objects.create(
        cohort=cohort, place=place, mentor=mentor, run=run, why_mentee=why_mentee, why_mentor=why_mentor, told_at=now,
        first_meeting_by=MentoringRules.of(cohort).first_meeting_by(london_date(now)),
    )  # fmt: skip
    for side, key in (("mentee", place.pk), ("mentor", mentor.pk)):
        post(
            f"mentoring.matched_{side}", to=mentorship.person(side), now=now, about=mentorship, cohort_id=cohort.pk,
            dedupe_key=f"mentorship:{mentorship.pk}:told:{side}", mentorship=mentorship,
            may_decline=key not in declined[side],
        )  # fmt: skip
    record(
        "mentoring.mentorship.told", f"{mentorship} were told of their match", subject=mentorship, person=place.person,
        cohort_id=cohort.pk, by=run.confirmed_by, now=now,
    )  # fmt: skip
    return mentorship


def _keep_waiting(run: MatchRun, place: Place, now: datetime) -> None:
    """Somebody for whom there was nobody comes first next time, and hears so once a run; not who has left meanwhile."""
    if not waiting().filter(place=place).come_first():
        return
    post(
        "mentoring.not_yet", to=place.person, now=now, dedupe_key=f"match:{run.pk}:not_yet:{place.pk}", about=place,
        cohort_id=run.cohort_id, place=place,
    )  # fmt: skip


def _check_still_best(run: MatchRun, now: datetime):
    """The problem as it stands today. Refuses a proposal that it would answer otherwise; a large one is not solved
    again for that."""
    run.refresh_from_db(fields=["state"])
    if run.state != State.PROPOSED:
        raise NotPossible(REPLACED)
    from mentoring import matching

    today, _, _ = with_rulings(build(run.cohort, run.left_out, run.dial_order, now), rulings_of(run))
    same = _asks_the_same(today, run)
    if not same and not run.is_large:
        same = _pairs(matching.solve(today)) == _pairs(run.result)
    if not same:
        raise NotPossible("Something has changed since this was proposed. Propose again, then confirm.")
    return today


def _asks_the_same(today, run: MatchRun) -> bool:
    """Whether a problem is the run's own, apart from the day it is judged on where the day makes no difference."""
    from mentoring import matching

    same_day = replace(today, on=run.on)
    return matching.problem_hash(same_day) == run.input_hash and all(
        may_mentor(mentor, today.on) == may_mentor(mentor, run.on) for mentor in today.mentors
    )


def _pairs(result) -> list[tuple[str, str]]:
    return [(pair.mentee, pair.mentor) for pair in result.pairs]


# What the acts share


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
    take_turns(run.cohort)
    if run.state != State.PROPOSED:
        raise NotPossible(REPLACED)
    return new_run(
        run.cohort, before=run, rulings=rulings_of(run) if rulings is None else rulings,
        left_out=run.left_out if left_out is None else left_out, dial=dial or run.dial_order, what=what, by=by, now=now,
        reason=reason,
    )  # fmt: skip


def _ruling(
    kind: str, place: Place, mentor: Mentor, *, reason: str, by: Person, now: datetime, rules: Sequence[str] = ()
) -> Ruling:
    return Ruling(
        kind=kind, place=place, mentor=mentor, reason=reason.strip(), rules=list(rules), made_at=now,
        made_by=str(by)[:150],
    )  # fmt: skip


def _without(rulings: list[Ruling], *, place: Place, mentor: Mentor) -> list[Ruling]:
    """The rulings without the place's lock, and without anything about this very pair."""
    return [
        each
        for each in rulings
        if each.place_id != place.pk or (each.kind != Ruling.Kind.LOCK and each.mentor_id != mentor.pk)
    ]


def _check_lock(run: MatchRun, rulings: list[Ruling], place: Place, mentor: Mentor, reason: str) -> list[str]:
    """The rules that a lock breaks, which need a reason. Room does not bend: capacity is a fact of the mentor's own."""
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
    return [rule.key for rule in broken]
