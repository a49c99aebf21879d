"""The home page counts what is known of the papers and where links lead."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Store
from werkzeug.test import Client

from medsynth_kg.endpoint.application import Endpoint
from medsynth_kg.release.reading import Release
from medsynth_kg.settings import BASE_IRI, Settings

from .conftest import STATEMENTS, publish, quad

PAPER = "paper/arxiv/2301.00001"
TITLE = "http://purl.org/dc/terms/title"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[str]:
    links = (
        ("schema:sameAs", "https://openalex.org/W1"),
        ("schema:sameAs", "https://www.openalex.org/W2"),
        ("owl:sameAs", "https://w3id.org/aio/One"),
        ("rdfs:seeAlso", "https://openalex.org/W1"),
        ("msk:candidateLink", "https://linkedpaperswithcode.com/repository/x"),
        ("schema:sameAs", f"{BASE_IRI}paper/10.1000/own"),
    )
    publish(
        tmp_path,
        (
            *STATEMENTS,
            quad(PAPER, TITLE, Literal("One"), "crossref"),
            *(quad(PAPER, predicate, address, "links") for predicate, address in links),
        ),
    )
    endpoint = Endpoint(Settings(releases=tmp_path, query_workers=1))
    yield Client(endpoint).get("/").get_data(as_text=True)
    endpoint.close()


def test_shares_are_counted_of_all_papers(home: str) -> None:
    assert (
        "Of 2 papers, 1 (50 %) have a title, 0 (0 %) have authors, 0 (0 %) have a venue, 0 (0 %) have a date." in home
    )


def test_links_are_counted_by_where_they_lead_without_candidates_and_own_addresses(home: str) -> None:
    assert "3 links to 2 other sites" in home
    section = home[home.index('id="coverage"') :]
    assert re.findall(r'<li>(\S+) <span class="soft">(\d+)</span>', section) == [
        ("openalex.org", "2"),
        ("w3id.org/aio", "1"),
    ]


def test_the_figures_of_the_shipped_release_are_those_of_its_graph(shipped_release: Release) -> None:
    titled = {
        q.subject for q in Store.read_only(str(shipped_release.store)).quads_for_pattern(None, NamedNode(TITLE), None)
    }
    papers = {subject for subject in titled if str(subject).startswith(f"<{BASE_IRI}paper/")}
    endpoint = Endpoint(Settings(releases=shipped_release.path.parent, query_workers=1))
    try:
        text = Client(endpoint).get("/").get_data(as_text=True)
    finally:
        endpoint.close()
    assert f"{len(papers)} ({100 * len(papers) // 41} %) have a title" in text
    assert Counter(re.findall(r"<li>(doi\.org) <span", text)) == {"doi.org": 1}
