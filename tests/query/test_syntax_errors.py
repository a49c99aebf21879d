"""A mistake in a query is shown where it stands, in words that help."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from medsynth_kg.query.syntax_errors import LONGEST, SyntaxProblem, explain_syntax_error
from medsynth_kg.query.tokens import position, tokens

BASE = "https://example.org/"


def explain(query: str) -> SyntaxProblem:
    with pytest.raises(SyntaxError) as caught:
        Store().query(query, base_iri=BASE)
    return explain_syntax_error(query, BASE, caught.value)


@pytest.mark.parametrize(
    ("query", "line", "column", "message"),
    [
        ("SELECT *\n{ &\n}", 2, 3, "“&” is not expected here"),
        ("SELECT ?s\nWHRE\n{ ?s ?p ?o }", 2, 1, "“WHRE” is not expected here; did you mean WHERE?"),
        ("SELECT ?x { OPTONAL { ?x ?y ?z } }", 1, 13, "“OPTONAL” is not expected here; did you mean OPTIONAL?"),
        ("SELECT (CONUT(?x) AS ?n) { ?x ?y ?z }", 1, 9, "“CONUT” is not expected here; did you mean COUNT?"),
        ("SELECT * { ?s ?p ?o } LIMIT x", 1, 29, "“x” is not expected here"),
        ("SELECT * { FILTER(?x &) }", 1, 22, "“&” is not expected here"),
        ("CONSTRUCT { ?s ?p ?o WHERE { ?s ?p ?o }", 1, 22, "“WHERE” is not expected here"),
        ("SELECT * {\n  ?s foo:bar ?o }", 2, 6, "the prefix foo: is not declared"),
        ("PREFIX foo: <urn:x> ASK { ?s foo:bar ; ?o }", 1, 38, "“;” is not expected here"),
        ("SELECT * WHERE { ?s a }", 1, 23, "“}” is not expected here: something is missing"),
        ("SELECT * { FILTER(?x =& 1) }", 1, 23, "“&” is not expected here"),
        ("SELECT * { ?s ?p '1'^^foo:bar }", 1, 23, "the prefix foo: is not declared"),
        ("SELECT * { BIND(1 AS ?x) BIND(2 AS ?x) }", 1, 40, "or a variable is bound there twice"),
        ("SELECT * { _:a ?p ?o . { _:a ?q ?r } }", 1, 26, "“_:a” is not expected here, or stands in another group"),
        ("SELECT * { GRAPH ?g {\n ?s ?p ?o }", 2, 12, "ends too early: “{” of line 1, column 10 is not closed"),
        ("SELECT ?a { ?a ?b ?c } ORDER BY", 1, 32, "the query ends too early"),
        ("SELECT * { ?s ?p 'abc }", 1, 18, "this string has no end"),
        ("SELECT * { ?s ?p 'abc\n' }", 1, 18, "this string has no end"),
        ("SELECT ?x (1 AS ?x) {}", 1, 23, "Duplicated variable name in SELECT"),
        ("SELECT * { ?s ?p ?o } GROUP BY ?s", 1, 34, "SELECT * is not authorized with GROUP BY"),
        ("SELECT ?s { 'é' ?p 1 . é }", 1, 24, "“é” is not expected here"),
    ],
)
def test_a_mistake_is_shown_where_it_stands(query: str, line: int, column: int, message: str) -> None:
    problem = explain(query)
    assert (problem.line, problem.column) == (line, column)
    assert message in problem.message


GOOD = (
    "PREFIX ex: <urn:x:> SELECT DISTINCT ?s (COUNT(?o) AS ?n) FROM <urn:g> WHERE { ?s ex:p+/a ?o ; ex:q 'x'@en , 1.5 . "
    "OPTIONAL { ?s ex:r ?t FILTER(STRLEN(?t) > 3 && ?t IN ('a', \"b\")) } } GROUP BY ?s HAVING (?n > 2) LIMIT 5"
)


@given(st.data())
def test_what_no_query_has_is_found_wherever_it_is_put(data: st.DataObject) -> None:
    places = [token.start for token in tokens(GOOD) if GOOD[token.start - 1] == " "]
    place = data.draw(st.sampled_from(places))
    problem = explain(f"{GOOD[:place]}\\ {GOOD[place:]}")
    assert (problem.line, problem.column) == position(GOOD, place)


def test_a_very_long_query_is_not_searched_for_its_mistake() -> None:
    query = f"SELECT * {{ {'?s ?p ?o . ' * (LONGEST // 11)} & }}"
    problem = explain(query)
    assert problem.line == 1
    assert problem.column is not None
    assert problem.column >= query.index("&")
