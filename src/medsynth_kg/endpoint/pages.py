"""The pages that are not about one thing: home, findings, ontology, about."""

from itertools import groupby

from flask import Blueprint, Response, request

from medsynth_kg.endpoint.answers import Answer
from medsynth_kg.endpoint.catalogue import LISTINGS
from medsynth_kg.endpoint.citing.graph_citation import graph_citation, in_words
from medsynth_kg.endpoint.coverage import coverage_of
from medsynth_kg.endpoint.dump_files import dump_documents
from medsynth_kg.endpoint.entity_pages.entity_sections import graph_citation_texts
from medsynth_kg.endpoint.errors import NotAcceptable, no_such_format
from medsynth_kg.endpoint.links import Links
from medsynth_kg.endpoint.negotiation import HTML, negotiate
from medsynth_kg.endpoint.parameter_forms import parameter_field
from medsynth_kg.endpoint.problems import KINDS
from medsynth_kg.endpoint.reconciliation.requests import BATCH_SIZE
from medsynth_kg.endpoint.rendering import FORMAT_NAMES, Alternate, links_of
from medsynth_kg.endpoint.responses import answer_response, page_response, served_release, site_address
from medsynth_kg.endpoint.results import Row
from medsynth_kg.endpoint.saved_query_pages import by_topic, chart_of
from medsynth_kg.endpoint.serving import ServedRelease
from medsynth_kg.endpoint.structured_data import describe_dataset
from medsynth_kg.endpoint.tables import Cell
from medsynth_kg.query.formats import GRAPH_FORMATS
from medsynth_kg.query.limits import query_limits
from medsynth_kg.settings import Settings

FINDINGS_TYPES = {"csv": "text/csv", "json": "application/sparql-results+json", "tsv": "text/tab-separated-values"}
"""What findings come as, by extension."""
_FINDINGS_EXTENSIONS = {media_type: extension for extension, media_type in FINDINGS_TYPES.items()}
_FINDINGS_EXTENSIONS["application/json"] = "json"
FINDER = "find-papers"
"""The saved query behind the form on the home page."""
_FINDER_FIELDS = ("modality", "family", "category")
_CHARTS = ("evaluation-by-modality", "families-by-year", "code-availability-by-family")
"""The saved queries whose pictures carry the survey's message."""


def create_pages(settings: Settings) -> Blueprint:
    """The pages; ``settings`` are for the limits that the page /about states."""
    pages = Blueprint("pages", __name__)
    pages.add_url_rule("/", view_func=home)
    pages.add_url_rule("/findings", view_func=findings)
    pages.add_url_rule("/findings.<extension>", view_func=findings_data)
    pages.add_url_rule("/ontology", view_func=ontology)
    pages.add_url_rule("/ontology.<extension>", view_func=ontology_data)

    @pages.get("/about")
    def about() -> Response:
        kinds = sorted(KINDS.values(), key=lambda kind: (kind.status, kind.slug))
        links = links_of(served_release())
        manifest = served_release().release.manifest
        graphs = [
            Cell(links.short(iri).removeprefix("graph/"), links.href(iri))
            for iri in sorted((*manifest.counts["graphs"], *manifest.supplement))
        ]
        return page_response(
            "about.html",
            "about",
            limits=query_limits(settings),
            batch_size=BATCH_SIZE,
            kinds=kinds,
            graphs=graphs,
            citations=graph_citation_texts(served_release()),
        )

    return pages


def home() -> Response:
    """What this is, in figures, and how to ask it something."""
    served = served_release()
    (row,) = served.rows("figures")
    figures = {name: int(term.value) for name, term in row.items()}
    shares = {
        name: round(100 * figures[name] / max(figures["papers"], 1)) for name in ("withCode", "checkedForPrivacy")
    }
    finder = served.saved_queries.get(FINDER)
    return page_response(
        "home.html",
        "",
        figures=figures,
        shares=shares,
        coverage=coverage_of(served),
        fields=[parameter_field(served, name, finder) for name in _FINDER_FIELDS] if finder else (),
        charts=[chart for slug in _CHARTS if (chart := chart_of(served, slug)) is not None],
        topics=by_topic(served.saved_queries.values()),
        listings=LISTINGS.values(),
        host=site_address(),
        citation=in_words(graph_citation(served.release)),
        structured=describe_dataset(served.release, dump_documents(served.release)),
    )


def findings() -> Response:
    """What the survey's maintainers may want to correct: a page for readers, a table for programs."""
    chosen = negotiate(request.headers.get("Accept"), (HTML, *_FINDINGS_EXTENSIONS))
    if chosen is None:
        raise NotAcceptable("the findings come as a page, CSV, JSON and TSV; /graph/findings has them as RDF")
    served = served_release()
    if chosen != HTML:
        extension = _FINDINGS_EXTENSIONS[chosen]
        return answer_response(_ask_findings(served, extension), "findings", f"/findings.{extension}")
    rows = served.rows("findings")
    links = links_of(served)
    groups = [
        (kind, [_finding(row, links) for row in members])
        for kind, members in groupby(sorted(rows, key=_kind), key=_kind)
    ]
    alternates = [
        Alternate(media_type, f"/findings.{extension}", FORMAT_NAMES[extension])
        for extension, media_type in FINDINGS_TYPES.items()
    ]
    return page_response("findings.html", "findings", groups=groups, total=len(rows), alternates=alternates)


def findings_data(extension: str) -> Response:
    """The findings as a table for programs."""
    if extension not in FINDINGS_TYPES:
        raise no_such_format("the findings", "/findings", FINDINGS_TYPES)
    return answer_response(_ask_findings(served_release(), extension), "findings")


def _ask_findings(served: ServedRelease, extension: str) -> Answer:
    return served.ask("findings", FINDINGS_TYPES[extension])


def ontology() -> Response:
    """The terms of the ontology: a page for readers, RDF for programs."""
    chosen = negotiate(request.headers.get("Accept"), (HTML, *(known.media_type for known in GRAPH_FORMATS)))
    if chosen is None:
        raise NotAcceptable("the ontology comes as a page, Turtle, N-Triples, RDF/XML and JSON-LD")
    if chosen != HTML:
        extension = next(known.extension for known in GRAPH_FORMATS if known.media_type == chosen)
        return answer_response(served_release().ask("ontology-data", chosen), "ontology", f"/ontology.{extension}")
    served = served_release()
    groups = [
        (kind, [_term(row) for row in members])
        for kind, members in groupby(sorted(served.rows("ontology-terms"), key=_rank), key=_kind)
    ]
    return page_response("ontology.html", "ontology", groups=groups, alternates=graph_alternates("/ontology"))


def ontology_data(extension: str) -> Response:
    """The ontology in one RDF syntax."""
    for known in GRAPH_FORMATS:
        if known.extension == extension:
            return answer_response(served_release().ask("ontology-data", known.media_type), "ontology")
    raise no_such_format("the ontology", "/ontology", (known.extension for known in GRAPH_FORMATS))


def graph_alternates(address: str) -> list[Alternate]:
    """The RDF syntaxes of a page, by suffix."""
    return [
        Alternate(known.media_type, f"{address}.{known.extension}", FORMAT_NAMES[known.extension])
        for known in GRAPH_FORMATS
    ]


def _rank(row: Row) -> int:
    return ("Classes", "Relations", "Attributes", "Datatypes").index(row["kind"].value)


def _kind(row: Row) -> str:
    return row["kind"].value


def _finding(row: Row, links: Links) -> dict[str, str | None]:
    fields: dict[str, str | None] = dict.fromkeys(("table", "row", "column", "advice"), "")
    fields |= {name: term.value for name, term in row.items()}
    return fields | {"href": links.href(row["finding"].value)}


def _term(row: Row) -> dict[str, object]:
    links = links_of(served_release())
    iri = row["term"].value

    def cells(name: str) -> list[Cell]:
        return [
            Cell(links.short(value), links.href(value))
            for value in sorted(row[name].value.split() if name in row else ())
        ]

    return {
        "name": links.short(iri),
        "fragment": iri.partition("#")[2],
        "iri": iri,
        "label": row["label"].value,
        "comment": row["comment"].value if "comment" in row else "",
        "related": [
            (title, found)
            for title, name in (("narrower than", "broaderTerms"), ("from", "domain"), ("to", "range"))
            if (found := cells(name))
        ],
    }
