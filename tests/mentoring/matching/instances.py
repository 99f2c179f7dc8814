"""Random problems for the tests: small ones with every awkwardness, larger ones that look like a cohort."""

from datetime import date

import numpy as np

from mentoring.matching import Criterion, Lock, Mentee, Mentor, Order, Problem, Settings, Veto, Weights

TODAY = date(2027, 5, 14)
TRAINED = date(2026, 9, 1)


def small(seed: int, *, most_mentees: int = 6, most_mentors: int = 5) -> Problem:
    """Up to 6 x 5, with locks, vetoes, capacities 0-3, ties and people who cannot be matched at all."""
    r = np.random.default_rng(seed)
    keys = ["themes", "service", "steps"][: r.integers(0, 4)]
    highest = int(r.choice([1, 2, 4]))  # 1 makes many ties
    mentors = tuple(
        Mentor(
            f"mentor-{j}",
            organisation=str(r.choice(["", "Barnet", "Camden", "Ealing"])),
            capacity=int(r.integers(0, 4)),
            active=int(r.random() < 0.15),
            trained_on=None if r.random() < 0.05 else TRAINED,
            resting_until=date(2027, 9, 1) if r.random() < 0.05 else None,
            opted_in=r.random() < 0.95,
            offers={key: int(r.integers(0, highest + 1)) for key in keys if r.random() < 0.8},
            shares=frozenset({"a", "b"} if r.random() < 0.3 else ()),
        )
        for j in range(r.integers(0, most_mentors + 1))
    )
    ids = [mentor.id for mentor in mentors]
    mentees = tuple(
        Mentee(
            f"mentee-{i}",
            organisation=str(r.choice(["", "Barnet", "Camden", "Ealing"])),
            opted_in=r.random() < 0.95,
            priority=int(r.choice([0, 0, 1, 3])),
            wants={key: int(r.integers(0, highest + 1)) for key in keys if r.random() < 0.7},
            preferences=tuple(r.permutation(ids)[: r.integers(0, 5)].tolist()) if r.random() < 0.5 else (),
            shares=frozenset({"a"} if r.random() < 0.3 else ()),
        )
        for i in range(r.integers(0, most_mentees + 1))
    )
    cells = [(mentee.id, mentor.id) for mentee in mentees for mentor in mentors]

    def some(chance):
        return [cell for cell in cells if r.random() < chance]

    vetoes = some(0.08)
    lockable = [cell for cell in cells if cell not in vetoes]
    locks = {}
    for _ in range(r.integers(0, 3) if lockable and r.random() < 0.5 else 0):
        mentee, mentor = lockable[r.integers(len(lockable))]
        locks[mentee] = mentor
    order = [Order.TOTAL, Order.FLOOR, Order.BANDS][r.integers(3)]
    criteria = tuple(Criterion(key, int(r.integers(0, 4))) for key in keys)
    return Problem(
        on=TODAY,
        mentors=mentors,
        mentees=mentees,
        weights=Weights(criteria, preference=int(r.integers(3)), shared=int(r.integers(2))),
        settings=Settings(order, tuple(int(band) for band in r.choice([500, 1000, 2000, 3000], r.integers(0, 3)))),
        locks=tuple(Lock(a, b, "The director knows both") for a, b in locks.items()),
        vetoes=tuple(Veto(a, b) for a, b in vetoes),
        line_management=frozenset(some(0.05)),
        conflicts=frozenset(some(0.05)),
        ended=frozenset(some(0.05)),
    )


def cohort(mentees: int, mentors: int, seed: int = 1, *, order: Order = Order.BANDS, capacity: int = 3) -> Problem:
    """A plausible cohort of any size."""
    r = np.random.default_rng(seed)
    keys = [f"theme:{number}" for number in range(8)]
    councils = [f"Council {number}" for number in range(33)]
    ids = [f"mentor-{j:05}" for j in range(mentors)]
    return Problem(
        on=TODAY,
        mentors=tuple(
            Mentor(
                id_,
                organisation=councils[r.integers(33)],
                capacity=int(r.integers(1, capacity + 1)),
                trained_on=TRAINED,
                offers=dict(zip(keys, r.integers(0, 5, len(keys)).tolist(), strict=True)),
            )
            for id_ in ids
        ),
        mentees=tuple(
            Mentee(
                f"mentee-{i:05}",
                organisation=councils[r.integers(33)],
                priority=int(r.random() < 0.1),
                wants=dict(zip(keys, r.integers(0, 5, len(keys)).tolist(), strict=True)),
                preferences=tuple(ids[j] for j in r.choice(mentors, min(3, mentors), replace=False)),
            )
            for i in range(mentees)
        ),
        weights=Weights(tuple(Criterion(key, 1 + n % 3) for n, key in enumerate(keys)), preference=3, shared=1),
        settings=Settings(order, (1000, 2000)),
    )
