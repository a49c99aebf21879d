"""The pages and the data behind them, over the real application."""

import csv
import json
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from werkzeug.test import Client

from medsynth_kg.endpoint.answering import Answering
from medsynth_kg.endpoint.answers import Answer
from medsynth_kg.endpoint.application import Endpoint
from medsynth_kg.query.request import QueryRequest
from medsynth_kg.release.reading import current_release
from medsynth_kg.settings import BASE_IRI, Settings

from .conftest import STATEMENTS, publish, quad

HTML = {"Accept": "text/html"}
PAPER = "/paper/10.1000/a%3Cb"
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
SYNTAXES = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
PAGES = [
    "/",
    "/sparql",
    "/queries/",
    "/queries/papers",
    "/queries/papers-as-graph",
    "/queries/papers-of-a-modality?modality=ecg",
    "/queries/papers-elsewhere",
    "/queries/papers-drawn",
    "/queries/?q=papers",
    "/releases/",
    "/paper",
    PAPER,
    "/modality",
    "/modality/ecg",
    "/finding/code/ecg/7",
    "/graph/survey",
    "/ontology",
    "/dumps/",
    "/findings",
    "/explore",
    "/explore?modality=ecg",
    "/gaps",
    "/about",
    "/api",
    "/none",
]


class Outline(HTMLParser):
    """Counts the elements that every page needs once, but not those of pictures, and keeps all links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.pictures = 0
        self.tags: list[str] = []
        self.links: list[str] = []
        self.canonical = ""
        self.described = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.pictures += tag == "svg"
        own_script = tag == "script" and (values.get("src") or "").startswith("/static/")
        inert = (tag, values.get("type")) == ("script", "application/ld+json")
        if not own_script and not inert and not self.pictures:
            self.tags.append(tag)
        assert not any(name.startswith("on") or name == "style" for name in values)
        if tag == "a" and values.get("href"):
            self.links.append(values["href"] or "")
        if values.get("rel") == "canonical":
            self.canonical = values["href"] or ""
        self.described |= values.get("name") == "description" and bool(values.get("content"))

    def handle_endtag(self, tag: str) -> None:
        self.pictures -= tag == "svg"


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole_and_small_and_runs_the_sites_own_scripts_alone(client: Client, path: str) -> None:
    response = client.get(path, headers=HTML)
    outline = Outline(response.text)
    assert response.status_code == (404 if path == "/none" else 200)
    assert (outline.tags.count("h1"), outline.tags.count("title"), outline.tags.count("main")) == (1, 1, 1)
    assert outline.described
    assert outline.canonical.startswith(BASE_IRI)
    assert not {"script", "style", "iframe"} & set(outline.tags)
    assert len(response.data) < 150_000
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("path", PAGES)
def test_no_link_of_the_site_is_broken_or_dangerous(client: Client, path: str) -> None:
    for link in Outline(client.get(path, headers=HTML).text).links:
        assert link.startswith(("/", "#", "http://", "https://"))
        if link.startswith("/"):
            with client.get(link, headers=HTML) as response:
                assert response.status_code in (200, 302), link


@pytest.mark.parametrize("extension", SYNTAXES)
def test_an_entity_is_the_same_by_suffix_and_by_negotiation(client: Client, extension: str) -> None:
    by_suffix = client.get(f"{PAPER}.{extension}")
    media_type = by_suffix.headers["Content-Type"].partition(";")[0]
    negotiated = client.get(PAPER, headers={"Accept": media_type})
    triples = set(parse(by_suffix.data, format=SYNTAXES[extension]))
    label = Literal("Less <b>than</b> & more", language="en")
    assert Triple(NamedNode(BASE_IRI + PAPER[1:]), LABEL, label) in {quad.triple for quad in triples}
    assert {quad.triple for quad in parse(negotiated.data, format=SYNTAXES[extension])} == {q.triple for q in triples}
    assert negotiated.headers["Content-Location"] == f"{PAPER}.{extension}"
    assert "Accept" in negotiated.headers["Vary"]


@pytest.mark.parametrize("path", ["/paper/10.3390/s23198328", "/modality/ecg", "/ontology", "/paper"])
def test_data_tell_each_thing_at_once_and_the_one_that_was_asked_for_first(site: Client, path: str) -> None:
    ids = [node["@id"] for node in json.loads(site.get(f"{path}.jsonld").data)]
    assert len(set(ids)) == len(ids) > 10
    if path.count("/") > 1:
        assert ids[0] == BASE_IRI + path[1:]


def test_an_entity_page_shows_labels_sources_and_what_refers_to_it(client: Client) -> None:
    page = client.get(PAPER, headers=HTML).text
    assert "<h1>Less &lt;b&gt;than&lt;/b&gt; &amp; more</h1>" in page
    assert '<a href="/modality/ecg">Electrocardiogram</a>' in page
    assert 'href="/graph/curated"' in page
    assert "javascript:alert(1)" in page
    assert 'href="javascript' not in page
    assert f'<a href="{PAPER}">' in client.get("/modality/ecg", headers=HTML).text


def test_an_unknown_entity_is_not_found_in_any_format(client: Client) -> None:
    assert client.get("/paper/10.1000/none", headers=HTML).status_code == 404
    problem = client.get("/paper/10.1000/none.ttl", headers={"Accept": "text/turtle"})
    assert (problem.status_code, problem.headers["Content-Type"]) == (404, "application/problem+json")


def test_a_format_that_no_entity_has_is_not_acceptable(client: Client) -> None:
    assert client.get(PAPER, headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    ("address", "location"),
    [
        ("/paper/?page=2", "/paper?page=2"),
        ("/explore/?modality=ecg&family=gan&family=a%2Bb", "/explore?modality=ecg&family=gan&family=a%2Bb"),
        ("/paper/?page=\u00fc", "/paper?page=%C3%BC"),
        ("/paper/?", "/paper"),
    ],
)
def test_a_trailing_slash_loses_no_parameter(client: Client, address: str, location: str) -> None:
    response = client.get(address)
    assert (response.status_code, response.headers["Location"]) == (308, location)


def test_a_trailing_slash_leads_to_the_entity_and_never_to_another_host(client: Client) -> None:
    assert client.get("/modality/ecg/").headers["Location"].endswith("/modality/ecg")
    for path in ("//evil.example/", "///evil.example/x/"):
        location = client.get(path, base_url="http://localhost").headers.get("Location", "")
        assert not re.match(r"(https?:)?//evil", location)


@pytest.mark.parametrize("ending", [".json", ".xml", ".TTL", ".foo", "."])
@pytest.mark.parametrize("paper", ["/paper/10.1000/published", "/paper/arxiv/2301.00001", "/paper/10.1000/PUBLISHED"])
def test_what_no_format_ends_in_leads_nowhere(client: Client, paper: str, ending: str) -> None:
    assert client.get(paper + ending).status_code == 404


def test_the_former_address_of_a_paper_leads_to_the_present_one_in_each_format(client: Client) -> None:
    for ending in ("", ".ttl", ".html", ".bib"):
        moved = client.get(f"/paper/10.1000/published{ending}")
        assert (moved.status_code, moved.headers["Location"]) == (303, f"/paper/arxiv/2301.00001{ending}")


@pytest.mark.parametrize("host", ["kg_server:8000", "a.example:", "x~y"])
def test_any_name_that_a_host_may_have_is_where_the_site_says_that_it_is(client: Client, host: str) -> None:
    assert client.get("/dumps", headers={"Host": host}).headers["Location"] == "/dumps/"
    assert client.get("/dumps?page=2", headers={"Host": host}).headers["Location"] == "/dumps/?page=2"
    for path in ("/reconcile", "/sitemap.xml", "/robots.txt", "/openapi.json"):
        assert f"http://{host}" in client.get(path, headers={"Host": host}).text


@pytest.mark.parametrize("method", ["get", "Head", "fetch"])
def test_a_method_is_in_capitals(client: Client, method: str) -> None:
    for path in ("/healthz", "/", "/sparql"):
        response = client.open(path, method="GET", environ_overrides={"REQUEST_METHOD": method})
        assert response.status_code == 405
        assert "GET" in response.headers["Allow"]
    posted = client.open("/reconcile", method="GET", environ_overrides={"REQUEST_METHOD": "post"})
    assert "POST" in posted.headers["Allow"]
    assert "Location" not in client.open("/dumps", environ_overrides={"REQUEST_METHOD": "get"}).headers


@pytest.mark.parametrize(
    "path", ["/paper/%00", "/paper/%FF", "/dumps/%00/", "/static/..%2fapplication.py", f"/{'x' * 5000}"]
)
def test_strange_paths_are_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_saved_query_has_its_answer_by_suffix_and_its_text(client: Client) -> None:
    assert client.get("/queries/papers.csv").data.startswith(b"paper,label\r\n")
    assert len(json.loads(client.get("/queries/papers.json").data)["results"]["bindings"]) == 2
    assert client.get("/queries/papers.rq").text.startswith("PREFIX msk:")
    assert client.get("/queries/papers.ttl").status_code == 404
    assert client.get("/queries/papers-as-graph.ttl").status_code == 200
    assert client.get("/queries/none").status_code == 404


def test_a_parameter_is_bound_as_a_term_and_never_pasted(client: Client) -> None:
    def rows(modality: str) -> int:
        response = client.get("/queries/papers-of-a-modality.json", query_string={"modality": modality})
        assert response.status_code == 200
        return len(json.loads(response.data)["results"]["bindings"])

    assert rows("ecg") == rows("ECG") == rows(f"{BASE_IRI}modality/ecg") == 1
    for hostile in ("x> } #", '"', "a b", "eeg", f"{BASE_IRI}modality/eeg"):
        response = client.get("/queries/papers-of-a-modality.json", query_string={"modality": hostile})
        assert response.status_code == 400
        assert "it takes ecg" in json.loads(response.data)["detail"]


def test_a_parameter_is_chosen_from_the_graph(client: Client) -> None:
    page = client.get("/queries/papers-of-a-modality?modality=ecg", headers=HTML).text
    assert '<option value="ecg" selected>Electrocardiogram (1)</option>' in page


def test_dumps_are_listed_with_checksums_and_served_with_ranges(client: Client, settings: Settings) -> None:
    release = current_release(settings.releases)
    entry = release.manifest.files["dumps/medsynth-kg.nt"]
    assert entry.sha256 in client.get("/dumps/", headers=HTML).text
    latest = client.get("/dumps/latest/medsynth-kg.nt")
    assert (latest.status_code, latest.headers["Location"]) == (302, f"/dumps/{release.id}/medsynth-kg.nt")
    whole = client.get(latest.headers["Location"])
    part = client.get(latest.headers["Location"], headers={"Range": "bytes=0-9"})
    again = client.get(latest.headers["Location"], headers={"If-None-Match": whole.headers["ETag"]})
    assert (whole.headers["Content-Type"], len(whole.data)) == ("application/n-triples", entry.size)
    assert (part.status_code, part.data) == (206, whole.data[:10])
    assert again.status_code == 304
    for response in (latest, whole, part, again):
        response.close()


@pytest.mark.parametrize("name", ["../manifest.json", "..%2fmanifest.json", "/etc/passwd", "none.ttl", "graphs"])
def test_nothing_but_a_dump_is_served_as_one(client: Client, settings: Settings, name: str) -> None:
    release = current_release(settings.releases)
    assert client.get(f"/dumps/{release.id}/{name}").status_code == 404
    assert client.get(f"/dumps/latest/{name}").status_code == 404
    assert client.get(f"/dumps/../{release.id}/").status_code == 404


def test_the_ontology_is_a_page_and_data(client: Client) -> None:
    assert 'id="Paper"' in client.get("/ontology", headers=HTML).text
    for response in (client.get("/ontology", headers={"Accept": "text/turtle"}), client.get("/ontology.ttl")):
        assert {quad.subject.value for quad in parse(response.data, format=RdfFormat.TURTLE)} == {
            f"{BASE_IRI}ontology",
            f"{BASE_IRI}ontology#Paper",
        }


def test_the_data_set_describes_itself_at_the_well_known_address(client: Client) -> None:
    for path in ("/.well-known/void", "/void"):
        response = client.get(path)
        described = {quad.subject for quad in parse(response.data, format=RdfFormat.TURTLE)}
        assert NamedNode(f"{BASE_IRI}void#dataset") in described
        response.close()


def test_findings_come_as_a_page_and_as_tables(client: Client) -> None:
    assert "The code link is not an address." in client.get("/findings", headers=HTML).text
    assert b"The code link is not an address." in client.get("/findings.csv").data


@pytest.mark.parametrize(
    ("path", "accept", "location"),
    [
        ("/findings", "text/csv", "/findings.csv"),
        ("/findings", "text/tab-separated-values", "/findings.tsv"),
        ("/findings", "application/json", "/findings.json"),
        ("/findings", "application/sparql-results+json", "/findings.json"),
        ("/releases/", "text/turtle", "/releases/ldes.ttl"),
        ("/releases/", "application/atom+xml", "/releases/feed.atom"),
    ],
)
def test_a_list_comes_as_what_a_client_accepts(client: Client, path: str, accept: str, location: str) -> None:
    response, alone = client.get(path, headers={"Accept": accept}), client.get(location)
    assert (response.status_code, response.data) == (200, alone.data)
    assert response.headers["Content-Type"] == alone.headers["Content-Type"]
    assert response.headers["Content-Location"] == location
    assert "Accept" in response.headers["Vary"]


@pytest.mark.parametrize(("path", "accept"), [("/findings", "text/turtle"), ("/releases/", "text/csv")])
def test_what_a_list_does_not_come_as_is_not_acceptable(client: Client, path: str, accept: str) -> None:
    assert client.get(path, headers={"Accept": accept}).status_code == 406
    assert client.get(path).mimetype == client.get(path, headers={"Accept": "*/*"}).mimetype == "text/html"


def test_the_operator_sees_life_readiness_and_metrics(client: Client) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").text.startswith("ready: release 2026-01-31-")
    client.get("/sparql", query_string={"query": "SELECT nonsense"})
    metrics = client.get("/metrics").text
    assert re.search(r'^medsynth_kg_queries_total\{outcome="answered"\} [1-9]', metrics, re.MULTILINE)
    assert 'medsynth_kg_query_seconds_bucket{le="+Inf"}' in metrics
    assert 'medsynth_kg_release_info{release="2026-01-31-' in metrics


def test_a_new_release_is_taken_up_and_the_old_one_closed(tmp_path: Path) -> None:
    publish(tmp_path)
    endpoint = Endpoint(Settings(releases=tmp_path, query_workers=1))
    client = Client(endpoint)
    try:
        before = client.get("/sparql", query_string={"query": "SELECT * { ?s ?p ?o }"})
        newer = publish(tmp_path, (*STATEMENTS, quad("paper/arxiv/2301.00002", "rdf:type", "msk:Paper")))
        after = client.get("/sparql", query_string={"query": "SELECT * { ?s ?p ?o }"})
        assert before.headers["Release-Id"] != newer.id == after.headers["Release-Id"]
        assert before.headers["ETag"] != after.headers["ETag"]
        assert client.get("/paper/arxiv/2301.00002", headers=HTML).status_code == 200
        old = client.get(f"/dumps/{before.headers['Release-Id']}/medsynth-kg.nt")
        assert old.status_code == 200
        old.close()
    finally:
        endpoint.close()


def test_a_damaged_new_release_leaves_the_old_one_serving(tmp_path: Path) -> None:
    release = publish(tmp_path)
    endpoint = Endpoint(Settings(releases=tmp_path, query_workers=1))
    try:
        (tmp_path / "current").unlink()
        (tmp_path / "current").symlink_to("2026-02-01-000000000000")
        for _ in range(2):
            assert Client(endpoint).get("/readyz").headers["Release-Id"] == release.id
    finally:
        endpoint.close()


def test_the_page_about_the_graph_shows_a_row_as_the_tables_have_it(client: Client) -> None:
    (row,) = re.findall(
        r"<pre[^>]*A row of a table[^>]*>(.*?)</pre>", client.get("/about", headers=HTML).text, re.DOTALL
    )
    head, line = unescape(row).splitlines()
    tables = Path(__file__).parents[2] / "data" / "survey"
    assert head == (tables / "ecg.csv").read_text(encoding="utf-8").partition("\n")[0]
    assert len(next(csv.reader([line]))) == len(head.split(","))


@pytest.mark.parametrize("page", [PAPER, "/queries/papers.csv"])
def test_what_a_page_asks_is_asked_by_its_reader(client: Client, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[str] = set()
    answer = Answering.answer

    def note_and_answer(answering: Answering, request: QueryRequest) -> Answer:
        asked.add(request.client)
        return answer(answering, request)

    monkeypatch.setattr(Answering, "answer", note_and_answer)
    assert client.get(page, environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 200
    assert asked == {"192.0.2.7"}
