"""Values that a build writes into the data blocks of saved queries."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolution, QuerySolutions, Store

from medsynth_kg.query.errors import SavedQueryUnreadable
from medsynth_kg.query.saved import SavedQuery, parse_saved_query
from medsynth_kg.query.values import fill_values

HEADER = "#+ title: Who is there?\n#+ description: Asks for those who are here.\n"
PREFIXES = {"ex": "http://example.org/"}
QUERY = "SELECT * { VALUES ?name { } ?person <http://example.org/name> ?name } # VALUES ?name { }\n"


@pytest.fixture
def store() -> Store:
    store = Store()
    for number, name in enumerate(['Zoë "Z"', "Ann } #"]):
        subject = NamedNode(f"http://example.org/{number}")
        store.add(Quad(subject, NamedNode("http://example.org/name"), Literal(name), NamedNode("http://example.org/g")))
    return store


def query(values: str, text: str = QUERY) -> SavedQuery:
    return parse_saved_query(Path("queries/who.rq"), f"{HEADER}#+ values:\n#+   name: {values}\n{text}")


def solutions(store: Store, filled: SavedQuery) -> list[QuerySolution]:
    found = store.query(filled.text, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    return list(found)


def test_solutions_stand_sorted_in_the_empty_block_and_nowhere_else(store: Store) -> None:
    filled = fill_values(query("SELECT ?name { ?person ex:name ?name }"), store, PREFIXES)
    assert 'VALUES ?name {\n      "Ann } #"\n      "Zoë \\"Z\\""\n    } ?person' in filled.text
    assert filled.text.endswith("# VALUES ?name { }\n")
    assert len(solutions(store, filled)) == 2
    assert filled.source.startswith(HEADER)


def test_without_solutions_the_block_stays_empty_and_the_query_valid(store: Store) -> None:
    filled = fill_values(query("SELECT ?name { ?person ex:nickname ?name }"), store, PREFIXES)
    assert solutions(store, filled) == []


@pytest.mark.parametrize(
    ("values", "text", "message"),
    [
        ("SELECT ?name { ?p ex:name ?name }", "ASK { VALUES ?name { 1 } }", r"has no VALUES \?name \{ \}"),
        ("SELECT ?other { ?p ex:name ?other }", QUERY, r"write a SELECT of \?name alone"),
        ("SELECT ?name ?p { ?p ex:name ?name }", QUERY, r"write a SELECT of \?name alone"),
        ("ASK { ?p ex:name ?name }", QUERY, r"write a SELECT of \?name alone"),
        ("SELECT ?name { ?p unknown:name ?name }", QUERY, "values of name: "),
    ],
)
def test_values_that_cannot_be_filled_are_told_with_the_file(
    store: Store, values: str, text: str, message: str
) -> None:
    with pytest.raises(SavedQueryUnreadable, match=rf"queries/who\.rq: .*{message}"):
        fill_values(query(values, text), store, PREFIXES)
