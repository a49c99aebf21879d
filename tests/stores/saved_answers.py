"""The answers of a release's saved queries, by the release's own store and by a store that it was pushed to.

The dataset of each request is what a release has: the union as default graph, and its named graphs.
"""

import json
from collections import Counter
from typing import Any

import requests
from pyoxigraph import RdfFormat, parse

from medsynth_kg.query.embedded import EmbeddedExecutor
from medsynth_kg.query.formats import QueryForm
from medsynth_kg.query.limits import QueryLimits
from medsynth_kg.query.request import QueryRequest
from medsynth_kg.query.saved import SavedQuery, load_saved_queries
from medsynth_kg.release.reading import Release

JSON, N_TRIPLES = "application/sparql-results+json", "application/n-triples"
Answer = bool | Counter[Any]


def own_answers(release: Release) -> dict[str, Answer]:
    executor = EmbeddedExecutor(release.store, QueryLimits(workers=1))
    found: dict[str, Answer] = {}
    for query in saved_queries(release):
        body = executor.execute(QueryRequest(query.text, N_TRIPLES if query.form.is_graph else JSON)).body
        assert isinstance(body, bytes)
        found[query.slug] = read_answer(query, body)
    executor.close()
    return found


def pushed_answers(release: Release, address: str) -> dict[str, Answer]:
    found: dict[str, Answer] = {}
    dataset = [("default-graph-uri", f"{release.manifest.base_iri}graph/union")]
    dataset += [("named-graph-uri", graph) for graph in release.manifest.counts["graphs"]]
    for query in saved_queries(release):
        accept = N_TRIPLES if query.form.is_graph else JSON
        response = requests.post(
            address, data=[("query", query.text), *dataset], headers={"Accept": accept}, timeout=30
        )
        response.raise_for_status()
        found[query.slug] = read_answer(query, response.content)
    return found


def saved_queries(release: Release) -> list[SavedQuery]:
    return [query for query in load_saved_queries(release.queries) if not query.federated]


def read_answer(query: SavedQuery, body: bytes) -> Answer:
    """Rows without their order; GROUP_CONCAT may put its parts in any order (SPARQL 1.1 Query, section 18.5.1.7)."""
    if query.form.is_graph:
        return Counter(set(map(str, parse(body, format=RdfFormat.N_TRIPLES))))
    content = json.loads(body)
    if "boolean" in content:
        return bool(content["boolean"])
    if query.form is QueryForm.ASK:
        # Virtuoso 7 answers ASK in JSON with a table, which has one row if the answer is yes, else none.
        assert content["head"]["vars"] == ["__ASK_RETVAL"]
        return bool(content["results"]["bindings"])
    listed = "GROUP_CONCAT" in query.text
    return Counter(
        tuple(sorted((name, _sorted_parts(term["value"]) if listed else term["value"]) for name, term in row.items()))
        for row in content["results"]["bindings"]
    )


def _sorted_parts(text: str) -> str:
    return ", ".join(sorted(text.split(", ")))
