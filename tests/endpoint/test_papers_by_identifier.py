"""Every identifier of a paper leads to it, also those of its preprint."""

from pathlib import Path

import pytest
from werkzeug.test import Client

from medsynth_kg.endpoint.application import Endpoint
from medsynth_kg.settings import Settings

from .conftest import STATEMENTS, publish, quad

PAPER = "paper/arxiv/2301.00001"


@pytest.mark.parametrize(
    "path",
    [
        "/doi/10.48550/arXiv.2301.00001",
        "/doi/10.1101/2023.01.01",
        "/paper/10.1101/2023.01.01",
        "/paper/10.48550/arxiv.2301.00001",
    ],
)
def test_the_doi_of_a_preprint_leads_to_the_paper(tmp_path: Path, path: str) -> None:
    versions = ("10.48550/arxiv.2301.00001", "10.1101/2023.01.01")
    publish(
        tmp_path, (*STATEMENTS, *(quad(PAPER, "schema:sameAs", f"https://doi.org/{doi}", "links") for doi in versions))
    )
    endpoint = Endpoint(Settings(releases=tmp_path, query_workers=1))
    try:
        response = Client(endpoint).get(path)
    finally:
        endpoint.close()
    assert (response.status_code, response.headers.get("Location")) == (303, f"/{PAPER}")
