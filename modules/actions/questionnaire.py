"""What can happen to a questionnaire: it is asked, answered a page at a time, sent, and perhaps shared."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from cohorts.models import Cohort, Place
from leaders.components.dates import day_month, london_date
from leaders.people.audit import record
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from leaders.reminders.working_days import working_day_on_or_after, working_day_on_or_before
from modules.aggregates import has_figures
from modules.models import Response, Wave
from modules.scoring.instrument import HIGHEST, LOWEST

from .sharing import check_reader, share_and_tell, sharing_words


@transaction.atomic
def ask_wave(*, cohort: Cohort, kind: str, opens_on: date, due_on: date, by: Person | None, now: datetime) -> Wave:
    """Put a wave of the questionnaire into the cohort's year; asking again moves its dates.

    Raises NotPossible for another due date once there are averages of those who kept the first: the difference between
    two of them would tell what the few between the dates had answered.
    """
    known = cohort.waves.filter(kind=kind).first()
    if known and known.due_on != due_on and has_figures(known, london_date(now)):
        raise NotPossible(f"This questionnaire was due on {day_month(known.due_on)}, and its averages are known.")
    wave, _ = Wave.objects.update_or_create(cohort=cohort, kind=kind, defaults={"opens_on": opens_on, "due_on": due_on})
    record(
        "modules.wave.asked",
        f"The questionnaire {wave.get_kind_display().lower()} is due {day_month(due_on)}",
        subject=wave,
        cohort_id=cohort.pk,
        by=by,
        now=now,
    )
    return wave


def planned_waves(cohort: Cohort) -> dict[str, tuple[date, date]]:
    """When each wave opens and is due by the plan: before the first module, at the last, and six months after.

    Both are working days: what opens moves to a later one, what is due to an earlier one.
    """
    last = cohort.sessions.kept().module_days().order_by("starts").last()
    at_the_last = london_date(last.ends) if last else cohort.graduation_on
    planned = {
        Wave.Kind.BEFORE: (cohort.onboarding_due - timedelta(days=21), cohort.onboarding_due),
        Wave.Kind.AFTER: (at_the_last - timedelta(days=7), at_the_last + timedelta(days=7)),
        Wave.Kind.LATER: (cohort.ends_on + timedelta(days=173), cohort.ends_on + timedelta(days=194)),
    }
    return {
        kind: (working_day_on_or_after(opens_on), working_day_on_or_before(due_on))
        for kind, (opens_on, due_on) in planned.items()
    }


@transaction.atomic
def move_waves(
    *, cohort: Cohort, before: dict[str, tuple[date, date]], by: Person | None, now: datetime
) -> list[Wave]:  # fmt: skip
    """Let the waves follow dates that moved; `before` is the plan as it was.

    One to which the office gave dates of its own stays, and so does one that is over. One that is open stays open: it
    keeps the day on which it opened, so only its due date says whether it has followed the plan so far.
    """
    moved, today = [], london_date(now)
    plan = planned_waves(cohort)
    for wave in cohort.waves.all():
        opens_on, due_on = plan[wave.kind]
        opened, was_due = before[wave.kind]
        if wave.opens_on <= today:
            opens_on, opened = wave.opens_on, wave.opens_on
            due_on, was_due = max(due_on, today), max(was_due, today)
        if (wave.opens_on, wave.due_on) != (opened, was_due):
            continue
        if (opens_on, due_on) != (wave.opens_on, wave.due_on):
            moved.append(ask_wave(cohort=cohort, kind=wave.kind, opens_on=opens_on, due_on=due_on, by=by, now=now))
    return moved


@transaction.atomic
def start_response(*, wave: Wave, place: Place, today: date, now: datetime) -> Response:
    """Begin, or go on with, a participant's answers.

    Raises NotPossible for another cohort's wave, before it opens, and, unless begun, once the next one has opened:
    answers about before the programme say nothing when they are given at its end.
    """
    if wave.cohort_id != place.cohort_id:
        raise NotPossible("This questionnaire is for another cohort.")
    if today < wave.opens_on:
        raise NotPossible(f"This questionnaire opens on {day_month(wave.opens_on)}.")
    begun = wave.responses.filter(place=place).first()
    if begun:
        return begun
    if wave.cohort.waves.filter(opens_on__gt=wave.opens_on, opens_on__lte=today).exists():
        raise NotPossible("This questionnaire is closed, as the next one has opened.")
    response, _ = Response.objects.get_or_create(wave=wave, place=place, defaults={"started_at": now})
    return response


@transaction.atomic
def save_answers(
    *,
    response: Response,
    by: Person,
    answers: Mapping[str, int | None] | None = None,
    importance: Mapping[str, int] | None = None,
    then: Mapping[str, int | None] | None = None,
) -> Response:
    """Keep what was answered on a page: item id -> 1 to 5, or None for "No opportunity yet"; the rest stays as it was.

    `importance` (never None) and `then` map dimension keys. Raises NotPossible once it was sent, and ValueError
    for an item or an answer that the instrument does not have.
    """
    kept = _own(response, by)
    if kept.submitted_at:
        raise NotPossible("You have sent this questionnaire already. Your answers are kept as you sent them.")
    instrument = kept.wave.instrument
    items = {item.id for item in instrument.items}
    dimensions = {dimension.key for dimension in instrument.dimensions}
    given = kept.given
    for part, news, known in (
        ("answers", answers, items),
        ("importance", importance, dimensions),
        ("then", then, dimensions),
    ):
        for key, answer in (news or {}).items():
            no_answer = answer is None and part != "importance"
            if key not in known or not (no_answer or (answer is not None and LOWEST <= answer <= HIGHEST)):
                raise ValueError(f"{answer!r} is no answer to {key!r}")
            given[part][key] = answer
    kept.words = json.dumps(given)
    kept.save(update_fields=["words"])
    return kept


@transaction.atomic
def submit_response(*, response: Response, by: Person, now: datetime) -> Response:
    """Send the answers; sent twice, it is sent once. Raises NotPossible while an item is unanswered."""
    kept = _own(response, by)
    if kept.submitted_at:
        return kept
    missing = len(kept.wave.instrument.items) - kept.answered
    if missing:
        raise NotPossible(
            f"{missing} statement{'' if missing == 1 else 's'} still to answer. “No opportunity yet” is an answer too."
        )
    kept.submitted_at = now
    kept.save(update_fields=["submitted_at"])
    record(
        "modules.response.submitted",
        f"{by} answered the questionnaire",
        subject=kept,
        person=by,
        cohort_id=kept.wave.cohort_id,
        by=by,
        now=now,
    )
    return kept


@transaction.atomic
def share_response(*, response: Response, with_whom: str, reader: Person | None, by: Person, now: datetime) -> bool:
    """Let `reader`, who is the sponsor or the mentor now, see the results; with None, nobody. Only they decide.

    They are told where to see them; the answer is whether there is such a page already.
    """
    kept = _own(response, by)
    if not kept.submitted_at:
        raise NotPossible("Finish and send the questionnaire first; then you choose who sees the results.")
    check_reader(kept.place, with_whom, reader)
    what = "their results of the questionnaire"
    has_page = share_and_tell(kept, kept.place, with_whom, reader, what=what, now=now)
    record(
        "modules.response.shared" if reader else "modules.response.unshared",
        f"{by} {sharing_words(with_whom, reader, 'their results')}",
        subject=kept,
        person=by,
        cohort_id=kept.wave.cohort_id,
        by=by,
        now=now,
    )
    return has_page


def _own(response: Response, by: Person) -> Response:
    """The response, locked. Raises NotPossible for anybody but the person whose answers they are."""
    kept = Response.objects.select_for_update(of=("self",)).select_related("wave", "place").get(pk=response.pk)
    if kept.place.person_id != by.pk:
        raise NotPossible("Only the person who answers can open this questionnaire.")
    return kept
