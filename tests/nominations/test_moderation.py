"""What scores say together, and how reading is shared out."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from nominations.moderation import Reader, Reading, Scale, Script, Standing, share_out, standing

SCALES = [Scale("passion", 4), Scale("learning", 4)]


def test_unread_has_no_average():
    assert standing([], SCALES) == Standing(0, None, 0.0, {}, (), False)


def test_two_readings_give_average_spread_and_criteria():
    found = standing([Reading({"passion": 4, "learning": 2}), Reading({"passion": 3, "learning": 3})], SCALES)

    assert found == Standing(2, 75.0, 0.0, {"passion": 3.5, "learning": 2.5}, (), False)


def test_two_points_apart_on_one_criterion_is_worth_a_conversation():
    found = standing([Reading({"passion": 4, "learning": 3}), Reading({"passion": 2, "learning": 3})], SCALES)

    assert found.apart == ("passion",)
    assert found.discuss
    assert found.spread == 25.0


def test_a_reader_may_ask_for_a_conversation():
    assert standing([Reading({"passion": 3, "learning": 3}, discuss=True)], SCALES).discuss


def test_a_weight_counts_twice():
    scales = [Scale("passion", 4, weight=2), Scale("learning", 4)]

    assert standing([Reading({"passion": 4, "learning": 1})], scales).average == 75.0


def test_nobody_reads_their_own_organisation():
    pairs = share_out([Script(1, 10)], [Reader(1, 10), Reader(2, 11), Reader(3, None)], each=2, load={})

    assert pairs == [(1, 2), (1, 3)]


def test_a_conflict_bars_a_reader_and_a_reading_taken_counts():
    pairs = share_out(
        [Script(1, 10, taken=frozenset({1}), barred=frozenset({2}))],
        [Reader(1, None), Reader(2, None), Reader(3, None)],
        each=2,
        load={},
    )

    assert pairs == [(1, 3)]


@given(scripts=st.integers(0, 12), readers=st.integers(1, 5), each=st.integers(1, 3), homes=st.lists(st.integers(0, 4)))
def test_reading_is_shared_evenly(scripts, readers, each, homes):
    these = [Script(n, 100 + n) for n in range(scripts)]
    those = [Reader(n, None) for n in range(readers)]
    pairs = share_out(these, those, each=each, load={})
    loads = Counter(reader for _, reader in pairs)

    assert len(pairs) == len(set(pairs)) == scripts * min(each, readers)
    assert not loads or max(loads.values()) - min([*loads.values(), *([0] if len(loads) < readers else [])]) <= 1
