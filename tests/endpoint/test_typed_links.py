"""FAIR Signposting and JSON-LD of the pages (https://signposting.org/FAIR/)."""

import json
import re
from typing import Any

import pytest
from werkzeug.http import parse_options_header
from werkzeug.test import Client

from medsynth_kg.release.reading import current_release
from medsynth_kg.settings import BASE_IRI, Settings

HTML = {"Accept": "text/html"}
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
ARXIV_PAPER = "paper/arxiv/2301.00001"


def links(header: str) -> dict[str, list[tuple[str, str]]]:
    """Targets and media types by relation."""
    found: dict[str, list[tuple[str, str]]] = {}
    for target, attributes in re.findall(r"<([^>]*)>((?:; [a-z]+=\"[^\"]*\")+)", header):
        options = parse_options_header(f"x{attributes}")[1]
        found.setdefault(options["rel"], []).append((target, options.get("type", "")))
    return found


def structured(page: str) -> dict[str, Any]:
    """The data block of a page."""
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    document: dict[str, Any] = json.loads(block)
    return document


@pytest.mark.parametrize(
    ("path", "schema_type"),
    [
        (ARXIV_PAPER, "ScholarlyArticle"),
        ("modality/ecg", "DefinedTerm"),
        ("queries/papers", "SoftwareSourceCode"),
        ("queries/papers-elsewhere", "SoftwareSourceCode"),
        ("releases/", "DataCatalog"),
    ],
)
def test_a_page_says_how_to_cite_what_it_is_about_what_that_is_and_its_licence(
    client: Client, path: str, schema_type: str
) -> None:
    found = links(client.get(f"/{path}", headers=HTML).headers["Link"])
    assert found["cite-as"] == [(BASE_IRI + path, "")]
    assert found["license"] == [(LICENCE, "")]
    assert {target for target, _ in found["type"]} == {f"https://schema.org/{n}" for n in ("AboutPage", schema_type)}


@pytest.mark.parametrize("path", [f"/{ARXIV_PAPER}", "/modality", "/queries/papers", "/releases/", "/dumps/"])
def test_every_described_and_listed_link_answers_with_the_type_it_names(client: Client, path: str) -> None:
    found = links(client.get(path, headers=HTML).headers["Link"])
    assert found["describedby"]
    for target, media_type in (*found["describedby"], *found.get("item", ())):
        with client.get(target) as response:
            assert (response.status_code, response.mimetype) == (200, media_type), target


@pytest.mark.parametrize("kind", ["releases", "dumps"])
def test_the_pages_of_a_release_list_its_dumps_as_items(client: Client, settings: Settings, kind: str) -> None:
    release = current_release(settings.releases)
    found = links(client.get(f"/{kind}/{release.id}/", headers=HTML).headers["Link"])
    assert found["cite-as"] == [(f"{BASE_IRI}releases/{release.id}", "")]
    assert (f"/dumps/{release.id}/medsynth-kg.ttl.gz", "application/gzip") in found["item"]
    assert ("https://schema.org/Dataset", "") in found["type"]


def test_a_dump_leads_back_to_its_release(client: Client, settings: Settings) -> None:
    release = current_release(settings.releases)
    with client.get(f"/dumps/{release.id}/medsynth-kg.nt") as response:
        found = links(response.headers["Link"])
    assert found["collection"] == [(f"/releases/{release.id}/", "text/html")]
    assert found["license"] == [(LICENCE, "")]


def test_data_lead_back_to_what_they_describe(client: Client) -> None:
    assert links(client.get(f"/{ARXIV_PAPER}.ttl").headers["Link"])["describes"] == [(BASE_IRI + ARXIV_PAPER, "")]


def test_the_dumps_page_describes_the_data_set_in_json_ld(client: Client, settings: Settings) -> None:
    release = current_release(settings.releases)
    for path in ("/dumps/", f"/releases/{release.id}/"):
        document = structured(client.get(path, headers=HTML).text)
        assert (document["@type"], document["version"], document["license"]) == ("Dataset", release.id, LICENCE)
        hashes = {file["name"]: file["sha256"] for file in document["distribution"]}
        assert hashes["medsynth-kg.nt"] == release.manifest.files["dumps/medsynth-kg.nt"].sha256


def test_a_paper_is_described_in_json_ld(client: Client) -> None:
    document = structured(client.get(f"/{ARXIV_PAPER}", headers=HTML).text)
    assert document == {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "@id": BASE_IRI + ARXIV_PAPER,
        "url": BASE_IRI + ARXIV_PAPER,
        "name": "Another paper",
        "headline": "Another paper",
        "datePublished": "2023-01-01",
        "sameAs": ["https://doi.org/10.1000/published"],
    }


def test_a_label_never_ends_the_data_block(client: Client) -> None:
    page = client.get("/paper/10.1000/a%3Cb", headers=HTML).text
    assert structured(page)["name"] == "Less <b>than</b> & more"
    assert "Less <b>" not in page
