"""From the home page to an answer without SPARQL, as a reader would go."""

import csv
import io
import re
from collections.abc import Mapping

import pytest
import requests
from tests.end_to_end.server import Server

QUESTION = {"modality": "ecg", "family": "diffusion-model", "category": "privacy"}


def page(server: Server, path: str, parameters: Mapping[str, str] | None = None) -> str:
    response = requests.get(server.address + path, params=parameters, headers={"Accept": "text/html"}, timeout=20)
    assert response.status_code == 200
    return response.text


def test_the_home_page_draws_what_the_survey_says(server: Server) -> None:
    home = page(server, "/")
    assert re.findall(r'data-spec="/queries/([a-z-]+)\.vega\.json"', home) == [
        "evaluation-by-modality",
        "families-by-year",
        "code-availability-by-family",
    ]
    assert "<dd>41</dd>" in home
    assert '"@type": "Dataset"' in home


def test_ecg_diffusion_models_checked_for_privacy_are_found_by_the_form(server: Server) -> None:
    home = page(server, "/")
    ((action, fragment),) = re.findall(r'<form class="choices" action="([^"#]+)#([^"]+)"', home)
    for name, value in QUESTION.items():
        (field,) = re.findall(rf'<select id="{name}" name="{name}">(.*?)</select>', home, re.DOTALL)
        assert f'<option value="{value}">' in field
    answer = page(server, action, QUESTION)
    assert f'id="{fragment}"' in answer
    rows = list(csv.DictReader(io.StringIO(_table(server, action, QUESTION))))
    assert ("<strong>Privacy</strong>" in answer) == (not rows)


def test_without_the_last_choice_the_papers_and_their_code_are_shown(server: Server) -> None:
    choices = {name: value for name, value in QUESTION.items() if name != "category"}
    answer = page(server, "/queries/find-papers", choices)
    rows = list(csv.DictReader(io.StringIO(_table(server, "/queries/find-papers", choices))))
    assert rows
    for row in rows:
        assert row["code"] in answer
        assert f">{row['label']}</a>" in answer


@pytest.mark.parametrize("spelling", ["EKG", "electrocardiogram", "ecg"])
def test_a_program_may_use_any_spelling_of_the_vocabulary(server: Server, spelling: str) -> None:
    assert _table(server, "/queries/find-papers", {"modality": spelling}).count("\n") > 10


def _table(server: Server, path: str, parameters: Mapping[str, str]) -> str:
    return requests.get(f"{server.address}{path}.csv", params=parameters, timeout=20).text
