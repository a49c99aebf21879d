"""Releases: the list as a page, as an Atom feed and as an event stream, and a page for each.

Atom: RFC 4287. LDES: https://w3id.org/ldes/specification; a release is a member that never changes, so one page of the
stream holds them all.
"""

import json
from functools import partial

from flask import Blueprint, Response, request

from medsynth_kg.endpoint.dump_files import dump_alternates, dump_documents, dumps_of, media_type
from medsynth_kg.endpoint.errors import NotAcceptable, NotFound
from medsynth_kg.endpoint.kept_releases import ReleaseHistory, find_release
from medsynth_kg.endpoint.negotiation import HTML, negotiate
from medsynth_kg.endpoint.paging import page_of
from medsynth_kg.endpoint.rendering import Alternate
from medsynth_kg.endpoint.responses import (
    document_response,
    file_response,
    page_response,
    served_release,
    site_address,
    speak_of,
    text_response,
)
from medsynth_kg.endpoint.signposting import (
    LICENCE,
    LINKSET_JSON,
    TypedLink,
    description,
    landing_page,
    link_header,
    link_set,
    member,
)
from medsynth_kg.endpoint.structured_data import describe_dataset
from medsynth_kg.release import croissant
from medsynth_kg.release.croissant import CROISSANT
from medsynth_kg.release.description import MAKERS
from medsynth_kg.release.manifest import MANIFEST
from medsynth_kg.release.reading import Release
from medsynth_kg.settings import Settings

RELEASES_SHOWN = 20
"""Releases on one page of the list, and in the feed."""
_TURTLE = "text/turtle"
_ATOM = "application/atom+xml"
_FEED, _STREAM = "/releases/feed.atom", "/releases/ldes.ttl"
_DESCRIPTION = "void.ttl"
_LINK_SET = "linkset.json"
_FILES = {_DESCRIPTION: f"{_TURTLE}; charset=utf-8", CROISSANT: croissant.MEDIA_TYPE, MANIFEST: "application/json"}
"""What describes a release, by the names of the files in it."""


def create_release_pages(settings: Settings) -> Blueprint:
    """The addresses under /releases/; ``settings`` say where releases lie."""
    pages = Blueprint("releases", __name__)
    history = ReleaseHistory(settings.releases)

    @pages.get("/releases/")
    def releases() -> Response:
        chosen = negotiate(request.headers.get("Accept"), (HTML, _TURTLE, _ATOM))
        if chosen is None:
            raise NotAcceptable("the list of releases comes as a page, Turtle and Atom")
        if chosen == HTML:
            return _list(history)
        return _negotiated(*((_stream(history), _STREAM) if chosen == _TURTLE else (_feed(history), _FEED)))

    @pages.get(_FEED)
    def feed() -> Response:
        return _feed(history)

    @pages.get(_STREAM)
    def stream() -> Response:
        return _stream(history)

    @pages.get("/releases/<release_id>/")
    def release(release_id: str) -> Response:
        found = speak_of(find_release(settings.releases, release_id))
        chosen = negotiate(request.headers.get("Accept"), (HTML, _TURTLE))
        if chosen is None:
            raise NotAcceptable("a release comes as a page and as Turtle")
        return _page(history, found) if chosen == HTML else _file(found, _DESCRIPTION)

    @pages.get(f"/releases/<release_id>/<any({', '.join(map(repr, _FILES))}):name>")
    def release_file(release_id: str, name: str) -> Response:
        return _file(speak_of(find_release(settings.releases, release_id)), name)

    @pages.get(f"/releases/<release_id>/{_LINK_SET}")
    def release_link_set(release_id: str) -> Response:
        return _link_set(speak_of(find_release(settings.releases, release_id)))

    return pages


def describing_files(release: Release) -> tuple[Alternate, ...]:
    """What describes a release to programs."""
    address = f"/releases/{release.id}"
    known = (
        Alternate(_TURTLE, f"{address}/{_DESCRIPTION}", "VoID and DCAT"),
        Alternate(croissant.MEDIA_TYPE, f"{address}/{CROISSANT}", "Croissant", croissant.SPECIFICATION),
        Alternate("application/json", f"{address}/{MANIFEST}", "Manifest"),
    )
    return known if CROISSANT in release.manifest.files else (known[0], known[2])


def release_links(release: Release) -> tuple[TypedLink, ...]:
    """The typed links of a page about a release; its items are the dumps of everything, its link set has all."""
    iri = f"{release.manifest.base_iri}releases/{release.id}"
    return (
        *landing_page(iri, describing_files(release), "Dataset", dump_alternates(release)),
        TypedLink(f"/releases/{release.id}/{_LINK_SET}", "linkset", LINKSET_JSON),
    )


def _list(history: ReleaseHistory) -> Response:
    ids = history.ids()
    page = page_of(ids, request.args.get("page"), RELEASES_SHOWN)
    alternates = [
        Alternate(_ATOM, _FEED, "Atom feed"),
        Alternate(_TURTLE, _STREAM, "LDES"),
    ]
    return page_response(
        "releases.html",
        "releases/",
        editions=history.editions((page.number - 1) * RELEASES_SHOWN, RELEASES_SHOWN),
        published=history.published,
        total=len(ids),
        page=page,
        page_address=lambda number: f"/releases/?page={number}",
        alternates=alternates,
        links=landing_page(f"{served_release().base}releases/", alternates[1:], "DataCatalog"),
    )


def _negotiated(response: Response, address: str) -> Response:
    """The list as a document that has an address of its own."""
    response.headers["Content-Location"] = address
    response.headers["Vary"] = "Accept, Accept-Encoding"
    return response


def _feed(history: ReleaseHistory) -> Response:
    editions = history.editions(0, RELEASES_SHOWN)
    opened = [edition.release for edition in editions if edition.release] or [served_release().release]
    return document_response(
        "releases.atom",
        _FEED.lstrip("/"),
        _ATOM,
        makers=MAKERS,
        editions=editions,
        updated=max(_published(history, release) for release in opened),
        published=partial(_published, history),
        host=site_address(),
    )


def _stream(history: ReleaseHistory) -> Response:
    """All releases, the oldest first. Clients only go on where the address that they asked is that of the view."""
    return document_response(
        "releases.ttl",
        _STREAM.lstrip("/"),
        f"{_TURTLE}; charset=utf-8",
        licence=LICENCE,
        releases=history.whole()[::-1],
        published=partial(_published, history),
        host=site_address(),
    )


def _published(history: ReleaseHistory, release: Release) -> str:
    """When a release was published, as RFC 3339 and XML Schema have it; in milliseconds, as builds may be quick."""
    return history.published(release).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _page(history: ReleaseHistory, release: Release) -> Response:
    base = release.manifest.base_iri
    counts = release.manifest.counts
    terms = f"{base}ontology#"
    classes = [(iri.removeprefix(terms), n) for iri, n in counts["classes"].items() if iri.startswith(terms)]
    graphs = [(iri.removeprefix(f"{base}graph/"), n) for iri, n in counts["graphs"].items()]
    return page_response(
        "release.html",
        f"releases/{release.id}",
        edition=history.edition(release),
        listed=release,
        classes=classes,
        graphs=graphs,
        files=dumps_of(release),
        descriptions=describing_files(release),
        links=release_links(release),
        structured=describe_dataset(release, dump_documents(release)),
    )


def _file(release: Release, name: str) -> Response:
    if not (release.path / name).is_file():
        raise NotFound(f"release {release.id} was built before releases had a {name}")
    entry = release.manifest.files.get(name)
    response = file_response(release.path / name, _FILES[name], max_age=60, entity_tag=entry.sha256 if entry else None)
    response.headers["Link"] = link_header(description(f"{release.manifest.base_iri}releases/{release.id}"))
    response.headers["Vary"] = "Accept"
    return response


def _link_set(release: Release) -> Response:
    iri = f"{release.manifest.base_iri}releases/{release.id}"
    page, dumps = f"/releases/{release.id}/", f"/dumps/{release.id}/"
    items = [Alternate(media_type(name), f"{dumps}{name}", name) for name, _ in dumps_of(release)]
    about = landing_page(iri, describing_files(release), "Dataset", items)
    links = {
        page: about,
        dumps: about,
        **{known.href: description(iri) for known in describing_files(release)},
        **{item.href: member(iri, page) for item in items},
    }
    response = text_response(json.dumps(link_set(site_address(), links), indent=1), LINKSET_JSON)
    # The type has no parameter charset (RFC 9264, section 7.2); JSON is UTF-8.
    response.headers["Content-Type"] = LINKSET_JSON
    return response
