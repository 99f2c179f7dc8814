"""A cohort's answers as figures only: who answers is known to the office, what they say is not.

Everything here goes through `modules.scoring`, which hides averages of fewer than eight people. Figures appear when
a wave is over, and then stay as they are, so that nobody can watch an average move as one more person answers: what
is sent after the due date never joins them, and what was sent before stays in them when its writer leaves. Feedback
on modules is still welcome for weeks and is read by the office; what comes late joins in batches.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cohorts.models import Cohort, Place
from leaders.components.dates import london_date
from leaders.people.small_numbers import AVERAGE_FROM, SMALL

from . import scoring
from .models import Feedback, Module, Response, Wave
from .year import FEEDBACK_WITHIN

COUNTED = (Place.Status.ACTIVE, Place.Status.GRADUATED)


def is_over(wave: Wave, today: date) -> bool:
    return today > wave.due_on


def has_figures(wave: Wave, today: date) -> bool:
    """Whether averages of it may have been seen: from then on its due date stays, as they are of those who kept it."""
    return is_over(wave, today) and Response.objects.in_time(wave).count() >= AVERAGE_FROM


def responses_of(wave: Wave) -> list[Response]:
    """The answers that count: sent in time, whatever became of their writer's place since."""
    found = list(Response.objects.in_time(wave).order_by("pk"))
    for response in found:
        response.wave = wave
    return found


@dataclass(frozen=True)
class DimensionChange:
    """One dimension (or, with no key, the overall score) from the first wave to the one at the last module."""

    key: str
    title: str
    change: scoring.Change
    looking_back: scoring.Change  # against what people say at the end of how it was before


def change_of(cohort: Cohort, today: date) -> list[DimensionChange]:
    """Change in each dimension and overall, over those who answered both; empty until both waves are over."""
    waves = {wave.kind: wave for wave in cohort.waves.all() if is_over(wave, today)}
    first, last = waves.get(Wave.Kind.BEFORE), waves.get(Wave.Kind.AFTER)
    if not (first and last):
        return []
    answers = responses_of(last)
    before = {response.place_id: response.profile() for response in responses_of(first)}
    after = {response.place_id: response.profile() for response in answers}
    then = {response.place_id: response.given["then"] for response in answers}
    found = []
    for dimension in last.instrument.dimensions:
        key = dimension.key
        was, now = _means(before, key), _means(after, key)
        back = {place: said.get(key) for place, said in then.items()}
        shift = scoring.response_shift(was, back, now)
        change = scoring.matched_change(was, now)
        found.append(DimensionChange(key, dimension.title, change, shift.then_after))
    overall = scoring.matched_change(
        {place: profile.overall for place, profile in before.items()},
        {place: profile.overall for place, profile in after.items()},
    )
    return [*found, DimensionChange("", "Overall", overall, scoring.matched_change({}, {}))]


def _means(profiles: dict[int, scoring.Profile], key: str) -> dict[int, float | None]:
    return {place: profile.of(key).mean for place, profile in profiles.items()}


# How modules went


def feedback_closes_on(module: Module) -> date | None:
    """The last day on which feedback is in time; None for a module without days."""
    last = module.sessions.kept().order_by("ends").last()
    return london_date(last.ends) + FEEDBACK_WITHIN if last else None


@dataclass(frozen=True)
class Told:
    """What the office may see of a module's feedback: averages from eight answers, comments from five."""

    count: int  # everything that was given
    averaged: Sequence[Feedback]  # empty while they are fewer than eight
    said: Sequence[Feedback]  # empty while they are fewer than five


def told_of(module: Module, today: date) -> Told:
    """Nothing before it closes. What is later joins once it could be shown by itself, as subtraction does show it."""
    given = list(Feedback.objects.filter(module=module).order_by("given_at", "pk"))
    closes_on = feedback_closes_on(module)
    if closes_on is None or today <= closes_on:
        return Told(len(given), (), ())
    in_time = sum(london_date(feedback.given_at) <= closes_on for feedback in given)
    averaged, said = (_joined(given, in_time, least) for least in (AVERAGE_FROM, SMALL))
    return Told(len(given), averaged, said)


def _joined(given: list[Feedback], in_time: int, least: int) -> list[Feedback]:
    """Those in time and each full batch of those after them, by when they came; nobody while they are too few."""
    late = len(given) - in_time
    shown = given[: in_time + late // least * least]
    return shown if len(shown) >= least else []
