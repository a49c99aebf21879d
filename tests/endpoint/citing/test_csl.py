"""CSL-JSON holds the facts as they are."""

import json

from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.endpoint.citing.citation import Author, Citation
from medsynth_kg.endpoint.citing.csl import as_csl_json


def test_an_item_has_its_type_names_and_date_in_parts() -> None:
    citation = Citation(
        "https://example.org/paper/x",
        title="A title",
        authors=(Author("Ekárt", "Anikó"), Author(literal="A Consortium")),
        date="2023-10-09",
        kind="preprint-server",
        venue="arXiv",
        arxiv_id="2301.00001",
        address="https://arxiv.org/abs/2301.00001",
    )
    assert json.loads(as_csl_json([citation])) == [
        {
            "id": "ekart2023title",
            "type": "article",
            "title": "A title",
            "author": [{"family": "Ekárt", "given": "Anikó"}, {"literal": "A Consortium"}],
            "issued": {"date-parts": [[2023, 10, 9]]},
            "container-title": "arXiv",
            "number": "arXiv:2301.00001",
            "URL": "https://arxiv.org/abs/2301.00001",
        }
    ]


@given(st.text(min_size=1))
def test_any_title_comes_back(title: str) -> None:
    (item,) = json.loads(as_csl_json([Citation("https://example.org/paper/x", title=title)]))
    assert item["title"] == title


@given(st.text(max_size=12))
def test_a_date_of_no_known_form_is_left_out(date: str) -> None:
    (item,) = json.loads(as_csl_json([Citation("https://example.org/paper/x", date=f"about {date}")]))
    assert "issued" not in item
