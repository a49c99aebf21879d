"""Programs that people use with SPARQL endpoints, as they come, and the requests that web clients are known to send."""

import io
import json
import subprocess
from typing import Any
from urllib.parse import quote, urlencode

import pandas
import pytest
import requests
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)
from tests.end_to_end.server import Server

from medsynth_kg.release.reading import Release
from medsynth_kg.settings import BASE_IRI

PAPER = f"{BASE_IRI}ontology#Paper"
PAPERS = f"SELECT ?paper {{ ?paper a <{PAPER}> }} ORDER BY ?paper"
ONE_PAPER = f"CONSTRUCT WHERE {{ ?paper a <{PAPER}> }}"
WAYS = [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)]


@pytest.fixture(scope="module")
def papers(shipped_release: Release) -> int:
    return shipped_release.manifest.counts["classes"][PAPER]


def by_wrapper(server: Server, query: str, method: str, request: str, answer: str) -> Any:
    """What SPARQLWrapper makes of an answer; its type depends on the format."""
    client = SPARQLWrapper(server.sparql, returnFormat=answer)
    client.setQuery(query)
    client.setMethod(method)
    client.setRequestMethod(request)
    return client.queryAndConvert()


@pytest.mark.parametrize(("method", "request_method"), WAYS)
def test_sparqlwrapper_selects(server: Server, papers: int, method: str, request_method: str) -> None:
    ways = (method, request_method)
    answer = by_wrapper(server, PAPERS, *ways, JSON)
    assert len(answer["results"]["bindings"]) == papers
    document = by_wrapper(server, PAPERS, *ways, XML)
    assert len(document.getElementsByTagName("result")) == papers
    table = by_wrapper(server, PAPERS, *ways, CSV)
    assert table.count(b"\r\n") == papers + 1
    assert by_wrapper(server, PAPERS, *ways, TSV).count(b"\n") == papers + 1


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # SPARQLWrapper still uses it
@pytest.mark.parametrize(("method", "request_method"), WAYS)
def test_sparqlwrapper_asks_constructs_and_describes(
    server: Server, papers: int, method: str, request_method: str
) -> None:
    ways = (method, request_method)
    assert by_wrapper(server, f"ASK {{ ?paper a <{PAPER}> }}", *ways, JSON) == {
        "head": {},
        "boolean": True,
    }
    graph = Graph().parse(by_wrapper(server, ONE_PAPER, *ways, TURTLE), format="turtle")
    assert len(graph) == papers
    assert len(Graph().parse(by_wrapper(server, ONE_PAPER, *ways, N3), format="turtle")) == papers
    assert len(by_wrapper(server, ONE_PAPER, *ways, RDFXML)) == papers
    assert len(by_wrapper(server, ONE_PAPER, *ways, JSONLD)) == papers
    description = by_wrapper(server, f"DESCRIBE <{BASE_IRI}modality/ecg>", *ways, XML)
    assert URIRef(f"{BASE_IRI}modality/ecg") in set(description.subjects())


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("answer", ["json", "xml", "csv"])
def test_rdflib_queries_the_endpoint_as_a_graph(server: Server, papers: int, method: str, answer: str) -> None:
    graph = Graph(SPARQLStore(server.sparql, method=method, returnFormat=answer))
    assert len(list(graph.query(PAPERS))) == papers
    assert graph.query(f"ASK {{ ?paper a <{PAPER}> }}").askAnswer is (None if answer == "csv" else True)


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_reads_triples_from_the_endpoint(server: Server, papers: int, method: str) -> None:
    graph = Graph(SPARQLStore(server.sparql, method=method))
    modality = URIRef(f"{BASE_IRI}modality/ecg")
    label = URIRef("http://www.w3.org/2004/02/skos/core#prefLabel")
    assert Literal("Electrocardiogram", lang="en") in set(graph.objects(modality, label))
    constructed = graph.query(ONE_PAPER).graph
    assert constructed is not None
    assert len(constructed) == papers


def test_rdflib_loads_the_address_of_a_graph_answer(server: Server, papers: int) -> None:
    address = f"{server.sparql}?{urlencode({'query': ONE_PAPER})}"
    assert [len(Graph().parse(address, format=syntax)) for syntax in (None, "nt", "xml")] == [papers] * 3
    description = Graph().parse(server.sparql)
    endpoint = URIRef("http://www.w3.org/ns/sparql-service-description#endpoint")
    assert list(description.objects(None, endpoint)) == [URIRef(server.sparql)]


@pytest.mark.parametrize("parameter", [{"format": "csv"}, {"output": "csv"}, {"format": "text/csv"}])
def test_pandas_reads_an_address_as_a_table(server: Server, papers: int, parameter: dict[str, str]) -> None:
    table = pandas.read_csv(f"{server.sparql}?{urlencode({'query': PAPERS, **parameter})}")
    assert list(table.columns) == ["paper"]
    assert len(table) == papers


def test_pandas_reads_saved_queries_and_accepts_what_it_is_told_to(server: Server, papers: int) -> None:
    address = f"{server.sparql}?query={quote(PAPERS)}"
    accepted = {"Accept": "text/tab-separated-values", "Accept-Encoding": "gzip"}
    table = pandas.read_csv(address, sep="\t", storage_options=accepted)
    assert list(table.columns) == ["?paper"]
    assert len(table) == papers
    assert pandas.read_csv(f"{server.address}/queries/papers-by-modality.csv")["papers"].min() > 0


def curl(*arguments: str) -> str:
    command = ("curl", "--silent", "--show-error", *arguments)
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_curl_looks_at_the_headers_first(server: Server) -> None:
    headers = curl("--head", f"{server.sparql}?query={quote(PAPERS)}").lower().splitlines()
    assert headers[0].startswith("http/1.1 200")
    assert "content-type: application/sparql-results+json" in headers


@pytest.mark.parametrize("path", ["/sparql", "/sparql/"])
def test_curl_asks_in_all_three_forms(server: Server, path: str) -> None:
    query = 'SELECT ("%2B%20" AS ?x) {}'
    csv = ("--header", "Accept: text/csv", server.address + path)
    direct = ("--header", "Content-Type: application/sparql-query", "--data-binary", query)
    for arguments in (("--data-urlencode", f"query={query}"), ("--get", "--data-urlencode", f"query={query}"), direct):
        assert curl(*arguments, *csv).splitlines() == ["x", "%2B%20"]


def test_curl_is_told_what_is_wrong_with_a_query(server: Server) -> None:
    problem = json.loads(curl("--data-urlencode", "query=SELECT {", server.sparql))
    assert (problem["status"], problem["line"]) == (400, 1)


VOID = """PREFIX void: <http://rdfs.org/ns/void#>
PREFIX ext: <http://ldf.fi/void-ext#>
SELECT DISTINCT ?class ?property ?objectClass ?datatype {
  { [] void:class ?class ; void:propertyPartition ?part . ?part void:property ?property .
    OPTIONAL { { ?part void:classPartition [ void:class ?objectClass ] }
               UNION { ?part ext:datatypePartition [ ext:datatype ?datatype ] } } }
  UNION { ?linkset void:subjectsTarget [ void:class ?class ] ; void:linkPredicate ?property ;
                   void:objectsTarget [ void:class ?objectClass ] }
}"""
PREFIXES = """PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?prefix ?namespace { [] sh:namespace ?namespace ; sh:prefix ?prefix } ORDER BY ?prefix"""
EXAMPLES = """PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?example ?comment ?query {
  ?example a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct|sh:describe ?query
} ORDER BY ?example"""


def from_the_editor(server: Server, query: str) -> list[dict[str, str]]:
    """Ask as SIB's editor does, which gives up after five seconds."""
    response = requests.get(
        f"{server.sparql}?ac=1&query={quote(query)}", headers={"Accept": "application/sparql-results+json"}, timeout=5
    )
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    bindings = response.json()["results"]["bindings"]
    return [{name: term["value"] for name, term in binding.items()} for binding in bindings]


def test_sibs_editor_learns_classes_and_properties(server: Server) -> None:
    rows = from_the_editor(server, VOID)
    ontology = f"{BASE_IRI}ontology#"
    row = {"class": PAPER, "property": f"{ontology}modality", "objectClass": f"{ontology}Modality"}
    assert row in rows
    assert any(row["class"] == PAPER and "datatype" in row for row in rows)


def test_sibs_editor_learns_prefixes_without_doubt(server: Server) -> None:
    rows = from_the_editor(server, PREFIXES)
    assert {"prefix": "msk", "namespace": f"{BASE_IRI}ontology#"} in rows
    assert len({row["prefix"] for row in rows}) == len(rows)


def test_sibs_editor_learns_examples_and_can_run_one(server: Server, shipped_release: Release) -> None:
    examples = {row["example"].rpartition("/")[2]: row["query"] for row in from_the_editor(server, EXAMPLES)}
    assert set(shipped_release.manifest.queries) <= set(examples)
    rows = from_the_editor(server, examples["papers-by-modality"])
    assert len(rows) == shipped_release.manifest.queries["papers-by-modality"]


YASGUI_SOLUTIONS = "application/sparql-results+json,*/*;q=0.9"
YASGUI_GRAPHS = "application/n-triples,text/turtle,*/*;q=0.9"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_yasgui_gets_json_for_a_table_and_rdf_for_a_graph(server: Server, method: str) -> None:
    def ask(query: str, accept: str) -> str:
        values = {"params" if method == "GET" else "data": {"query": query}}
        headers = {"Accept": accept, "Origin": "https://yasgui.example"}
        response = requests.request(method, server.sparql, headers=headers, timeout=20, **values)  # type: ignore[arg-type]  # one name of two
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        return response.headers["Content-Type"]

    assert ask(PAPERS, YASGUI_SOLUTIONS) == "application/sparql-results+json"
    assert ask(ONE_PAPER, YASGUI_GRAPHS) in ("application/n-triples", "text/turtle; charset=utf-8")


def test_a_browser_may_post_a_query_from_another_site(server: Server) -> None:
    headers = {
        "Origin": "https://yasgui.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    response = requests.options(server.sparql, headers=headers, timeout=20)
    assert response.status_code in (200, 204)
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "content-type" in response.headers["Access-Control-Allow-Headers"].lower()


def test_openrefine_fetches_one_value_a_row(server: Server) -> None:
    headers = {"User-Agent": "OpenRefine 3.8.2", "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
    label = "http://www.w3.org/2004/02/skos/core#prefLabel"
    for concept, expected in (("ecg", ["Electrocardiogram"]), ("nothing like it", [])):
        query = f"SELECT ?label {{ <{BASE_IRI}modality/{quote(concept)}> <{label}> ?label }}"  # SPARQL
        address = f"{server.sparql}?query={quote(query)}&format=json"
        bindings = requests.get(address, headers=headers, timeout=20).json()["results"]["bindings"]
        assert [binding["label"]["value"] for binding in bindings] == expected


def test_a_client_that_accepts_anything_gets_the_formats_it_can_parse(server: Server, papers: int) -> None:
    solutions = parse_query_results(server.ask(PAPERS, "*/*").content, format=QueryResultsFormat.JSON)
    assert isinstance(solutions, QuerySolutions)
    assert len(list(solutions)) == papers
    assert len(list(parse(io.BytesIO(server.ask(ONE_PAPER, "*/*").content), format=RdfFormat.TURTLE))) == papers
