"""The table of papers: what is chosen, counted, sorted and taken away is the same in every form."""

import csv
import io
import json
import re
from html import unescape
from typing import Any

import bibtexparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

VALUES = {
    "modality": ["ecg", "eeg", "dermoscopy"],
    "family": ["gan", "diffusion-model", "vae", "language-model"],
    "evaluation": ["privacy", "fidelity", "utility", "clinical-validity"],
    "code": ["yes", "no"],
    "year": ["2021", "2022", "2023"],
    "application": ["unconditional", "class-conditional"],
    "architecture": ["cyclegan", "stylegan2-ada"],
    "venue": ["arxiv", "ieee-access"],
}
SELECTIONS = st.fixed_dictionaries(
    {}, optional={facet: st.lists(st.sampled_from(keys), max_size=2, unique=True) for facet, keys in VALUES.items()}
)
SORTS = st.sampled_from(["newest", "oldest", "title"])
Selected = dict[str, list[str]]


def as_csv(site: Client, selected: dict[str, Any]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(site.get("/explore.csv", query_string=selected).text)))


def comparable(row: dict[str, str]) -> dict[str, object]:
    """A row whose cells with several values are sets, since SPARQL leaves the order of a concatenation open."""
    return {
        name: set(cell.split("; ")) if name not in ("paper", "title", "date") else cell for name, cell in row.items()
    }


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SELECTIONS, SORTS)
def test_the_query_of_a_selection_answers_with_the_table(site: Client, selected: Selected, sort: str) -> None:
    parameters = selected | {"sort": [sort]}
    table = as_csv(site, parameters)
    query = site.get("/explore.rq", query_string=parameters).text
    answer = site.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200
    assert list(map(comparable, csv.DictReader(io.StringIO(answer.text)))) == list(map(comparable, table))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SELECTIONS)
def test_every_export_holds_exactly_the_selection(site: Client, selected: Selected) -> None:
    papers = [row["paper"] for row in as_csv(site, selected)]
    assert [found["paper"] for found in json.loads(site.get("/explore.json", query_string=selected).text)] == papers
    assert len(json.loads(site.get("/explore.csl.json", query_string=selected).text)) == len(papers)
    assert len(bibtexparser.loads(site.get("/explore.bib", query_string=selected).text).entries) == len(papers)
    assert site.get("/explore.ris", query_string=selected).text.count("\r\nER  - ") == len(papers)


def test_values_of_one_facet_widen_and_facets_narrow(site: Client) -> None:
    def count(**selected: list[str]) -> int:
        return len(as_csv(site, selected))

    every, ecg, eeg = count(), count(modality=["ecg"]), count(modality=["eeg"])
    assert count(modality=["ecg", "eeg"]) == ecg + eeg < every
    assert 0 < count(modality=["ecg"], code=["yes"]) < ecg
    assert count(modality=["ecg"], code=["yes"]) + count(modality=["ecg"], code=["no"]) == ecg


def test_a_choice_tells_how_many_papers_it_leaves(site: Client) -> None:
    page = site.get("/explore?modality=ecg", headers={"Accept": "text/html"}).text
    for key in ("privacy", "utility"):
        address = f"/explore?modality=ecg&amp;evaluation={key}"
        (told,) = re.findall(rf'<a href="{re.escape(address)}"[^>]*>.*?<span class="count">(\d+)</span>', page)
        assert int(told) == len(as_csv(site, {"modality": "ecg", "evaluation": key}))


def test_each_chosen_value_can_be_removed(site: Client) -> None:
    page = site.get("/explore?modality=ecg&code=yes", headers={"Accept": "text/html"}).text
    chips = dict(re.findall(r'<a href="([^"]+)" aria-label="Remove ([^"]+)"', page))
    assert {unescape(address): label for address, label in chips.items()} == {
        "/explore?code=yes": "Modality: Electrocardiogram",
        "/explore?modality=ecg": "Code: yes",
    }


def test_papers_come_in_pages_and_each_is_on_one(site: Client) -> None:
    papers = [row["paper"] for row in as_csv(site, {})]
    shown: list[str] = []
    for number in (1, 2):
        page = site.get("/explore", query_string={"page": number}, headers={"Accept": "text/html"}).text
        assert f"Page {number} of 2" in page
        shown += re.findall(r'<th role="rowheader" scope="row"><a href="/([^"]+)">', page)
    assert [f"https://w3id.org/medsynth-kg/{unescape(path)}" for path in shown] == papers


def test_an_empty_selection_says_so_in_words(site: Client) -> None:
    response = site.get("/explore?modality=ecg&family=language-model", headers={"Accept": "text/html"})
    assert response.status_code == 200
    assert "No paper is all of this" in response.text


@pytest.mark.parametrize(
    ("address", "status", "told"),
    [
        ("/explore?modality=x", 404, "there are dermoscopy, ecg, eeg"),
        ("/explore.csv?year=1999", 404, "no paper here has the year 1999"),
        ("/explore?modalty=ecg", 400, "(did you mean modality?); it takes modality, family"),
        ("/explore?sort=random", 400, "choose newest, oldest, title"),
        ("/explore.pdf", 404, "/explore.bib"),
    ],
)
def test_what_is_not_known_is_told_with_what_is(site: Client, address: str, status: int, told: str) -> None:
    response = site.get(address)
    assert (response.status_code, told in json.loads(response.text)["detail"]) == (status, True)


@pytest.mark.parametrize("hostile", ['") } #', "<x>", "ecg> ) } SELECT", "\\", "ecg\n"])
def test_nothing_that_a_request_says_gets_into_a_query(site: Client, hostile: str) -> None:
    for facet in VALUES:
        assert site.get("/explore.rq", query_string={facet: hostile}).status_code == 404


def test_an_address_of_a_selection_does_not_depend_on_the_order_of_its_parts(site: Client) -> None:
    tags = {
        site.get(address, headers={"Accept": "text/html"}).headers["ETag"]
        for address in (
            "/explore?modality=eeg&modality=ecg&code=yes",
            "/explore?code=yes&modality=ecg&modality=eeg&sort=",
        )
    }
    assert len(tags) == 1
