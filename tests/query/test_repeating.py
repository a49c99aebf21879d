import pytest

from medsynth_kg.query.repeating import repeats


@pytest.mark.parametrize(
    "query",
    [
        "ASK {}",
        "SELECT ('now()' AS ?now) { ?rand <https://example.org/UUID()> ?uuid } # RAND()",
        "PREFIX now: <urn:now> ASK { ?s now:rand() ?o }",
        'SELECT ("SERVICE" AS ?x) {}',
    ],
)
def test_most_queries_have_the_same_answer_each_time(query: str) -> None:
    assert repeats(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (NOW() AS ?t) {}",
        "SELECT (NOW#\n() AS ?t) {}",
        "SELECT (rand #c\n ( ) AS ?t) {}",
        "SELECT (STRUUID() AS ?t) {}",
        "SELECT (BNODE(?x) AS ?t) {}",
        "SELECT * { SERVICE <https://query.wikidata.org/sparql> { ?s ?p ?o } }",
        "SELECT * { service silent <https://query.wikidata.org/sparql> { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o FILTER(?o<NOW()&&?o>1) }",
        "SELECT * { ?s ?p ?o FILTER(?o<rand()&&?o>1) }",
        "SELECT * { ?s ?p ?o } ORDER BYRAND()",
        "SELECT * { ?s ?p 1SERVICE <https://query.wikidata.org/sparql> { ?s ?p ?o } }",
        "SELECT * { ?s <urn:'> ?x . BIND('NOW() AS ?t) }",
    ],
)
def test_what_asks_for_time_chance_or_others_may_have_another_answer(query: str) -> None:
    assert not repeats(query)
