"""Addresses that lead to things by the names that others give them, and lists for machines.

Redirects to what describes a thing are 303 (RFC 9110, section 15.4.4): the paper is not the identifier.
"""

from collections.abc import Callable

from flask import Blueprint, Response
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as WerkzeugResponse

from medsynth_kg.endpoint.errors import NotFound, no_such_format
from medsynth_kg.endpoint.links import iri_of_path, path_of_iri
from medsynth_kg.endpoint.near_matches import near_matches
from medsynth_kg.endpoint.papers_by_identifier import paper_with
from medsynth_kg.endpoint.responses import answer_response, document_response, served_release, site_address
from medsynth_kg.endpoint.results import read_results
from medsynth_kg.endpoint.search.identifying import repository_in
from medsynth_kg.identifiers.arxiv import normalise_arxiv_id
from medsynth_kg.identifiers.doi import normalise_doi
from medsynth_kg.identifiers.paper import identify_paper
from medsynth_kg.query.formats import GRAPH_FORMATS

other_addresses = Blueprint("other_addresses", __name__)

_SITEMAP_LIMIT = 50_000
"""Addresses that one sitemap may list (https://www.sitemaps.org/protocol.html)."""


@other_addresses.get("/doi/<path:doi>")
def by_doi(doi: str) -> WerkzeugResponse:
    """The paper of a DOI."""
    return _paper("doi", doi, normalise_doi)


@other_addresses.get("/arxiv/<path:arxiv_id>")
def by_arxiv_id(arxiv_id: str) -> WerkzeugResponse:
    """The paper of an arXiv id, with or without version."""
    return _paper("arxiv", arxiv_id, normalise_arxiv_id)


@other_addresses.get("/github/<path:address>")
def by_repository(address: str) -> WerkzeugResponse:
    """The code repository of an owner and a name at GitHub, which tells no case, or of a whole address."""
    served = served_release()
    path = repository_in(address) or repository_in(f"https://github.com/{address}") or f"repository/{address.lower()}"
    iri = iri_of_path(served.base, path)
    if not read_results(served.ask("entity-exists", entity=iri)).truth:
        raise NotFound(f"no paper of the graph has its code at {path.removeprefix('repository/')[:140]}", _near(path))
    return _see(iri)


@other_addresses.get("/ontology/<version>")
def ontology_version(version: str) -> WerkzeugResponse:
    """The version of the ontology that this release has; a release keeps one version."""
    served = served_release()
    if not read_results(served.ask("ontology-version", version=iri_of_path(served.base, f"ontology/{version}"))).truth:
        raise NotFound(f"this release has no version {version[:20]} of the ontology; /ontology is the one that it has")
    return redirect("/ontology", 302)


@other_addresses.get("/queries.<extension>")
def queries_as_data(extension: str) -> Response:
    """The saved queries as SHACL executables, for editors that load examples."""
    served = served_release()
    for known in GRAPH_FORMATS:
        if known.extension == extension:
            return answer_response(
                served.ask("graph-data", known.media_type, entity=f"{served.base}graph/queries"), "queries"
            )
    raise no_such_format("the saved queries", "/queries", (known.extension for known in GRAPH_FORMATS))


@other_addresses.get("/sitemap.xml")
def sitemap() -> Response:
    """The pages that search engines may list, at the host that they ask."""
    served = served_release()
    paths = ["", "about", "api", "dumps/", "explore", "findings", "gaps", "ontology", "queries/", "releases/"]
    paths += [f"queries/{slug}" for slug, query in served.saved_queries.items() if not query.federated]
    own = (row["entity"].value for row in served.rows("named-entities"))
    paths += [iri.removeprefix(served.base) for iri in dict.fromkeys(own) if iri.startswith(served.base)]
    return document_response(
        "sitemap.xml",
        "sitemap.xml",
        "application/xml",
        host=site_address(),
        paths=paths[:_SITEMAP_LIMIT],
        day=served.release.manifest.newest_input.isoformat(),
    )


def _paper(kind: str, text: str, normalise: Callable[[str], str | None]) -> WerkzeugResponse:
    identifier = normalise(text) or _in_address(kind, text)
    if identifier and (paper := paper_with(served_release(), kind, identifier)):
        return _see(paper)
    path = "paper/" + (text if kind == "doi" else f"{kind}/{text}")
    known = iri_of_path(served_release().base, path.lower())
    if read_results(served_release().ask("entity-exists", entity=known)).truth:
        return _see(known)
    raise NotFound(f"no paper of the graph has the {kind} {text[:100]}", _near(path))


def _in_address(kind: str, text: str) -> str | None:
    """The identifier in an address of its registry, pasted whole."""
    identified = identify_paper(text)
    return identified.value if identified and identified.scheme == kind else None


def _near(path: str) -> tuple[str, ...]:
    return near_matches(served_release(), path)


def _see(iri: str) -> WerkzeugResponse:
    return redirect(path_of_iri(served_release().base, iri), 303)
