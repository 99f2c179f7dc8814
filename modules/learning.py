"""A participant's questionnaires as they are shown: what is open, what changed, what it suggests."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from statistics import stdev

from cohorts.models import Place
from leaders.components.charts import DotPlot, Rating, dot_plot
from leaders.components.dates import month_year
from leaders.components.text import lower_first
from leaders.people.models import Person

from . import scoring
from .aggregates import responses_of
from .models import Goal, LearningContract, LearningPlan, Response, Wave
from .models.sharing import Shared
from .models.year import TAKING_PART
from .registry import reader_of, readers

ITEMS_A_PAGE = 5
BIG_MOVE = 0.3  # on the scale of 1 to 5; less is said to have hardly changed
STRICTER = "That is common: people often judge themselves more strictly as they learn."
WHEN = {
    Wave.Kind.BEFORE: "before the first module",
    Wave.Kind.AFTER: "at the last module",
    Wave.Kind.LATER: "six months after",
}


@dataclass(frozen=True)
class Asked:
    """One wave, and this person's answers to it if they began."""

    wave: Wave
    response: Response | None
    due_on: date
    closes_on: date | None  # the day the next wave opens

    @property
    def is_done(self) -> bool:
        return bool(self.response and self.response.submitted_at)

    @property
    def when(self) -> str:
        return WHEN[self.wave.kind]

    def is_open(self, today: date) -> bool:
        """To be begun until the next wave opens; what was begun may always be finished."""
        if self.is_done or today < self.wave.opens_on:
            return False
        return self.response is not None or self.closes_on is None or today < self.closes_on


def asked_of(place: Place) -> list[Asked]:
    """The waves of the place's cohort in order, with the person's own answers: two queries, once per place."""
    if "_asked" not in place.__dict__:
        mine = {response.wave_id: response for response in place.responses.all()}
        waves = list(place.cohort.waves.order_by("opens_on"))
        place._asked = [
            Asked(wave, mine.get(wave.pk), _due_on(wave, place), following.opens_on if following else None)
            for wave, following in zip(waves, [*waves[1:], None], strict=False)
        ]
        for asked in place._asked:
            if asked.response:
                asked.response.wave, asked.response.place = asked.wave, place
    return place._asked


def _due_on(wave: Wave, place: Place) -> date:
    """The wave's date; for the first also what the person was given as an extension."""
    own = place.due_on("onboarding_due") if wave.kind == Wave.Kind.BEFORE else wave.due_on
    return max(own, wave.due_on)


def pages_of(response: Response) -> list[tuple[scoring.Item, ...]]:
    """The statements a page at a time, in the cohort's own order."""
    items = response.wave.instrument.in_order_for(str(response.wave.cohort_id))
    return [items[start : start + ITEMS_A_PAGE] for start in range(0, len(items), ITEMS_A_PAGE)]


class Results:
    """What one person's answers show: before, and now if they answered again. False without answers.

    `until` leaves out what was answered after that wave, so that an earlier result stays as it was.
    """

    def __init__(self, asked: list[Asked], until: Wave | None = None):
        done = [one for one in asked if one.is_done and (until is None or one.wave.opens_on <= until.opens_on)]
        self.first: Asked | None = done[0] if done else None
        self.last: Asked | None = done[-1] if len(done) > 1 else None

    def __bool__(self) -> bool:
        return self.first is not None

    @property
    def newest(self) -> Response:
        return (self.last or self.first).response

    @cached_property
    def profile(self) -> scoring.Profile:
        return self.newest.profile()

    @cached_property
    def before(self) -> scoring.Profile:
        return self.first.response.profile()

    @cached_property
    def rows(self) -> list[Rating]:
        """Each dimension in its own words, before and now."""
        in_london = self.newest.in_london
        return [
            Rating(
                score.dimension.called(in_london=in_london),
                score.mean,
                self.profile.of(score.dimension.key).mean if self.last else None,
            )
            for score in self.before.dimensions
        ]

    @property
    def plot(self) -> DotPlot:
        return dot_plot(self.rows, "Before" if self.last else "Rating", "Now" if self.last else "")

    @property
    def legends(self) -> tuple[str, str]:
        """'September 2026, before the first module' and 'July 2027, at the last module'."""
        return _legend(self.first), _legend(self.last) if self.last else ""

    @property
    def looking_back(self) -> list[tuple[str, float | None, int | None, float | None]]:
        """Dimension, what was said then, what is said now of then, and now; empty where it was not asked."""
        then = self.newest.given["then"] if self.last else {}
        if not then:
            return []
        keys = [score.dimension.key for score in self.before.dimensions]
        return [(row.label, row.before, then.get(key), row.now) for key, row in zip(keys, self.rows, strict=True)]

    @property
    def needs(self) -> tuple[scoring.Need, ...]:
        return scoring.learning_needs(self.profile)

    @property
    def sentence(self) -> str:
        """The one plain sentence beside the picture."""
        return self._largest_move() if self.last else self._where_it_stands()

    def hardly_changed(self, dimensions: set[str]) -> str:
        """The first of `dimensions` (keys) that has hardly changed, in its own words; empty without one."""
        for score, row in zip(self.before.dimensions, self.rows, strict=True):
            change = _change(row)
            if score.dimension.key in dimensions and change is not None and abs(change) < BIG_MOVE:
                return row.label
        return ""

    def _largest_move(self) -> str:
        moves = [(round(change, 1), row.label) for row in self.rows if (change := _change(row)) is not None]
        up, title = max(moves, default=(0, ""))
        if up >= BIG_MOVE:
            return f"Your largest move is in {lower_first(title)} (up {up:.1f})."
        if min(moves, default=(0, ""))[0] <= -BIG_MOVE:
            return f"You rate yourself lower than before. {STRICTER}"
        return f"Your ratings have hardly changed. {STRICTER}"

    def _where_it_stands(self) -> str:
        rated = [(row.before, row.label) for row in self.rows if row.before is not None]
        if not rated:
            return "There are too few answers to show a picture."
        (high, best), (low, least) = max(rated), min(rated)
        if high == low:
            return f"You rated yourself the same throughout ({high:.1f})."
        best, least = lower_first(best), lower_first(least)
        return f"You rated yourself highest in {best} ({high:.1f}), and lowest in {least} ({low:.1f})."


CLAIMS = {
    scoring.Claim.IMPROVED: "You rate yourself higher, by more than the questionnaire’s own imprecision explains",
    scoring.Claim.DECLINED: "You rate yourself lower, by more than the questionnaire’s own imprecision explains",
    scoring.Claim.NO_RELIABLE_CHANGE: "No reliable change, which is common as a few statements measure only roughly",
}


def claims_of(results: Results) -> list[str]:
    """What may be claimed of the change between somebody's first and newest answers, in plain sentences.

    Nothing where the rules of the questionnaire allow no claim, as in a cohort of which fewer than twenty answered.
    """
    cohort = responses_of(results.first.wave) if results.last else []
    if len(cohort) < scoring.STANDARD.reliable_change_from:
        return []
    profiles, given = [one.profile() for one in cohort], [one.given["answers"] for one in cohort]
    found: dict[scoring.Claim, list[str]] = {}
    for score, row in zip(results.before.dimensions, results.rows, strict=True):
        if row.before is None or row.now is None:
            continue
        key = score.dimension.key
        means = [mean for profile in profiles if (mean := profile.of(key).mean) is not None]
        reliability = scoring.dimension_reliability(results.first.wave.instrument, key, given)
        change = scoring.reliable_change(
            row.before, row.now, sd_before=stdev(means), alpha=reliability.alpha, n=reliability.n
        )
        if change.claim:
            found.setdefault(change.claim, []).append(lower_first(row.label))
    return [f"{words}: {', '.join(found[claim])}." for claim, words in CLAIMS.items() if claim in found]


def contract_of(place: Place) -> LearningContract | None:
    """The place's contract with its signatures and comments: three queries, or one without it."""
    contract = LearningContract.objects.filter(place=place).prefetch_related("signatures", "comments").first()
    if contract:
        contract.place = place
    return contract


@dataclass(frozen=True)
class Share:
    """Whether the participant lets their sponsor, or their mentor, read something, as its page says it."""

    whom: str
    reader: Person | None  # who it is now
    since: datetime | None  # when the participant let this person read it
    former: Person | None  # who could read it before this one came, and cannot any more


def shares_of(place: Place, shared: Shared | None) -> list[Share]:
    """Each who may be let in, and how it stands with them."""
    found = []
    for part in readers:
        whom, reader = part.key, part.brings(place)
        is_shared = bool(shared and shared.is_shared_with(whom, reader))
        since = getattr(shared, f"shared_with_{whom}_at") if is_shared else None
        former = None if is_shared or shared is None else getattr(shared, f"shared_with_{whom}")
        found.append(Share(whom, reader, since, former))
    return found


def read_by(place: Place, *shared: Shared | None) -> str:
    """Who may read any of these now: "your sponsor, Helen Marsh, and your mentor, …"; empty when nobody may."""
    found = [
        f"your {part.key}, {reader}"
        for part in readers
        if (reader := part.brings(place)) and any(one and one.is_shared_with(part.key, reader) for one in shared)
    ]
    return ", and ".join(found)


def may_be_shown(place: Place, whom: str, reader: Person) -> bool:
    """Whether `reader` is the `whom` of somebody who takes or took part: sharing ends when either is over."""
    return place.status in TAKING_PART and reader_of(place, whom) == reader


def shared_results(place: Place, whom: str, reader: Person) -> Results | None:
    """The results that the participant lets `reader`, their sponsor or mentor, see; or None."""
    if not may_be_shown(place, whom, reader):
        return None
    shared = [one for one in asked_of(place) if one.is_done and one.response.is_shared_with(whom, reader)]
    return Results(shared) if shared else None


def shared_goals(place: Place, whom: str, reader: Person) -> list[Goal]:
    """The live goals that the participant lets `reader`, their sponsor or mentor, read; none unless it is shared."""
    if not may_be_shown(place, whom, reader):
        return []
    plans = LearningPlan.objects.filter(place=place, **{f"shared_with_{whom}": reader})
    return list(Goal.objects.live().filter(plan__in=plans))


@dataclass(frozen=True)
class SharedLearning:
    """What a participant lets somebody read of their learning; false when it is nothing.

    Never a single answer, such as those given looking back, nor which part of the questionnaire a goal came from.
    """

    goals: list[Goal]  # the live ones of a shared plan, with all that is written to them
    results: Results | None

    def __bool__(self) -> bool:
        return bool(self.goals or self.results)


def shared_learning(place: Place, whom: str, reader: Person) -> SharedLearning:
    """All that the participant lets `reader`, their sponsor or mentor, read at this moment."""
    return SharedLearning(shared_goals(place, whom, reader), shared_results(place, whom, reader))


def _change(row: Rating) -> float | None:
    return None if row.before is None or row.now is None else row.now - row.before


def _legend(asked: Asked) -> str:
    return f"{month_year(asked.response.submitted_at)}, {asked.when}"
