"""The page /explore: papers by facets, and exactly the papers shown in the formats that people work with."""

from urllib.parse import urlencode

from flask import Blueprint, Response, request

from medsynth_kg.endpoint.citing.formats import CITATION_FORMATS, citation_format
from medsynth_kg.endpoint.endpoint_queries import query_text
from medsynth_kg.endpoint.errors import no_such_format
from medsynth_kg.endpoint.exploring.choices import facet_choices
from medsynth_kg.endpoint.exploring.papers import FACETS, Paper
from medsynth_kg.endpoint.exploring.selection import SORTS, Selection, read_selection
from medsynth_kg.endpoint.exploring.selection_query import selection_query
from medsynth_kg.endpoint.exploring.tables import as_csv, as_json
from medsynth_kg.endpoint.paging import page_of
from medsynth_kg.endpoint.rendering import Alternate, links_of
from medsynth_kg.endpoint.responses import page_response, served_release, text_response
from medsynth_kg.endpoint.serving import ServedRelease

explore_pages = Blueprint("explore_pages", __name__)

PAPERS_SHOWN = 25
"""Papers on one page."""
_NAME = "medsynth-kg-papers"
TYPES = {"csv": "text/csv", "json": "application/json", "rq": "application/sparql-query"} | {
    known.extension: known.media_type for known in CITATION_FORMATS
}
"""What papers come as, by extension."""
_NAMES = {"csv": "CSV", "json": "JSON"} | {known.extension: known.name for known in CITATION_FORMATS}


@explore_pages.get("/explore")
def explore() -> Response:
    """A page of the papers that the address selects, and what can be chosen next."""
    served = served_release()
    links = links_of(served)
    selection = read_selection(request.args.items(multi=True), served.papers)
    found = selection.papers(served.papers)
    page = page_of(found, request.args.get("page"), PAPERS_SHOWN)
    query = _query(served, selection)
    return page_response(
        "explore.html",
        selection.address(page=page.number).lstrip("/"),
        selection=selection,
        total=len(found),
        every=len(served.papers.all),
        page=page,
        page_address=lambda number: selection.address(page=number),
        rows=[(paper, links.href(paper.iri)) for paper in page.items],
        facets=facet_choices(served.papers, selection),
        chips=_chips(served, selection),
        sorts=[(name, title, selection.sorted_by(name).address()) for name, title in SORTS.items()],
        alternates=[
            Alternate(TYPES[extension], selection.address(f"/explore.{extension}"), name)
            for extension, name in _NAMES.items()
        ],
        query=query,
        query_address=f"/sparql?{urlencode({'query': query})}",
        query_file=selection.address("/explore.rq"),
        href=links.href,
    )


@explore_pages.get("/explore.<extension>")
def explore_data(extension: str) -> Response:
    """All papers of a selection in one format, or the query that makes it."""
    if extension not in TYPES:
        raise no_such_format("papers", "/explore", TYPES)
    served = served_release()
    selection = read_selection(request.args.items(multi=True), served.papers)
    if extension == "rq":
        return text_response(_query(served, selection), TYPES[extension])
    text = _written(served, extension, selection.papers(served.papers))
    return text_response(text, TYPES[extension], f"{_NAME}.{extension}")


def _written(served: ServedRelease, extension: str, papers: list[Paper]) -> str:
    known = citation_format(extension)
    if known is not None:
        return known.write(served.citations[paper.iri] for paper in papers if paper.iri in served.citations)
    return as_csv(papers) if extension == "csv" else as_json(papers, served.base)


def _query(served: ServedRelease, selection: Selection) -> str:
    return selection_query(query_text("selected-papers"), selection, served.papers, served.base)


def _chips(served: ServedRelease, selection: Selection) -> list[tuple[str, str, str]]:
    """What is chosen: the facet's title, the value's label, and the address without it."""
    known = served.papers.known_values
    return [
        (facet.title, known[facet.name][key].label, selection.toggled(facet.name, key).address())
        for facet in FACETS
        for key in selection.chosen.get(facet.name, ())
    ]
