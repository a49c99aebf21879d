"""A query's answer arranged for a chart: positions along one axis, and a series of numbers for each colour or row."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from medsynth_kg.endpoint.results import Results, Row
from medsynth_kg.endpoint.tables import words
from medsynth_kg.query.charts import Channel, Chart, Mark

MOST_POSITIONS = 30
MOST_SERIES = 7
"""How much a chart draws; it says so where there is more, and the table beside it has all."""
_MOST_ROWS_OF_A_MAP = 30
_LONGEST_RANGE = 200


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers under one name, one for each position; None is a gap."""

    name: str
    numbers: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class ChartData:
    """What a chart shows, whoever draws it.

    In a heat map, ``positions`` are the columns and ``series`` the rows. ``whole`` is what the bars are parts of.
    The titles are of the positions, of the series, and of the numbers. ``total`` counts the positions of the answer,
    of which the chart may draw the first ones only; ``series_left_out`` counts the series that it does not draw.
    """

    mark: Mark
    positions: tuple[str, ...]
    series: tuple[Series, ...]
    position_title: str
    series_title: str
    number_title: str
    whole: Series | None = None
    total: int = 0
    series_left_out: int = 0

    @property
    def is_cut(self) -> bool:
        """Whether the answer has more than the chart draws."""
        return self.total > len(self.positions)


def arrange_chart(results: Results, chart: Chart) -> ChartData | None:
    """Arrange an answer; None where it has nothing to draw.

    Positions stand in the order in which the answer names them first, but those of a heat map stand by their sums, as
    series do, the largest first. Whole numbers in a row, such as years, are completed where the chart says what an
    absent combination counts.
    """
    series_channel = chart.y if chart.mark == "heat map" else chart.colour
    number = chart.numbers[0]
    found: dict[tuple[str, str], float] = {}
    for row in results.rows:
        if (value := _number(row, number)) is not None:
            key = _text(row, chart.x), _text(row, series_channel)
            found[key] = found.get(key, 0) + value
    if not found:
        return None
    names = _by_sum((name, value) for (_, name), value in found.items())
    if chart.mark == "heat map":
        positions = _by_sum((position, value) for (position, _), value in found.items())
    else:
        positions = _positions((position for position, _ in found), complete=chart.absent is not None)
    drawn = positions[:MOST_POSITIONS]
    limit = _MOST_ROWS_OF_A_MAP if chart.mark == "heat map" else MOST_SERIES
    absent = None if chart.absent is None else float(chart.absent)
    return ChartData(
        mark=chart.mark,
        positions=drawn,
        series=tuple(Series(name, _numbers(found, drawn, name, absent)) for name in names[:limit]),
        position_title=title_of(chart.x),
        series_title=title_of(series_channel) if series_channel else "",
        number_title=title_of(number),
        whole=_whole(results, chart, drawn),
        total=len(positions),
        series_left_out=max(0, len(names) - limit),
    )


def title_of(channel: Channel) -> str:
    """What a reader calls a channel."""
    return channel.title or words([channel.variable])[0]


def _numbers(
    found: Mapping[tuple[str, str], float], positions: Iterable[str], name: str, absent: float | None
) -> tuple[float | None, ...]:
    return tuple(found.get((position, name), absent) for position in positions)


def _whole(results: Results, chart: Chart, positions: tuple[str, ...]) -> Series | None:
    if chart.whole is None:
        return None
    numbers = {_text(row, chart.x): _number(row, chart.whole) for row in results.rows}
    return Series(title_of(chart.whole), tuple(numbers.get(position) for position in positions))


def _by_sum(numbers: Iterable[tuple[str, float]]) -> tuple[str, ...]:
    sums: dict[str, float] = {}
    for name, number in numbers:
        sums[name] = sums.get(name, 0) + number
    return tuple(sorted(sums, key=lambda name: (-sums[name], name)))


def _positions(found: Iterable[str], *, complete: bool) -> tuple[str, ...]:
    positions = tuple(dict.fromkeys(found))
    if complete and all(position.isascii() and position.isdecimal() and len(position) < 9 for position in positions):
        first, last = min(map(int, positions)), max(map(int, positions))
        if last - first < _LONGEST_RANGE:
            return tuple(map(str, range(first, last + 1)))
    return positions


def _text(row: Row, channel: Channel | None) -> str:
    return row[channel.variable].value if channel is not None and channel.variable in row else ""


def _number(row: Row, channel: Channel) -> float | None:
    try:
        number = float(row[channel.variable].value) if channel.variable in row else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) else None
