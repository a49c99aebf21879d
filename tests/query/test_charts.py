"""A chart in a saved query's header names variables that the query answers, numbers where it draws numbers."""

from pathlib import Path

import pytest

from medsynth_kg.query.charts import Channel, Chart
from medsynth_kg.query.checking import count_answers
from medsynth_kg.query.errors import SavedQueryFailed, SavedQueryUnreadable
from medsynth_kg.query.saved import Topic, load_saved_queries, read_saved_query

HEADER = "#+ title: Who knows whom?\n#+ description: Everybody.\n"
COUNT = "SELECT ?a (COUNT(*) AS ?n) { ?a <http://example.org/knows> ?b } GROUP BY ?a LIMIT 5\n"


def saved(directory: Path, header: str, text: str = COUNT) -> Path:
    path = directory / "friends.rq"
    path.write_text(HEADER + "".join(f"#+ {line}\n" for line in header.splitlines()) + text, encoding="utf-8")
    return path


def test_a_bare_name_is_a_variable_and_a_mapping_has_a_title_too(tmp_path: Path) -> None:
    query = read_saved_query(saved(tmp_path, "chart:\n  mark: bar\n  x: {variable: a, title: person}\n  y: n"))
    assert query.chart == Chart(mark="bar", x=Channel(variable="a", title="person"), y=Channel(variable="n"))


@pytest.mark.parametrize(
    ("chart", "message"),
    [
        ("{mark: pie, x: a, y: n}", "chart.mark"),
        ("{mark: bar, x: a}", "chart.y"),
        ("{mark: heat map, x: a, y: n}", "a heat map needs value"),
        ("{mark: stacked bar, x: a, y: n}", "a stacked bar needs colour"),
        ("{mark: line, x: a, y: n, whole: n}", "a line has no whole"),
        ("{mark: bar, x: a, y: n, size: n}", "chart.size"),
        ("{mark: bar, x: a, y: n, absent: -1}", "chart.absent"),
    ],
)
def test_a_chart_that_can_not_be_drawn_is_refused_with_the_files_name(tmp_path: Path, chart: str, message: str) -> None:
    with pytest.raises(SavedQueryUnreadable, match=rf"friends\.rq: .*{message}"):
        read_saved_query(saved(tmp_path, f"chart: {chart}"))


@pytest.mark.parametrize(
    ("chart", "message"),
    [
        ("{mark: bar, x: b, y: n}", "draws b, which the query does not select; it selects a, n"),
        ("{mark: bar, x: n, y: a}", "draws a as a number, but the query answers “http"),
    ],
)
def test_a_chart_that_does_not_fit_its_answer_stops_a_build(
    tmp_path: Path, store: Path, chart: str, message: str
) -> None:
    saved(tmp_path, f"chart: {chart}")
    with pytest.raises(SavedQueryFailed, match=message):
        count_answers(load_saved_queries(tmp_path), store)


def test_a_parameter_where_no_term_may_stand_stops_a_build(tmp_path: Path, store: Path) -> None:
    saved(tmp_path, "parameters: {b: {label: Friend}}", "SELECT ?_b { ?a <http://example.org/knows> ?_b }")
    with pytest.raises(SavedQueryFailed, match=r"friends\.rq"):
        count_answers(load_saved_queries(tmp_path), store)


def test_a_query_has_a_topic_of_a_fixed_list(tmp_path: Path) -> None:
    assert read_saved_query(saved(tmp_path, "topic: Code and reuse")).topic is Topic.CODE
    assert read_saved_query(saved(tmp_path, "")).topic is Topic.OTHER
    with pytest.raises(SavedQueryUnreadable, match="topic"):
        read_saved_query(saved(tmp_path, "topic: Cooking"))
