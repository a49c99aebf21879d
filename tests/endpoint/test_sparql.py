"""One test a rule of the SPARQL 1.1 Protocol and of HTTP, over the real application."""

import gzip
import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pytest
import zstandard
from pyoxigraph import RdfFormat, parse
from werkzeug.test import Client, TestResponse, create_environ

from medsynth_kg.endpoint.application import Endpoint
from medsynth_kg.endpoint.operation import FORM, QUERY, UPDATE
from medsynth_kg.endpoint.passing import HOLDS
from medsynth_kg.endpoint.serving import Releases
from medsynth_kg.query.guard import QUICKLY_READ
from medsynth_kg.query.steps import BLOCKING, finish
from medsynth_kg.settings import BASE_IRI, Settings

JSON = "application/sparql-results+json"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/medsynth-kg/ontology#Paper> }"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
GRAPH = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 5"


def ask(client: Client, query: str, accept: str | None = None, **parameters: str) -> TestResponse:
    headers = {"Accept": accept} if accept else {}
    return client.get("/sparql", query_string={"query": query, **parameters}, headers=headers)


def count(response: TestResponse) -> int:
    assert response.status_code == 200, response.text
    return int(json.loads(response.data)["results"]["bindings"][0]["n"]["value"])


def test_a_query_comes_by_get_by_form_and_as_the_body(client: Client) -> None:
    assert count(ask(client, COUNT)) == 2
    assert count(client.post("/sparql", data={"query": COUNT}, content_type=FORM)) == 2
    assert count(client.post("/sparql", data=COUNT, content_type=QUERY)) == 2


@pytest.mark.parametrize("text", ["%2B%20", "+ &=é\U0001f600", "a\\tb"])
def test_percent_encoding_is_decoded_once(client: Client, text: str) -> None:
    query = f'SELECT ("{text}" AS ?x) {{}}'
    expected = text.replace("\\t", "\t")
    for response in (
        ask(client, query),
        client.post("/sparql", data={"query": query}, content_type=FORM),
        client.post("/sparql", data=query.encode(), content_type=QUERY),
    ):
        assert json.loads(response.data)["results"]["bindings"][0]["x"]["value"] == expected


def test_the_trailing_slash_makes_no_difference(client: Client) -> None:
    assert client.get("/sparql/", query_string={"query": COUNT}).data == ask(client, COUNT).data


def test_the_default_graph_is_the_union_of_all_graphs(client: Client) -> None:
    query = f"ASK {{ ?paper <{BASE_IRI}ontology#modality>/a <{BASE_IRI}ontology#Modality> }}"
    assert json.loads(ask(client, query).data)["boolean"] is True


def test_a_triple_that_several_graphs_state_is_one_triple_of_their_union(client: Client) -> None:
    page = "<http://www.w3.org/2000/01/rdf-schema#seeAlso> <https://example.org/page>"
    assert count(ask(client, f"SELECT (COUNT(*) AS ?n) {{ ?s {page} }}")) == 1


def test_graph_parameters_replace_the_dataset_and_the_querys_own_from(client: Client) -> None:
    survey, vocabulary = f"{BASE_IRI}graph/survey", f"{BASE_IRI}graph/vocabulary"
    pattern = f"{{ ?s a <{BASE_IRI}ontology#Modality> }}"
    concepts = f"SELECT (COUNT(*) AS ?n) FROM <{survey}> {pattern}"  # noqa: S608  # SPARQL, and no stranger's text
    assert count(ask(client, concepts)) == 0
    assert count(ask(client, concepts, **{"default-graph-uri": vocabulary})) == 1
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert count(ask(client, named, **{"named-graph-uri": vocabulary})) == 3


def test_a_graph_that_is_not_there_is_empty(client: Client) -> None:
    assert count(ask(client, COUNT, **{"default-graph-uri": "http://example.org/none"})) == 0


@pytest.mark.parametrize(
    ("query", "accept", "content_type"),
    [
        (COUNT, "*/*", JSON),
        (COUNT, "application/json", JSON),
        (COUNT, "application/sparql-results+xml", "application/sparql-results+xml"),
        (COUNT, "text/csv", "text/csv; charset=utf-8"),
        (COUNT, "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("ASK {}", "application/sparql-results+xml", "application/sparql-results+xml"),
        (GRAPH, "*/*", "text/turtle; charset=utf-8"),
        (GRAPH, "application/ld+json;profile=x", "application/ld+json"),
        ("DESCRIBE <http://example.org/>", "application/rdf+xml", "application/rdf+xml"),
        (GRAPH, "application/n-triples", "application/n-triples"),
    ],
)
def test_the_format_is_negotiated_by_the_form_of_the_query(
    client: Client, query: str, accept: str, content_type: str
) -> None:
    response = ask(client, query, accept)
    assert (response.status_code, response.headers["Content-Type"]) == (200, content_type)
    assert response.headers["Vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize("parameter", ["format", "output"])
def test_a_format_can_be_named_in_the_address(client: Client, parameter: str) -> None:
    assert ask(client, COUNT, BROWSER, **{parameter: "csv"}).data == b"n\r\n2\r\n"


def test_a_format_that_does_not_fit_is_not_acceptable(client: Client) -> None:
    assert ask(client, COUNT, "image/png").status_code == 406
    assert ask(client, COUNT, "text/turtle").status_code == 406
    assert ask(client, COUNT, format="turtle").status_code == 406


def test_who_sends_no_query_but_accepts_only_results_is_told_to_send_one(client: Client) -> None:
    response = client.get("/sparql", headers={"Accept": "application/sparql-results+json"})
    detail = json.loads(response.data)["detail"]
    assert response.status_code == 406
    assert "“query”" in detail
    assert "description of the endpoint comes as text/turtle, application/n-triples" in detail
    assert "format=" not in detail


def test_a_syntax_error_is_told_with_line_and_column_and_no_path(client: Client) -> None:
    response = ask(client, "SELECT *\nWHERE { ?s ?p }")
    problem = json.loads(response.data)
    assert (response.status_code, response.headers["Content-Type"]) == (400, "application/problem+json")
    assert (problem["status"], problem["line"], problem["type"]) == (400, 2, f"{BASE_IRI}about#problem-syntax")
    assert "Traceback" not in response.text
    assert "/src/" not in response.text


@pytest.mark.parametrize(
    ("query_string", "status"),
    [
        ("foo=bar", 400),
        ("query=ASK{}&query=ASK{}", 400),
        ("query=", 400),
        ("query=%FF", 400),
        ("query=ASK{}&ac=1", 200),
    ],
)
def test_exactly_one_query_is_needed_and_unknown_parameters_are_ignored(
    client: Client, query_string: str, status: int
) -> None:
    assert client.get(f"/sparql?{query_string}").status_code == status


def test_updates_are_refused_with_a_sentence(client: Client) -> None:
    for response in (
        client.post("/sparql", data="CLEAR ALL", content_type=UPDATE),
        client.post("/sparql", data={"update": "CLEAR ALL"}, content_type=FORM),
        client.post("/sparql", data="CLEAR ALL", content_type=QUERY),
    ):
        assert response.status_code == 403
        assert "only reads" in json.loads(response.data)["detail"]


def test_service_is_refused(client: Client) -> None:
    assert ask(client, "ASK { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }").status_code == 400


def test_other_methods_are_named_with_those_that_are_possible(client: Client) -> None:
    response = client.put("/sparql", data="x")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, POST, OPTIONS")


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", ""])
def test_other_bodies_are_not_supported(client: Client, content_type: str) -> None:
    assert client.post("/sparql", data=COUNT, content_type=content_type).status_code == 415


def test_bodies_queries_and_addresses_have_limits(client: Client) -> None:
    assert client.post("/sparql", data=b"#" * (2**20 + 1), content_type=QUERY).status_code == 413
    assert client.post("/sparql", data=f"ASK {{}} #{'x' * 9000}", content_type=QUERY).status_code == 413
    assert client.get("/sparql?query=ASK{}&x=" + "x" * 60_000).status_code == 414


def test_a_request_may_lower_the_time_limit_and_is_told_which_limit_it_ran_into(client: Client) -> None:
    values = " ".join(str(number) for number in range(90))
    patterns = " ".join(f"VALUES ?v{number} {{ {values} }}" for number in range(6))
    response = ask(client, f"SELECT (COUNT(*) AS ?n) {{ {patterns} }}", timeout="0.3")
    assert response.status_code == 504
    assert "0.3 seconds" in json.loads(response.data)["detail"]


def test_head_has_the_headers_of_get_and_no_body(client: Client) -> None:
    got = ask(client, COUNT)
    head = client.head("/sparql", query_string={"query": COUNT})
    assert head.data == b""
    assert head.headers["Content-Length"] == got.headers["Content-Length"]
    assert head.headers["ETag"] == got.headers["ETag"]


def test_any_page_may_read_but_not_with_credentials(client: Client) -> None:
    preflight = client.options("/sparql", headers={"Origin": "https://example.org"})
    assert preflight.status_code == 204
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    answer = ask(client, COUNT)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_script_may_read_the_headers_of_downloads(client: Client) -> None:
    exposed = ask(client, COUNT).headers["Access-Control-Expose-Headers"].split(", ")
    assert {"Content-Disposition", "Repr-Digest", "Accept-Ranges", "Content-Range"} <= set(exposed)


def test_a_known_answer_is_not_sent_again(client: Client) -> None:
    entity_tag = ask(client, COUNT).headers["ETag"]
    again = client.get("/sparql", query_string={"query": COUNT}, headers={"If-None-Match": f'"x", {entity_tag}'})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", entity_tag)


def test_nor_is_it_computed_again_after_a_restart(settings: Settings, client: Client) -> None:
    query = {"query": f"{COUNT} #asked before the restart"}
    entity_tag = client.get("/sparql", query_string=query).headers["ETag"]
    restarted = Endpoint(settings)
    try:
        fresh = Client(restarted)
        again = fresh.get("/sparql", query_string=query, headers={"If-None-Match": entity_tag})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", entity_tag)
        assert b'medsynth_kg_queries_total{outcome="answered"}' not in fresh.get("/metrics").data
        other = fresh.get("/sparql", query_string=query, headers={"If-None-Match": 'W/"other"'})
        assert other.status_code == 200
    finally:
        restarted.close()


def test_answers_from_the_cache_are_the_same_to_the_byte(client: Client) -> None:
    query = "SELECT ?s { ?s ?p ?o } ORDER BY ?s ?p ?o"
    first, second = ask(client, query), ask(client, query)
    assert (first.data, list(first.headers)) == (second.data, list(second.headers))


def holds(endpoint: Endpoint, query: str) -> Callable[[], bool] | None:
    """How to see whether the response to a query may be given again, if it may."""
    environ = create_environ("/sparql", query_string={"query": query})
    list(endpoint(environ, lambda *_: bytes))
    found: Callable[[], bool] | None = environ.get(HOLDS)
    return found


def test_a_known_answer_may_be_given_again_while_its_release_is_the_current_one(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "SELECT * { ?s ?p ?o } LIMIT 7"
    assert holds(endpoint, query) is None
    still = holds(endpoint, query)
    assert still is not None
    metrics = endpoint._releases.metrics
    counted = metrics._cache_hits
    assert still()
    assert metrics._cache_hits == counted + 1
    monkeypatch.setattr(Releases, "is_behind", True)
    assert not still()
    monkeypatch.setattr(Releases, "is_behind", False)
    monkeypatch.setattr(endpoint._releases, "_current", None)
    assert not still()
    assert metrics._cache_hits == counted + 1


def test_but_not_what_may_change_nor_where_requests_are_counted(
    endpoint: Endpoint, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        assert holds(endpoint, "SELECT (RAND() AS ?x) {}") is None
    with monkeypatch.context() as patched:
        patched.setattr(Releases, "is_current", lambda *_: False)
        for _ in range(3):
            assert holds(endpoint, "ASK { ?s ?p 7 }") is None
    for option in ({"rate_limit": "100/hour"}, {"request_log": str(tmp_path / "log")}):
        with closing(Endpoint(settings.model_copy(update=option))) as counting:
            for _ in range(3):
                assert holds(counting, "ASK {}") is None


@pytest.mark.parametrize("expression", ["NOW()", "RAND()", "STRUUID()", "uuid ()"])
def test_answers_that_depend_on_time_or_chance_are_not_cached(client: Client, expression: str) -> None:
    response = ask(client, f"SELECT ({expression} AS ?x) {{}}")
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


def test_answers_are_compressed_where_that_is_accepted(client: Client) -> None:
    for accepted, unpack in (("gzip", gzip.decompress), ("gzip, zstd", zstandard.ZstdDecompressor().decompress)):
        response = client.get(
            "/sparql", query_string={"query": "SELECT * { ?s ?p ?o }"}, headers={"Accept-Encoding": accepted}
        )
        assert response.headers["Content-Encoding"] == accepted.rpartition(" ")[2]
        assert json.loads(unpack(response.data))["head"]["vars"]


def test_an_answer_too_large_for_memory_arrives_whole(client: Client) -> None:
    letters = "x" * 1000
    values = " ".join(str(number) for number in range(36))
    query = f'SELECT ?a ?b ("{letters}" AS ?c) {{ VALUES ?a {{ {values} }} VALUES ?b {{ {values} }} }}'
    for encoding in ("identity", "gzip"):
        response = client.get(
            "/sparql",
            query_string={"query": query, "format": "tsv"},
            headers={"Accept-Encoding": encoding},
        )
        body = gzip.decompress(response.data) if encoding == "gzip" else response.data
        assert body.count(b"\n") == 36 * 36 + 1
        response.close()


def test_tables_are_attachments_that_no_browser_sniffs(client: Client) -> None:
    headers = ask(client, COUNT, "text/csv").headers
    assert headers["Content-Disposition"] == 'attachment; filename="answer.csv"'
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_every_response_names_the_release(client: Client) -> None:
    for response in (ask(client, COUNT), ask(client, "nonsense"), client.get("/"), client.get("/none")):
        assert response.headers["Release-Id"].startswith("2026-01-31-")


@pytest.mark.parametrize(
    ("accept", "syntax"),
    [
        ("text/turtle", RdfFormat.TURTLE),
        ("application/rdf+xml", RdfFormat.RDF_XML),
        ("application/n-triples", RdfFormat.N_TRIPLES),
        ("application/ld+json", RdfFormat.JSON_LD),
        ("*/*", RdfFormat.TURTLE),
    ],
)
def test_a_bare_get_describes_the_service(client: Client, accept: str, syntax: RdfFormat) -> None:
    response = client.get("/sparql", headers={"Accept": accept, "Host": "127.0.0.1:8000"})
    described = {(t.predicate.value.rpartition("#")[2], str(t.object)) for t in parse(response.data, format=syntax)}
    assert ("endpoint", "<http://127.0.0.1:8000/sparql>") in described
    assert ("feature", "<http://www.w3.org/ns/sparql-service-description#UnionDefaultGraph>") in described
    assert ("name", f"<{BASE_IRI}graph/survey>") in described
    assert ("feature", "<http://www.w3.org/ns/sparql-service-description#BasicFederatedQuery>") in described


def test_the_description_names_the_limits(client: Client, settings: Settings) -> None:
    described = list(parse(client.get("/sparql", headers={"Accept": "text/turtle"}).data, format=RdfFormat.TURTLE))
    limits = {t.subject.value.rpartition("#")[2]: t.object.value for t in described if "maxValue" in t.predicate.value}
    assert {name: float(value) for name, value in limits.items()} == {
        "time-limit": settings.query_timeout,
        "memory-limit": settings.query_memory,
        "result-size-limit": settings.result_size,
        "query-length-limit": settings.query_length,
    }


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [("application/json", "application/ld+json"), ("text/plain, */*;q=0.1", "application/n-triples")],
)
def test_the_description_comes_in_what_clients_call_its_formats(client: Client, accept: str, media_type: str) -> None:
    assert client.get("/sparql", headers={"Accept": accept}).headers["Content-Type"] == media_type


def test_federation_is_claimed_only_where_a_service_may_be_asked(settings: Settings) -> None:
    offline = Endpoint(settings.model_copy(update={"services": ()}))
    try:
        client = Client(offline)
        assert "BasicFederatedQuery" not in client.get("/sparql", headers={"Accept": "text/turtle"}).text
        refused = ask(client, "ASK { SERVICE <https://sparql.dblp.org/sparql> { ?s ?p ?o } }")
        assert refused.status_code == 400
    finally:
        offline.close()


@pytest.mark.parametrize("host", ["evil.example", "203.0.113.66:666", "999.999.999.999:1", "[2001:db8::1]"])
def test_a_strangers_host_header_does_not_get_into_the_description(client: Client, host: str) -> None:
    response = client.get("/sparql", headers={"Accept": "text/turtle", "Host": host})
    assert host not in response.text
    assert f"{BASE_IRI}sparql" in response.text


@pytest.mark.parametrize("host", ["LOCALHOST:8000", "127.0.0.1", "[::1]:8000", "192.168.1.2:8000"])
def test_addresses_that_can_only_be_our_own_are_described_as_asked(client: Client, host: str) -> None:
    assert f"http://{host}/sparql" in client.get("/sparql", headers={"Accept": "text/turtle", "Host": host}).text


def test_a_site_that_is_told_its_address_names_no_other(settings: Settings) -> None:
    told = Endpoint(settings.model_copy(update={"public_address": "https://kg.example.org"}))
    with closing(told):
        for path in ("/sparql", "/robots.txt", "/releases/feed.atom"):
            text = Client(told).get(path, headers={"Accept": "text/turtle, */*;q=0.5", "Host": "evil.example"}).text
            assert "https://kg.example.org/" in text
            assert "evil.example" not in text


@pytest.mark.parametrize("address", ["/sparql//", "//sparql"])
def test_more_slashes_lose_no_query(client: Client, address: str) -> None:
    response = client.get(f"http://localhost{address}?{urlencode({'query': 'ASK {}', 'format': 'csv'})}")
    assert (response.status_code, response.text) == (200, "true")


def test_one_format_may_be_named_in_several_ways(client: Client) -> None:
    several = [("query", COUNT), ("format", "tsv"), ("output", "text/tab-separated-values"), ("format", "unknown")]
    response = client.get(f"/sparql?{urlencode(several)}")
    assert response.headers["Content-Type"] == "text/tab-separated-values; charset=utf-8"
    assert client.get(f"/sparql?{urlencode([*several, ('format', 'json')])}").status_code == 400


def test_what_chance_or_others_say_is_not_kept(client: Client) -> None:
    for query in ("SELECT (NOW#\n() AS ?t) {}", "SELECT (RAND () AS ?t) {}"):
        response = ask(client, query)
        assert response.headers["Cache-Control"] == "no-store"
        assert "ETag" not in response.headers


def test_a_long_query_is_never_read_on_the_event_loop(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr("medsynth_kg.endpoint.answering.repeats", read.append)
    query = f"SELECT (RAND() AS ?x) {{}} #{'x' * QUICKLY_READ}"
    for _ in range(2):
        environ = create_environ("/sparql", method="POST", data=query, content_type=QUERY)
        steps = endpoint.steps(environ, lambda *_: bytes)
        assert next(steps) is BLOCKING
        assert read == []
        finish(steps)
        assert read.pop() == query


def test_a_body_of_another_type_is_told_which_would_do(client: Client) -> None:
    response = client.post("/sparql", data="ASK {}", content_type="text/plain")
    assert response.status_code == 415
    assert "application/sparql-query" in response.headers["Accept-Post"]
    assert "Accept-Encoding" not in response.headers


def test_a_compressed_body_is_told_that_it_may_not_be(client: Client) -> None:
    headers = {"Content-Encoding": "gzip"}
    response = client.post("/sparql", data=gzip.compress(b"ASK {}"), content_type=QUERY, headers=headers)
    assert response.status_code == 415
    assert response.headers["Accept-Encoding"] == "identity"


def test_a_browser_gets_a_form_and_the_answer_as_a_table(client: Client) -> None:
    assert "<textarea" in client.get("/sparql", headers={"Accept": BROWSER}).text
    page = ask(client, "SELECT ?s ?l { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l }", BROWSER)
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert '<a href="/paper/10.1000/a%3Cb">' in page.text
    assert "Less &lt;b&gt;than&lt;/b&gt; &amp; more" in page.text


def test_a_browser_gets_the_error_at_its_line(client: Client) -> None:
    page = ask(client, "SELECT *\nWHERE { ?s ?p }", BROWSER)
    assert page.status_code == 400
    assert '<span class="wrong">  2  WHERE { ?s ?p }</span>' in page.text


def test_markup_in_a_query_stays_text(client: Client) -> None:
    page = ask(client, 'SELECT ("</textarea><script>alert(1)</script>" AS ?x) {}', BROWSER)
    assert "<script>" not in page.text
    assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]
