"""The graphs that FROM names are those that the engine reads, and only the release's own are let through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from medsynth_kg.query.dataset import Dataset, requested_dataset, without_dataset
from medsynth_kg.query.errors import EvaluationFailed
from medsynth_kg.query.request import QueryRequest

BASE = "http://example.org/graph/"
GRAPHS = {
    "<one>": f"{BASE}one",
    "<http://example.org/graph/two>": f"{BASE}two",
    "g:three": f"{BASE}three",
    "g:one": f"{BASE}one",
}
PATTERN = "{ { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"


def rows(query: str, dataset: Dataset | None = None) -> list[str]:
    store = Store()
    for graph in set(GRAPHS.values()):
        store.add(Quad(NamedNode(graph), NamedNode("urn:p"), Literal(graph), NamedNode(graph)))
    chosen = (
        {"default_graph": list(map(NamedNode, dataset.default)), "named_graphs": list(map(NamedNode, dataset.named))}
        if dataset
        else {}
    )
    result = store.query(query, base_iri=BASE, **chosen)  # type: ignore[arg-type]  # each name has its own type
    assert isinstance(result, QuerySolutions)
    return sorted(f"{row['g']} {row['o']}" for row in result)


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(sorted(GRAPHS))), min_size=1, max_size=5))
def test_a_dataset_beside_the_query_gives_the_answers_of_the_one_within(clauses: list[tuple[bool, str]]) -> None:
    stated = " ".join(f"FROM {'NAMED ' if is_named else ''}{graph}" for is_named, graph in clauses)
    query = f"# FROM <x>\nPREFIX g: <./> SELECT * {stated} WHERE {PATTERN}"
    dataset = requested_dataset(QueryRequest(query, "text/csv", base_iri=BASE))
    assert dataset is not None
    assert rows(without_dataset(query), dataset) == rows(query)


def test_a_request_goes_before_its_query() -> None:
    request = QueryRequest("SELECT * FROM <urn:a> { ?s ?p ?o }", "text/csv", named_graphs=("urn:b",))
    assert requested_dataset(request) == Dataset((), ("urn:b",))
    assert without_dataset(request.query) == "SELECT *  { ?s ?p ?o }"


@pytest.mark.parametrize("query", ["ASK { ?s ?p 'FROM <urn:a>' }", "ASK { ?s <FROM> ?from } # FROM <urn:a>"])
def test_a_query_without_from_states_no_dataset(query: str) -> None:
    assert requested_dataset(QueryRequest(query, "text/csv")) is None
    assert without_dataset(query) == query


@pytest.mark.parametrize("target", ["<relative>", "unknown:prefix"])
def test_a_graph_that_is_no_iri_is_refused(target: str) -> None:
    with pytest.raises(EvaluationFailed, match="FROM"):
        requested_dataset(QueryRequest(f"ASK FROM {target} {{ }}", "text/csv"))


def test_only_the_releases_graphs_are_let_through_and_nothing_is_said_to_be_nothing() -> None:
    asked = Dataset(("urn:a", "urn:theirs"), ("urn:theirs",))
    assert asked.within(["urn:a", "urn:b"], "urn:none") == Dataset(("urn:a",), ("urn:none",))
