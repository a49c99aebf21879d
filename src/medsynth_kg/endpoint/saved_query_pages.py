"""Saved queries: the list, a page for each with its answer, and the answer alone in every format, by suffix.

A parameter ``?_name`` of a query is filled by ``name=`` in the address. Its value is bound as a term before the query
runs and never becomes part of the query's text.
"""

import json
import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from medsynth_kg.endpoint.catalogue import LISTINGS
from medsynth_kg.endpoint.errors import MalformedRequest, NotAcceptable, NotFound
from medsynth_kg.endpoint.negotiation import HTML, negotiate
from medsynth_kg.endpoint.rendering import FORMAT_NAMES, Alternate, links_of, text_of
from medsynth_kg.endpoint.responses import answer_response, page_response, served_release
from medsynth_kg.endpoint.results import read_results
from medsynth_kg.endpoint.serving import JSON_RESULTS, ServedRelease
from medsynth_kg.endpoint.signposting import landing_page
from medsynth_kg.endpoint.sparql_page import TEXT_SHOWN
from medsynth_kg.endpoint.tables import make_table, words
from medsynth_kg.query.formats import GRAPH_FORMATS, format_named, formats_for
from medsynth_kg.query.saved import SERVICE, Parameter, SavedQuery

saved_query_pages = Blueprint("saved_query_pages", __name__)

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|\\^`]+")
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_XSD_INTEGER = "http://www.w3.org/2001/XMLSchema#integer"


@saved_query_pages.get("/queries/")
def saved_queries() -> Response:
    """All saved queries as questions."""
    queries = sorted(served_release().saved_queries.values(), key=lambda query: query.title)
    return page_response("queries.html", "queries/", queries=queries)


@saved_query_pages.get("/queries/<name>")
def saved_query(name: str) -> Response:
    """A saved query: its page, its description as data, its text (``.rq``) or its answer (``.csv`` and so on)."""
    served = served_release()
    slug, _, suffix = name.partition(".")
    query = served.saved_queries.get(slug)
    if query is None:
        near = get_close_matches(slug[:100], served.saved_queries)
        raise NotFound(
            f"there is no saved query {slug[:60]}; /queries/ lists them all",
            [f"{served.base}queries/{found}" for found in near],
        )
    if suffix == "rq":
        return Response(query.text, content_type="application/sparql-query; charset=utf-8")
    if suffix not in ("", "html"):
        return _answer(served, query, suffix)
    chosen = negotiate(request.headers.get("Accept"), (HTML, *(known.media_type for known in GRAPH_FORMATS)))
    if chosen is None:
        raise NotAcceptable(f"the query comes as a page or as RDF; its answer is at /queries/{slug}.csv and the like")
    if chosen == HTML or suffix == "html":
        return _page(served, query)
    return answer_response(served.ask("entity-data", chosen, entity=f"{served.base}queries/{slug}"), slug)


def _answer(served: ServedRelease, query: SavedQuery, suffix: str) -> Response:
    known = format_named(suffix, query.form)
    if query.federated:
        raise NotFound(
            f"this question is asked of other services, so its answer is not kept here; run the text of "
            f"/queries/{query.slug}.rq at an endpoint that may ask {', '.join(services(query)) or 'them'}"
        )
    if known is None:
        names = ", ".join(f".{offered.extension}" for offered in formats_for(query.form))
        raise NotFound(f"the answer of this query comes as {names}, not as .{suffix[:20]}")
    return answer_response(
        served.answer_saved(query, known.media_type, substitutions(query, served.base, request.args)), query.slug
    )


def _page(served: ServedRelease, query: SavedQuery) -> Response:
    if query.federated:
        return _federated_page(served, query)
    bound = substitutions(query, served.base, request.args)
    given = {name: value for name in query.parameters if (value := request.args.get(name))}
    tail = f"?{urlencode(given)}" if given else ""
    answer = served.answer_saved(query, "text/turtle" if query.form.is_graph else JSON_RESULTS, bound)
    results = None if query.form.is_graph else read_results(answer)
    text = text_of(answer) if query.form.is_graph else None
    alternates = [
        Alternate(known.media_type, f"/queries/{query.slug}.{known.extension}{tail}", FORMAT_NAMES[known.extension])
        for known in formats_for(query.form)
    ]
    return page_response(
        "query.html",
        f"queries/{query.slug}",
        query=query,
        fields=[_field(served, name, parameter, given) for name, parameter in query.parameters.items()],
        table=make_table(results, links_of(served)) if results else None,
        heads=words(results.columns) if results else (),
        truth=results.truth if results else None,
        graph=text[:TEXT_SHOWN] if text is not None else None,
        graph_is_cut=text is not None and len(text) > TEXT_SHOWN,
        editor=f"/sparql?{urlencode({'query': query.text})}",
        host=request.host_url,
        alternates=alternates,
        links=_links(served, query, alternates),
    )


def _federated_page(served: ServedRelease, query: SavedQuery) -> Response:
    """The page of a query that asks other services: opening it must not ask them."""
    return page_response(
        "federated_query.html",
        f"queries/{query.slug}",
        query=query,
        services=services(query),
        runs_here=served.federates,
        links=_links(served, query, ()),
    )


def services(query: SavedQuery) -> tuple[str, ...]:
    """The services that a query asks, sorted."""
    return tuple(sorted(set(SERVICE.findall(query.text))))


def _links(served: ServedRelease, query: SavedQuery, answers: Sequence[Alternate]) -> tuple[str, ...]:
    text = Alternate("application/sparql-query", f"/queries/{query.slug}.rq", "SPARQL")
    described_by = [Alternate("text/turtle", "/queries.ttl", "Turtle")]
    return landing_page(f"{served.base}queries/{query.slug}", described_by, "SoftwareSourceCode", (text, *answers))


def _field(served: ServedRelease, name: str, parameter: Parameter, given: Mapping[str, str]) -> dict[str, object]:
    choices: list[tuple[str, str]] = []
    if parameter.kind == "iri" and parameter.scheme in LISTINGS:
        listing = LISTINGS[parameter.scheme]
        prefix = f"{served.base}{parameter.scheme}/"
        choices = [
            (row["member"].value.removeprefix(prefix), row["label"].value)
            for row in served.rows("members", **{"class": served.base + listing.class_iri})
            if "label" in row
        ]
    return {
        "name": name,
        "label": parameter.label,
        "choices": choices,
        "value": given.get(name, parameter.default or ""),
    }


def substitutions(query: SavedQuery, base: str, arguments: Mapping[str, str]) -> dict[str, str]:
    """The terms of a query's parameters, in N-Triples syntax by variable; one without value stays unbound.

    Raises:
        MalformedRequest: a value is not of the parameter's kind.
    """
    bound = {}
    for name, parameter in query.parameters.items():
        if value := arguments.get(name) or parameter.default:
            bound[f"_{name}"] = _term(name, parameter, value, base)
    return bound


def _term(name: str, parameter: Parameter, value: str, base: str) -> str:
    if parameter.kind == "string":
        return json.dumps(value)
    if parameter.kind == "integer":
        if not _INTEGER.fullmatch(value):
            raise MalformedRequest(f"{name} takes a whole number, not “{value[:40]}”")
        return f'"{value}"^^<{_XSD_INTEGER}>'
    if parameter.scheme and _SLUG.fullmatch(value):
        return f"<{base}{parameter.scheme}/{value.lower()}>"
    if not _IRI.fullmatch(value):
        raise MalformedRequest(f"{name} takes the last part of an IRI, or all of it, not “{value[:40]}”")
    return f"<{value}>"
