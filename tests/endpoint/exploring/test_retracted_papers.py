"""A paper that was taken back says so wherever it is listed or taken away."""

import csv
import io
import json
from collections.abc import Iterator

import bibtexparser
import pytest
from pyoxigraph import Literal
from werkzeug.test import Client

from medsynth_kg.endpoint.application import Endpoint
from medsynth_kg.settings import Settings

from ..conftest import STATEMENTS, publish, quad

RETRACTED = "paper/arxiv/2301.00001"
NOTICE = f"{RETRACTED}/notice/retraction"
CORRECTION = f"{RETRACTED}/notice/correction"
TOLD = "Retracted or withdrawn: retraction, 2024-01-01, https://doi.org/10.1000/notice_1"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    releases = tmp_path_factory.mktemp("retracted")
    publish(
        releases,
        (
            *STATEMENTS,
            quad(RETRACTED, "rdf:type", "msk:RetractedPaper", "crossref"),
            quad(RETRACTED, "msk:notice", NOTICE, "crossref"),
            quad(NOTICE, "msk:noticeKind", Literal("retraction"), "crossref"),
            quad(NOTICE, "rdfs:label", Literal("retraction, 2024-01-01", language="en"), "crossref"),
            quad(NOTICE, "http://xmlns.com/foaf/0.1/page", "https://doi.org/10.1000/notice_1", "crossref"),
            quad(RETRACTED, "msk:notice", CORRECTION, "crossref"),
            quad(CORRECTION, "msk:noticeKind", Literal("correction"), "crossref"),
            quad(CORRECTION, "rdfs:label", Literal("correction", language="en"), "crossref"),
        ),
    )
    endpoint = Endpoint(Settings(releases=releases, query_workers=1))
    yield Client(endpoint)
    endpoint.close()


def test_the_table_of_papers_marks_it_and_no_other(client: Client) -> None:
    text = client.get("/explore", headers={"Accept": "text/html"}).text
    assert text.count("Retracted or withdrawn") == 1
    assert text.index("Another paper</a>") < text.index("Retracted or withdrawn")


@pytest.mark.parametrize("path", ["/paper", "/queries/papers", "/repository/github.com/owner/name"])
def test_so_do_the_list_of_all_papers_an_answer_and_what_refers_to_a_thing(client: Client, path: str) -> None:
    text = client.get(path, headers={"Accept": "text/html"}).text
    assert text.count("Retracted or withdrawn") == 1
    assert 'Another paper</a> <strong class="retracted">Retracted or withdrawn</strong>' in text


def test_the_mark_is_no_part_of_an_answers_data(client: Client) -> None:
    assert "Retracted" not in client.get("/queries/papers.csv").text


def test_the_tables_as_files_have_a_column_of_it(client: Client) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/explore.csv").text)))
    assert [row["retracted"] for row in rows if row["paper"].endswith(RETRACTED)] == ["yes"]
    assert {row["retracted"] for row in rows if not row["paper"].endswith(RETRACTED)} == {"no"}
    documents = json.loads(client.get("/explore.json").text)
    assert [one["paper"].endswith(RETRACTED) for one in documents] == [one["retracted"] for one in documents]


def test_the_query_behind_the_table_answers_with_it_too(client: Client) -> None:
    query = client.get("/explore.rq").text
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"}).text
    assert list(csv.DictReader(io.StringIO(answer))) == list(
        csv.DictReader(io.StringIO(client.get("/explore.csv").text))
    )


@pytest.mark.parametrize("path", ["/explore", f"/{RETRACTED}"])
def test_citations_name_the_notice(client: Client, path: str) -> None:
    entries = bibtexparser.loads(client.get(f"{path}.bib").text).entries
    assert [entry["note"].replace("\\_", "_") for entry in entries if "note" in entry] == [TOLD]
    assert [line for line in client.get(f"{path}.ris").text.splitlines() if line[:2] == "N1"] == [f"N1  - {TOLD}"]
    items = json.loads(client.get(f"{path}.csl.json").text)
    assert [(item["status"], item["note"]) for item in items if "status" in item] == [("retracted", TOLD)]
