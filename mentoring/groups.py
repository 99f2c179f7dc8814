"""Forming coaching groups: six people as a rule, four at least, eight at most, with a coach each.

Never in one group: two people of the same employer, or a person and their own line manager; the same holds
between a coach and the people they coach. Aims: services and role levels mixed. The program only suggests;
a named human confirms. Method and its proof: `modules.grouping`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from modules.grouping import (
    EFFORT,
    Grouping,
    Member,
    NoGrouping,
    Problem,
    count_of,
    fewest_left_out,
    listed,
    number,
    solve,
)

EMPLOYER, SERVICE, LEVEL, EVERYONE = "employer", "service", "role level", "everyone"
# Pairs of all members are fewest when sizes are even, so a trait that everyone shares evens the sizes out.
WEIGHTS = {EVERYONE: 10, SERVICE: 2, LEVEL: 1}


@dataclass(frozen=True)
class Coachee:
    """Someone to place. A blank employer (an independent consultant) is nobody's colleague."""

    id: str
    employer: str
    line_manager: str = ""  # a person's id; blank when not on the programme or unknown
    service: str = ""
    level: str = ""

    @property
    def member(self) -> Member:
        return Member(self.id, {EMPLOYER: self.employer, SERVICE: self.service, LEVEL: self.level, EVERYONE: EVERYONE})


@dataclass(frozen=True)
class GroupCoach:
    id: str
    employer: str = ""
    line_manager: str = ""
    groups: int = 1  # how many groups they can lead


@dataclass(frozen=True)
class Kept:
    """People whom the office keeps together, with the coach they have (blank where there is none)."""

    coach: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class FormedGroup:
    coach: str  # blank when no coaches were given
    members: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class GroupPlan:
    groups: tuple[FormedGroup, ...]
    left_out: tuple[tuple[str, str], ...]  # (person, why)
    best_possible: bool  # proved: with this number of groups none are better mixed under the same rules
    summary: str


def form_groups(
    people: Sequence[Coachee],
    coaches: Sequence[GroupCoach] = (),
    *,
    size: int = 6,
    smallest: int = 4,
    largest: int = 8,
    apart: frozenset[frozenset[str]] = frozenset(),
    kept: Sequence[Kept] = (),
    effort: float = EFFORT,
) -> GroupPlan:
    """Divide people into groups as near to `size` as leaves the fewest out.

    `apart` holds further pairs, people or coach and person, that must not meet; `kept` is whom the office keeps
    together, and the rest is divided around them under the same rules. Raises NoGrouping when no group can be made:
    fewer than `smallest` people, or rules that keep everyone apart.
    """
    seats = [(coach, f"{coach.id}/{n}") for coach in coaches for n in range(coach.groups)]
    most = len(people) // smallest if not coaches else min(len(seats), len(people) // smallest)
    if most < 1:
        too_few = f"{count_of(len(people), 'person is', 'people are')} too few for a group of {number(smallest)}."
        raise NoGrouping("No coach has room for a group." if coaches and not seats else too_few.capitalize())
    groups = [key for _, key in seats] or [str(n + 1) for n in range(most)]
    barred = frozenset(
        (person.id, key) for coach, key in seats for person in people if _may_not_coach(coach, person, apart)
    )
    problem = Problem(
        members=[person.member for person in people],
        groups=groups,
        smallest=smallest,
        largest=largest,
        weights=WEIGHTS,
        split=EMPLOYER,
        apart=apart | _lines(people),
        barred=barred,
        locks=_locks(kept, groups, {key: coach.id for coach, key in seats}, barred),
    )
    grouping = solve(_opening_fewest_left_out(problem, size, most, effort), effort=effort)
    coach_of = {key: coach.id for coach, key in seats}
    by_id = {person.id: person for person in people}
    return GroupPlan(
        groups=tuple(
            FormedGroup(coach_of.get(key, ""), members, reason([by_id[i] for i in members]))
            for key, members in grouping.groups.items()
        ),
        left_out=tuple((i, _why_left_out(by_id[i], people, len(grouping.groups), largest)) for i in grouping.left_out),
        best_possible=grouping.proved,
        summary=_summary(grouping),
    )


def _opening_fewest_left_out(problem: Problem, size: int, most: int, effort: float) -> Problem:
    """Try numbers of groups, from the one nearest to the wished size, until nobody is left out."""
    people = len(problem.members)
    tried: list[tuple[int, Problem]] = []
    for count in sorted(range(1, most + 1), key=lambda k: (abs(people / k - size), k)):
        opening = replace(problem, opened=count)
        try:
            left_out = fewest_left_out(opening, effort=effort)
        except NoGrouping:
            continue
        if left_out == 0:
            return opening
        tried.append((left_out, opening))
    if not tried:
        raise NoGrouping("No group can be made in which nobody meets a colleague or their line manager.")
    return min(tried, key=lambda entry: entry[0])[1]


def _locks(
    kept: Sequence[Kept], groups: Sequence[str], coach_of: dict[str, str], barred: frozenset[tuple[str, str]]
) -> dict[str, str]:
    """The group of everybody who is kept: one of their own coach, otherwise the first that may have them all."""
    free, found = list(groups), {}
    for each in sorted(kept, key=lambda group: group.coach not in coach_of.values()):
        may_have = [key for key in free if not any((member, key) in barred for member in each.members)]
        own = [key for key in may_have if coach_of.get(key, "") == each.coach]
        if chosen := next(iter([*own, *may_have]), None):
            free.remove(chosen)
            found |= dict.fromkeys(each.members, chosen)
    return found


def _lines(people: Sequence[Coachee]) -> frozenset[frozenset[str]]:
    return frozenset(frozenset({p.id, p.line_manager}) for p in people if p.line_manager and p.line_manager != p.id)


def _may_not_coach(coach: GroupCoach, person: Coachee, apart: frozenset[frozenset[str]]) -> bool:
    return (
        (coach.employer != "" and coach.employer == person.employer)
        or coach.id in {person.id, person.line_manager}
        or coach.line_manager == person.id
        or frozenset({coach.id, person.id}) in apart
    )


def reason(group: Sequence[Coachee], but_for: Sequence[str] = ()) -> str:
    """Why these people, in a sentence; `but_for` names those whom the office put there against a rule."""
    employers = len({p.employer for p in group if p.employer})
    services = len({p.service for p in group if p.service})
    parts = [
        count_of(n, one, many)
        for n, one, many in ((employers, "employer", "employers"), (services, "service", "services"))
        if n
    ]
    whence = f" from {listed(parts)}" if parts else ""
    said = f"{count_of(len(group), 'person', 'people')}{whence}; nobody meets a colleague or line manager".capitalize()
    return f"{said}, but for {listed(but_for)}: the office put them there." if but_for else f"{said}."


def _why_left_out(person: Coachee, people: Sequence[Coachee], groups: int, largest: int) -> str:
    colleagues = Counter(p.employer for p in people)[person.employer] if person.employer else 0
    if colleagues > groups:
        return (
            f"{number(colleagues).capitalize()} people from {person.employer} need a group each, "
            f"and there are {number(groups)}."
        )
    if len(people) > groups * largest:
        return f"There is room for {groups * largest} of {len(people)} people; another coach would help."
    return "Every group with room has a colleague, a line manager or a coach they may not meet."


def _summary(grouping: Grouping) -> str:
    sizes = sorted({len(members) for members in grouping.groups.values()})
    placed = sum(len(members) for members in grouping.groups.values())
    sentences = [
        f"{count_of(placed, 'person', 'people')} in {count_of(len(grouping.groups), 'group', 'groups')} "
        f"of {listed([number(size) for size in sizes])}.".capitalize()
    ]
    if grouping.left_out:
        sentences.append(f"{count_of(len(grouping.left_out), 'person', 'people')} could not be placed.".capitalize())
    sentences.append(
        "No other groups of this number are better mixed under these rules."
        if grouping.proved
        else "These are the best groups found in the time allowed; slightly better ones may exist."
    )
    return " ".join(sentences)
