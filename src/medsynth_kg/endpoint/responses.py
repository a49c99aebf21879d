"""What the views of the site share: the release that a request is served from, and responses of the usual kinds."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import Response, current_app, g, request, send_file
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import wrap_file

from medsynth_kg.endpoint.answers import Answer
from medsynth_kg.endpoint.errors import PreconditionFailed
from medsynth_kg.endpoint.negotiation import HTML
from medsynth_kg.endpoint.preconditions import check_matches, is_not_modified, wants_part
from medsynth_kg.endpoint.rendering import Alternate, Renderer
from medsynth_kg.endpoint.reply import CACHE_CONTROL, Reply, answer_reply
from medsynth_kg.endpoint.serving import ServedRelease
from medsynth_kg.endpoint.signposting import TypedLink, link_header
from medsynth_kg.release.reading import Release

SERVED = "medsynth_kg.served"
"""Where the WSGI environment holds the release that a request is served from."""
RENDERER = "medsynth_kg.renderer"
"""Where the application holds its renderer."""


def served_release() -> ServedRelease:
    """The release that this request is served from."""
    served: ServedRelease = request.environ[SERVED]
    return served


def renderer() -> Renderer:
    """The application's renderer."""
    found: Renderer = current_app.extensions[RENDERER]
    return found


def page_response(
    template: str, path: str, *, alternates: Sequence[Alternate] = (), links: Sequence[TypedLink] = (), **context: Any
) -> Response:
    """A page, with its canonical address, its alternates and the data set's description as links (RFC 8288).

    ``links`` are further values of the header; where they are given, they say what describes the page's subject.
    """
    served = served_release()
    page = renderer().page(template, served, path, alternates=alternates, **context)
    response = Response(page, mimetype=HTML)
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.headers["Vary"] = "Accept, Accept-Encoding"
    described = () if links else (TypedLink("/.well-known/void", "describedby", "text/turtle"),)
    others = (TypedLink(known.href, "alternate", known.media_type) for known in alternates)
    canonical = TypedLink(f"{served.base}{path}", "canonical")
    response.headers["Link"] = link_header((canonical, *described, *links, *others))
    return conditional(response)


def document_response(template: str, path: str, content_type: str, **context: Any) -> Response:
    """A document that is no page, from a template: a feed, a list for crawlers, a description in Turtle."""
    response = Response(renderer().page(template, served_release(), path, **context), content_type=content_type)
    response.headers["Cache-Control"] = CACHE_CONTROL
    return conditional(response)


def text_response(
    text: str, media_type: str, name: str = "", location: str | None = None, links: Sequence[TypedLink] = ()
) -> Response:
    """A text for programs, complete; as a download where it has a ``name``.

    ``location`` is the address of just this representation, ``links`` are values of the header ``Link`` (RFC 8288).
    """
    response = Response(text, content_type=f"{media_type}; charset=utf-8")
    response.headers["Cache-Control"] = CACHE_CONTROL
    if name:
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    if location is not None:
        response.headers["Content-Location"] = location
        response.headers["Vary"] = "Accept, Accept-Encoding"
    if links:
        response.headers["Link"] = link_header(links)
    return conditional(response)


def site_address() -> str:
    """The address of the home page, at the host that the client asks; Werkzeug takes some hosts for none."""
    if request.host:
        return request.host_url
    environment = request.environ
    host = environment.get("HTTP_HOST") or f"{environment['SERVER_NAME']}:{environment['SERVER_PORT']}"
    return f"{request.scheme}://{host}/"


def speak_of(release: Release) -> Release:
    """Let the response, be it a failure, name a release that need not be the one that is served; that release."""
    g.release = release
    return release


def subject_release() -> Release:
    """The release that the response is about."""
    release: Release = g.get("release") or served_release().release
    return release


def answer_response(
    answer: Answer, name: str, location: str | None = None, links: Sequence[TypedLink] = ()
) -> Response:
    """A query's answer as a download; ``location`` is the address of just this representation.

    ``links`` are values of the header ``Link`` (RFC 8288). Raises as ``conditional`` does.
    """
    check_matches(request, answer.entity_tag)
    reply = answer_reply(
        answer,
        accept_encoding=request.headers.get("Accept-Encoding"),
        if_none_match=request.headers.get("If-None-Match"),
        name=name,
    )
    response = response_of(reply)
    if location is not None:
        response.headers["Content-Location"] = location
    if links:
        response.headers["Link"] = link_header(links)
    return response


def conditional(response: Response) -> Response:
    """A complete response with an entity tag, weak since it may yet be compressed; or that the client has it already.

    Raises:
        PreconditionFailed: the client means another one.
    """
    response.add_etag(weak=True)
    if is_not_modified(request, response.headers["ETag"], None):
        response.status_code = 304
    return response


def file_response(
    path: Path, content_type: str, *, max_age: int, entity_tag: str | None = None, name: str | None = None
) -> Response:
    """A file, whole or in one range; as a download where it has a ``name``. Raises as ``conditional`` does."""
    resolved = path.resolve()
    response = send_file(
        resolved,
        mimetype=content_type.partition(";")[0],
        as_attachment=name is not None,
        download_name=name,
        etag=entity_tag or True,
        max_age=max_age,
        conditional=False,
    )
    validators = response.headers["ETag"], response.last_modified
    size = resolved.stat().st_size
    try:
        if is_not_modified(request, *validators):
            response.status_code = 304
        elif size and wants_part(request, *validators):
            # Of all conditions, which have been looked at, Werkzeug gets none to see.
            asked = {"REQUEST_METHOD": "GET", "HTTP_RANGE": request.headers["Range"]}
            response.make_conditional(asked, accept_ranges=True, complete_length=size)
    except (PreconditionFailed, RequestedRangeNotSatisfiable):
        response.close()
        raise
    response.accept_ranges = "bytes"
    # Werkzeug writes a charset into types of its own choice.
    response.headers["Content-Type"] = content_type
    return response


def response_of(reply: Reply) -> Response:
    """A reply as Flask's response."""
    if isinstance(reply.body, bytes):
        return Response(reply.body, reply.status, reply.headers)
    return Response(wrap_file(request.environ, reply.body), reply.status, reply.headers, direct_passthrough=True)
