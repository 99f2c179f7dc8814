"""Forming systems-challenge teams: five or six teams of five to seven, as mixed as they can be.

Rules: one person per authority in a team, wherever numbers allow; the office's locks and keep-aparts always.
Aims: sub-regions and services spread over the teams, and people's wishes for a challenge. The program only
suggests: a named human confirms, with these reasons in view. Method and its proof: `modules.grouping`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .grouping import (
    EFFORT,
    Grouping,
    Member,
    NoGrouping,
    Problem,
    count_of,
    fewest_pairs,
    listed,
    number,
    pairs_sharing,
    solve,
)

AUTHORITY, SUBREGION, SERVICE = "authority", "sub-region", "service"


@dataclass(frozen=True)
class Candidate:
    """A participant to place; `wishes` are team keys, best first. A blank sub-region or service is unknown."""

    id: str
    authority: str
    subregion: str = ""
    service: str = ""
    wishes: tuple[str, ...] = ()

    @property
    def member(self) -> Member:
        return Member(self.id, {AUTHORITY: self.authority, SUBREGION: self.subregion, SERVICE: self.service})


@dataclass(frozen=True)
class Weights:
    """What each pair in a team with the same sub-region or service costs, and each place down a list of wishes."""

    subregion: int = 2
    service: int = 2
    wish: int = 1


@dataclass(frozen=True)
class FormedTeam:
    key: str
    members: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class TeamPlan:
    teams: tuple[FormedTeam, ...]  # in the order of the keys given
    left_out: tuple[str, ...]  # only where keep-aparts leave someone no team
    score: int  # 0-100: of all chances in a team to share a sub-region or service, the share avoided, in percent
    best_possible: bool  # proved: no other teams do better under the same rules, wishes and weights
    summary: str


def team_count(people: int, *, smallest: int = 5, largest: int = 7, preferred: tuple[int, ...] = (6, 5)) -> int:
    """How many teams: six or five if their sizes allow, else the number that comes nearest to six people each."""
    sound = [k for k in range(1, people + 1) if smallest * k <= people <= largest * k]
    for count in preferred:
        if count in sound:
            return count
    middle = (smallest + largest) / 2
    return min(sound or range(1, max(2, people + 1)), key=lambda k: (abs(people / k - middle), k))


def form_teams(
    people: Sequence[Candidate],
    keys: Sequence[str],
    *,
    locks: Mapping[str, str] | None = None,
    apart: frozenset[frozenset[str]] = frozenset(),
    weights: Weights = Weights(),
    effort: float = EFFORT,
) -> TeamPlan:
    """Divide people among the teams named by `keys`, sizes within one of each other.

    `locks` maps a person to a team, `apart` holds pairs that must not meet. Raises NoGrouping when these
    contradict each other or the sizes, or there are fewer people than teams.
    """
    if len(people) < len(keys):
        raise NoGrouping(f"{count_of(len(people), 'person', 'people').capitalize()} cannot fill {len(keys)} teams.")
    locks = locks or {}
    each, over = divmod(len(people), len(keys))
    grouping = solve(
        Problem(
            members=[person.member for person in people],
            groups=keys,
            smallest=each,
            largest=each + bool(over),
            weights={SUBREGION: weights.subregion, SERVICE: weights.service},
            split=AUTHORITY,
            strict=False,
            apart=apart,
            locks=locks,
            costs=_wish_costs(people, keys, weights.wish),
        ),
        effort=effort,
    )
    by_id = {person.id: person for person in people}
    teams = {key: [by_id[i] for i in grouping.groups.get(key, ())] for key in keys}
    return TeamPlan(
        teams=tuple(
            FormedTeam(key, tuple(p.id for p in team), _team_reason(key, team, people, len(keys), locks))
            for key, team in teams.items()
        ),
        left_out=grouping.left_out,
        score=_score(teams.values()),
        best_possible=grouping.proved,
        summary=_summary(teams, grouping, people),
    )


def _wish_costs(people: Sequence[Candidate], keys: Sequence[str], weight: int) -> dict[tuple[str, str], int]:
    """Nothing for a first wish, one weight for the second, and so on; a team not named comes after them all."""
    return {
        (person.id, key): weight * (person.wishes.index(key) if key in person.wishes else len(person.wishes))
        for person in people
        if person.wishes
        for key in keys
    }


def _score(teams) -> int:
    chances = sharing = 0
    for team in teams:
        chances += 2 * fewest_pairs(len(team), 1)
        sharing += sum(pairs_sharing([p.member for p in team], trait) for trait in (SUBREGION, SERVICE))
    return 100 if not chances else round(100 * (1 - sharing / chances))


def _team_reason(
    key: str, team: Sequence[Candidate], everyone: Sequence[Candidate], teams: int, locks: Mapping[str, str]
) -> str:
    """The team in two or three sentences: how mixed it is, what repeats and whether that could be helped."""
    if not team:
        return "Nobody could be placed here."
    kinds = [len({p.member.traits[trait] for p in team} - {""}) for trait in (AUTHORITY, SUBREGION, SERVICE)]
    nouns = (("authority", "authorities"), ("sub-region", "sub-regions"), ("service", "services"))
    parts = [count_of(n, *noun) for n, noun in zip(kinds, nouns, strict=True) if n]
    sentences = [f"{count_of(len(team), 'person', 'people')} from {listed(parts)}.".capitalize()]
    for trait in (AUTHORITY, SUBREGION, SERVICE):
        counts = Counter(p.member.traits[trait] for p in team)
        total = Counter(p.member.traits[trait] for p in everyone)
        for value, n in sorted(counts.items()):
            if value and n > 1:
                why = (
                    f"{total[value]} people over {count_of(teams, 'team', 'teams')} cannot all be apart"
                    if total[value] > teams
                    else "the price of a better mix elsewhere"
                )
                sentences.append(f"{number(n).capitalize()} share {value}: {why}.")
    locked = sum(locks.get(p.id) == key for p in team)
    if locked:
        sentences.append(f"{count_of(locked, 'person is', 'people are')} here by the office’s choice.".capitalize())
    wished = sum(p.wishes[:1] == (key,) for p in team)
    if wished:
        sentences.append(f"{count_of(wished, 'person', 'people')} asked for this challenge first.".capitalize())
    return " ".join(sentences)


def _summary(teams: Mapping[str, Sequence[Candidate]], grouping: Grouping, people: Sequence[Candidate]) -> str:
    together = sum(pairs_sharing([p.member for p in team], AUTHORITY) for team in teams.values())
    sizes = sorted({len(team) for team in teams.values()})
    sentences = [
        f"{count_of(len(people) - len(grouping.left_out), 'person', 'people')} in "
        f"{count_of(len(teams), 'team', 'teams')} of {' or '.join(number(size) for size in sizes)}.".capitalize(),
        "No two people of one authority share a team."
        if not together
        else f"{count_of(together, 'pair', 'pairs')} of colleagues of one authority share a team.".capitalize(),
        "No other teams are better mixed under these rules."
        if grouping.proved
        else "These are the best teams found in the time allowed; slightly better ones may exist.",
    ]
    if grouping.left_out:
        sentences.insert(1, f"{count_of(len(grouping.left_out), 'person', 'people')} could not be placed.".capitalize())
    return " ".join(sentences)
