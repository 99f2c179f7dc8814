"""A run of the matching in words and figures, as the office argues with it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from cohorts.models import Place
from mentoring import matching
from mentoring.models import Dial, MatchRun, Mentor
from mentoring.models.matching import key_of
from mentoring.wording import ORDINALS, SHARED, PartInWords, aim_words, in_words, labels, percent

RULE_CURES = {
    "vetoed": "let go of the veto on {mentor} for {mentee}",
    "untrained": "train {mentor}: then {mentee} can be matched",
    "resting": "ask {mentor} whether the rest can end for {mentee}",
    "full": "ask {mentor} to take one more: then {mentee} can be matched",
    "mentor_opted_out": "bring {mentor} back: then {mentee} can be matched",
    "new_mentor": "one more trained mentor who is free for them",
}
# Every mentor who takes part has opted in: who has not was left out by the office.
LEFT_OUT = {"mentor_opted_out": "left out this time"}
NAMES = ("person__name", "person__email")  # what names a person: rows are long, and many on a page
DIAL_HELP = {
    Dial.TOTAL: "Prefers the highest average. Somebody may get a poor match so that others gain more.",
    Dial.FLOOR: "Prefers the best possible match for whoever is matched worst, then the highest average. The average "
    "may fall, and several people may stay near that lowest fit.",
    Dial.BANDS: "Prefers the same, and then as few poor matches as can be. The average may fall a little further.",
}
LEAST_SHOWN = 0.05  # percent: what is less looks like nothing with one decimal


@dataclass(frozen=True)
class PairRow:
    """One line of the proposal."""

    place: Place
    mentor: Mentor
    fit: int
    parts: list[PartInWords]
    rank: str
    locked: bool

    @property
    def percent(self) -> int:
        return percent(self.fit)

    @property
    def because(self) -> str:
        """The largest parts, in words. What both chose to share is counted, and never given as a reason."""
        if self.parts and not any(part.stated for part in self.parts):
            return "they left open what they look for"
        said = [part.label for part in self.parts if part.points and part.key != SHARED]
        return "; ".join(said[:3]) or "nothing they stated"


@dataclass(frozen=True)
class Left:
    """Somebody without a mentor: why, exactly, and what would help."""

    place: Place
    rules: list[str]
    open: int
    people: list[str]
    mentors: list[str]
    seats: int
    cures: list[str]


@dataclass(frozen=True)
class AimChanged:
    """One aim that differs, and whether it is for the better."""

    words: str
    better: bool


@dataclass(frozen=True)
class Changed:
    """What one proposal changes against another: people who move, and the aims that differ, weightiest first."""

    moved: list[str] = field(default_factory=list)
    aims: list[AimChanged] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.moved or self.aims)

    @property
    def better(self) -> bool:
        """Judged at the first aim that differs."""
        return bool(self.aims) and self.aims[0].better


@dataclass(frozen=True)
class Choice:
    """One setting of the dial and what it reaches, beside what there is."""

    key: str
    label: str
    help: str
    is_on: bool
    matched: int
    minimum: int | None
    average: int | None
    price: str


class Story:
    """A solved run, with everybody in it by name: a handful of queries whatever its size.

    `overview` is the answer to what the page of the whole run asks, None where it is not asked or has none yet.
    """

    def __init__(self, run: MatchRun, overview: dict | None = None):
        self.run, self.problem, self.result = run, run.problem, run.result
        self.overview = overview
        self.known = labels()

    @cached_property
    def places(self) -> dict[int, Place]:
        wanted = [key_of(mentee.id) for mentee in self.problem.mentees] if self.problem else []
        named = Place.objects.select_related("person", "organisation").only(*NAMES, "organisation__name")
        return named.in_bulk(wanted)

    @cached_property
    def mentors(self) -> dict[int, Mentor]:
        wanted = [key_of(mentor.id) for mentor in self.problem.mentors] if self.problem else []
        named = Mentor.objects.select_related("person__organisation").only(*NAMES, "person__organisation__name")
        return named.in_bulk(wanted)

    def name(self, some_id: str) -> str:
        """The person behind an id of the problem."""
        if some_id.startswith("mentor:"):
            return str(self.mentors[key_of(some_id)])
        return str(self.places[key_of(some_id)].person)

    @property
    def headline(self) -> dict:
        """The run in a sentence of figures."""
        found = self.result.headline
        return {
            "matched": found.matched,
            "asked": found.asked,
            "minimum": None if found.minimum is None else percent(found.minimum),
            "average": percent(found.total // found.matched) if found.matched else None,
            "total": percent(found.total),
            "most": found.most,
            "pairs_checked": found.pairs_checked,
            "proved": found.proved,
            "stopped_before": aim_words(found.stopped_before),
        }

    @cached_property
    def pairs(self) -> list[PairRow]:
        """Every pair, the lowest fit first: where to look before confirming."""
        wishes = {mentee.id: mentee.preferences for mentee in self.problem.mentees}
        rows = []
        for pair in self.run.pairs.exclude(mentor=None):
            ranked = wishes[f"place:{pair.place_id}"]
            mentor = f"mentor:{pair.mentor_id}"
            rank = ranked.index(mentor) + 1 if mentor in ranked else 0
            rows.append(
                PairRow(
                    self.places[pair.place_id], self.mentors[pair.mentor_id], pair.fit,
                    in_words(pair.parts, self.known),
                    f"{ORDINALS[rank]} choice" if rank else "named others" if ranked else "", pair.locked,
                )
            )  # fmt: skip
        return sorted(rows, key=lambda row: (row.fit, row.place.person.name))

    @property
    def mentors_used(self) -> list[Mentor]:
        """The mentors of the proposal, by name."""
        return sorted({pair.mentor for pair in self.pairs}, key=lambda mentor: mentor.person.name)

    @cached_property
    def left(self) -> list[Left]:
        """Everybody without a mentor; of very many the first."""
        return [self.left_in_words(each) for each in self.overview["left"]] if self.overview else []

    @property
    def left_more(self) -> list[Place]:
        """The others; the reason is on the page of each."""
        others = (self.places[key_of(mentee)] for mentee in self.result.unmatched[len(self.left) :])
        return sorted(others, key=lambda place: place.person.name)

    def left_in_words(self, answer: dict) -> Left:
        """Why somebody has no mentor, and what would help."""
        found = matching.load_unmatched(answer)
        words = {rule.key: rule.broken.lower() for rule in matching.RULES} | LEFT_OUT
        return Left(
            place=self.places[key_of(found.mentee)],
            rules=[
                f"{count} of {len(self.problem.mentors)} mentors: {words[key]}" for key, count in found.by_rule.items()
            ],
            open=found.open,
            people=[self.name(each) for each in found.group.mentees],
            mentors=[self.name(each) for each in found.group.mentors],
            seats=found.group.seats,
            cures=[self._cure(cure) for cure in found.cures],
        )

    def _cure(self, cure) -> str:
        names = {
            "mentee": self.name(cure.mentee) if cure.mentee else "",
            "mentor": self.name(cure.mentor) if cure.mentor else "",
        }
        return RULE_CURES.get(cure.kind, cure.kind).format(**names)

    @cached_property
    def would_rather(self) -> list[str]:
        """Pairs who would both rather be together than as proposed; of very many the first."""
        found = self.overview["rather"] if self.overview else []
        return [
            f"{self.name(pair['mentee'])} and {self.name(pair['mentor'])} ({percent(pair['fit'])}%)" for pair in found
        ]

    def changed(self, before: MatchRun | None) -> Changed:
        """What this run changes against an earlier one."""
        if before is None or before.result is None:
            return Changed()
        return self.words_of(matching.difference(before.result, self.result))

    def words_of(self, difference) -> Changed:
        """A difference by name: who moves where, and which aims change. Ties are nobody's business."""
        moved = [
            f"{self._known_name(move.mentee)}: {self._known_name(move.before)} → {self._known_name(move.after)}"
            for move in difference.moved
        ]
        return Changed(moved, list(_aims_changed(difference)))

    def _known_name(self, some_id: str | None) -> str:
        """A name also for somebody who was in the earlier run only."""
        if some_id is None:
            return "nobody"
        try:
            return self.name(some_id)
        except KeyError:
            model = Mentor if some_id.startswith("mentor:") else Place
            return str(model.objects.select_related("person").get(pk=key_of(some_id)).person)

    @property
    def poor(self) -> str:
        """What counts as a poor match, in words."""
        bands = sorted({percent(band) for band in self.problem.settings.bands}) if self.problem else []
        return ", worst of all ".join(f"below {band}%" for band in reversed(bands))

    @property
    def dial(self) -> list[Choice]:
        """The three settings, and what each gives and costs."""
        here = self.run.dial.get(self.run.dial_order)
        found = []
        for key in Dial:
            reached = self.run.dial.get(key)
            if reached is None:
                continue
            found.append(
                Choice(
                    key=key.value, label=key.label, help=DIAL_HELP[key], is_on=key == self.run.dial_order,
                    matched=reached["matched"],
                    minimum=None if reached["minimum"] is None else percent(reached["minimum"]),
                    average=percent(reached["total"] // reached["matched"]) if reached["matched"] else None,
                    price=_price(here, reached),
                )
            )  # fmt: skip
        return found


def _aims_changed(difference) -> Iterator[AimChanged]:
    """Who is matched comes first: two proposals may have been made for different people."""
    before, after = difference.before, difference.after
    if before.matched != after.matched:
        yield AimChanged(f"people matched: {before.matched} → {after.matched}", after.matched > before.matched)
    for each in difference.levels:
        kind, was, now = each.name.partition(":")[0], each.before, each.after
        if kind == "tie" or was is None or now is None:
            continue
        if kind == "unmatched" and before.asked == after.asked:
            continue
        if kind == "load" and before.matched != after.matched:  # more people are more load, however spread
            continue
        if kind in matching.HIGHER_IS_BETTER and not (before.matched and after.matched):
            continue
        if kind == "total":
            was, now = before.total / before.matched, after.total / after.matched
        if was != now:
            yield AimChanged(_from_to(each.name, was, now), (now > was) == (kind in matching.HIGHER_IS_BETTER))


def _from_to(name: str, was: float, now: float) -> str:
    """An aim before and after, as exactly as people speak of it; two figures that look the same are not shown."""
    if name == "load":
        return f"people are spread {'less' if now > was else 'more'} evenly over the mentors"
    if name not in matching.HIGHER_IS_BETTER:
        return f"{aim_words(name)}: {was} → {now}"
    aim, places = (aim_words(name), 0) if name == "floor" else ("average fit", 1)
    one, other = (f"{value / 40:.{places}f}%" for value in (was, now))
    if one == other:
        return f"{aim}: {'higher' if now > was else 'lower'} by less than {10**-places:g}%"
    return f"{aim}: {one} → {other}"


def _price(here: dict | None, there: dict) -> str:
    """What turning the dial gives and takes, in percent."""
    if not here or here == there:
        return "as now" if here else ""
    lowest = percent((there["minimum"] or 0) - (here["minimum"] or 0))
    average = _average(there) - _average(here)
    said = [f"lowest fit {lowest:+d}%" * bool(lowest), f"average {average:+.1f}%" * (abs(average) >= LEAST_SHOWN)]
    return ", ".join(filter(None, said)) or "the same figures"


def _average(reached: dict) -> float:
    """The average fit of a headline, in percent."""
    return reached["total"] / max(reached["matched"], 1) / 40
