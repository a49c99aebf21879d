"""Nothing between the engine and the client changes an answer, in any format, by any form of request."""

from collections import Counter
from collections.abc import Iterable, Iterator

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)
from tests.end_to_end.server import Server

from medsynth_kg.query.formats import GRAPH_FORMATS
from medsynth_kg.query.saved import load_saved_queries
from medsynth_kg.release.reading import Release
from medsynth_kg.settings import BASE_IRI, shipped_directory

JSON, XML, TSV, CSV = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/tab-separated-values",
    "text/csv",
)
EXACT = {JSON: QueryResultsFormat.JSON, XML: QueryResultsFormat.XML, TSV: QueryResultsFormat.TSV}
"""Formats that carry whole terms; CSV carries their values alone."""
GRAPHS = {known.media_type: known.syntax for known in GRAPH_FORMATS}
SAVED = {query.slug: query for query in load_saved_queries(shipped_directory("queries")) if not query.federated}
PROLOGUE = f"""BASE <{BASE_IRI}>
PREFIX msk: <{BASE_IRI}ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
SOLUTION_QUERIES = {
    "basic pattern": "SELECT ?p ?l { ?p a msk:Paper ; rdfs:label ?l }",
    "every variable": "SELECT * { ?p msk:modality ?m . ?m skos:prefLabel ?l }",
    "optional": "SELECT ?p ?r { ?p a msk:Paper OPTIONAL { ?p msk:codeRepository ?r } }",
    "union": "SELECT ?x ?y { { ?x a msk:Modality } UNION { ?y a msk:ModelFamily } }",
    "minus": "SELECT ?p { ?p a msk:Paper MINUS { ?p msk:codeRepository ?r } }",
    "exists": "SELECT ?p { ?p a msk:Paper FILTER EXISTS { ?p msk:codeRepository ?r } }",
    "not exists": "SELECT ?p { ?p a msk:Paper FILTER NOT EXISTS { ?p msk:metric ?r } }",
    "filter": "SELECT ?e ?r { ?e msk:row ?r FILTER (?r > 3 && ?r IN (4, 5, 6) || !bound(?r)) }",
    "bind and strings": 'SELECT ?s { ?p rdfs:label ?l BIND (CONCAT(UCASE(SUBSTR(?l, 1, 3)), "-", STRLEN(?l)) AS ?s) }',
    "strings of numbers": "SELECT (STR(?r) AS ?s) (STRDT(STR(?r), xsd:decimal) AS ?d) { ?e msk:row ?r }",
    "values": 'SELECT ?a ?b { VALUES (?a ?b) { (1 UNDEF) (UNDEF "x"@en) (<y> true) } }',
    "values at the end": "SELECT ?p { ?p msk:modality ?m } VALUES ?m { <modality/ecg> <modality/eeg> }",
    "groups": "SELECT ?m (COUNT(?p) AS ?n) { ?p msk:modality ?m } GROUP BY ?m HAVING (COUNT(?p) > 1)",
    "aggregates": "SELECT (SUM(?r) AS ?s) (AVG(?r) AS ?a) (MIN(?r) AS ?i) (MAX(?r) AS ?x) { ?e msk:row ?r }",
    "concatenated group": 'SELECT (GROUP_CONCAT(?x; SEPARATOR="|") AS ?all) { VALUES ?x { 1 2 3 } }',
    "distinct": "SELECT DISTINCT ?m { ?p msk:modality ?m }",
    "ordered page": "SELECT ?p { ?p a msk:Paper } ORDER BY DESC(?p) LIMIT 7 OFFSET 3",
    "sub-select": "SELECT ?p ?n { { SELECT ?p (COUNT(*) AS ?n) { ?p msk:surveyEntry ?e } GROUP BY ?p } }",
    "path sequence": "SELECT ?l { ?p msk:modality/skos:prefLabel ?l }",
    "path closure": "SELECT ?a ?b { ?a skos:broader+ ?b }",
    "path inverse and choice": "SELECT ?a ?b { ?a (^skos:broader|skos:topConceptOf)? ?b . ?a a msk:ModelFamily }",
    "negated path": "SELECT ?v { <modality/ecg> !(rdfs:label|skos:prefLabel) ?v }",
    "graphs": "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    "named graph": "SELECT ?m { GRAPH <graph/vocabulary> { ?m a msk:Modality } }",
    "from": "SELECT (COUNT(*) AS ?n) FROM <graph/vocabulary> FROM NAMED <graph/survey> { ?s ?p ?o }",
    "from named": "SELECT (COUNT(*) AS ?n) FROM NAMED <graph/survey> { GRAPH ?g { ?s ?p ?o } }",
    "dates": 'SELECT (YEAR("2024-02-29T01:02:03Z"^^xsd:dateTime) AS ?y) ("2024"^^xsd:gYear AS ?g) {}',
    "numbers": "SELECT (1/3 AS ?d) (1e0/3 AS ?e) (ROUND(2.5) AS ?r) (-7 AS ?n) (1.50 AS ?z) {}",
    "conditions": 'SELECT (IF(1 < 2, "yes"@en, 0) AS ?a) (COALESCE(?none, 1/0, "else") AS ?b) (?none AS ?c) {}',
    "kinds of terms": "SELECT ?v (isIRI(?v) AS ?i) (LANG(?v) AS ?l) (DATATYPE(?v) AS ?d) { <modality/ecg> ?q ?v }",
    "hashes and addresses": 'SELECT (SHA256("é") AS ?h) (ENCODE_FOR_URI("a b/é") AS ?u) (IRI("x y") AS ?bad) {}',
    "replacements": 'SELECT (REPLACE("abab", "(a)(b)", "$2$1") AS ?r) (REGEX("Ab", "^aB$", "i") AS ?m) {}',
    "no solutions": "SELECT ?a ?b { ?a <urn:nothing> ?b }",
    "one empty solution": "SELECT * {}",
    "true": "ASK { ?p a msk:Paper }",
    "false": "ASK { ?p a <urn:nothing> }",
}
GRAPH_QUERIES = {
    "construct": "CONSTRUCT { ?p rdfs:label ?l ; msk:modality ?m } { ?p rdfs:label ?l ; msk:modality ?m }",
    "construct where": "CONSTRUCT WHERE { ?m a msk:Modality ; skos:prefLabel ?l }",
    "construct blank nodes": "CONSTRUCT { ?m rdfs:seeAlso [ rdfs:label ?l ] } { ?m skos:topConceptOf ?l }",
    "construct nothing": "CONSTRUCT { ?s ?p ?o } { ?s <urn:nothing> ?o . ?s ?p ?o }",
    "describe": "DESCRIBE <modality/ecg>",
    "describe found": "DESCRIBE ?m { ?m a msk:ModelFamily }",
}

Row = tuple[object, ...]


@pytest.fixture(scope="module")
def store(shipped_release: Release) -> Iterator[Store]:
    """The release's store; the server has it open too, and both only read."""
    opened = Store.read_only(str(shipped_release.store))
    yield opened
    del opened


def rows(results: object) -> Counter[Row] | bool:
    """Solutions without regard to their order, which most queries leave open; a truth value as it is."""
    if isinstance(results, QueryBoolean):
        return bool(results)
    assert isinstance(results, QuerySolutions)
    names = sorted(variable.value for variable in results.variables)
    return Counter((*names, *(solution[name] for name in names)) for solution in results)


def csv_rows(text: bytes) -> Counter[bytes]:
    head, *lines = text.split(b"\r\n")
    return Counter({b"head " + head: 1}) + Counter(lines)


def check_solutions(server: Server, store: Store, query: str) -> None:
    for media_type, syntax in EXACT.items():
        response = server.ask(query, media_type)
        assert response.status_code == 200, response.text
        assert response.headers["Content-Type"].partition(";")[0] == media_type
        answered = parse_query_results(response.content, format=syntax)
        assert rows(answered) == rows(run(store, query)), media_type
    expected = run(store, query)
    assert isinstance(expected, QuerySolutions | QueryBoolean)
    assert csv_rows(server.ask(query, CSV).content) == csv_rows(
        expected.serialize(format=QueryResultsFormat.CSV) or b""
    )


def run(store: Store, query: str) -> QuerySolutions | QueryBoolean | QueryTriples:
    return store.query(query, base_iri=BASE_IRI)


def canonical(triples: Iterable[Quad | Triple]) -> set[str]:
    """Triples with blank nodes named alike where the graphs are isomorphic (RDFC-1.0)."""
    dataset = Dataset(Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def check_graph(server: Server, store: Store, query: str) -> None:
    expected = run(store, query)
    assert isinstance(expected, QueryTriples)
    wanted = canonical(expected)
    for media_type, syntax in GRAPHS.items():
        response = server.ask(query, media_type)
        assert response.status_code == 200, response.text
        assert isinstance(syntax, RdfFormat)
        assert canonical(parse(response.content, format=syntax)) == wanted, media_type


@pytest.mark.parametrize("slug", SAVED)
def test_saved_queries_are_answered_as_by_the_engine(server: Server, store: Store, slug: str) -> None:
    query = SAVED[slug]
    (check_graph if query.form.is_graph else check_solutions)(server, store, query.text)


@pytest.mark.parametrize("feature", SOLUTION_QUERIES)
def test_features_of_sparql_are_answered_as_by_the_engine(server: Server, store: Store, feature: str) -> None:
    check_solutions(server, store, PROLOGUE + SOLUTION_QUERIES[feature])


@pytest.mark.parametrize("feature", GRAPH_QUERIES)
def test_graphs_are_answered_as_by_the_engine(server: Server, store: Store, feature: str) -> None:
    check_graph(server, store, PROLOGUE + GRAPH_QUERIES[feature])


@pytest.mark.parametrize("text", ["%2B%20", "+", "&query=ASK{}", "é\U0001f600", "%25", "a;b#c"])
def test_each_form_of_request_is_decoded_once(server: Server, text: str) -> None:
    query = f'SELECT ("{text}" AS ?x) {{}}'
    for response in by_every_form(server, query, JSON):
        assert response.json()["results"]["bindings"] == [{"x": {"type": "literal", "value": text}}]


def by_every_form(server: Server, query: str, accept: str) -> tuple[requests.Response, ...]:
    headers = {"Accept": accept}
    direct = headers | {"Content-Type": "application/sparql-query"}
    return (
        server.ask(query, accept),
        requests.post(server.sparql, data={"query": query}, headers=headers, timeout=20),
        requests.post(server.sparql, data=query.encode(), headers=direct, timeout=20),
    )


TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"])) | st.text(
    alphabet="\"'\\\r\n\t ,<>&\x00\x85\u2028\ufeff"
)
LANGUAGES = st.sampled_from(["en", "EN-gb", "zh-Hant-TW", "de-CH-1996", "sr-Latn", "x-ours", "i-klingon"])
IRIS = st.from_regex(r"(https?://example\.org/|urn:x:)[a-zé漢0-9%20/?#&;=,'()~-]{0,10}", fullmatch=True).filter(
    lambda iri: all(part[:2] == "20" for part in iri.split("%")[1:]) and iri.count("#") < 2
)
NUMBERS = st.sampled_from(["0", "-007", "1.50", "1e6", "NaN", "", "x", "9" * 40])
DATATYPES = st.sampled_from(["integer", "decimal", "double", "boolean", "dateTime", "gYear", "duration", "anyURI"])
XSD = "http://www.w3.org/2001/XMLSchema#"
TERMS = st.one_of(
    TEXTS.map(Literal),
    st.builds(lambda text, language: Literal(text, language=language), TEXTS, LANGUAGES),
    st.builds(lambda text, iri: Literal(text, datatype=NamedNode(iri)), TEXTS, IRIS),
    st.builds(lambda text, name: Literal(text, datatype=NamedNode(XSD + name)), NUMBERS, DATATYPES),
    IRIS.map(NamedNode),
)


def fits_xml(terms: Iterable[object]) -> bool:
    """Whether XML 1.0 has all characters of some terms (section 2.2)."""
    texts = (term.value for term in terms if isinstance(term, Literal | NamedNode))
    return all(c in "\t\n\r" or (c > "\x1f" and c not in "\ufffe\uffff") for text in texts for c in text)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(terms=st.lists(st.none() | TERMS, min_size=1, max_size=5), form=st.integers(0, 2))
def test_any_term_arrives_as_the_engine_has_it(
    server: Server, store: Store, terms: list[Literal | NamedNode | None], form: int
) -> None:
    cells = " ".join(f"({number} {'UNDEF' if term is None else term})" for number, term in enumerate(terms))
    query = f"SELECT ?n ?x {{ VALUES (?n ?x) {{ {cells} }} }}"
    for media_type, syntax in EXACT.items():
        response = by_every_form(server, query, media_type)[form]
        if media_type == XML and not fits_xml(terms):
            assert response.status_code == 400
            continue
        assert response.status_code == 200, response.text
        assert rows(parse_query_results(response.content, format=syntax)) == rows(run(store, query)), media_type
    expected = run(store, query)
    assert isinstance(expected, QuerySolutions)
    assert server.ask(query, CSV).content == expected.serialize(format=QueryResultsFormat.CSV)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TERMS, min_size=1, max_size=5))
def test_any_term_of_a_graph_arrives_as_the_engine_has_it(
    server: Server, store: Store, terms: list[Literal | NamedNode]
) -> None:
    query = f"CONSTRUCT {{ [] <urn:x:value> ?x }} {{ VALUES ?x {{ {' '.join(map(str, terms))} }} }}"
    if fits_xml(terms):
        check_graph(server, store, query)
    else:
        assert server.ask(query, "application/rdf+xml").status_code == 400
        assert server.ask(query, "text/turtle").status_code == 200


def test_a_blank_node_of_several_solutions_stays_one(server: Server) -> None:
    query = "SELECT ?a ?b ?c { BIND (BNODE() AS ?a) BIND (?a AS ?b) BIND (BNODE() AS ?c) VALUES ?row { 1 2 } }"
    for media_type, syntax in EXACT.items():
        solutions = parse_query_results(server.ask(query, media_type).content, format=syntax)
        assert isinstance(solutions, QuerySolutions)
        for solution in solutions:
            assert isinstance(solution["a"], BlankNode)
            assert solution["a"] == solution["b"] != solution["c"]


PROPERTIES = ("modality", "modelFamily", "architecture", "application", "evaluatedFor", "codeRepository", "surveyEntry")
CONDITIONS = ("{} .", "OPTIONAL {{ {} }}", "FILTER NOT EXISTS {{ {} }}", "MINUS {{ {} }}", "{{ {} }} UNION {{ }}")


@st.composite
def generated_queries(draw: st.DrawFn) -> str:
    """Queries about papers, with up to three conditions on their properties."""
    conditions = []
    for number in range(draw(st.integers(0, 3))):
        pattern = f"?paper msk:{draw(st.sampled_from(PROPERTIES))} ?v{number}"
        conditions.append(draw(st.sampled_from(CONDITIONS)).format(pattern))
    select = draw(st.sampled_from(["SELECT *", "SELECT DISTINCT ?paper ?v0", "SELECT (COUNT(*) AS ?n)", "ASK"]))
    page = "" if select == "ASK" else draw(st.sampled_from(["", "LIMIT 0", "OFFSET 1000000"]))
    return f"{PROLOGUE}{select} {{ ?paper a msk:Paper . {' '.join(conditions)} }} {page}"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(generated_queries())
def test_generated_queries_are_answered_as_by_the_engine(server: Server, store: Store, query: str) -> None:
    check_solutions(server, store, query)
