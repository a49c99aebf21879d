"""Saved queries: the list, a page for each with its answer, and the answer alone in every format, by suffix.

A parameter ``?_name`` of a query is filled by ``name=`` in the address. Its value is made a term, which takes the place
of the variable before the query runs.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from itertools import groupby
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from medsynth_kg.endpoint.charting.charts import Figure, make_figure, specification_of
from medsynth_kg.endpoint.choices import bound_values
from medsynth_kg.endpoint.errors import NotAcceptable, NotFound
from medsynth_kg.endpoint.highlighting import highlight
from medsynth_kg.endpoint.negotiation import HTML, negotiate
from medsynth_kg.endpoint.parameter_forms import parameter_field, without_choice
from medsynth_kg.endpoint.parameter_names import refuse_unknown
from medsynth_kg.endpoint.rendering import FORMAT_NAMES, Alternate, links_of, text_of
from medsynth_kg.endpoint.reply import CACHE_CONTROL
from medsynth_kg.endpoint.responses import answer_response, conditional, page_response, served_release, site_address
from medsynth_kg.endpoint.results import Results, read_results
from medsynth_kg.endpoint.serving import JSON_RESULTS, ServedRelease
from medsynth_kg.endpoint.signposting import TypedLink, landing_page
from medsynth_kg.endpoint.snippets import snippets
from medsynth_kg.endpoint.sparql_page import TEXT_SHOWN
from medsynth_kg.endpoint.tables import Table, fold_labels, make_table, mark_retracted, words
from medsynth_kg.query.formats import GRAPH_FORMATS, format_named, formats_for
from medsynth_kg.query.parameters import ParameterValue, bind_parameters
from medsynth_kg.query.saved import SERVICE, SavedQuery, Topic

saved_query_pages = Blueprint("saved_query_pages", __name__)

CHART = "vega.json"
"""The suffix under which a question's chart is a specification in Vega-Lite."""

Bound = Mapping[str, tuple[str, ParameterValue]]
"""The parameters that have a value: as the address writes it, and as a term."""


@saved_query_pages.get("/queries/")
def saved_queries() -> Response:
    """All saved queries as questions, or those that have every word of ``q``."""
    sought = request.args.get("q", "")[:200]
    found = [query for query in served_release().saved_queries.values() if _mentions(query, sought)]
    return page_response("queries.html", "queries/", topics=by_topic(found), sought=sought, total=len(found))


def by_topic(queries: Iterable[SavedQuery]) -> list[tuple[str, list[SavedQuery]]]:
    """Questions under what they are about."""
    order = list(Topic)
    ordered = sorted(queries, key=lambda query: (order.index(query.topic), query.title))
    return [(topic.value, list(members)) for topic, members in groupby(ordered, key=lambda query: query.topic)]


def _mentions(query: SavedQuery, sought: str) -> bool:
    text = " ".join((query.slug, query.title, query.description, query.topic, *query.keywords)).casefold()
    return all(word in text for word in sought.casefold().split())


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
    refuse_unknown(request.args, tuple(query.parameters), f"/queries/{slug}")
    if suffix == CHART:
        return _chart(served, query)
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
    bound = bound_values(served, query, request.args)
    return answer_response(served.answer_saved(_filled(query, bound), known.media_type), query.slug)


def _chart(served: ServedRelease, query: SavedQuery) -> Response:
    """The chart of the answer as a specification that holds its data."""
    specification = None
    if query.chart is not None and not query.federated:
        bound = bound_values(served, query, request.args)
        answer = served.answer_saved(_filled(query, bound), JSON_RESULTS)
        specification = specification_of(query, read_results(answer))
    if specification is None:
        raise NotFound("this answer has no chart; see the question's page for the answer")
    content = json.dumps(specification, ensure_ascii=False)
    response = Response(content, content_type="application/vnd.vegalite.v5+json")
    response.headers["Cache-Control"] = CACHE_CONTROL
    return conditional(response)


def _filled(query: SavedQuery, bound: Bound) -> SavedQuery:
    """The query with the values of its parameters."""
    return query.model_copy(
        update={"text": bind_parameters(query.text, {name: term for name, (_, term) in bound.items()})}
    )


def _page(served: ServedRelease, query: SavedQuery) -> Response:
    if query.federated:
        return _federated_page(served, query)
    bound = bound_values(served, query, request.args)
    filled = _filled(query, bound)
    given = {name: written for name, (written, _) in bound.items()}
    tail = f"?{urlencode(given)}" if given else ""
    answer = served.answer_saved(filled, "text/turtle" if query.form.is_graph else JSON_RESULTS)
    results = None if query.form.is_graph else read_results(answer)
    text = text_of(answer) if query.form.is_graph else None
    table = _table(served, results) if results else None
    fields = [parameter_field(served, name, query, given.get(name, "")) for name in query.parameters]
    alternates = [
        Alternate(known.media_type, f"/queries/{query.slug}.{known.extension}{tail}", FORMAT_NAMES[known.extension])
        for known in formats_for(query.form)
    ]
    encoded = urlencode({"query": filled.text})
    return page_response(
        "query.html",
        f"queries/{query.slug}",
        query=query,
        fields=fields,
        chosen=[without_choice(query, field, given) for field in fields if field["value"]],
        chart=make_figure(query, results, tail) if results else None,
        table=table,
        heads=words(table.columns) if table else (),
        truth=results.truth if results else None,
        graph=text[:TEXT_SHOWN] if text is not None else None,
        graph_is_cut=text is not None and len(text) > TEXT_SHOWN,
        pieces=highlight(filled.text),
        editor=f"/sparql?{encoded}",
        permalink=f"/releases/{served.release.id}/sparql?{encoded}",
        snippets=snippets(f"{site_address()}queries/{query.slug}", tail, query.form),
        alternates=alternates,
        links=_links(served, query, alternates),
    )


def _table(served: ServedRelease, results: Results) -> Table:
    """The first rows of an answer for a page, with a mark on papers that were taken back."""
    links = links_of(served)
    taken_back = {address for iri in served.papers.retracted if (address := links.href(iri))}
    return mark_retracted(fold_labels(make_table(results, links)), taken_back)


def _federated_page(served: ServedRelease, query: SavedQuery) -> Response:
    """The page of a query that asks other services: opening it must not ask them."""
    return page_response(
        "federated_query.html",
        f"queries/{query.slug}",
        query=query,
        pieces=highlight(query.text),
        services=services(query),
        runs_here=bool(served.limits.services),
        links=_links(served, query, ()),
    )


def services(query: SavedQuery) -> tuple[str, ...]:
    """The services that a query asks, sorted."""
    return tuple(sorted(set(SERVICE.findall(query.text))))


def _links(served: ServedRelease, query: SavedQuery, answers: Sequence[Alternate]) -> tuple[TypedLink, ...]:
    text = Alternate("application/sparql-query", f"/queries/{query.slug}.rq", "SPARQL")
    described_by = [Alternate("text/turtle", "/queries.ttl", "Turtle")]
    return landing_page(f"{served.base}queries/{query.slug}", described_by, "SoftwareSourceCode", (text, *answers))


def chart_of(served: ServedRelease, slug: str) -> Figure | None:
    """The figure of a question whose parameters are left open; None where this release has none."""
    query = served.saved_queries.get(slug)
    if query is None or query.chart is None:
        return None
    return make_figure(query, read_results(served.answer_saved(_filled(query, {}), JSON_RESULTS)))
