"""The page at /sparql: a form, saved queries to start from, and the answer as a table."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from medsynth_kg.endpoint.negotiation import HTML
from medsynth_kg.endpoint.operation import Operation
from medsynth_kg.endpoint.problems import Problem
from medsynth_kg.endpoint.rendering import FORMAT_NAMES, Alternate, Renderer, links_of, text_of
from medsynth_kg.endpoint.reply import CACHE_CONTROL, NOT_CACHED, Headers, Reply
from medsynth_kg.endpoint.results import read_results
from medsynth_kg.endpoint.serving import JSON_RESULTS, ServedRelease
from medsynth_kg.endpoint.tables import make_table, words
from medsynth_kg.query.cancellation import Cancellation
from medsynth_kg.query.formats import QueryForm, formats_for
from medsynth_kg.query.guard import inspect_query
from medsynth_kg.query.limits import query_limits
from medsynth_kg.query.request import QueryRequest
from medsynth_kg.query.saved import SavedQuery
from medsynth_kg.settings import Settings

TEXT_SHOWN = 60_000
"""Characters of a graph that the page shows; it says so and links to the whole."""
_START = """PREFIX msk: <{base}ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?paper ?title WHERE {{
  ?paper a msk:Paper ; rdfs:label ?title .
}}
ORDER BY ?title
LIMIT 10
"""


class SparqlPage:
    """Renders /sparql for browsers."""

    def __init__(self, renderer: Renderer, settings: Settings) -> None:
        self._renderer = renderer
        self._limits = query_limits(settings)

    def form(self, served: ServedRelease) -> Reply:
        """The empty page."""
        return _page_reply(self._render(served, _START.format(base=served.base)), CACHE_CONTROL)

    def answer(self, operation: Operation, served: ServedRelease, *, client: str, cancellation: Cancellation) -> Reply:
        """The page with an answer; raises the errors of ``medsynth_kg.query.errors``."""
        query = operation.query or ""
        form = inspect_query(query, self._limits).form
        answer = served.answering.answer(
            QueryRequest(
                query,
                "text/turtle" if form.is_graph else JSON_RESULTS,
                operation.default_graphs,
                operation.named_graphs,
                timeout=operation.timeout,
                base_iri=served.base,
                client=client,
                cancellation=cancellation,
            )
        )
        downloads = _downloads(operation, form, served.address)
        if form.is_graph:
            text = text_of(answer)
            shown = {"graph": text[:TEXT_SHOWN], "graph_is_cut": len(text) > TEXT_SHOWN}
        else:
            results = read_results(answer)
            shown = {"table": make_table(results, links_of(served)), "truth": results.truth}
            shown["heads"] = words(results.columns)
        shown["permalink"] = f"/releases/{served.release.id}/sparql?{urlencode(_parameters(operation))}"
        return _page_reply(self._render(served, query, answered=True, downloads=downloads, **shown), NOT_CACHED)

    def problem(self, problem: Problem, served: ServedRelease, query: str | None) -> bytes:
        """The page with an error at its line."""
        if query is None:
            return self._renderer.problem(problem, served, "sparql")
        return self._render(served, query, problem=problem, lines=query.splitlines())

    def _render(self, served: ServedRelease, query: str, **context: Any) -> bytes:
        defaults: dict[str, Any] = {
            "answered": False,
            "permalink": "",
            "problem": None,
            "lines": (),
            "downloads": (),
            "table": None,
            "heads": (),
            "truth": None,
            "graph": None,
            "graph_is_cut": False,
        }
        saved_queries = [saved for saved in served.saved_queries.values() if not saved.federated]
        return self._renderer.page(
            "sparql.html",
            served,
            served.address.lstrip("/"),
            query=query,
            saved_queries=saved_queries,
            editor=_editor_settings(served, saved_queries),
            address=served.address,
            limits=self._limits,
            **(defaults | context),
        )


def _editor_settings(served: ServedRelease, saved_queries: Sequence[SavedQuery]) -> dict[str, Any]:
    """What the script of the rich editor needs to know."""
    offered = {"solutions": formats_for(QueryForm.SELECT), "graph": formats_for(QueryForm.CONSTRUCT)}
    return {
        "address": served.address,
        "base": served.base,
        "prefixes": served.prefixes,
        "start": _START.format(base=served.base),
        "formats": {
            kind: [(known.extension, FORMAT_NAMES[known.extension]) for known in formats]
            for kind, formats in offered.items()
        },
        "savedQueries": [
            {"slug": saved.slug, "title": saved.title, "text": saved.text}
            for saved in sorted(saved_queries, key=lambda saved: saved.title)
        ],
    }


def _parameters(operation: Operation) -> list[tuple[str, str]]:
    """What decides an operation's answer, as the protocol's parameters."""
    return [
        ("query", operation.query or ""),
        *(("default-graph-uri", graph) for graph in operation.default_graphs),
        *(("named-graph-uri", graph) for graph in operation.named_graphs),
    ]


def _downloads(operation: Operation, form: QueryForm, address: str) -> list[Alternate]:
    parameters = _parameters(operation)
    return [
        Alternate(
            known.media_type,
            f"{address}?{urlencode([*parameters, ('format', known.extension)])}",
            FORMAT_NAMES[known.extension],
        )
        for known in formats_for(form)
    ]


def _page_reply(page: bytes, cache_control: str) -> Reply:
    headers: Headers = [
        ("Content-Type", f"{HTML}; charset=utf-8"),
        ("Content-Length", str(len(page))),
        ("Cache-Control", cache_control),
        ("Vary", "Accept, Accept-Encoding"),
    ]
    return Reply(200, headers, page)
