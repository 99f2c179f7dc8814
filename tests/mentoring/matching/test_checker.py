"""The checker believes nothing: every way of tampering with a plan or its proof is rejected."""

from dataclasses import replace

import pytest

from mentoring.matching import Certificate, CheckFailed, Lock, Order, Pairing, check, result_hash, solve

from .instances import cohort, small

PROBLEM = replace(cohort(24, 9, seed=5), locks=(Lock("mentee-00008", "mentor-00002"),))
RESULT = solve(PROBLEM)
LEFT = RESULT.unmatched[0]
CROWDED = next(p.mentor for p in RESULT.pairs if p.mentor != "mentor-00002")


def rehashed(result, **changes):
    changed = replace(result, **changes)
    return replace(changed, result_hash=result_hash(changed.pairs, changed.levels))


def with_pairs(change):
    return rehashed(RESULT, pairs=tuple(change(list(RESULT.pairs))))


def swapped(pairs):
    first, second = [pair for pair in pairs if not pair.locked][:2]
    fits = {(a, b): _fit(a, b) for a in (first, second) for b in (first, second)}
    return [
        replace(first, mentor=second.mentor, fit=fits[first, second]) if pair == first
        else replace(second, mentor=first.mentor, fit=fits[second, first]) if pair == second
        else pair
        for pair in pairs
    ]  # fmt: skip


def _fit(mentee, mentor):
    locked = solve(PROBLEM.with_lock(mentee.mentee, mentor.mentor, "To know the fit"))
    return next(pair.fit for pair in locked.pairs if pair.mentee == mentee.mentee)


def with_prices(number, **changes):
    proofs = list(RESULT.certificate.proofs)
    proofs[number] = replace(proofs[number], **changes)
    return replace(RESULT, certificate=replace(RESULT.certificate, proofs=tuple(proofs)))


def with_level(name, value):
    proofs = tuple(replace(p, value=value) if p.name == name else p for p in RESULT.certificate.proofs)
    levels = tuple(replace(level, value=value) if level.name == name else level for level in RESULT.levels)
    return rehashed(RESULT, levels=levels, certificate=replace(RESULT.certificate, proofs=proofs))


TAMPERED = {
    "two people swap mentors": lambda: with_pairs(swapped),
    "a pair is dropped": lambda: with_pairs(lambda pairs: pairs[1:]),
    "a pair is there twice": lambda: with_pairs(lambda pairs: [pairs[0], *pairs]),
    "pairs are out of order": lambda: with_pairs(lambda pairs: pairs[::-1]),
    "a fit is improved": lambda: with_pairs(lambda p: [replace(p[0], fit=p[0].fit + 1), *p[1:]]),
    "a lock is not marked": lambda: with_pairs(lambda p: [replace(each, locked=False) for each in p]),
    "a mentor does not exist": lambda: with_pairs(lambda p: [replace(p[0], mentor="nobody"), *p[1:]]),
    "a lock is broken": lambda: with_pairs(
        lambda p: [replace(each, mentor=CROWDED) if each.locked else each for each in p]
    ),
    "a mentor takes one too many": lambda: rehashed(
        RESULT,
        pairs=tuple(sorted([*RESULT.pairs, Pairing(LEFT, CROWDED, 0)], key=lambda pair: pair.mentee)),
        unmatched=RESULT.unmatched[1:],
    ),
    "an unmatched person is forgotten": lambda: replace(RESULT, unmatched=RESULT.unmatched[1:]),
    "an unmatched person is said not to have asked": lambda: replace(
        RESULT, unmatched=RESULT.unmatched[1:], opted_out=(LEFT,)
    ),
    "the result's hash is another": lambda: replace(RESULT, result_hash="0" * 64),
    "the input's hash is another": lambda: replace(RESULT, input_hash="0" * 64),
    "a level says more": lambda: with_level("total", RESULT.value("total") + 1),
    "a floor says more": lambda: with_level("floor", RESULT.value("floor") + 1),
    "the last proof is missing": lambda: replace(
        RESULT, certificate=replace(RESULT.certificate, proofs=RESULT.certificate.proofs[:-1])
    ),
    "no proof is left": lambda: rehashed(RESULT, levels=(), certificate=Certificate((), RESULT.certificate.pairs)),
    "fewer pairs were checked": lambda: replace(
        RESULT, certificate=replace(RESULT.certificate, pairs=RESULT.certificate.pairs - 1)
    ),
    "a proof has too few prices": lambda: with_prices(0, u=RESULT.certificate.proofs[0].u[1:]),
    "a price is not whole": lambda: with_prices(0, u=(0.5, *RESULT.certificate.proofs[0].u[1:])),
    "the floor's proof is left out": lambda: with_prices(2, u=(), p=()),
    "the floor's prices prove nothing": lambda: with_prices(2, u=(0,) * 24, p=(0,) * 9),
}  # fmt: skip


def test_an_honest_result_passes():
    checked = check(PROBLEM, RESULT)

    assert checked.pairs == RESULT.headline.pairs_checked
    assert checked.levels == ("unmatched", "waiting", "floor", "below:1000", "below:2000", "total", "load", "tie")


@pytest.mark.parametrize("what", TAMPERED)
def test_the_checker_notices_when(what):
    tampered = TAMPERED[what]()

    assert tampered != RESULT
    with pytest.raises(CheckFailed):
        check(PROBLEM, tampered)


@pytest.mark.parametrize("field", ["matched", "asked", "minimum", "total", "load", "most", "pairs_checked"])
def test_the_checker_notices_a_changed_headline(field):
    headline = replace(RESULT.headline, **{field: getattr(RESULT.headline, field) + 1})
    with pytest.raises(CheckFailed):
        check(PROBLEM, replace(RESULT, headline=headline))


@pytest.mark.parametrize("number", [k for k, proof in enumerate(RESULT.certificate.proofs) if proof.name != "floor"])
@pytest.mark.parametrize("step", [-1, 1])
def test_no_price_of_anybody_paired_can_be_changed_by_one(number, step):
    proof = RESULT.certificate.proofs[number]
    mentees, mentors = (sorted(person.id for person in side) for side in (PROBLEM.mentees, PROBLEM.mentors))
    for pair in RESULT.pairs:
        if pair.locked:
            continue
        for side, place in (("u", mentees.index(pair.mentee)), ("p", mentors.index(pair.mentor))):
            changed = list(getattr(proof, side))
            changed[place] += step
            with pytest.raises(CheckFailed):
                check(PROBLEM, with_prices(number, **{side: tuple(changed)}))


def test_a_plan_that_is_only_almost_best_cannot_borrow_the_proof():
    """Solve for the total alone and dress the result up as fair: every figure is honest and the proof is not."""
    fair, unfair = solve(PROBLEM), solve(PROBLEM.with_order(Order.TOTAL))
    assert fair.headline.minimum > unfair.headline.minimum
    fits = [pair.fit for pair in unfair.pairs]
    reached = {level.name: level.value for level in unfair.levels}
    reached["floor"] = min(fits)
    reached |= {f"below:{band}": sum(each < band for each in fits) for band in (1000, 2000)}
    proofs = tuple(replace(proof, value=reached[proof.name]) for proof in fair.certificate.proofs)
    levels = tuple(replace(level, value=proof.value) for level, proof in zip(fair.levels, proofs, strict=True))
    dressed_up = rehashed(
        unfair,
        levels=levels,
        certificate=replace(fair.certificate, proofs=proofs),
        input_hash=fair.input_hash,
    )

    with pytest.raises(CheckFailed):
        check(PROBLEM, dressed_up)


def test_a_result_does_not_pass_for_another_problem():
    for seed in range(60):
        problem = small(seed)
        if problem.mentees and problem.mentors:
            other = replace(problem, mentees=(replace(problem.mentees[0], priority=9), *problem.mentees[1:]))
            with pytest.raises(CheckFailed):
                check(other, solve(problem))
