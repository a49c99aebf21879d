"""The search page, suggestions as one types, and what tells a browser of them.

OpenSearch 1.1: https://github.com/dewitt/opensearch, the description document and the suggestions extension.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as WerkzeugResponse

from medsynth_kg.endpoint.catalogue import LISTINGS
from medsynth_kg.endpoint.errors import MalformedRequest, NotSearchable
from medsynth_kg.endpoint.links import path_of_iri
from medsynth_kg.endpoint.paging import page_of
from medsynth_kg.endpoint.rendering import links_of
from medsynth_kg.endpoint.reply import CACHE_CONTROL
from medsynth_kg.endpoint.responses import document_response, page_response, served_release, site_address
from medsynth_kg.endpoint.search.index import PLAUSIBLE, QUERY_LENGTH, Entity, Hit, SearchIndex, plain
from medsynth_kg.release.search_entities import CLASSES

search_pages = Blueprint("search", __name__)

HITS_SHOWN = 20
"""Hits on a page."""
SUGGESTED = 8
"""Suggestions where a client does not say how many it wants."""
MOST_SUGGESTED = 50
NEAR_SHOWN = 5
_NEAR = 0.35
"""The score from which a name is told as resembling a query that nothing answers."""
_EXAMPLES = ("ecg difusion", "style gan 2", "privacy", "10.3390/s23198328", "arXiv:2303.02475v1")


@search_pages.get("/search")
def search() -> WerkzeugResponse:
    """Hits as a page, by kind where the reader wants one; an identifier leads to what it identifies."""
    index = served_release().search
    query = asked_text("q")
    kind = request.args.get("kind", "")
    kind = kind if kind in CLASSES else ""
    hits = index.search(query) if index and query else []
    if index and len(identified := index.identified(query)) == 1:
        return redirect(address(identified[0]), 303)
    plausible = [hit for hit in hits if hit.score >= PLAUSIBLE]
    wanted = [hit for hit in plausible if kind in ("", hit.entity.kind)]
    page = page_of(wanted, request.args.get("page"), HITS_SHOWN)
    chosen = {"q": query, "kind": kind}
    return page_response(
        "search.html",
        "search",
        searchable=index is not None,
        query=query,
        kind=kind,
        kind_title=LISTINGS[kind].title if kind else "",
        kinds=_kinds(plausible, query, kind),
        shown=[_shown(hit) for hit in page.items],
        near=[_shown(hit) for hit in hits if hit.score >= _NEAR and kind in ("", hit.entity.kind)][:NEAR_SHOWN],
        first=(page.number - 1) * HITS_SHOWN + 1,
        total=len(wanted),
        page=page,
        page_address=lambda number: f"/search?{urlencode(chosen | {'page': number})}",
        examples=_EXAMPLES,
    )


@search_pages.get("/search.json")
def suggestions() -> Response:
    """Hits as JSON, or in the form that browsers ask for with ``format=opensearch``."""
    query = asked_text("q")
    kind = request.args.get("kind", "")
    if kind and kind not in CLASSES:
        raise MalformedRequest(f"there is no kind {kind[:40]}; kinds are {', '.join(CLASSES)}")
    limit = min(max(whole_number("limit", SUGGESTED), 1), MOST_SUGGESTED)
    hits = searched_index().search(query, (kind,) if kind else (), PLAUSIBLE) if query else []
    shown = hits[:limit]
    if request.args.get("format") == "opensearch":
        columns = (
            [hit.entity.label for hit in shown],
            [hit.entity.description for hit in shown],
            [site_address().rstrip("/") + address(hit.entity) for hit in shown],
        )
        return json_response([query, *columns], "application/x-suggestions+json")
    return json_response({"query": query, "total": len(hits), "results": [_told(hit) for hit in shown]})


@search_pages.get("/opensearch.xml")
def opensearch() -> Response:
    """How a browser searches here."""
    return document_response(
        "opensearch.xml", "opensearch.xml", "application/opensearchdescription+xml", host=site_address()
    )


def searched_index() -> SearchIndex:
    """The index of the served release.

    Raises:
        NotSearchable: it has none.
    """
    served = served_release()
    if served.search is None:
        raise NotSearchable(served.release.id)
    return served.search


def asked_text(name: str) -> str:
    """A parameter's text, cut to what is looked at."""
    return plain(request.args.get(name, "")).strip()[:QUERY_LENGTH]


def whole_number(name: str, otherwise: int) -> int:
    """A parameter that is a number, or another where it is none."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else otherwise


def address(entity: Entity) -> str:
    """The path of an entity's page."""
    return path_of_iri(served_release().base, entity.iri)


def json_response(document: object, content_type: str = "application/json") -> Response:
    """A document as JSON; text stays readable."""
    response = Response(json.dumps(document, ensure_ascii=False, indent=1) + "\n", content_type=content_type)
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.headers["Vary"] = "Accept, Accept-Encoding"
    return response


def _kinds(hits: Sequence[Hit], query: str, chosen: str) -> list[dict[str, object]]:
    counts = Counter(hit.entity.kind for hit in hits)
    kinds: list[dict[str, object]] = [
        {"title": "Everything", "count": len(hits), "chosen": not chosen, "parameters": {"q": query}}
    ]
    kinds += [
        {
            "title": listing.title,
            "count": counts[path],
            "chosen": path == chosen,
            "parameters": {"q": query, "kind": path},
        }
        for path, listing in LISTINGS.items()
        if counts[path]
    ]
    return kinds if len(counts) > 1 or chosen else []


def _shown(hit: Hit) -> Mapping[str, object]:
    entity = hit.entity
    return {
        "kind": entity.kind,
        "label": entity.label,
        "description": entity.description,
        "papers": entity.papers if entity.kind not in ("paper", "person") else 0,
        "href": links_of(served_release()).href(entity.iri),
    }


def _told(hit: Hit) -> Mapping[str, object]:
    entity = hit.entity
    return {
        "iri": entity.iri,
        "address": address(entity),
        "label": entity.label,
        "kind": entity.kind,
        "description": entity.description,
        "score": round(hit.score, 3),
    }
