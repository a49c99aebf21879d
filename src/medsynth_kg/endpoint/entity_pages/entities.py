"""A page for every IRI of the graph, and the same as data.

An IRI answers with 200 and ``Content-Location`` in the format that the client prefers, since everything here is a
description that can be sent over the web; each format also has an address of its own, with a suffix.
"""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from flask import Blueprint, Response, request
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as WerkzeugResponse

from medsynth_kg.endpoint.catalogue import LISTINGS, Listing
from medsynth_kg.endpoint.citing.formats import CITATION_FORMATS, CitationFormat
from medsynth_kg.endpoint.entity_pages.entity_sections import kind_of, leads_elsewhere, sections_of
from medsynth_kg.endpoint.entity_pages.notices import notices_of
from medsynth_kg.endpoint.entity_pages.provenance import Provenance
from medsynth_kg.endpoint.entity_pages.statements import Property, arrange
from medsynth_kg.endpoint.errors import NotAcceptable, NotFound
from medsynth_kg.endpoint.links import PATH_CHARACTERS, iri_of_path, path_of_iri
from medsynth_kg.endpoint.near_matches import near_matches
from medsynth_kg.endpoint.negotiation import HTML, negotiate
from medsynth_kg.endpoint.pages import graph_alternates
from medsynth_kg.endpoint.paging import page_of
from medsynth_kg.endpoint.papers_by_identifier import paper_once_at
from medsynth_kg.endpoint.rendering import links_of
from medsynth_kg.endpoint.responses import answer_response, page_response, served_release, text_response
from medsynth_kg.endpoint.results import Row, read_results
from medsynth_kg.endpoint.serving import ServedRelease
from medsynth_kg.endpoint.signposting import SCHEMA_TYPES, VENUE_TYPES, description, landing_page
from medsynth_kg.endpoint.structured_data import describe_thing
from medsynth_kg.endpoint.tables import Cell
from medsynth_kg.query.formats import GRAPH_FORMATS

entities = Blueprint("entities", __name__)

MENTIONS_SHOWN = 100
"""Incoming statements on one page."""
MEMBERS_SHOWN = 200
"""Members of a listing on one page."""
_SUFFIXES = {"html": HTML} | {known.extension: known.media_type for known in GRAPH_FORMATS}
_ENDINGS = {*_SUFFIXES, *(known.extension for known in CITATION_FORMATS)}
_LONGEST_PATH = 2000
_QUERY_CHARACTERS = "%/?:@!$&'()*+,;="
"""What stays as it is in the query of an address besides letters, digits and ``-._~`` (RFC 3986, section 3.4)."""


@entities.get("/<path:path>")
def entity(path: str) -> WerkzeugResponse:
    """Whatever has this IRI, or is listed at this address."""
    if path.endswith("/") and path.strip("/"):
        return redirect(_without_slash(path), 308)
    served = served_release()
    stem, _, suffix = path.rpartition(".")
    if len(path) <= _LONGEST_PATH:
        if _is_known(served, path):
            return _negotiated(served, path)
        if found := _citation_of(served, path):
            return _cite(served, *found, fixed=True)
        if stem and suffix in _SUFFIXES and _is_known(served, stem):
            return _represent(served, stem, _SUFFIXES[suffix], fixed=True)
        if paper := paper_once_at(served, path):
            return redirect(path_of_iri(served.base, paper), 303)
        if suffix in _ENDINGS and (paper := paper_once_at(served, stem)):
            return redirect(f"{path_of_iri(served.base, paper)}.{suffix}", 303)
    raise NotFound(
        f"the graph says nothing of {served.base}{quote(path[:200], safe=PATH_CHARACTERS)}", near_matches(served, path)
    )


def _without_slash(path: str) -> str:
    """The address that was asked, parameters included, without the slash at the end of its path."""
    query = quote(request.query_string, safe=_QUERY_CHARACTERS)
    return "/" + quote(path.strip("/"), safe=PATH_CHARACTERS) + (f"?{query}" if query else "")


def _is_known(served: ServedRelease, path: str) -> bool:
    return path in LISTINGS or _is_stated(served, iri_of_path(served.base, path))


def _is_stated(served: ServedRelease, iri: str) -> bool:
    return read_results(served.ask("entity-exists", entity=iri)).truth is True


def _citation_of(served: ServedRelease, path: str) -> tuple[str, CitationFormat] | None:
    """The paper and the format that an address of a citation names."""
    for known in CITATION_FORMATS:
        stem = path.removesuffix(f".{known.extension}")
        if stem != path and iri_of_path(served.base, stem) in served.citations:
            return stem, known
    return None


def _cite(served: ServedRelease, path: str, known: CitationFormat, *, fixed: bool) -> Response:
    iri = iri_of_path(served.base, path)
    location = None if fixed else f"/{quote(path, safe=PATH_CHARACTERS)}.{known.extension}"
    text = known.write([served.citations[iri]])
    name = path.rpartition("/")[2] if path.rpartition("/")[2].isascii() else "paper"
    safe_name = "".join(character if character.isalnum() or character in "-._" else "-" for character in name)
    return text_response(text, known.media_type, f"{safe_name}.{known.extension}", location, description(iri))


def _negotiated(served: ServedRelease, path: str) -> Response:
    is_paper = path.startswith("paper/") and iri_of_path(served.base, path) in served.citations
    citations = {known.media_type: known for known in CITATION_FORMATS} if is_paper else {}
    offered = (HTML, *(known.media_type for known in GRAPH_FORMATS), *citations)
    chosen = negotiate(request.headers.get("Accept"), offered)
    if chosen is None:
        more = "".join(f", {known.name}" for known in citations.values())
        raise NotAcceptable(f"this comes as a page, Turtle, N-Triples, RDF/XML and JSON-LD{more}")
    if chosen in citations:
        return _cite(served, path, citations[chosen], fixed=False)
    return _represent(served, path, chosen, fixed=False)


def _represent(served: ServedRelease, path: str, media_type: str, *, fixed: bool) -> Response:
    if media_type == HTML:
        return _listing_page(served, LISTINGS[path]) if path in LISTINGS else _entity_page(served, path)
    extension = next(known.extension for known in GRAPH_FORMATS if known.media_type == media_type)
    address = "/" + quote(path, safe=PATH_CHARACTERS)
    location = None if fixed else f"{address}.{extension}"
    name = path.rpartition("/")[2]
    iri = iri_of_path(served.base, path)
    links = description(iri)
    if path.startswith("graph/"):
        return answer_response(served.ask("graph-data", media_type, entity=iri), name, location, links)
    if path in LISTINGS and not _is_stated(served, iri):
        members = served.ask("members-data", media_type, **{"class": _class_iri(served, LISTINGS[path])})
        return answer_response(members, name, location, links)
    return answer_response(served.ask("entity-data", media_type, entity=iri), name, location, links)


def _entity_page(served: ServedRelease, path: str) -> Response:
    iri = iri_of_path(served.base, path)
    links = links_of(served)
    rows = served.rows("entity-statements", entity=iri)
    files = served.release.manifest.inputs
    origins = Provenance(iri, served.rows("entity-origins", entity=iri), files, links)
    elsewhere = arrange((row for row in rows if leads_elsewhere(row, links)), links, origins=origins)
    authors = served.rows("authors", entity=iri)
    order = [row[variable].value for row in authors for variable in ("person", "authorship")]
    own = (row for row in rows if not leads_elsewhere(row, links))
    statements = arrange(own, links, origins=origins, order=order)
    mentions = page_of(served.rows("entity-mentions", entity=iri), request.args.get("page"), MENTIONS_SHOWN)
    canonical = iri.removeprefix(served.base)
    listing = LISTINGS.get(kind_of(path) or path.partition("/")[0])
    size = served.rows("graph-size", entity=iri) if path.startswith("graph/") else ()
    types = next((found for found in statements if any(name.text == "rdf:type" for name in found.names)), None)
    label = _label(served, iri) or links.short(iri)
    schema_type = _schema_type(path, rows)
    byline = [Cell(row["name"].value, links.href(row["person"].value)) for row in authors]
    alternates = graph_alternates(f"/{canonical}")
    sections = sections_of(served, iri, links)
    repositories = sections.paper.repositories if sections.paper else ()
    code = {served.base + repository.key: repository.term for repository in repositories}
    cells = _cells((*statements, *elsewhere))
    return page_response(
        "entity.html",
        canonical,
        iri=iri,
        label=label,
        types=[value.cell for value in types.values if "/ontology#" in (value.cell.href or "")] if types else [],
        listing=listing,
        authors=byline,
        notices=notices_of(served.rows("entity-notices", entity=iri), links) if listing else (),
        statements=statements,
        elsewhere=elsewhere,
        sections=sections,
        mentions=arrange(mentions.items, links, value="subject", retracted=served.papers.retracted),
        page=mentions,
        page_address=lambda number: f"/{canonical}?page={number}#mentions",
        graph_size=int(size[0]["statements"].value) if size else None,
        alternates=alternates,
        links=landing_page(iri, alternates, schema_type),
        structured=describe_thing(iri, schema_type, label, byline, cells, served.base, code) if schema_type else None,
    )


def _schema_type(path: str, rows: Iterable[Row]) -> str | None:
    """What schema.org calls the thing of a path, of which ``rows`` are the statements; a venue, by its kind."""
    for row in rows:
        if row["property"].value.endswith("/ontology#venueKind"):
            return VENUE_TYPES.get(row["value"].value, "CreativeWork")
    return SCHEMA_TYPES.get(kind_of(path))


def _cells(statements: Iterable[Property]) -> Mapping[str, Sequence[Cell]]:
    return {name.text: [value.cell for value in found.values] for found in statements for name in found.names}


def _label(served: ServedRelease, iri: str) -> str:
    for row in served.rows("entity-label", entity=iri):
        return row["label"].value
    return ""


def _listing_page(served: ServedRelease, listing: Listing) -> Response:
    links = links_of(served)
    rows = served.rows("members", **{"class": _class_iri(served, listing)})
    page = page_of(rows, request.args.get("page"), MEMBERS_SHOWN)
    retracted = served.papers.retracted if listing.path == "paper" else frozenset[str]()
    members = [
        (
            Cell(
                row["label"].value if "label" in row else links.short(row["member"].value),
                links.href(row["member"].value),
                is_retracted=row["member"].value in retracted,
            ),
            int(row["papers"].value),
        )
        for row in page.items
    ]
    iri = served.base + listing.path
    # Of the addresses of lists, those of concept schemes alone are IRIs of the graph.
    schema_type = "DefinedTermSet" if _is_stated(served, iri) else "CollectionPage"
    alternates = graph_alternates(f"/{listing.path}")
    return page_response(
        "listing.html",
        listing.path,
        listing=listing,
        members=members,
        counted=any(papers for _, papers in members),
        total=len(rows),
        page=page,
        page_address=lambda number: f"/{listing.path}?page={number}",
        alternates=alternates,
        links=landing_page(iri, alternates, schema_type),
    )


def _class_iri(served: ServedRelease, listing: Listing) -> str:
    return listing.class_iri if ":" in listing.class_iri else served.base + listing.class_iri
