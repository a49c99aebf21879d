"""Charts as specifications in Vega-Lite 5 (https://vega.github.io/vega-lite/docs/), with their data inside.

The palette is that of Okabe and Ito (2008), which people with any common colour vision can tell apart; a heat map has
one hue, from pale to dark, and its numbers in the cells.
"""

from collections.abc import Mapping
from typing import Any

from medsynth_kg.endpoint.charting.chart_data import ChartData

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
HEAT = ("#e4eef0", "#0b5c6b")
_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
_PLAIN = "#c9d6d9"

Specification = Mapping[str, Any]


def specify_chart(data: ChartData, title: str, description: str) -> Specification:
    """The whole specification; it draws what the static picture draws."""
    return {
        "$schema": _SCHEMA,
        "title": {"text": title, "anchor": "start"},
        "description": description,
        "data": {"values": _values(data)},
        "width": "container",
        **_DRAWINGS[data.mark](data),
    }


def _values(data: ChartData) -> list[dict[str, Any]]:
    values: list[dict[str, Any]] = []
    for series in data.series:
        for index, (position, number) in enumerate(zip(data.positions, series.numbers, strict=True)):
            if number is not None:
                value: dict[str, Any] = {"position": position, "number": _plain(number)}
                if data.series_title:
                    value["series"] = series.name
                if data.whole is not None and (whole := data.whole.numbers[index]) is not None:
                    value["whole"] = _plain(whole)
                values.append(value)
    return values


def _plain(number: float) -> float | int:
    return int(number) if float(number).is_integer() else number


def _positions(data: ChartData, **more: Any) -> dict[str, Any]:
    order = list(data.positions)
    return {"field": "position", "type": "nominal", "title": data.position_title, "sort": order, **more}


def _series(data: ChartData, **more: Any) -> dict[str, Any]:
    order = [series.name for series in data.series]
    return {"field": "series", "type": "nominal", "title": data.series_title, "sort": order, **more}


def _quantity(title: str, field: str = "number", **more: Any) -> dict[str, Any]:
    return {"field": field, "type": "quantitative", "title": title, **more}


def _colours(data: ChartData) -> dict[str, Any]:
    domain = [series.name for series in data.series]
    return _series(data, scale={"domain": domain, "range": list(PALETTE[: len(domain)])})


def _bars(data: ChartData) -> dict[str, Any]:
    position = _positions(data)
    parts = {"mark": {"type": "bar", "tooltip": True, "color": PALETTE[0]}}
    if data.whole is None:
        return {**parts, "encoding": {"y": position, "x": _quantity(data.number_title)}}
    title = f"{data.number_title}, of all {data.whole.name}"
    whole = {"mark": {"type": "bar", "color": _PLAIN}, "encoding": {"x": _quantity(title, "whole")}}
    return {"encoding": {"y": position}, "layer": [whole, {**parts, "encoding": {"x": _quantity(title)}}]}


def _stacked_bars(data: ChartData) -> dict[str, Any]:
    return {
        "mark": {"type": "bar", "tooltip": True},
        "encoding": {
            "y": _positions(data),
            "x": _quantity(data.number_title),
            "color": _colours(data),
        },
    }


def _lines(data: ChartData) -> dict[str, Any]:
    encoding = {
        "x": _positions(data, axis={"labelAngle": 0, "labelOverlap": True}),
        "y": _quantity(data.number_title),
    }
    if data.series_title:
        encoding |= {"color": _colours(data), "shape": _series(data)}
    return {"mark": {"type": "line", "point": True, "tooltip": True}, "encoding": encoding}


def _heat_map(data: ChartData) -> dict[str, Any]:
    largest = max((number for row in data.series for number in row.numbers if number is not None), default=0)
    cell = _quantity(data.number_title, scale={"range": list(HEAT), "domainMin": 0})
    number = _quantity(data.number_title)
    dark = {"test": f"datum.number > {largest * 0.6}", "value": "#ffffff"}
    return {
        "encoding": {
            "x": _positions(data, axis={"labelAngle": -40}),
            "y": _series(data),
        },
        "layer": [
            {"mark": {"type": "rect", "tooltip": True}, "encoding": {"color": cell}},
            {"mark": "text", "encoding": {"text": number, "color": {"condition": dark, "value": "#1c2327"}}},
        ],
    }


_DRAWINGS = {"bar": _bars, "stacked bar": _stacked_bars, "line": _lines, "heat map": _heat_map}
