"""A saved query's answer as a figure of a page: the picture, what it says in words, and where its data are."""

from dataclasses import dataclass

from medsynth_kg.endpoint.charting.chart_data import ChartData, arrange_chart
from medsynth_kg.endpoint.charting.drawing import Drawing, draw, shown
from medsynth_kg.endpoint.charting.vega_lite import Specification, specify_chart
from medsynth_kg.endpoint.results import Results
from medsynth_kg.query.saved import SavedQuery


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture of an answer. ``tail`` is the part of an address that holds the query's parameters, with ``?``."""

    slug: str
    title: str
    summary: str
    data: ChartData
    drawing: Drawing
    tail: str = ""


def make_figure(query: SavedQuery, results: Results, tail: str = "") -> Figure | None:
    """The figure of an answer; None where the query has no chart, or the answer nothing to draw."""
    data = arrange_chart(results, query.chart) if query.chart is not None else None
    return Figure(query.slug, query.title, summarise(data), data, draw(data), tail) if data is not None else None


def specification_of(query: SavedQuery, results: Results) -> Specification | None:
    """The answer's chart in Vega-Lite; None where there is none."""
    data = arrange_chart(results, query.chart) if query.chart is not None else None
    return specify_chart(data, query.title, summarise(data)) if data is not None else None


def summarise(data: ChartData) -> str:
    """What a chart shows, for somebody who does not see it."""
    kind = {"bar": "Bar chart", "stacked bar": "Stacked bar chart", "line": "Line chart", "heat map": "Heat map"}
    by = data.position_title + (f" and {data.series_title}" if data.series_title else "")
    places = [
        (number, ", ".join(name for name in (series.name, position) if name))
        for series in data.series
        for position, number in zip(data.positions, series.numbers, strict=True)
        if number is not None
    ]
    (most, where), (least, elsewhere) = max(places, key=lambda place: place[0]), min(places, key=lambda place: place[0])
    text = f"{kind[data.mark]}: {data.number_title} by {by}. Most: {where}, {shown(most)}."
    return text if most == least else f"{text} Fewest: {elsewhere}, {shown(least)}."
