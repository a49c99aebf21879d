"""An answer becomes positions, series and numbers, and nothing is drawn that the answer does not say."""

from medsynth_kg.endpoint.charting.chart_data import MOST_POSITIONS, MOST_SERIES, ChartData, arrange_chart
from medsynth_kg.endpoint.results import Results, Term
from medsynth_kg.query.charts import Channel, Chart

LINE = Chart(
    mark="line", x=Channel(variable="year"), y=Channel(variable="papers"), colour=Channel(variable="family"), absent=0
)
MAP = Chart(
    mark="heat map", x=Channel(variable="x"), y=Channel(variable="y"), value=Channel(variable="n", title="papers")
)
BAR = Chart(mark="bar", x=Channel(variable="name"), y=Channel(variable="withCode"), whole=Channel(variable="papers"))


def results(columns: str, *rows: tuple[object, ...]) -> Results:
    names = tuple(columns.split())
    return Results(
        names,
        tuple(
            {name: Term("literal", str(value)) for name, value in zip(names, row, strict=True) if value is not None}
            for row in rows
        ),
    )


def arranged(answer: Results, chart: Chart) -> ChartData:
    data = arrange_chart(answer, chart)
    assert data is not None
    return data


def test_series_stand_by_their_sums_and_years_are_completed() -> None:
    answer = results("year family papers", (2020, "GAN", 2), (2023, "GAN", 1), (2023, "DM", 7))
    data = arranged(answer, LINE)
    assert data.positions == ("2020", "2021", "2022", "2023")
    assert [(series.name, series.numbers) for series in data.series] == [("DM", (0, 0, 0, 7)), ("GAN", (2, 0, 0, 1))]
    assert (data.position_title, data.series_title, data.number_title) == ("year", "family", "papers")


def test_without_a_number_for_what_is_absent_there_is_a_gap() -> None:
    answer = results("year family papers", (2020, "GAN", 2), (2023, "GAN", 1), (2023, "DM", 7))
    data = arranged(answer, LINE.model_copy(update={"absent": None}))
    assert data.positions == ("2020", "2023")
    assert data.series[0].numbers == (None, 7)


def test_columns_and_rows_of_a_heat_map_stand_by_their_sums() -> None:
    data = arranged(results("x y n", ("a", "one", 1), ("b", "one", 2), ("b", "two", 9)), MAP)
    assert data.positions == ("b", "a")
    assert [(row.name, row.numbers) for row in data.series] == [("two", (9, None)), ("one", (2, 1))]


def test_a_bar_keeps_the_order_of_the_answer_and_its_whole() -> None:
    data = arranged(results("name withCode papers", ("z", 1, 4), ("a", 2, 3)), BAR)
    assert data.positions == ("z", "a")
    assert data.series[0].numbers == (1, 2)
    assert data.whole is not None
    assert data.whole.numbers == (4, 3)


def test_rows_of_the_same_place_are_added_up() -> None:
    data = arranged(results("name withCode papers", ("z", 1, 4), ("z", 2, 4)), BAR)
    assert data.series[0].numbers == (3,)


def test_what_is_too_much_to_draw_is_cut_and_said_to_be() -> None:
    answer = results("name withCode papers", *((f"name {number}", 1, 2) for number in range(MOST_POSITIONS + 5)))
    data = arranged(answer, BAR)
    assert (len(data.positions), data.total, data.is_cut) == (MOST_POSITIONS, MOST_POSITIONS + 5, True)
    many = results("year family papers", *((2020, f"family {number}", number) for number in range(MOST_SERIES + 2)))
    assert arranged(many, LINE).series_left_out == 2


def test_an_answer_without_numbers_has_no_chart() -> None:
    assert arrange_chart(results("name withCode papers"), BAR) is None
    assert (
        arrange_chart(results("name withCode papers", ("a", "many", 1), ("b", None, 1), ("c", "NaN", 1)), BAR) is None
    )
