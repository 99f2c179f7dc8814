"""Runs as records: hashes that do not depend on the order of rows, and JSON that reads back to the same objects."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from hashlib import sha256

from .certificate import Certificate, Proof
from .model import Criterion, Lock, Mentee, Mentor, Order, Problem, Settings, Veto, Weights
from .result import Headline, Level, Pairing, Result


def _hash(data: object) -> str:
    return sha256(json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def problem_hash(problem: Problem) -> str:
    """The same for the same people and decisions, in whatever order they were given."""
    return _hash(dump_problem(problem))


def result_hash(pairs: Iterable[Pairing], levels: Iterable[Level]) -> str:
    """The plan and what it reaches, without how it was found."""
    return _hash([[[p.mentee, p.mentor, p.fit, p.locked] for p in pairs], [[x.name, x.value] for x in levels]])


def dump_problem(problem: Problem) -> dict:
    """The problem in a canonical form: everything without an order of its own is sorted."""

    def by_id(people):
        return [_person(person) for person in sorted(people, key=lambda person: person.id)]

    def decisions(items):
        return sorted([item.mentee, item.mentor, item.reason] for item in items)

    return {
        "on": problem.on.isoformat(),
        "mentors": by_id(problem.mentors),
        "mentees": by_id(problem.mentees),
        "weights": {
            "criteria": [[c.key, c.weight] for c in problem.weights.criteria],
            "preference": problem.weights.preference,
            "shared": problem.weights.shared,
        },
        "settings": {"order": str(problem.settings.order), "bands": list(problem.settings.bands)},
        "locks": decisions(problem.locks),
        "vetoes": decisions(problem.vetoes),
        "line_management": sorted(map(list, problem.line_management)),
        "conflicts": sorted(map(list, problem.conflicts)),
        "ended": sorted(map(list, problem.ended)),
    }


def _person(person: Mentor | Mentee) -> dict:
    data = {**vars(person), "shares": sorted(person.shares)}
    for name in ("trained_on", "resting_until"):
        if data.get(name):
            data[name] = data[name].isoformat()
    for name in ("offers", "wants"):
        if name in data:
            data[name] = dict(sorted(data[name].items()))
    if "preferences" in data:
        data["preferences"] = list(data["preferences"])
    return data


def load_problem(data: dict) -> Problem:
    """Read back what dump_problem wrote."""

    def day(text):
        return date.fromisoformat(text) if text else None

    def pairs(name):
        return frozenset(map(tuple, data[name]))

    return Problem(
        on=date.fromisoformat(data["on"]),
        mentors=tuple(
            Mentor(
                **{
                    **m,
                    "shares": frozenset(m["shares"]),
                    "trained_on": day(m["trained_on"]),
                    "resting_until": day(m["resting_until"]),
                }
            )
            for m in data["mentors"]
        ),
        mentees=tuple(
            Mentee(**{**m, "shares": frozenset(m["shares"]), "preferences": tuple(m["preferences"])})
            for m in data["mentees"]
        ),
        weights=Weights(
            criteria=tuple(Criterion(*each) for each in data["weights"]["criteria"]),
            preference=data["weights"]["preference"],
            shared=data["weights"]["shared"],
        ),
        settings=Settings(Order(data["settings"]["order"]), tuple(data["settings"]["bands"])),
        locks=tuple(Lock(*each) for each in data["locks"]),
        vetoes=tuple(Veto(*each) for each in data["vetoes"]),
        line_management=pairs("line_management"),
        conflicts=pairs("conflicts"),
        ended=pairs("ended"),
    )


def dump_result(result: Result) -> dict:
    """The result as plain JSON types."""
    return json.loads(json.dumps(asdict(result)))


def load_result(data: dict) -> Result:
    """Read back what dump_result wrote."""

    proofs = tuple(Proof(p["name"], p["value"], tuple(p["u"]), tuple(p["p"])) for p in data["certificate"]["proofs"])
    return Result(
        pairs=tuple(Pairing(**pair) for pair in data["pairs"]),
        unmatched=tuple(data["unmatched"]),
        opted_out=tuple(data["opted_out"]),
        headline=Headline(**data["headline"]),
        levels=tuple(Level(**level) for level in data["levels"]),
        certificate=Certificate(proofs, data["certificate"]["pairs"]),
        versions=dict(data["versions"]),
        input_hash=data["input_hash"],
        result_hash=data["result_hash"],
    )
