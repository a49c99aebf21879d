"""Charts as specifications in Vega-Lite 5 (https://vega.github.io/vega-lite/docs/), with their data inside.

The palette is that of Okabe and Ito (2008), which people with any common colour vision can tell apart; a heat map has
one hue, from pale to dark, and its numbers in the cells.
"""

from collections.abc import Mapping
from typing import Any

from medsynth_kg.endpoint.chart_data import ChartData

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


def _category(field: str, title: str, **more: Any) -> dict[str, Any]:
    return {"field": field, "type": "nominal", "title": title, "sort": None, **more}


def _quantity(title: str, field: str = "number", **more: Any) -> dict[str, Any]:
    return {"field": field, "type": "quantitative", "title": title, **more}


def _colours(data: ChartData) -> dict[str, Any]:
    domain = [series.name for series in data.series]
    return _category("series", data.series_title, scale={"domain": domain, "range": list(PALETTE[: len(domain)])})


def _bars(data: ChartData) -> dict[str, Any]:
    position = _category("position", data.position_title)
    parts = {"mark": {"type": "bar", "tooltip": True, "color": PALETTE[0]}}
    if data.whole is None:
        return {**parts, "encoding": {"y": position, "x": _quantity(data.number_title)}}
    whole = {"mark": {"type": "bar", "color": _PLAIN}, "encoding": {"x": _quantity(data.whole.name, "whole")}}
    title = f"{data.number_title}, of all {data.whole.name}"
    return {"encoding": {"y": position}, "layer": [whole, {**parts, "encoding": {"x": _quantity(title)}}]}


def _stacked_bars(data: ChartData) -> dict[str, Any]:
    return {
        "mark": {"type": "bar", "tooltip": True},
        "encoding": {
            "y": _category("position", data.position_title),
            "x": _quantity(data.number_title),
            "color": _colours(data),
        },
    }


def _lines(data: ChartData) -> dict[str, Any]:
    encoding = {
        "x": {"field": "position", "type": "ordinal", "title": data.position_title, "sort": None},
        "y": _quantity(data.number_title),
    }
    if data.series_title:
        encoding |= {"color": _colours(data), "shape": _category("series", data.series_title)}
    return {"mark": {"type": "line", "point": True, "tooltip": True}, "encoding": encoding}


def _heat_map(data: ChartData) -> dict[str, Any]:
    largest = max((number for row in data.series for number in row.numbers if number is not None), default=0)
    cell = _quantity(data.number_title, scale={"range": list(HEAT), "domainMin": 0})
    number = _quantity(data.number_title)
    dark = {"test": f"datum.number > {largest * 0.6}", "value": "#ffffff"}
    return {
        "encoding": {
            "x": _category("position", data.position_title, axis={"labelAngle": -40}),
            "y": _category("series", data.series_title),
        },
        "layer": [
            {"mark": {"type": "rect", "tooltip": True}, "encoding": {"color": cell}},
            {"mark": "text", "encoding": {"text": number, "color": {"condition": dark, "value": "#1c2327"}}},
        ],
    }


_DRAWINGS = {"bar": _bars, "stacked bar": _stacked_bars, "line": _lines, "heat map": _heat_map}
