"""Searching by the page, by suggestions and from a browser's address bar, with JavaScript and without."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from werkzeug.test import Client

from medsynth_kg.endpoint.application import Endpoint
from medsynth_kg.release.manifest import write_checksums
from medsynth_kg.release.reading import Release
from medsynth_kg.release.search_index import SEARCH_INDEX
from medsynth_kg.settings import BASE_IRI, Settings

HTML = {"Accept": "text/html"}
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


@pytest.fixture(scope="module")
def unsearchable(shipped_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A client of a release that was built before there was a search index."""
    releases: Path = tmp_path_factory.mktemp("older")
    copied = shutil.copytree(shipped_release.path, releases / shipped_release.id)
    (copied / SEARCH_INDEX).unlink()
    write_checksums(copied)
    (releases / "current").symlink_to(shipped_release.id)
    endpoint = Endpoint(Settings(releases=releases, query_workers=1))
    yield Client(endpoint)
    endpoint.close()


def test_a_misspelt_name_is_answered_by_a_page_of_links(site: Client) -> None:
    response = site.get("/search?q=ecg+difusion", headers=HTML)
    assert response.status_code == 200
    assert 'href="/paper/arxiv/2303.02475"' in response.text
    assert 'value="ecg difusion"' in response.text


@pytest.mark.parametrize(
    "query",
    [
        "10.3390/S23198328",
        "doi:10.3390/s23198328",
        "https://doi.org/10.3390/s23198328",
        "(10.3390/s23198328)",
        "https://www.mdpi.com/1424-8220/23/19/8328",
        "www.mdpi.com/1424-8220/23/19/8328/#abstract",
    ],
)
def test_an_identifier_leads_straight_to_its_paper(site: Client, query: str) -> None:
    response = site.get("/search", query_string={"q": query}, headers=HTML)
    assert (response.status_code, response.headers["Location"]) == (303, "/paper/10.3390/s23198328")


def test_hits_of_one_kind_are_counted_and_paged(site: Client) -> None:
    first = site.get("/search?q=generative&kind=paper", headers=HTML).text
    assert 'aria-current="true">Papers (' in first
    assert "Page 1 of" in first
    second = site.get("/search?q=generative&kind=paper&page=2", headers=HTML).text
    assert '<ol class="hits" start="21">' in second
    assert 'rel="prev"' in second


@pytest.mark.parametrize("page", ["0", "-1", "999999", "9" * 30, "x", "²"])
def test_a_page_that_there_is_not_is_the_nearest(site: Client, page: str) -> None:
    assert site.get("/search", query_string={"q": "ecg", "page": page}, headers=HTML).status_code == 200


def test_without_a_query_the_page_shows_what_can_be_searched(site: Client) -> None:
    text = site.get("/search", headers=HTML).text
    assert "ORCID iD" in text
    assert 'href="/search?q=style+gan+2"' in text or 'href="/search?q=style%20gan%202"' in text


def test_where_nothing_answers_what_resembles_the_query_is_shown(site: Client) -> None:
    text = site.get("/search?q=protein+folding+with+transformers", headers=HTML).text
    assert "Nothing is called" in text
    assert "What resembles it" in text
    assert "Fewer words" in site.get("/search?q=zzqx+kkkq", headers=HTML).text


@pytest.mark.parametrize("query", ['"', "NEAR(", "a\0b", "<script>alert(1)</script>", "x" * 6_000])
def test_hostile_text_is_a_query_like_any_other(site: Client, query: str) -> None:
    page = site.get("/search", query_string={"q": query}, headers=HTML)
    assert page.status_code == 200
    assert "<script>" not in page.text
    assert site.get("/search.json", query_string={"q": query}).status_code == 200


def test_suggestions_have_what_a_client_shows(site: Client) -> None:
    answer = json.loads(site.get("/search.json?q=dermascopy&limit=2").data)
    assert len(answer["results"]) == 2
    assert answer["total"] >= 2
    assert answer["results"][0].keys() == {"iri", "address", "label", "kind", "description", "score"}
    assert answer["results"][0]["iri"] == f"{BASE_IRI}modality/dermoscopy"
    assert site.get(answer["results"][0]["address"], headers=HTML).status_code == 200


def test_suggestions_of_an_unknown_kind_are_refused(site: Client) -> None:
    response = site.get("/search.json?q=ecg&kind=thing")
    assert response.status_code == 400
    assert "kinds are paper" in json.loads(response.data)["detail"]


def test_a_browser_is_told_how_to_search_and_gets_suggestions_in_its_form(site: Client) -> None:
    assert 'type="application/opensearchdescription+xml"' in site.get("/search", headers=HTML).text
    document = ElementTree.fromstring(site.get("/opensearch.xml").data)  # noqa: S314 - our own document
    addresses = {url.get("type"): url.get("template") or "" for url in document.iter(f"{OPENSEARCH}Url")}
    assert addresses["text/html"].endswith("/search?q={searchTerms}")
    address = addresses["application/x-suggestions+json"].replace("{searchTerms}", "stylegan")
    response = site.get(address)
    assert response.headers["Content-Type"] == "application/x-suggestions+json"
    query, labels, descriptions, pages = json.loads(response.data)
    assert (query, labels[0], pages[0]) == ("stylegan", "StyleGAN", "http://localhost/architecture/stylegan")
    assert len(labels) == len(descriptions) == len(pages)


def test_the_script_is_served_and_nothing_else_may_run(site: Client) -> None:
    page = site.get("/search", headers=HTML)
    assert '<script src="/static/search.js" defer></script>' in page.text
    assert "script-src 'self'; connect-src 'self'" in page.headers["Content-Security-Policy"]
    script = site.get("/static/search.js")
    assert script.headers["Content-Type"] == "text/javascript; charset=utf-8"


def test_a_release_without_an_index_says_so_and_serves_the_rest(unsearchable: Client) -> None:
    page = unsearchable.get("/search?q=ecg", headers=HTML)
    assert (page.status_code, "This release can't be searched" in page.text) == (200, True)
    response = unsearchable.get("/search.json?q=ecg")
    assert response.status_code == 501
    assert "medsynth-kg build" in json.loads(response.data)["detail"]
    assert unsearchable.get("/reconcile").status_code == 200
    assert unsearchable.post("/reconcile", data={"queries": '{"q": {"query": "ecg"}}'}).status_code == 501
