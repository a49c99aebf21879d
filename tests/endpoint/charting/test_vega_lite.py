"""Specifications are what Vega-Lite itself accepts, and what it draws from them says the same as the static picture."""

import dataclasses
import json
import re
from xml.etree.ElementTree import fromstring

import pytest
import vl_convert

from medsynth_kg.endpoint.charting.chart_data import ChartData, Series
from medsynth_kg.endpoint.charting.drawing import draw
from medsynth_kg.endpoint.charting.vega_lite import PALETTE, specify_chart
from medsynth_kg.query.charts import Mark

CHARTS = [
    ChartData("bar", ("here", "there"), (Series("", (3, 1.5)),), "place", "", "papers", total=2),
    ChartData(
        "bar", ("here", "there"), (Series("", (1, 0)),), "place", "", "with code", Series("papers", (4, 2)), total=2
    ),
    ChartData(
        "stacked bar", ("a", "b"), (Series("GAN", (2, 5)), Series("DM", (1, None))), "use", "family", "papers", total=2
    ),
    ChartData("line", ("2021", "2022"), (Series("GAN", (2, 5)), Series("DM", (1, 4))), "year", "family", "papers"),
    ChartData("line", ("2021", "2022"), (Series("", (2, 5)),), "year", "", "papers"),
    ChartData("heat map", ("F", "P"), (Series("ECG", (15, 2)), Series("EEG", (4, 7))), "checked", "kind", "papers"),
]


def drawn_by_vega(data: ChartData) -> str:
    picture: str = vl_convert.vegalite_to_svg(
        json.dumps(specify_chart(data, "Title", "Description")), vl_version="5.20"
    )
    return picture


@pytest.mark.parametrize("data", CHARTS, ids=lambda data: data.mark)
def test_vega_lite_draws_a_mark_for_every_number(data: ChartData) -> None:
    picture = drawn_by_vega(data)
    drawn = re.findall(r'aria-roledescription="(?:bar|rect mark|point)"', picture)
    numbers = [number for series in data.series for number in series.numbers if number is not None]
    wholes = len(data.positions) if data.whole is not None else 0
    assert len(drawn) == len(numbers) + wholes


@pytest.mark.parametrize("data", CHARTS, ids=lambda data: data.mark)
def test_both_pictures_name_the_same_places(data: ChartData) -> None:
    theirs = {text for element in fromstring(drawn_by_vega(data)).iter() for text in [element.text or ""]}  # noqa: S314 - our own
    ours = {shape.text for shape in draw(data).shapes}
    names = {*data.positions, *(series.name for series in data.series if series.name)}
    assert names <= theirs
    assert names <= ours


def test_the_specification_holds_its_data_and_asks_no_other_host() -> None:
    specification = specify_chart(CHARTS[2], "Title", "Description")
    assert specification["data"]["values"] == [
        {"position": "a", "number": 2, "series": "GAN"},
        {"position": "b", "number": 5, "series": "GAN"},
        {"position": "a", "number": 1, "series": "DM"},
    ]
    assert "url" not in json.dumps(specification["data"])


def test_colours_are_those_of_okabe_and_ito_without_the_yellow_that_vanishes_on_white() -> None:
    marks: list[Mark] = ["stacked bar", "line"]
    for data in (chart for chart in CHARTS if chart.mark in marks and chart.series_title):
        scale = specify_chart(data, "", "")["encoding"]["color"]["scale"]
        assert scale["range"] == list(PALETTE[: len(data.series)])
        assert scale["domain"] == [series.name for series in data.series]


@pytest.mark.parametrize("data", CHARTS, ids=lambda data: data.mark)
def test_vega_lite_keeps_the_order_of_the_positions(data: ChartData) -> None:
    reversed_data = dataclasses.replace(
        data,
        positions=data.positions[::-1],
        series=tuple(Series(series.name, series.numbers[::-1]) for series in data.series),
    )
    for chart in (data, reversed_data):
        texts = re.findall(r"<text[^>]*>([^<]*)</text>", drawn_by_vega(chart))
        assert [text for text in texts if text in chart.positions] == list(chart.positions)
