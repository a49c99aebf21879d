"""FAIR Signposting and JSON-LD of the pages (https://signposting.org/FAIR/)."""

import json
import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from werkzeug.http import parse_options_header
from werkzeug.test import Client

from medsynth_kg.endpoint.application import Endpoint
from medsynth_kg.release.manifest import write_manifest
from medsynth_kg.release.reading import current_release
from medsynth_kg.settings import BASE_IRI, Settings

HTML = {"Accept": "text/html"}
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
ARXIV_PAPER = "paper/arxiv/2301.00001"
REPOSITORY = "repository/github.com/owner/name"


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
        ("paper", "CollectionPage"),
        ("repository", "CollectionPage"),
    ],
)
def test_a_page_says_how_to_cite_what_it_is_about_what_that_is_and_its_licence(
    client: Client, path: str, schema_type: str
) -> None:
    found = links(client.get(f"/{path}", headers=HTML).headers["Link"])
    assert found["cite-as"] == [(BASE_IRI + path, "")]
    assert found["license"] == [(LICENCE, "")]
    assert {target for target, _ in found["type"]} == {f"https://schema.org/{n}" for n in ("AboutPage", schema_type)}


@pytest.mark.parametrize(("path", "schema_type"), [("modality", "DefinedTermSet"), ("entry", "CollectionPage")])
def test_only_the_list_of_a_concept_scheme_is_a_set_of_terms(site: Client, path: str, schema_type: str) -> None:
    found = links(site.get(f"/{path}", headers=HTML).headers["Link"])
    assert (f"https://schema.org/{schema_type}", "") in found["type"]


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


def test_a_release_is_described_in_croissant_by_a_link_that_names_the_profile(
    client: Client, settings: Settings
) -> None:
    release = current_release(settings.releases)
    address = f"/releases/{release.id}/croissant.json"
    header = client.get("/dumps/", headers=HTML).headers["Link"]
    profile = "http://mlcommons.org/croissant/1.0"
    assert f'<{address}>; rel="describedby"; type="application/ld+json"; profile="{profile}"' in header
    assert f'href="{address}"' in client.get("/dumps/", headers=HTML).text
    with client.get(address) as response:
        assert json.loads(response.data)["conformsTo"] == profile


def test_a_release_of_before_there_was_a_croissant_names_none(settings: Settings, tmp_path: Path) -> None:
    made = current_release(settings.releases)
    shutil.copytree(made.path, tmp_path / made.id)
    (tmp_path / "current").symlink_to(made.id)
    (tmp_path / made.id / "croissant.json").unlink()
    manifest = made.manifest.model_copy(
        update={"files": {path: entry for path, entry in made.manifest.files.items() if path != "croissant.json"}}
    )
    write_manifest(tmp_path / made.id, manifest)
    endpoint = Endpoint(Settings(releases=tmp_path, query_workers=1))
    client = Client(endpoint)
    try:
        assert "croissant" not in client.get("/dumps/", headers=HTML).headers["Link"]
        assert client.get(f"/releases/{made.id}/croissant.json").status_code == 404
    finally:
        endpoint.close()


@pytest.mark.parametrize("kind", ["releases", "dumps"])
def test_a_link_set_has_the_links_of_the_page_of_all_dumps_and_of_all_descriptions(
    client: Client, settings: Settings, kind: str
) -> None:
    release = current_release(settings.releases)
    page = f"/{kind}/{release.id}/"
    header = links(client.get(page, headers=HTML).headers["Link"])
    ((address, media_type),) = header["linkset"]
    response = client.get(address)
    assert response.headers["Content-Type"] == media_type == "application/linkset+json"
    contexts = {context["anchor"]: context for context in json.loads(response.data)["linkset"]}
    site = "http://localhost"
    for relation in ("cite-as", "describedby", "type", "license"):
        named = [(urljoin(site, target), media_type) for target, media_type in header[relation]]
        assert [(one["href"], one.get("type", "")) for one in contexts[site + page][relation]] == named
    items = {item["href"]: item["type"] for item in contexts[site + page]["item"]}
    dumps = {
        f"{site}/{path}".replace("dumps/", f"dumps/{release.id}/")
        for path in release.manifest.files
        if "dumps/" in path
    }
    assert items.keys() == dumps
    for item in (f"{site}/dumps/{release.id}/graphs/survey.ttl", f"{site}/dumps/{release.id}/medsynth-kg.nq.gz"):
        assert contexts[item]["collection"] == [{"href": f"{site}/releases/{release.id}/", "type": "text/html"}]
    for described in contexts[site + page]["describedby"]:
        assert contexts[described["href"]]["describes"] == contexts[site + page]["cite-as"]


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
        "mentions": [{"@type": "SoftwareSourceCode", "@id": f"{BASE_IRI}{REPOSITORY}", "name": REPOSITORY}],
    }


def test_a_label_never_ends_the_data_block(client: Client) -> None:
    page = client.get("/paper/10.1000/a%3Cb", headers=HTML).text
    assert structured(page)["name"] == "Less <b>than</b> & more"
    assert "Less <b>" not in page
