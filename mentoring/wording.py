"""Why two people were matched, in words: for the office all of it, for the two only what neither said in confidence."""

from collections.abc import Iterable
from dataclasses import dataclass

from .models import MatchCriterion, Mentor, MentoringRules

PREFERENCE, SHARED = "preference", "shared"
SAID_MOST = 3
ORDINALS = ("", "first", "second", "third", "fourth")
DIAL, PRICES = "dial", "prices"
# What the engine seeks, in its order.
AIMS = {
    "unmatched": "people without a mentor",
    "waiting": "earlier waits of people left out",
    "floor": "lowest fit",
    "total": "total fit",
    "load": "even spread over the mentors",
    "tie": "ties",
}


@dataclass(frozen=True)
class PartInWords:
    """One part of a fit: what it is about, its points, the most it could have been, and whether they asked for it."""

    key: str
    label: str
    points: int
    most: int
    stated: bool = True

    @property
    def share(self) -> float:
        """What it adds to the fit, in percent."""
        return self.points / 40

    @property
    def most_share(self) -> float:
        return self.most / 40


def labels() -> dict[str, str]:
    """What each criterion is called; the two of a pair under the engine's own keys."""
    found = {}
    for criterion in MatchCriterion.objects.all():
        found[criterion.group if criterion.group in MatchCriterion.PAIRWISE else criterion.key] = criterion.label
    return {PREFERENCE: "a mentor they named", SHARED: "something both chose to share", **found}


def in_words(parts: Iterable[dict], known: dict[str, str]) -> list[PartInWords]:
    """The parts of a stored pair, largest first. A shared characteristic never says which it is."""
    said = [
        PartInWords(
            part["key"], known.get(part["key"], part["key"]), part["points"], part["most"], part.get("stated", True)
        )
        for part in parts
    ]  # fmt: skip
    return sorted(said, key=lambda part: (-part.points, part.label))


def why(parts: Iterable[dict], known: dict[str, str], *, mentee: str, mentor: str) -> tuple[str, str]:
    """The sentence for the mentee and the one for the mentor, naming only what was asked for and is offered.

    Ranks and shared characteristics are left out: to one side they are the other's confidence. Where somebody left
    open what they look for, nothing is put into their mouth.
    """
    told = [part for part in in_words(parts, known) if part.stated and part.key not in {PREFERENCE, SHARED}]
    said = [part for part in told if part.points]
    strong = [part.label for part in said if 2 * part.points >= part.most] or [part.label for part in said]
    if not strong:
        best = "Of all the matches possible in this cohort, this one leaves everybody best served."
        return best, best
    # By name, not by points: which of them are said, and in what order, would tell what matters most to the mentee.
    things = listed(sorted(strong)[:SAID_MOST])
    return (
        f"You look for somebody who knows about {things}. {mentor} does.",
        f"{mentee} looks for somebody who knows about {things}, and you offered it.",
    )


def title(mentor: Mentor, rules: MentoringRules) -> str:
    """How a mentor is called before the match, as the programme decided."""
    return mentor.person.name if rules.shows_names else mentor.anonymous_title


def percent(fit: int) -> int:
    """Fit, 0 to 4000, in whole percent."""
    return round(fit / 40)


def aim_words(name: str) -> str:
    """What an aim of the engine is called."""
    if name.startswith("below:"):
        return f"people below {percent(int(name.removeprefix('below:')))}%"
    return AIMS.get(name, name)


def progress_words(aim: str, done: int) -> str:
    """How far a matching is that is being worked out."""
    if aim == DIAL:
        return "The matching is found; now what the other settings of the dial would give"
    if aim == PRICES:
        return "1 mentor priced" if done == 1 else f"{done} mentors priced"
    reached = "1 aim reached" if done == 1 else f"{done} aims reached"
    return f"{reached}, now: {aim_words(aim)}"


def listed(words: list[str]) -> str:
    """housing, public health and a first director’s post"""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
