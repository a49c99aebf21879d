"""The matrix of gaps: its counts are those of the papers that its cells open, and its words say what it counts."""

import csv
import io
import json
import re
from html import unescape

import pytest
from werkzeug.test import Client

HTML = {"Accept": "text/html"}
CATEGORIES = ["privacy", "diversity", "fidelity", "utility", "clinical-validity", "qualitative-assessment"]


def rows(site: Client, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(site.get(address).text)))


@pytest.mark.parametrize("category", CATEGORIES)
def test_each_cell_opens_as_many_papers_as_it_says(site: Client, category: str) -> None:
    page = site.get("/gaps", query_string={"evaluation": category}, headers=HTML).text
    cells = re.findall(r'<a href="(/explore\?[^"]+)" title="[^"]*"><b>(\d+)</b> of (\d+)</a>', page)
    assert cells
    for address, evaluated, papers in cells:
        opened = len(rows(site, unescape(address).replace("/explore", "/explore.csv")))
        assert opened == int(evaluated) or (evaluated == "0" and opened == int(papers))


def test_the_table_for_programs_has_every_combination_once(site: Client) -> None:
    found = rows(site, "/gaps.csv")
    keys = [(row["modality"], row["family"], row["category"]) for row in found]
    sides = [len(set(side)) for side in zip(*keys, strict=True)]
    assert len(keys) == len(set(keys)) == sides[0] * sides[1] * sides[2]
    for row in found:
        assert 0 <= int(row["evaluated"]) <= int(row["papers"])


def test_the_query_of_the_page_answers_with_the_table(site: Client) -> None:
    query = site.get("/gaps.rq").text
    assert site.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"}).text == (
        site.get("/gaps.csv").text
    )


def test_empty_cells_are_told_in_plain_words(site: Client) -> None:
    page = site.get("/gaps?evaluation=privacy", headers=HTML).text
    assert "No ECG diffusion model here was checked for privacy." in page
    assert "No dermoscopy VAE is here at all." in page
    assert "checked by qualitative assessment" in site.get("/gaps?evaluation=qualitative-assessment", headers=HTML).text


def test_the_category_with_most_to_find_comes_first(site: Client) -> None:
    shown = site.get("/gaps", headers=HTML).text
    assert "<title>Gaps: privacy" in shown
    assert '<th scope="row"><abbr title="Electrocardiogram">ECG</abbr></th>' in shown


def test_an_unknown_category_is_told_with_the_known_ones(site: Client) -> None:
    response = site.get("/gaps?evaluation=beauty")
    assert response.status_code == 404
    assert "privacy" in json.loads(response.text)["detail"]
    assert site.get("/gaps.pdf").status_code == 404


def test_the_matrix_begins_with_what_most_papers_are_about(site: Client) -> None:
    page = site.get("/gaps", headers=HTML).text
    assert re.findall(r'scope="col">(?:<abbr[^>]*>)?([^<]+)', page)[:3] == ["Data", "GAN", "Diffusion model"]
    assert re.findall(r'scope="row">(?:<abbr[^>]*>)?([^<]+)', page) == ["ECG", "Dermoscopy", "EEG"]
