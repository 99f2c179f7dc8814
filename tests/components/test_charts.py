import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaders.components import charts
from leaders.components.charts import Crossing, Rating, Stage, Tile

START = date(2026, 9, 15)


def modules(count, state="later"):
    days = [START + timedelta(days=56 * index) for index in range(count)]
    return [
        Crossing(index + 1, f"Module {index + 1}", day, day + timedelta(1), state) for index, day in enumerate(days)
    ]


def ends_at(path):
    """The last point of a path, and whether x never runs back at the points between curves."""
    x, y = (float(number) for number in path.split()[-2:])
    return x, y


@given(st.integers(1, 8), st.integers(-100, 800))
def test_the_river_is_crossed_exactly_as_far_as_today(count, days):
    river = charts.river(modules(count), today=START + timedelta(days))
    assert ends_at(river.crossed)[0] == pytest.approx(river.today.x, abs=0.11)
    assert 0 <= river.today.x <= river.width


@given(st.integers(1, 8), st.integers(-100, 800), st.integers(0, 100))
def test_today_never_moves_upstream(count, days, later):
    before, after = (charts.river(modules(count), today=START + timedelta(d)).today.x for d in (days, days + later))
    assert before <= after


@given(st.integers(1, 8))
def test_crossings_stand_at_equal_distances_over_their_names(count):
    river = charts.river(modules(count))
    assert [stop.x for stop in river.stops] == pytest.approx([(i + 0.5) * 1080 / count for i in range(count)], abs=0.06)


@given(st.integers(1, 8), st.integers(0, 7))
def test_on_the_day_of_a_module_today_stands_on_its_bridge(count, index):
    index %= count
    river = charts.river(modules(count), today=modules(count)[index].ends)
    assert river.today.x == river.stops[index].x


def test_between_two_modules_today_lies_in_proportion_to_the_days():
    crossings = [
        Crossing(1, "A", date(2027, 1, 1), date(2027, 1, 1)),
        Crossing(2, "B", date(2027, 1, 5), date(2027, 1, 5)),
    ]
    assert charts.river(crossings, today=date(2027, 1, 2)).today.x == 270 + 540 / 4


def test_without_a_date_the_river_is_crossed_to_the_last_module_passed():
    crossings = [*modules(4, "done")[:2], *modules(4)[2:]]
    river = charts.river(crossings)
    assert (ends_at(river.crossed)[0], river.today) == (river.stops[1].x, None)
    assert charts.river(modules(4)).crossed == ""


@given(st.integers(1, 8), st.integers(-100, 800))
def test_the_word_today_stays_on_the_drawing_and_clear_of_the_bridges(count, days):
    river = charts.river(modules(count), today=START + timedelta(days))
    assert 24 <= river.today.text_x <= river.width - 24
    for stop in river.stops:
        if abs(stop.x - river.today.x) < 46:
            assert river.today.text_y <= stop.y - 40
    assert river.today.text_y >= 0


@given(st.integers(1, 8), st.integers(-100, 800))
def test_the_drawing_has_no_number_a_browser_would_refuse(count, days):
    river = charts.river(modules(count), today=START + timedelta(days))
    for path in (river.water, river.crossed):
        assert re.fullmatch(r"M-?\d+\.\d -?\d+\.\d(C(-?\d+\.\d ){5}-?\d+\.\d)*", path)


def test_a_river_without_modules_or_with_modules_out_of_order_is_refused():
    with pytest.raises(ValueError, match="needs a crossing"):
        charts.river([])
    with pytest.raises(ValueError, match="follow one another"):
        charts.river(modules(2)[::-1])


def test_tiles_have_bands_by_thirds_and_zero_stands_apart():
    tiles = [Tile(str(value), "Name", value, 0, value) for value in range(10)]
    assert [place.band for place in charts.tile_map(tiles).tiles] == [0, 1, 1, 1, 2, 2, 2, 3, 3, 3]


@given(st.lists(st.integers(0, 50), min_size=1, max_size=33))
def test_a_larger_value_never_has_a_lighter_tile(values):
    placed = charts.tile_map([Tile("A", "A", index, 0, value) for index, value in enumerate(values)]).tiles
    ordered = sorted(placed, key=lambda place: place.tile.value)
    assert [place.band for place in ordered] == sorted(place.band for place in placed)
    assert [place.band == 0 for place in placed] == [value == 0 for value in values]


def test_tiles_keep_within_the_map_and_may_say_a_word_instead_of_a_figure():
    tile_map = charts.tile_map([Tile("CTY", "City of London", 4, 3, 2, shown="✓", band=3), Tile("BRN", "Barnet", 3, 1)])
    assert (tile_map.width, tile_map.height) == (260, 208)
    assert [(p.tile.code, p.x, p.y, p.band, p.text) for p in tile_map.tiles] == [
        ("BRN", 158, 54, 0, "0"),
        ("CTY", 210, 158, 3, "✓"),
    ]


def test_two_tiles_in_one_place_are_refused():
    with pytest.raises(ValueError, match="share a place"):
        charts.tile_map([Tile("A", "A", 1, 1), Tile("B", "B", 1, 1)])


def test_a_funnel_shows_each_stage_as_a_share_of_the_largest():
    bars = charts.funnel([Stage("Started", 40), Stage("Sent", 30), Stage("Offered", 0)])
    assert [(bar.label, bar.value, bar.share) for bar in bars] == [
        ("Started", 40, 100.0),
        ("Sent", 30, 75.0),
        ("Offered", 0, 0.0),
    ]
    assert [bar.share for bar in charts.funnel([Stage("Started", 0)])] == [0.0]


@given(st.lists(st.tuples(st.text(), st.integers(0, 1000)), max_size=60))
def test_columns_stand_side_by_side_within_the_chart(values):
    bars = charts.columns(values)
    for left, right in pairwise(bars):
        assert left.x + left.width <= right.x
    assert all(bar.x >= 0 and bar.x + bar.width <= 100.01 and 0 <= bar.share <= 100 for bar in bars)


def test_dots_lie_on_the_scale_and_say_which_way_they_moved():
    plot = charts.dot_plot(
        [Rating("Up", 1, 5), Rating("Down", 3, 2), Rating("Same", 3, 3), Rating("Once", 4)], "Sept", "Feb"
    )
    assert [(row.before_x, row.now_x, row.moved, row.falls) for row in plot.rows] == [
        (3.0, 97.0, True, False),
        (50.0, 26.5, True, True),
        (50.0, 50.0, False, False),
        (73.5, None, False, False),
    ]
    assert plot.ticks == [(1, 3.0), (2, 26.5), (3, 50.0), (4, 73.5), (5, 97.0)]
    assert plot.has_now
    assert not charts.dot_plot([Rating("Once", 4)], "Sept").has_now


def test_a_rating_outside_its_scale_is_refused():
    with pytest.raises(ValueError, match="6 is not between 1 and 5"):
        charts.dot_plot([Rating("A", 6)], "Sept")


@given(st.floats(-10, 1e6), st.floats(0, 1e6))
def test_a_share_is_always_a_length_that_can_be_drawn(value, total):
    assert 0 <= charts.share(value, total) <= 100
