"""Running every saved query over a release that is about to be published."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from pyoxigraph import RdfFormat, parse

from medsynth_kg.query.embedded import EmbeddedExecutor
from medsynth_kg.query.errors import QueryError, SavedQueryFailed
from medsynth_kg.query.limits import QueryLimits
from medsynth_kg.query.request import Executor, QueryRequest
from medsynth_kg.query.saved import SERVICE, SavedQuery


def count_answers(queries: Iterable[SavedQuery], store: Path) -> Mapping[str, int | bool]:
    """Run each query and count its rows or triples, or give its truth value; a federated one is parsed only.

    Parameters have their defaults; one without a default stays an unbound variable, which asks for all values.

    Raises:
        SavedQueryFailed: a query can't be answered, or comes back empty without ``may-be-empty`` in its header.
    """
    executor = EmbeddedExecutor(store, QueryLimits(workers=1))
    try:
        counts: dict[str, int | bool] = {}
        for query in queries:
            if query.federated:
                _check_syntax(query, executor)
            else:
                counts[query.slug] = _count(query, executor)
        return counts
    finally:
        executor.close()


def _check_syntax(query: SavedQuery, executor: Executor) -> None:
    """Run the query with a graph of ours, which is empty, in the place of each service: none is asked in a build."""
    _count(query.model_copy(update={"text": SERVICE.sub(r"GRAPH <\1>", query.text), "may_be_empty": True}), executor)


def _count(query: SavedQuery, executor: Executor) -> int | bool:
    media_type = "application/n-triples" if query.form.is_graph else "application/sparql-results+json"
    try:
        answer = executor.execute(QueryRequest(query.text, media_type))
    except QueryError as error:
        raise SavedQueryFailed(f"queries/{query.slug}.rq: {error}") from error
    body = answer.body if isinstance(answer.body, bytes) else answer.body.read()
    if query.form.is_graph:
        count: int | bool = len(set(parse(body, format=RdfFormat.N_TRIPLES)))
    else:
        content = json.loads(body)
        count = content["boolean"] if "boolean" in content else len(content["results"]["bindings"])
    if count == 0 and not isinstance(count, bool) and not query.may_be_empty:
        raise SavedQueryFailed(
            f"queries/{query.slug}.rq: comes back empty; correct it, or write `#+ may-be-empty: true` in its header"
        )
    return count
