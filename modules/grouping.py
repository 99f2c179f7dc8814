"""Dividing people into groups: the one small solver behind challenge teams and coaching groups.

Method: OR-Tools CP-SAT, one worker, fixed seed, people sorted by id and a limit in the solver's own
deterministic units, so the same people give the same groups whatever the order of rows or the load of the
machine. It is solved twice: first who can be placed at all (fewest left out, then fewest clashes), then, with
that settled, who goes where. CP-SAT also proves a lower bound, so a result says honestly whether it is best.

Pure: dataclasses in, dataclasses out; no ORM, no clock, no settings.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from leaders.people.refusals import NotPossible

EFFORT = 4.0  # the solver's deterministic units, each about a second of one core


class NoGrouping(NotPossible):
    """No division keeps the rules; the message says why, in the office's words."""


@dataclass(frozen=True)
class Member:
    """Someone to place. `traits` are what groups should mix; a blank trait repeats nobody's."""

    id: str
    traits: Mapping[str, str]


@dataclass(frozen=True)
class Problem:
    members: Sequence[Member]
    groups: Sequence[str]  # their keys; with fewer `opened`, the solver chooses which
    smallest: int
    largest: int
    weights: Mapping[str, int]  # trait -> what each pair in one group that shares it costs
    split: str = ""  # the trait that two people of one group should not share
    strict: bool = True  # ... never, rather than as seldom as can be
    opened: int | None = None  # how many of the groups are used; all by default
    apart: frozenset[frozenset[str]] = frozenset()  # pairs never together
    locks: Mapping[str, str] = field(default_factory=dict)  # member -> the group the office chose
    barred: frozenset[tuple[str, str]] = frozenset()  # (member, group) that may not be
    costs: Mapping[tuple[str, str], int] = field(default_factory=dict)  # (member, group) -> cost of a wish missed


@dataclass(frozen=True)
class Grouping:
    groups: Mapping[str, tuple[str, ...]]  # only those opened; members by id
    left_out: tuple[str, ...]
    cost: int
    bound: int  # no division with as few left out and as few clashes can cost less
    proved: bool  # no better division exists, rather than none found in the time allowed


def solve(problem: Problem, *, effort: float = EFFORT) -> Grouping:
    """The best division found. Raises NoGrouping when the locks contradict the rules or no group can be filled."""
    _check_locks(problem)
    model = _Model(problem)
    placing = model.place(effort)
    return model.mix(effort, placing)


def fewest_left_out(problem: Problem, *, effort: float = EFFORT) -> int:
    """How many people cannot be placed, without deciding who goes where. Raises NoGrouping as `solve` does."""
    _check_locks(problem)
    return _Model(problem).place(effort).left_out


def pairs_sharing(members: Sequence[Member], trait: str) -> int:
    """How many pairs of these people share the trait."""
    counts = Counter(member.traits.get(trait, "") for member in members)
    return sum(n * (n - 1) // 2 for value, n in counts.items() if value)


def fewest_pairs(counts: int, groups: int) -> int:
    """Pairs of one trait's `counts` people that share a group when they are spread as evenly as can be."""
    each, over = divmod(counts, groups)
    return over * (each + 1) * each // 2 + (groups - over) * each * (each - 1) // 2


def count_of(n: int, one: str, many: str) -> str:
    """A count with its noun, in words up to ten: "one person", "12 people"."""
    return f"{number(n)} {one if n == 1 else many}"


def number(n: int) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return words[n] if n < len(words) else str(n)


def listed(parts: Sequence[str]) -> str:
    """ "a, b and c"."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def _check_locks(problem: Problem) -> None:
    if not problem.members:
        raise NoGrouping("There is nobody to place.")
    by_id = {member.id: member for member in problem.members}
    inside: dict[str, list[str]] = {}
    for member, group in sorted(problem.locks.items()):
        if member not in by_id or group not in problem.groups:
            raise NoGrouping(f"The lock of {member} to {group} names someone or something that is not here.")
        if (member, group) in problem.barred:
            raise NoGrouping(f"{member} is locked to {group}, where a rule forbids them to be.")
        inside.setdefault(group, []).append(member)
    for group, members in inside.items():
        if len(members) > problem.largest:
            raise NoGrouping(f"{len(members)} people are locked to {group}, which holds {problem.largest}.")
        for pair in combinations(members, 2):
            if frozenset(pair) in problem.apart:
                raise NoGrouping(f"{pair[0]} and {pair[1]} are locked to {group} and must be kept apart.")
            shared = {by_id[member].traits.get(problem.split, "") for member in pair}
            if problem.strict and len(shared) == 1 and shared != {""}:
                raise NoGrouping(f"{pair[0]} and {pair[1]}, both of {shared.pop()}, are locked to {group}.")


@dataclass(frozen=True)
class _Placing:
    left_out: int
    clashing: int
    proved: bool


class _Model:
    """The same constraints for both passes; `x[member, group]` is true where the member is placed."""

    def __init__(self, problem: Problem) -> None:
        # Imported here: the library is large, and only the one page and task that form groups need it.
        from ortools.sat.python import cp_model

        self.cp = cp_model
        self.model = cp_model.CpModel()
        self.problem = problem
        self.members = sorted(problem.members, key=lambda member: member.id)
        self.opened = len(problem.groups) if problem.opened is None else problem.opened
        self.x = {
            (member.id, group): self.model.new_bool_var(f"{member.id} in {group}")
            for member in self.members
            for group in problem.groups
        }
        self.open = {group: self.model.new_bool_var(f"{group} open") for group in problem.groups}
        self._add_rules()
        self._number_alike_groups()

    def place(self, effort: float) -> "_Placing":
        """First pass: leave the fewest out, then let the fewest share the trait to split by."""
        left_out = len(self.members) - sum(self.x.values())
        clashing = sum(self._shared(self.problem.split, weight=1, all_placed=False))
        worst = sum(fewest_pairs(count, 1) for count in self._counts(self.problem.split).values())
        proved = self._run(left_out * (worst + 1) + clashing, effort)
        placing = _Placing(self.solver.value(left_out), self.solver.value(clashing), proved)
        if placing.left_out == len(self.members):
            raise NoGrouping("Nobody can be placed under these rules.")
        self.model.add(left_out == placing.left_out)
        self.model.add(clashing <= placing.clashing)
        for variable in self.x.values():
            self.model.add_hint(variable, self.solver.value(variable))
        return placing

    def mix(self, effort: float, placing: "_Placing") -> Grouping:
        """Second pass, with that settled: who goes where."""
        repeats = [
            term
            for trait, weight in sorted(self.problem.weights.items())
            for term in self._shared(trait, weight, all_placed=placing.left_out == 0)
        ]
        wishes = [cost * self.x[key] for key, cost in sorted(self.problem.costs.items()) if key in self.x]
        proved = self._run(sum(repeats) + sum(wishes), effort)
        return self._result(proved=placing.proved and proved)

    def _add_rules(self) -> None:
        add, problem = self.model.add, self.problem
        for member in self.members:
            add(sum(self.x[member.id, group] for group in problem.groups) <= 1)
        for group in problem.groups:
            size = sum(self.x[member.id, group] for member in self.members)
            add(size >= problem.smallest * self.open[group])
            add(size <= problem.largest * self.open[group])
            for pair in sorted(sorted(pair) for pair in problem.apart):
                add(sum(self.x[key] for person in pair if (key := (person, group)) in self.x) <= 1)
            if problem.split and problem.strict:
                for value in self._counts(problem.split):
                    add(sum(self._with(problem.split, value, group)) <= 1)
        add(sum(self.open.values()) == self.opened)
        for key in sorted(problem.locks.items()):
            add(self.x[key] == 1)
        for key in sorted(problem.barred):
            if key in self.x:
                add(self.x[key] == 0)

    def _number_alike_groups(self) -> None:
        """Alike groups under another number are the same division; leave the solver only one of them."""
        alike: dict[tuple, list[str]] = {}
        for group in self.problem.groups:
            rules = [
                (
                    member.id,
                    self.problem.locks.get(member.id) == group,
                    (member.id, group) in self.problem.barred,
                    self.problem.costs.get((member.id, group), 0),
                )
                for member in self.members
            ]
            alike.setdefault(tuple(rules), []).append(group)
        for groups in alike.values():
            for earlier, later in pairwise(groups):
                self.model.add(self.open[earlier] >= self.open[later])
            for place, group in enumerate(groups):
                if len(groups) == len(self.problem.groups):
                    # Numbered by their first members: the third has none of the first two people.
                    for member in self.members[:place]:
                        self.model.add(self.x[member.id, group] == 0)
                elif place:
                    sizes = [sum(self.x[m.id, g] for m in self.members) for g in (groups[place - 1], group)]
                    self.model.add(sizes[0] >= sizes[1])

    def _counts(self, trait: str) -> dict[str, int]:
        counts = Counter(member.traits.get(trait, "") for member in self.members)
        return {value: counts[value] for value in sorted(counts) if value and counts[value] > 1}

    def _with(self, trait: str, value: str, group: str) -> list:
        return [self.x[member.id, group] for member in self.members if member.traits.get(trait, "") == value]

    def _shared(self, trait: str, weight: int, *, all_placed: bool) -> list:
        """Weighted pairs that share the trait, one term per value and group, bounded below by its tangents.

        The number of pairs among c people, c(c-1)/2, is convex; its lines at every whole number give it exactly
        when minimised. Where all are placed, an even spread is the least for each value: said to the solver,
        which would otherwise have to discover it.
        """
        terms = []
        for value, count in self._counts(trait).items():
            of_value = []
            for group in self.problem.groups:
                together = sum(self._with(trait, value, group))
                pairs = self.model.new_int_var(0, fewest_pairs(count, 1), f"pairs of {value} in {group}")
                for line in range(1, count):
                    self.model.add(pairs >= line * together - line * (line + 1) // 2)
                of_value.append(pairs)
            if all_placed:
                self.model.add(sum(of_value) >= fewest_pairs(count, self.opened))
            terms += [weight * pairs for pairs in of_value]
        return terms

    def _run(self, objective, effort: float) -> bool:
        """Solve for the objective and say whether the answer is proved best."""
        self.model.minimize(objective)
        self.solver = self.cp.CpSolver()
        self.solver.parameters.num_workers = 1
        self.solver.parameters.random_seed = 1
        self.solver.parameters.max_deterministic_time = effort
        status = self.solver.solve(self.model)
        if status not in {self.cp.OPTIMAL, self.cp.FEASIBLE}:
            raise NoGrouping(
                f"{len(self.members)} people cannot fill {self.opened} groups of {self.problem.smallest} to "
                f"{self.problem.largest} under these rules."
            )
        return status == self.cp.OPTIMAL

    def _result(self, *, proved: bool) -> Grouping:
        groups = {
            group: tuple(member.id for member in self.members if self.solver.value(self.x[member.id, group]))
            for group in self.problem.groups
        }
        placed = {member for members in groups.values() for member in members}
        return Grouping(
            groups={group: members for group, members in groups.items() if members},
            left_out=tuple(member.id for member in self.members if member.id not in placed),
            cost=round(self.solver.objective_value),
            bound=round(self.solver.best_objective_bound),
            proved=proved,
        )
