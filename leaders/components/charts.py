"""Geometry of the charts: plain functions over dataclasses, no colours, no HTML.

Each result goes to the template of the same name in templates/components/charts/, which draws it beside
a real table or list. Coordinates are in the units of the drawing's viewBox, or percentages of its width
where the drawing stretches with its cell; x grows to the right, y downwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

Point = tuple[float, float]

# --- the year as a river


@dataclass(frozen=True)
class Crossing:
    """One module of the year. `state` is done, missed, next or later."""

    number: int
    name: str
    starts: date
    ends: date
    state: str = "later"
    url: str = ""
    note: str = ""
    note_kind: str = "neutral"


@dataclass(frozen=True)
class Stop:
    """A crossing at its place on the river."""

    crossing: Crossing
    x: float
    y: float

    @property
    def pier(self) -> str:
        return f"M{self.x} {self.y - 33:g}v66"

    @property
    def check(self) -> str:
        return f"M{self.x - 7.5:g} {self.y + 0.5:g}l5 5.2 10-11"

    @property
    def number_y(self) -> float:
        return self.y + 6.5


@dataclass(frozen=True)
class Mark:
    """Today: a short line on the upper bank, its word above."""

    x: float
    text_x: float
    text_y: float
    line: str


@dataclass(frozen=True)
class River:
    width: int
    height: int
    water: str
    crossed: str
    stops: list[Stop]
    today: Mark | None


WIDTH, HEIGHT = 1080, 132
UPPER, LOWER = 48.0, 90.0


def river(
    crossings: Sequence[Crossing], *, today: date | None = None, begins: date | None = None, ends: date | None = None
) -> River:
    """The year as a river with its crossings at equal distances, and today between them in proportion to the dates.

    `begins` and `ends` are the programme's first and last day; without them a month before and after.
    Raises ValueError without crossings or when their dates are not in order.
    """
    if not crossings:
        raise ValueError("a river needs a crossing")
    if any(a.ends > b.starts for a, b in pairwise(crossings)):
        raise ValueError("crossings must follow one another")
    step = WIDTH / len(crossings)
    stops = [
        Stop(crossing, round((index + 0.5) * step, 1), LOWER if index % 2 else UPPER)
        for index, crossing in enumerate(crossings)
    ]
    points = [(-10.0, 72.0), *((stop.x, stop.y) for stop in stops), (WIDTH + 10.0, 72.0)]
    reach = _today_x(stops, today, begins, ends) if today else _last_done(stops)
    return River(
        width=WIDTH,
        height=HEIGHT,
        water=_path(_segments(points)),
        crossed=_path(_cut(_segments(points), reach)) if reach > points[0][0] else "",
        stops=stops,
        today=_mark(stops, _segments(points), reach) if today else None,
    )


def _last_done(stops: list[Stop]) -> float:
    passed = [stop.x for stop in stops if stop.crossing.state in {"done", "missed"}]
    return passed[-1] if passed else -10.0


def _today_x(stops: list[Stop], today: date, begins: date | None, ends: date | None) -> float:
    """Where today lies: at a crossing on its days, else between the neighbours in proportion to the days."""
    month = timedelta(days=30)
    first, last = stops[0].crossing.starts, stops[-1].crossing.ends
    anchors = [(min(begins or first - month, first), 0.0)]
    for stop in stops:
        anchors += [(stop.crossing.starts, stop.x), (stop.crossing.ends, stop.x)]
    anchors.append((max(ends or last + month, last), float(WIDTH)))
    if today <= anchors[0][0]:
        return 0.0
    for (before, left), (after, right) in pairwise(anchors):
        if before <= today <= after:
            share = (today - before) / (after - before) if after > before else 1.0
            return round(left + (right - left) * share, 1)
    return float(WIDTH)


def _segments(points: Sequence[Point]) -> list[tuple[Point, Point, Point, Point]]:
    """Cubic curves through the points, level at each, so that bridges stand straight."""
    bends = 0.36
    return [
        ((x0, y0), (x0 + (x1 - x0) * bends, y0), (x1 - (x1 - x0) * bends, y1), (x1, y1))
        for (x0, y0), (x1, y1) in pairwise(points)
    ]


def _between(a: Point, b: Point, t: float) -> Point:
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t


def _split(curve, t: float):
    """The part of a cubic curve up to t (de Casteljau)."""
    a, b, c, d = curve
    ab, bc, cd = _between(a, b, t), _between(b, c, t), _between(c, d, t)
    abc, bcd = _between(ab, bc, t), _between(bc, cd, t)
    return a, ab, abc, _between(abc, bcd, t)


def _at(curve, x: float) -> float:
    """The t at which the curve passes x; x grows along every curve of the river."""
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        if _split(curve, middle)[3][0] < x:
            low = middle
        else:
            high = middle
    return high


def _cut(curves, x: float):
    """The curves as far as x."""
    kept = [curve for curve in curves if curve[3][0] <= x]
    rest = curves[len(kept) :]
    if rest and rest[0][0][0] < x:
        kept.append(_split(rest[0], _at(rest[0], x)))
    return kept


def _path(curves) -> str:
    def said(point: Point) -> str:
        return f"{point[0]:.1f} {point[1]:.1f}"

    return f"M{said(curves[0][0])}" + "".join(f"C{said(b)} {said(c)} {said(d)}" for _, b, c, d in curves)


def _mark(stops: list[Stop], curves, x: float) -> Mark:
    y = _cut(curves, x)[-1][3][1]
    top = y - 20
    # Beside a bridge the word stands above it.
    near = [stop.y - 44 for stop in stops if abs(stop.x - x) < 46]
    text_y = min([top - 7, *near])
    return Mark(
        x=x,
        text_x=min(max(x, 24), WIDTH - 24),
        text_y=round(text_y, 1),
        line=f"M{x} {text_y + 6:.1f}V{y - 10:.1f}",
    )


# --- authorities as tiles


@dataclass(frozen=True)
class Tile:
    """An area at its column and row. `shown` replaces the figure, `band` (0 to 3) the shade of its value."""

    code: str
    name: str
    col: int
    row: int
    value: int = 0
    shown: str = ""
    band: int | None = None
    url: str = ""


@dataclass(frozen=True)
class PlacedTile:
    tile: Tile
    x: int
    y: int
    band: int

    @property
    def text(self) -> str:
        return self.tile.shown or str(self.tile.value)

    @property
    def middle(self) -> float:
        return self.x + SIDE / 2

    @property
    def code_y(self) -> int:
        return self.y + 19

    @property
    def value_y(self) -> int:
        return self.y + 38


@dataclass(frozen=True)
class TileMap:
    width: int
    height: int
    side: int
    tiles: list[PlacedTile]


SIDE, PITCH = 48, 52


def tile_map(tiles: Sequence[Tile]) -> TileMap:
    """Tiles with their bands: 0 for nothing, 1 to 3 for thirds of the largest value.

    Raises ValueError when two tiles share a place.
    """
    if len({(tile.col, tile.row) for tile in tiles}) != len(tiles):
        raise ValueError("two tiles share a place")
    most = max((tile.value for tile in tiles), default=0)
    placed = [
        PlacedTile(
            tile,
            2 + tile.col * PITCH,
            2 + tile.row * PITCH,
            _band(tile.value, most) if tile.band is None else tile.band,
        )
        for tile in sorted(tiles, key=lambda tile: (tile.row, tile.col))
    ]
    return TileMap(
        width=(max((tile.col for tile in tiles), default=0) + 1) * PITCH,
        height=(max((tile.row for tile in tiles), default=0) + 1) * PITCH,
        side=SIDE,
        tiles=placed,
    )


def _band(value: int, most: int) -> int:
    return 0 if value <= 0 else 1 + min(2, (value - 1) * 3 // most)


# --- bars


@dataclass(frozen=True)
class Stage:
    label: str
    value: int
    url: str = ""


@dataclass(frozen=True)
class Bar:
    """A bar in a cell: its width, or its place and height in a column chart, in per cent."""

    label: str
    value: int
    share: float
    url: str = ""
    x: float = 0.0
    width: float = 0.0

    @property
    def top(self) -> float:
        return round(100 - self.share, 1)

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)


def share(value: float, total: float) -> float:
    """Per cent from 0 to 100, one decimal; 0 of 0 is 0."""
    return round(min(max(value / total, 0), 1) * 100, 1) if total else 0.0


def funnel(stages: Sequence[Stage]) -> list[Bar]:
    """Bars as long as their share of the largest stage."""
    most = max((stage.value for stage in stages), default=0)
    return [Bar(stage.label, stage.value, share(stage.value, most), stage.url) for stage in stages]


def columns(values: Sequence[tuple[str, int]]) -> list[Bar]:
    """Columns side by side, as high as their share of the largest value."""
    most = max((value for _, value in values), default=0)
    slot = 100 / len(values) if values else 0
    return [
        Bar(label, value, share(value, most), x=round(index * slot + slot * 0.14, 2), width=round(slot * 0.72, 2))
        for index, (label, value) in enumerate(values)
    ]


# --- before and now


@dataclass(frozen=True)
class Rating:
    """What somebody answered; None where they did not."""

    label: str
    before: float | None
    now: float | None = None


@dataclass(frozen=True)
class Dots:
    """A row of the plot; places in per cent of its cell."""

    label: str
    before: float | None
    now: float | None
    before_x: float | None
    now_x: float | None

    @property
    def moved(self) -> bool:
        return self.before is not None and self.now is not None and self.before != self.now

    @property
    def falls(self) -> bool:
        return self.moved and self.now < self.before


@dataclass(frozen=True)
class DotPlot:
    rows: list[Dots]
    ticks: list[tuple[int, float]]
    before_label: str
    now_label: str
    low: int
    high: int

    @property
    def has_now(self) -> bool:
        return any(row.now is not None for row in self.rows)


def dot_plot(rows: Sequence[Rating], before_label: str, now_label: str = "", *, low: int = 1, high: int = 5) -> DotPlot:
    """Two dots a row on a scale from `low` to `high`. Raises ValueError for a rating outside it."""

    def place(value: float | None) -> float | None:
        if value is None:
            return None
        if not low <= value <= high:
            raise ValueError(f"{value} is not between {low} and {high}")
        return round(3 + (value - low) / (high - low) * 94, 1)

    return DotPlot(
        rows=[Dots(row.label, row.before, row.now, place(row.before), place(row.now)) for row in rows],
        ticks=[(tick, place(tick)) for tick in range(low, high + 1)],
        before_label=before_label,
        now_label=now_label,
        low=low,
        high=high,
    )
