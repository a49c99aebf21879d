"""Variables bound in a query's text have the values that the engine would have given them."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QueryBoolean, QuerySolutions, Store, Variable

from medsynth_kg.query.binding import bind_terms
from medsynth_kg.query.errors import EvaluationFailed
from medsynth_kg.query.tokens import tokens

P, Q = NamedNode("urn:p"), NamedNode("urn:q")
NODES = [NamedNode(f"urn:{name}") for name in "abcd"]
NOISE = ["SELECT", "VALUES", "MINUS", "BOUND", "(", ")", "{", "}", "?x", "<urn:a>", "'", '"', "#", ".", "\n"]
QUERIES = [
    "SELECT ?e ?v { ?e <urn:p> ?v }",
    "SELECT * { ?e <urn:p> ?v OPTIONAL { ?v <urn:q> ?w } }",
    "SELECT DISTINCT ?e ?w { ?e <urn:p>* ?v . ?v <urn:q> ?w } ORDER BY ?e ?w",
    "SELECT ?e (COUNT(*) AS ?n) { ?e <urn:p> ?v } GROUP BY ?e ORDER BY DESC(?e)",
    "SELECT ?e (COUNT(?v) AS ?n) { { ?e <urn:p> ?v } UNION { ?v <urn:p> ?e } } GROUP BY ?e HAVING (?e != <urn:b>)",
    "SELECT ?e ?v { ?v <urn:p> ?w FILTER (BOUND(?e) && ?v != ?e) ?e <urn:p> ?x }",
    "SELECT ?e ?v { ?e <urn:p> ?v MINUS { ?e <urn:q> ?w } }",
    "SELECT ?e ?v { { ?e <urn:p> ?v MINUS { ?e <urn:q> ?w } } ?v <urn:p> ?z }",
    "SELECT ?e ?n { ?e <urn:p> ?v { SELECT ?e (COUNT(*) AS ?n) { ?e <urn:p>|^<urn:p> ?x } GROUP BY ?e } }",
    "SELECT ?e ?v { VALUES ?e { <urn:a> <urn:b> } ?e <urn:p> ?v }",
    "SELECT ?e ?v { VALUES (?e ?z) { (<urn:a> 1) (UNDEF 2) } ?e <urn:p> ?v }",
    "SELECT ?e ?v { ?e <urn:p> ?v FILTER NOT EXISTS { ?e <urn:q> ?w } }",
    "SELECT ?e (EXISTS { ?e <urn:q> ?w } AS ?has) WHERE { ?e <urn:p> ?v }",
    "SELECT ?e ?s { GRAPH ?e { ?s ?p ?o } }",
    "SELECT ?e ?v { ?v <urn:q> 'e ?e #' . ?e <urn:p> ?v # ?e\n}",
    "SELECT $e { ?v <urn:p> $e }",
    "ASK { ?e <urn:p> ?v }",
    "CONSTRUCT { ?e <urn:z> ?v } WHERE { ?v <urn:p> ?e } ORDER BY ?e",
    "CONSTRUCT WHERE { ?e <urn:p> ?v }",
    "DESCRIBE ?e",
]


def answer(store: Store, query: str, terms: dict[str, NamedNode | Literal]) -> object:
    substitutions = {Variable(name): term for name, term in terms.items()}
    result = store.query(query, substitutions=substitutions)  # type: ignore[arg-type]  # Mapping is invariant in its key
    if isinstance(result, QueryBoolean):
        return bool(result)
    if isinstance(result, QuerySolutions):
        names = sorted(variable.value for variable in result.variables)
        return names, Counter(tuple(str(row[name]) for name in names) for row in result)
    return Counter(set(map(str, result)))


@given(
    st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from([P, Q]), st.sampled_from(NODES)), max_size=14),
    st.sampled_from(QUERIES),
    st.sampled_from(NODES),
)
def test_an_answer_is_that_of_the_engine_with_the_variable_bound(
    triples: list[tuple[NamedNode, NamedNode, NamedNode]], query: str, value: NamedNode
) -> None:
    store = Store()
    for subject, predicate, target in triples:
        store.add(Quad(subject, predicate, target))
        store.add(Quad(subject, predicate, target, NODES[0]))
    expected = answer(store, query, {"e": value})
    assert answer(store, bind_terms(query, {"e": str(value)}), {}) == expected


@given(st.text())
def test_no_literal_changes_what_a_query_is(text: str) -> None:
    bound = bind_terms("SELECT ?e ?x { BIND (?e AS ?x) } ORDER BY ?e", {"e": str(Literal(text))})
    (row,) = Store().query(bound)  # type: ignore[misc]  # a SELECT has solutions
    assert row["x"] == Literal(text) == row["e"]
    assert [token.text for token in tokens(bound) if token.kind == "word"] == [
        "SELECT",
        "VALUES",
        "BIND",
        "AS",
        "ORDER",
        "BY",
    ]


@given(st.lists(st.sampled_from(NOISE)))
def test_a_text_that_is_no_query_comes_back_but_for_values(parts: list[str]) -> None:
    bound = bind_terms(" ".join(parts), {"e": "<urn:a>"})
    assert bound.replace(" VALUES (?e) { (<urn:a>) } ", "") == " ".join(parts)


def test_a_query_that_ends_early_is_left_to_the_parser() -> None:
    assert bind_terms("ASK { FILTER (BOUND(?e", {"e": "<urn:a>"}) == "ASK { FILTER (BOUND(<urn:a>"


@pytest.mark.parametrize("value", ["_:b", "<a> <b>", "", "urn:x", "<urn:a> . <urn:b> <urn:c> <urn:d>"])
def test_what_is_not_an_iri_or_a_literal_is_refused(value: str) -> None:
    with pytest.raises(EvaluationFailed, match="the value of e"):
        bind_terms("SELECT ?e { ?e ?p ?o }", {"e": value})


def test_a_variable_that_the_query_computes_is_refused() -> None:
    with pytest.raises(EvaluationFailed, match="computes it"):
        bind_terms("SELECT ?e { BIND (1 AS ?e) }", {"e": "<urn:a>"})
