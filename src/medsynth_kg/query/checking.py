"""Running every saved query over a release that is about to be published."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from medsynth_kg.query.embedded import EmbeddedExecutor
from medsynth_kg.query.errors import QueryError, SavedQueryFailed
from medsynth_kg.query.limits import QueryLimits
from medsynth_kg.query.parameters import Parameter, ParameterValue, bind_parameters
from medsynth_kg.query.request import Executor, QueryRequest
from medsynth_kg.query.saved import SERVICE, SavedQuery

_NUMBERS = frozenset(
    f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("integer", "decimal", "double", "float", "int", "long")
)


def count_answers(queries: Iterable[SavedQuery], store: Path) -> Mapping[str, int | bool]:
    """Run each query and count its rows or triples, or give its truth value; a federated one is parsed only.

    Parameters are left open, which asks for all values; the query must be valid with a term in the place of each too.

    Raises:
        SavedQueryFailed: a query can't be answered, comes back empty without ``may-be-empty`` in its header, or does
            not answer what its chart draws.
    """
    executor = EmbeddedExecutor(store, QueryLimits(workers=1))
    try:
        counts: dict[str, int | bool] = {}
        for query in queries:
            if query.federated:
                _check_syntax(query, executor)
            else:
                counts[query.slug] = _count(query, executor)
                _check_parameters(query, executor)
        return counts
    finally:
        executor.close()


def _check_syntax(query: SavedQuery, executor: Executor) -> None:
    """Run the query with a graph of ours, which is empty, in the place of each service: none is asked in a build."""
    _count(query.model_copy(update={"text": SERVICE.sub(r"GRAPH <\1>", query.text), "may_be_empty": True}), executor)


def _check_parameters(query: SavedQuery, executor: Executor) -> None:
    if query.parameters:
        bound = bind_parameters(query.text, {name: _sample(parameter) for name, parameter in query.parameters.items()})
        _count(query.model_copy(update={"text": bound, "may_be_empty": True}), executor)


def _sample(parameter: Parameter) -> ParameterValue:
    return NamedNode("urn:sample") if parameter.kind == "iri" else Literal("0" if parameter.kind == "string" else 0)


def _check_chart(query: SavedQuery, content: Mapping[str, Any]) -> None:
    """Make sure that a chart finds its variables in the answer, and numbers where it draws numbers."""
    if query.chart is None:
        return
    selected = content["head"].get("vars", [])
    for channel in query.chart.channels:
        if channel.variable not in selected:
            raise SavedQueryFailed(
                f"queries/{query.slug}.rq: its chart draws {channel.variable}, which the query does not select; "
                f"it selects {', '.join(selected)}"
            )
    for channel in query.chart.numbers:
        for row in content["results"]["bindings"]:
            if channel.variable in row and row[channel.variable].get("datatype") not in _NUMBERS:
                raise SavedQueryFailed(
                    f"queries/{query.slug}.rq: its chart draws {channel.variable} as a number, "
                    f"but the query answers “{row[channel.variable]['value'][:40]}”"
                )


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
        _check_chart(query, content)
        count = content["boolean"] if "boolean" in content else len(content["results"]["bindings"])
    if count == 0 and not isinstance(count, bool) and not query.may_be_empty:
        raise SavedQueryFailed(
            f"queries/{query.slug}.rq: comes back empty; correct it, or write `#+ may-be-empty: true` in its header"
        )
    return count
