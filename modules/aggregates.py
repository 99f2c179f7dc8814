"""A cohort's answers as figures only: who answers is known to the office, what they say is not.

Everything here goes through `modules.scoring`, which hides averages of fewer than eight people. Figures appear
when a wave is over, so that nobody can watch an average move as one more person answers.
"""

from dataclasses import dataclass
from datetime import date

from cohorts.models import Cohort, Place

from . import scoring
from .models import Response, Wave

COUNTED = (Place.Status.ACTIVE, Place.Status.GRADUATED)


def is_over(wave: Wave, today: date) -> bool:
    return today > wave.due_on


def responses_of(wave: Wave) -> list[Response]:
    """The answers that count: sent, by somebody who takes or took part to the end."""
    found = list(Response.objects.submitted().filter(wave=wave, place__status__in=COUNTED).order_by("pk"))
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


def change_of(cohort: Cohort) -> list[DimensionChange]:
    """Change in each dimension and overall, over those who answered both; empty without both waves."""
    waves = {wave.kind: wave for wave in cohort.waves.all()}
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
