"""Counts about people: none that points at one, by itself or by subtraction."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaders.people.small_numbers import FEWER, HIDDEN, SMALL, nested, percentage, protect, revealed, rounded


@pytest.mark.parametrize(
    ("counts", "texts"),
    [
        ((10, 12), ("10", "12")),
        ((10, 0, 12), ("10", "0", "12")),
        ((20, 12, 3), ("20", HIDDEN, FEWER)),  # one hidden cell would be the total minus the rest
        ((20, 2, 3), ("20", FEWER, FEWER)),  # two that sum to five may be 1 + 4 or 2 + 3
        ((20, 1, 1), (HIDDEN, FEWER, FEWER)),  # two that sum to two are one each
        ((20, 4, 4), (HIDDEN, FEWER, FEWER)),
        ((4, 4, 4), (HIDDEN, HIDDEN, HIDDEN)),
        ((3, 0, 0), (HIDDEN, "0", "0")),
        ((1200, 1200), ("1,200", "1,200")),
        ((), ()),
    ],
)
def test_small_counts_and_what_reveals_them_are_hidden(counts, texts):
    assert tuple(cell.text for cell in protect(counts)) == texts


def test_what_stays_visible_can_be_rounded_to_five():
    assert [cell.count for cell in protect((12, 13, 0), round_to=5)] == [10, 15, 0]


@given(st.lists(st.integers(0, 12), min_size=1, max_size=4))
def test_no_hidden_small_count_can_be_worked_out_from_the_total(counts):
    cells = protect(counts)
    if any(cell.text == FEWER for cell in cells):
        ranges = [
            range(1, 5) if cell.text == FEWER else range(5, sum(counts) + 1) if cell.text == HIDDEN else [cell.count]
            for cell in cells
        ]
        worlds = [world for world in product(*ranges) if sum(world) == sum(counts)]
        for place, cell in enumerate(cells):
            if cell.text == FEWER:
                assert len({world[place] for world in worlds}) > 1


@given(st.lists(st.integers(1, 4), max_size=6), st.lists(st.integers(5, 14), max_size=3))
def test_what_is_revealed_is_what_trying_every_possibility_reveals(small, also):
    total = sum(small) + sum(also)
    worlds = [
        world
        for world in product(range(1, SMALL), repeat=len(small))
        if (SMALL * len(also) <= total - sum(world) if also else sum(world) == total)
    ]
    assert revealed(small, also) is any(len(set(column)) == 1 for column in zip(*worlds, strict=True))


@given(st.lists(st.integers(0, 12), min_size=21, max_size=21))
def test_a_table_of_twenty_one_small_groups_is_protected_at_once(counts):
    cells = protect(counts, round_to=5)
    assert [cell.text for cell, count in zip(cells, counts, strict=True) if 0 < count < SMALL and cell.count] == []


def test_only_ones_and_only_fours_are_revealed_among_twenty_one():
    assert [revealed([count] * 21, []) for count in (1, 2, 3, 4)] == [True, False, False, True]
    assert (revealed([1] * 21, [5]), revealed([1] * 21, [6])) == (True, False)


@given(st.lists(st.integers(0, 60), max_size=6))
def test_no_count_from_one_to_four_is_ever_visible(counts):
    assert [cell.count for cell in protect(counts) if cell.count in {1, 2, 3, 4}] == []
    assert [cell.text for cell, count in zip(protect(counts), counts, strict=True) if count == 0] == [
        "0"
    ] * counts.count(0)


def test_a_negative_count_is_refused():
    with pytest.raises(ValueError, match="negative"):
        protect((3, -1))


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15)])
def test_rounding_is_to_the_nearest_five(count, shown):
    assert rounded(count) == shown


@pytest.mark.parametrize(("part", "whole", "shown"), [(7, 21, None), (11, 22, 50), (1, 33, 3)])
def test_percentages_start_at_twenty_two_people(part, whole, shown):
    assert percentage(part, whole) == shown


@pytest.mark.parametrize(
    ("counts", "texts"),
    [
        ((30, 20, 12), ["30", "20", "12"]),
        ((30, 28, 12), ["30", "not shown", "12"]),
        ((30, 30, 27), ["30", "30", "not shown"]),
        ((3, 2, 0), ["fewer than 5", "fewer than 5", "0"]),
    ],
)
def test_parts_of_parts_are_shown_only_where_no_few_can_be_subtracted(counts, texts):
    assert [cell.text for cell in nested(counts)] == texts
