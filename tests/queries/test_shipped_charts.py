"""The shipped charts, drawn by Vega-Lite from their specifications."""

import json
from pathlib import Path

import pytest
import vl_convert

from medsynth_kg.endpoint.charting.charts import make_figure, specification_of
from medsynth_kg.endpoint.results import Results, Term
from medsynth_kg.query.saved import SavedQuery, load_saved_queries

from .conftest import Answer

DRAWN = [query for query in load_saved_queries(Path(__file__).parents[2] / "queries") if query.chart is not None]


@pytest.mark.parametrize("query", DRAWN, ids=lambda query: query.slug)
def test_every_shipped_chart_is_drawn_by_both(query: SavedQuery, answer: Answer) -> None:
    rows = tuple({name: Term("literal", value) for name, value in row.items()} for row in answer(query.slug))
    results = Results(tuple(rows[0]), rows)
    specification, figure = specification_of(query, results), make_figure(query, results)
    assert specification is not None
    assert figure is not None
    assert "role-mark" in vl_convert.vegalite_to_svg(json.dumps(specification), vl_version="5.20")
    assert figure.drawing.height > 0


def test_the_pictures_of_the_home_page_are_among_them() -> None:
    assert {"evaluation-by-modality", "families-by-year", "code-availability-by-family"} <= {q.slug for q in DRAWN}
