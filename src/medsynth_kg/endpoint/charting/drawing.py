"""Charts as SVG shapes. Colours are classes of the style sheet, so that a picture follows light and dark.

Lengths are in the units of the view box, of which ``WIDTH`` make the whole width: one is about a CSS pixel on a phone.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from textwrap import wrap

from medsynth_kg.endpoint.charting.chart_data import ChartData, Series

WIDTH = 400.0
_LETTER = 7.5
"""The mean width of a letter at the style sheet's size for charts, in a wide font."""
_LINE = 16.0
_ROW = 42.0
_BAR = 15.0
_PLOT_HEIGHT = 210.0
_CELL = 34.0
_STEPS = 7
_TURN, _COSINE, _SINE = -40, 0.77, 0.64
_TURNED = 165.0
"""How long a turned label may be."""
_TICK_STEPS = (1, 2, 5)
_NEXT_TO_NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class Shape:
    """One SVG element: its name, its attributes, the text in it, and what it tells when it is pointed at."""

    element: str
    attributes: Mapping[str, str]
    text: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes and the height that they need."""

    height: float
    shapes: tuple[Shape, ...]


def draw(data: ChartData) -> Drawing:
    """Draw a chart."""
    match data.mark:
        case "heat map":
            return _heat_map(data)
        case "line":
            return _lines(data)
        case _:
            return _bars(data)


def shown(number: float) -> str:
    """A number for a reader."""
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:,.2f}"


def _text(x: float, y: float, text: str, *classes: str, **attributes: str) -> Shape:
    classed = {"class": " ".join(classes)} if classes else {}
    return Shape("text", {"x": _length(x), "y": _length(y), **classed, **attributes}, text)


def _rectangle(x: float, y: float, width: float, height: float, classes: str, title: str = "") -> Shape:
    sizes = {"x": x, "y": y, "width": max(width, 0), "height": height}
    return Shape("rect", {name: _length(value) for name, value in sizes.items()} | {"class": classes}, title=title)


def _rule(x: float, y: float, to_x: float, to_y: float) -> Shape:
    ends = {"x1": x, "y1": y, "x2": to_x, "y2": to_y}
    return Shape("line", {name: _length(value) for name, value in ends.items()} | {"class": "rule"})


def _length(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _largest(*series: Series) -> float:
    """The largest number, or what stands for it where all are nothing or next to it, so that it can divide."""
    largest = max((number for one in series for number in one.numbers if number is not None), default=0)
    return largest if largest > _NEXT_TO_NOTHING else 1.0


def _legend(data: ChartData, marker: str) -> tuple[list[Shape], float]:
    """The names of the series with their colours, in as many lines as they need, and the height of these."""
    shapes: list[Shape] = []
    x, y = 0.0, 0.0
    for index, series in enumerate(data.series):
        width = 34 + len(series.name) * _LETTER
        if x and x + width > WIDTH:
            x, y = 0.0, y + _LINE + 3
        place = (x + 7, y + 8)
        shapes.append(
            _marker(index, *place) if marker == "point" else _rectangle(x + 1, y + 2, 12, 12, f"series-{index + 1}")
        )
        shapes.append(_text(x + 19, y + 13, series.name))
        x += width
    return shapes, (y + _LINE + 14 if shapes else 0.0)


def _bars(data: ChartData) -> Drawing:
    shapes, top = _legend(data, "box") if data.series_title else ([], 0.0)
    sums = [sum(series.numbers[index] or 0 for series in data.series) for index in range(len(data.positions))]
    largest = _largest(Series("", tuple(sums)), *((data.whole,) if data.whole else ()))
    notes = [_note(data, index, total) for index, total in enumerate(sums)]
    length = WIDTH - 12 - max(map(len, notes), default=0) * _LETTER
    for index, position in enumerate(data.positions):
        y = top + index * _ROW
        shapes.append(_text(0, y + 12, _shortened(position, WIDTH)))
        whole = data.whole.numbers[index] if data.whole else None
        if whole is not None:
            shapes.append(_rectangle(0, y + 19, length * whole / largest, _BAR, "whole"))
        shapes += _segments(data, index, y + 19, length / largest)
        shapes.append(_text(length * max(whole or 0, sums[index]) / largest + 7, y + 31, notes[index], "number"))
    return Drawing(top + len(data.positions) * _ROW, tuple(shapes))


def _note(data: ChartData, index: int, total: float) -> str:
    whole = data.whole.numbers[index] if data.whole else None
    return shown(total) if whole is None else f"{shown(total)} of {shown(whole)}"


def _segments(data: ChartData, index: int, y: float, scale: float) -> Iterator[Shape]:
    x = 0.0
    for number, series in enumerate(data.series):
        value = series.numbers[index] or 0
        if value:
            name = f"{data.positions[index]}, {series.name}" if series.name else data.positions[index]
            title = f"{name}; {data.number_title}: {shown(value)}"
            yield _rectangle(x, y, value * scale, _BAR, f"series-{number + 1}", title)
            x += value * scale


def _shortened(text: str, width: float) -> str:
    most = int(width / _LETTER)
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _lines(data: ChartData) -> Drawing:
    shapes, top = _legend(data, "point") if data.series_title else ([], 8.0)
    largest, ticks = _ticks(_largest(*data.series))
    left, bottom = 10 + len(shown(largest)) * _LETTER, top + _PLOT_HEIGHT
    for tick in ticks:
        y = bottom - _PLOT_HEIGHT * tick / largest
        shapes += [_rule(left, y, WIDTH, y), _text(left - 6, y + 4, shown(tick), "number", "end")]
    count = len(data.positions)
    pitch = (WIDTH - left) / count
    every = 1 + int(max(map(len, data.positions)) * _LETTER / pitch)
    for index in range(0, count, every):
        shapes.append(_text(left + (index + 0.5) * pitch, bottom + 18, data.positions[index], "middle"))
    for number, series in enumerate(data.series):
        places = [
            None if value is None else (left + (index + 0.5) * pitch, bottom - _PLOT_HEIGHT * value / largest)
            for index, value in enumerate(series.numbers)
        ]
        shapes += _path(number, places)
        for index, place in enumerate(places):
            if place is not None:
                name = f"{data.positions[index]}, {series.name}" if series.name else data.positions[index]
                title = f"{name}; {data.number_title}: {shown(series.numbers[index] or 0)}"
                shapes.append(_marker(number, *place, title))
    return Drawing(bottom + 26, tuple(shapes))


def _path(number: int, places: list[tuple[float, float] | None]) -> Iterator[Shape]:
    commands, joined = [], False
    for place in places:
        if place is not None:
            commands.append(f"{'L' if joined else 'M'}{_length(place[0])} {_length(place[1])}")
        joined = place is not None
    yield Shape("path", {"d": "".join(commands), "class": f"curve series-{number + 1}"})


_OUTLINES = (
    "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0Z",
    "M-4 -4h8v8h-8Z",
    "M0 -5l5 9h-10Z",
    "M0 -5.5l5.5 5.5l-5.5 5.5l-5.5 -5.5Z",
    "M0 5l5 -9h-10Z",
    "M-1.7 -5h3.4v3.3h3.3v3.4h-3.3v3.3h-3.4v-3.3h-3.3v-3.4h3.3Z",
    "M-5 -2.2h10v4.4h-10Z",
)
"""Circle, square, triangle, diamond, triangle on its head, cross, dash: a series is told by its shape too."""


def _marker(number: int, x: float, y: float, title: str = "") -> Shape:
    attributes = {
        "d": _OUTLINES[number],
        "transform": f"translate({_length(x)} {_length(y)})",
        "class": f"series-{number + 1}",
    }
    return Shape("path", attributes, title=title)


def _ticks(largest: float) -> tuple[float, list[float]]:
    """The end of an axis and its ticks from 0, at most six, at whole numbers where the largest is at least 1."""
    scale = 1.0 if largest >= 1 else 10.0 ** math.floor(math.log10(largest))
    while True:
        for step in _TICK_STEPS:
            if scale * step * 5 >= largest:
                count = -int(-largest // (scale * step))
                return scale * step * count, [scale * step * index for index in range(count + 1)]
        scale *= 10


def _heat_map(data: ChartData) -> Drawing:
    labels = [wrap(series.name, 20)[:2] for series in data.series]
    left = 10 + max((len(line) for lines in labels for line in lines), default=0) * _LETTER
    left = max(left, len(_shortened(data.positions[0], _TURNED)) * _LETTER * _COSINE - 10)
    pitch = min((WIDTH - left) / len(data.positions), 60.0)
    largest = _largest(*data.series)
    shapes: list[Shape] = []
    for row, series in enumerate(data.series):
        y = row * _CELL
        start = y + _CELL / 2 + 4 - (len(labels[row]) - 1) * 7
        shapes += [_text(left - 8, start + index * 14, line, "end") for index, line in enumerate(labels[row])]
        for column, number in enumerate(series.numbers):
            if number is not None:
                step = f"step-{max(0, -int(-number * _STEPS // largest))}"
                title = f"{series.name}, {data.positions[column]}; {data.number_title}: {shown(number)}"
                x = left + column * pitch
                shapes.append(_rectangle(x + 1, y + 1, pitch - 2, _CELL - 2, f"cell {step}", title))
                shapes.append(_text(x + pitch / 2, y + _CELL / 2 + 4.5, shown(number), "middle", "count", step))
    bottom = len(data.series) * _CELL
    for column, position in enumerate(data.positions):
        x, y = left + (column + 0.5) * pitch + 4, bottom + 14
        turn = f"rotate({_TURN} {_length(x)} {_length(y)})"
        shapes.append(_text(x, y, _shortened(position, _TURNED), "end", transform=turn))
    longest = max(len(_shortened(position, _TURNED)) for position in data.positions)
    return Drawing(bottom + 22 + longest * _LETTER * _SINE, tuple(shapes))
