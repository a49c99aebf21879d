"""Time limits as each store takes them; the hint for Neptune changes nothing else of a query."""

import pytest
from pyoxigraph import Store

from medsynth_kg.query.products import StoreProduct, limit_parameters, limited_query

HINT = "<http://aws.amazon.com/neptune/vocab/v01/QueryHints#queryTimeout> 1500 ."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("SELECT ?s {", " ?s ?p ?o }"),
        ("SELECT (EXISTS { ?s ?p ?o } AS ?x) WHERE {", " }"),
        ("PREFIX a: <urn:a> ASK {", " FILTER NOT EXISTS { ?s a:b '{' } }"),
    ],
)
def test_it_stands_at_the_beginning_of_the_main_group(before: str, after: str) -> None:
    hinted = limited_query(StoreProduct.NEPTUNE, before + after, 1.5)
    assert hinted == f"{before} <http://aws.amazon.com/neptune/vocab/v01/QueryHints#Query> {HINT} {after}"
    Store().query(hinted)


@pytest.mark.parametrize(
    "query", ["CONSTRUCT WHERE { ?s ?p ?o }", "DESCRIBE <urn:a>", "SELECT * { SELECT ?s { ?s ?p ?o } }"]
)
def test_a_query_that_has_no_place_for_it_stays_as_it_is(query: str) -> None:
    assert limited_query(StoreProduct.NEPTUNE, query, 1.5) == query


@pytest.mark.parametrize("product", [product for product in StoreProduct if product is not StoreProduct.NEPTUNE])
def test_other_stores_get_the_query_as_it_is(product: StoreProduct) -> None:
    assert limited_query(product, "ASK { }", 1.5) == "ASK { }"


@pytest.mark.parametrize("product", [StoreProduct.VIRTUOSO, StoreProduct.GRAPHDB, StoreProduct.QLEVER])
def test_no_limit_is_so_short_that_a_store_takes_it_for_none(product: StoreProduct) -> None:
    assert limit_parameters(product, 0.01) == limit_parameters(product, 1.0)
