"""Redirects from others' identifiers, near matches, lists for machines, federated queries, dumps as files."""

import json
import xml.etree.ElementTree as ElementTree  # the sitemap is our own

import pytest
from pyoxigraph import RdfFormat, parse
from werkzeug.test import Client

from medsynth_kg.endpoint.application import Endpoint
from medsynth_kg.release.compression import decompress
from medsynth_kg.release.reading import current_release
from medsynth_kg.settings import BASE_IRI, Settings

HTML = {"Accept": "text/html"}
ARXIV_PAPER = "/paper/arxiv/2301.00001"


@pytest.mark.parametrize(
    ("address", "location"),
    [
        ("/doi/10.1000/published", ARXIV_PAPER),
        ("/doi/10.1000/PUBLISHED", ARXIV_PAPER),
        ("/doi/10.1000/A%3CB", "/paper/10.1000/a%3Cb"),
        ("/doi/https://doi.org/10.1000/published", ARXIV_PAPER),
        ("/doi/doi.org/10.1000/published", ARXIV_PAPER),
        ("/arxiv/https://arxiv.org/abs/2301.00001v2", ARXIV_PAPER),
        ("/arxiv/2301.00001", ARXIV_PAPER),
        ("/paper/10.1000/published", ARXIV_PAPER),
        ("/paper/10.1000/Published.ttl", f"{ARXIV_PAPER}.ttl"),
        ("/arxiv/2301.00001v3", ARXIV_PAPER),
        ("/github/Owner/Name", "/repository/github.com/owner/name"),
        ("/github/owner/name.git", "/repository/github.com/owner/name"),
        ("/github/https://github.com/owner/name", "/repository/github.com/owner/name"),
        ("/github/github.com/Owner/Name.git", "/repository/github.com/owner/name"),
    ],
)
def test_an_identifier_of_others_leads_to_the_entity(client: Client, address: str, location: str) -> None:
    response = client.get(address)
    assert (response.status_code, response.headers["Location"]) == (303, location)
    assert client.get(location, headers=HTML).status_code == 200


@pytest.mark.parametrize("address", ["/doi/10.1000/none", "/doi/none", "/arxiv/1", "/github/owner/none"])
def test_an_identifier_that_no_entity_has_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_what_resembles_an_unknown_paper_is_named_by_its_title_and_is_no_author_of_it(site: Client) -> None:
    text = site.get("/paper/10.3390/s2319832", headers=HTML).text
    near = text.partition("Something like it")[2].partition("</ul>")[0]
    assert '<a href="/paper/10.3390/s23198328">ECG Synthesis via Diffusion-Based State Space' in near
    assert '<span class="note">paper/10.3390/s23198328</span>' in near
    assert "/author/" not in near
    assert "/author/1" in site.get("/paper/10.3390/s2319832/author/1", headers=HTML).text.partition("Something")[2]


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/modality/egc", "modality/ecg"),
        ("/modality/electrocardiograms", "modality/ecg"),
        ("/modality/ekg", "modality/ecg"),
        ("/paper/arxiv/2301.00002", "paper/arxiv/2301.00001"),
        ("/modalities", "modality"),
        ("/queries/paper", "queries/papers"),
        ("/github/owner/nam", "repository/github.com/owner/name"),
    ],
)
def test_an_unknown_entity_comes_with_what_resembles_it(client: Client, path: str, near: str) -> None:
    problem = client.get(path, headers={"Accept": "application/json"})
    assert problem.status_code == 404
    assert json.loads(problem.data)["near"][0] == BASE_IRI + near
    assert f'<a href="/{near}">' in client.get(path, headers=HTML).text


def test_what_resembles_nothing_comes_without_near_matches(client: Client) -> None:
    for path in ("/modality/zzzzzzzz", "/zzzzzzzz", f"/modality/{'ecg' * 100}"):
        problem = client.get(path, headers={"Accept": "application/json"})
        assert problem.status_code == 404
        assert "near" not in json.loads(problem.data)


def test_the_version_of_the_ontology_leads_to_the_ontology(client: Client) -> None:
    response = client.get("/ontology/0.1.0")
    assert (response.status_code, response.headers["Location"]) == (302, "/ontology")
    assert client.get("/ontology/9.9.9").status_code == 404


def test_the_saved_queries_come_as_data(client: Client) -> None:
    response = client.get("/queries.ttl")
    assert response.mimetype == "text/turtle"
    subjects = {quad.subject.value for quad in parse(response.data, format=RdfFormat.TURTLE)}
    assert subjects == {f"{BASE_IRI}queries/papers"}


@pytest.mark.parametrize(
    ("address", "formats"),
    [
        ("/findings.foo", ("/findings.csv", "/findings.tsv", "/findings.json")),
        ("/ontology.foo", ("/ontology.ttl", "/ontology.nt", "/ontology.rdf", "/ontology.jsonld")),
        ("/queries.csv", ("/queries.ttl", "/queries.nt", "/queries.rdf", "/queries.jsonld")),
        ("/gaps.foo", ("/gaps.csv", "/gaps.json", "/gaps.rq")),
        ("/explore.foo", ("/explore.csv", "/explore.json", "/explore.rq", "/explore.bib")),
        ("/citation.foo", ("/citation.bib", "/citation.ris", "/citation.csl.json")),
    ],
)
def test_an_extension_that_is_no_format_is_not_found_and_those_that_are_get_named(
    client: Client, address: str, formats: tuple[str, ...]
) -> None:
    problem = client.get(address, headers={"Accept": "text/turtle"})
    assert problem.status_code == 404
    assert set(formats) <= set(json.loads(problem.data)["detail"].replace(",", "").split())


def test_the_sitemap_lists_pages_that_answer_at_the_host_that_was_asked(client: Client) -> None:
    response = client.get("/sitemap.xml", base_url="http://graph.example")
    addresses = [element.text or "" for element in ElementTree.fromstring(response.data).iter() if "loc" in element.tag]  # noqa: S314  # our own text
    assert "http://graph.example/paper/10.1000/a%3Cb" in addresses
    for address in addresses:
        assert client.get(address.removeprefix("http://graph.example"), headers=HTML).status_code == 200
    assert (
        "Sitemap: http://graph.example/sitemap.xml" in client.get("/robots.txt", base_url="http://graph.example").text
    )


def test_a_federated_query_is_shown_and_not_run(client: Client) -> None:
    before = client.get("/metrics").text.count('outcome="service')
    page = client.get("/queries/papers-elsewhere", headers=HTML)
    assert page.status_code == 200
    assert "https://service.example/sparql" in page.text
    assert "SERVICE &lt;https://service.example/sparql&gt;" in page.text
    assert '<form action="/sparql" method="post">' in page.text
    assert client.get("/metrics").text.count('outcome="service') == before
    assert client.get("/queries/papers-elsewhere.rq").status_code == 200


def test_where_no_service_may_be_asked_a_federated_query_has_no_button(settings: Settings) -> None:
    endpoint = Endpoint(settings.model_copy(update={"services": (), "query_workers": 1}))
    try:
        page = Client(endpoint).get("/queries/papers-elsewhere", headers=HTML).text
    finally:
        endpoint.close()
    assert "This endpoint asks no other services" in page
    assert page.count("<button") == page.count('role="search"') == 1


def test_the_answer_of_a_federated_query_is_a_problem_that_says_where_to_run_it(client: Client) -> None:
    response = client.get("/queries/papers-elsewhere.csv")
    assert (response.status_code, response.headers["Content-Type"]) == (404, "application/problem+json")
    assert "https://service.example/sparql" in json.loads(response.data)["detail"]


def test_lists_mark_federated_queries_and_no_link_runs_them(client: Client) -> None:
    assert client.get("/queries/", headers=HTML).text.count("asks other services") == 1
    assert client.get("/", headers=HTML).text.count("asks other services") == 1
    assert "papers-elsewhere" not in client.get("/sparql", headers=HTML).text
    assert "service.example" not in client.get("/sparql", headers=HTML).text


@pytest.mark.parametrize(
    ("extension", "content_type"),
    [
        ("ttl", "text/turtle; charset=utf-8"),
        ("nt", "application/n-triples"),
        ("nq", "application/n-quads"),
        ("trig", "application/trig"),
        ("rdf", "application/rdf+xml"),
        ("jsonld", "application/ld+json"),
    ],
)
@pytest.mark.parametrize(("compression", "packed_type"), [("gz", "application/gzip"), ("zst", "application/zstd")])
@pytest.mark.parametrize("accepted", ["gzip", "zstd", "gzip, zstd, br"])
def test_a_dump_is_a_file_of_its_type_and_a_compressed_one_is_no_encoding_of_it(
    client: Client,
    settings: Settings,
    extension: str,
    content_type: str,
    compression: str,
    packed_type: str,
    accepted: str,
) -> None:
    address = f"/dumps/{current_release(settings.releases).id}/medsynth-kg.{extension}"
    headers = {"Accept-Encoding": accepted}
    with (
        client.get(address, headers=headers) as plain,
        client.get(f"{address}.{compression}", headers=headers) as packed,
    ):
        assert plain.headers["Content-Type"] == content_type
        assert packed.headers["Content-Type"] == packed_type
        assert "Content-Encoding" not in plain.headers
        assert "Content-Encoding" not in packed.headers
        assert decompress(packed.data, compression) == plain.data
        assert packed.headers["Content-Disposition"] == f"attachment; filename=medsynth-kg.{extension}.{compression}"
        assert plain.headers["ETag"] != packed.headers["ETag"]


def test_a_download_goes_on_only_with_the_file_that_it_began_with(client: Client, settings: Settings) -> None:
    address = f"/dumps/{current_release(settings.releases).id}/medsynth-kg.nt.gz"
    with client.head(address) as whole:
        tag, size = whole.headers["ETag"], int(whole.headers["Content-Length"])
        assert whole.headers["Accept-Ranges"] == "bytes"
    for if_range, status in ((tag, 206), ('"another"', 200)):
        with client.get(address, headers={"Range": "bytes=5-", "If-Range": if_range}) as rest:
            assert (rest.status_code, len(rest.data)) == (status, size - 5 if status == 206 else size)
    with client.get(address, headers={"Range": f"bytes={size}-"}) as beyond:
        assert beyond.status_code == 416


def test_who_asks_for_several_ranges_gets_the_whole(client: Client, settings: Settings) -> None:
    address = f"/dumps/{current_release(settings.releases).id}/medsynth-kg.nt"
    with client.get(address) as whole, client.get(address, headers={"Range": "bytes=0-9,20-29"}) as answer:
        assert (answer.status_code, answer.data) == (200, whole.data)


def test_a_description_has_the_same_tag_wherever_the_release_was_copied_to(client: Client, settings: Settings) -> None:
    release = current_release(settings.releases)
    with client.get(f"/releases/{release.id}/void.ttl") as response:
        assert response.headers["ETag"] == f'"{release.manifest.files["void.ttl"].sha256}"'
