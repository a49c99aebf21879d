"""A static picture stays within its view box, tells every number, and has no colours of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.endpoint.charting.chart_data import ChartData, Series
from medsynth_kg.endpoint.charting.drawing import WIDTH, Drawing, Shape, draw, shown
from medsynth_kg.query.charts import Mark

MARKS: list[Mark] = ["bar", "stacked bar", "line", "heat map"]
NAMES = st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=7, unique=True)
NUMBERS = st.none() | st.integers(0, 10**6) | st.floats(0, 1e9)


def data(mark: Mark, *, rows: tuple[tuple[float | None, ...], ...] = ((3, 1), (0, None))) -> ChartData:
    names = ("first", "second", "third")
    series = tuple(Series(names[index], numbers) for index, numbers in enumerate(rows))
    return ChartData(mark, ("here", "there"), series, "place", "name", "papers", total=2)


@st.composite
def charts(draw_value: st.DrawFn) -> ChartData:
    positions, names = draw_value(NAMES), draw_value(NAMES)
    mark = draw_value(st.sampled_from(MARKS))
    if mark == "bar":
        names = names[:1]
    rows = [draw_value(st.lists(NUMBERS, min_size=len(positions), max_size=len(positions))) for _ in names]
    series = tuple(Series(name, tuple(numbers)) for name, numbers in zip(names, rows, strict=True))
    return ChartData(mark, tuple(positions), series, "place", "name", "papers", total=len(positions))


def titles(drawing: Drawing) -> list[str]:
    return [shape.title for shape in drawing.shapes if shape.title]


@given(charts())
def test_every_shape_lies_within_the_picture(chart: ChartData) -> None:
    drawing = draw(chart)
    for shape in drawing.shapes:
        if shape.element in ("rect", "line"):
            left = float(shape.attributes.get("x", shape.attributes.get("x1", "0")))
            right = left + float(shape.attributes.get("width", "0"))
            top = float(shape.attributes.get("y", shape.attributes.get("y1", "0")))
            bottom = top + float(shape.attributes.get("height", "0"))
            assert 0 <= left <= right <= WIDTH + 0.2
            assert 0 <= top <= bottom <= drawing.height + 0.2


@pytest.mark.parametrize("mark", MARKS)
def test_every_number_is_told_and_zero_too_where_it_is_drawn(mark: Mark) -> None:
    told = " ".join(titles(draw(data(mark))))
    assert "papers: 3" in told
    assert "papers: 1" in told
    assert ("papers: 0" in told) == (mark in ("line", "heat map"))


@pytest.mark.parametrize("mark", MARKS)
def test_colours_come_from_the_style_sheet(mark: Mark) -> None:
    names = {name for shape in draw(data(mark)).shapes for name in shape.attributes}
    assert not names & {"fill", "stroke", "style"}


def test_a_gap_interrupts_a_line() -> None:
    chart = ChartData("line", ("1", "2", "3"), (Series("", (1, None, 2)),), "year", "", "papers", total=3)
    (curve,) = (shape for shape in draw(chart).shapes if "curve" in shape.attributes["class"])
    assert curve.attributes["d"].count("M") == 2


def test_a_part_is_drawn_over_its_whole_to_the_same_scale() -> None:
    chart = ChartData(
        "bar", ("a",), (Series("", (1,)),), "place", "", "with code", whole=Series("papers", (4,)), total=1
    )
    bars = {shape.attributes["class"]: shape for shape in draw(chart).shapes if shape.element == "rect"}
    width = {name: float(shape.attributes["width"]) for name, shape in bars.items()}
    assert width["whole"] == pytest.approx(4 * width["series-1"], abs=0.5)
    assert any(shape.text == "1 of 4" for shape in draw(chart).shapes)


def test_cells_are_darker_for_larger_numbers() -> None:
    drawing = draw(data("heat map", rows=((0, 1), (50, 100))))
    cells = [shape.attributes["class"] for shape in drawing.shapes if shape.element == "rect"]
    assert cells == ["cell step-0", "cell step-1", "cell step-4", "cell step-7"]


def test_axes_have_round_ticks() -> None:
    def ticks(largest: float) -> list[str]:
        chart = ChartData("line", ("1",), (Series("", (largest,)),), "year", "", "papers", total=1)
        return [shape.text for shape in draw(chart).shapes if shape.attributes.get("class") == "number end"]

    assert ticks(13) == ["0", "5", "10", "15"]
    assert ticks(3) == ["0", "1", "2", "3"]
    assert ticks(1) == ["0", "1"]
    assert ticks(2600) == ["0", "1,000", "2,000", "3,000"]


def test_numbers_are_written_for_readers() -> None:
    assert [shown(number) for number in (3.0, 1234, 0.125, 2.5)] == ["3", "1,234", "0.12", "2.50"]


def test_a_shape_is_an_element_with_attributes() -> None:
    rule = next(shape for shape in draw(data("line")).shapes if shape.element == "line")
    assert isinstance(rule, Shape)
    assert set(rule.attributes) == {"x1", "y1", "x2", "y2", "class"}
