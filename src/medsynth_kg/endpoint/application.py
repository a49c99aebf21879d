"""The WSGI application: /sparql answered at once, everything else by Flask, all from the current release."""

import re
import weakref
from collections.abc import Iterable
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus, urlsplit, urlunsplit

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import RequestRedirect
from werkzeug.wsgi import wrap_file

from medsynth_kg.endpoint.citing.citation_pages import citation_pages
from medsynth_kg.endpoint.dump_pages import create_dump_pages
from medsynth_kg.endpoint.entity_pages.entities import entities
from medsynth_kg.endpoint.errors import MalformedRequest, MethodNotAllowed
from medsynth_kg.endpoint.exploring.explore_pages import explore_pages
from medsynth_kg.endpoint.exploring.gap_pages import gap_pages
from medsynth_kg.endpoint.failing import READING, problem_answer, tell_failure, tell_http_failure
from medsynth_kg.endpoint.frontend import Frontend
from medsynth_kg.endpoint.interface.interface_pages import interface_pages
from medsynth_kg.endpoint.negotiation import HTML, negotiate_coding
from medsynth_kg.endpoint.older_releases import OlderReleases
from medsynth_kg.endpoint.operation import FORM
from medsynth_kg.endpoint.operations import create_operations
from medsynth_kg.endpoint.other_addresses import other_addresses
from medsynth_kg.endpoint.pages import create_pages
from medsynth_kg.endpoint.passing import HOLDS, KNOWN, REFUSAL, SteppedApplication
from medsynth_kg.endpoint.problems import problem_of
from medsynth_kg.endpoint.rate_limit import RateLimit
from medsynth_kg.endpoint.reconciliation.service import reconciliation
from medsynth_kg.endpoint.release_pages import create_release_pages
from medsynth_kg.endpoint.rendering import Renderer
from medsynth_kg.endpoint.reply import (
    ALLOWED_HEADERS,
    COMPRESSED_FROM,
    EDITOR_POLICY,
    Reply,
    common_headers,
)
from medsynth_kg.endpoint.request_log import RequestLog
from medsynth_kg.endpoint.responses import RENDERER, SERVED, subject_release
from medsynth_kg.endpoint.saved_query_pages import saved_query_pages
from medsynth_kg.endpoint.search.pages import search_pages
from medsynth_kg.endpoint.serving import Releases, ServedRelease
from medsynth_kg.endpoint.sparql import BODY_LIMIT, SparqlProtocol
from medsynth_kg.endpoint.sparql_page import SparqlPage
from medsynth_kg.errors import MedsynthError
from medsynth_kg.query.guard import QUICKLY_READ
from medsynth_kg.query.steps import BLOCKING, Steps, finish
from medsynth_kg.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_COMPRESSED = re.compile(r"text/|image/svg|application/(?:sparql-query|vnd\.|[^;]*(?:json|xml))")
_UNLIMITED = ("/healthz", "/readyz", "/metrics")
"""What operators' own programs ask again and again."""
_SPARQL = re.compile(r"/+sparql/*")
_RELEASE = "release="
_OLDER_ADDRESS = re.compile(r"/releases/([^/]+)/sparql/*")


class Endpoint:
    """The whole site as one WSGI callable (PEP 3333). Safe to call from threads."""

    def __init__(self, settings: Settings, frontend: Frontend | None = None) -> None:
        """Open the current release; ``frontend`` is the package's own unless another is given.

        Raises:
            NoRelease: nothing has been built yet.
            DamagedRelease: the current release is not whole.
        """
        self._releases = Releases(settings)
        self._older = OlderReleases(settings, self._releases.metrics)
        self._pages = pages = Renderer(frontend or Frontend())
        self._sparql = SparqlProtocol(settings, SparqlPage(pages, settings))
        self._flask = create_flask(settings, self._releases, pages)
        self._public_address = settings.public_address
        # Each request is to be counted or logged, otherwise, or a store asked whether it is still complete.
        self._may_repeat = not (settings.rate_limit or settings.request_log or settings.store)
        self._rate_limit = RateLimit(settings.rate_limit) if settings.rate_limit else None

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request from the release that is current when it comes in."""
        return finish(self.steps(environ, start_response))

    def steps(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Steps[Iterable[bytes]]:
        """Answer a request in steps; see ``SteppedApplication``."""
        if self._public_address:
            environ["wsgi.url_scheme"], _, environ["HTTP_HOST"] = self._public_address.partition("://")
        if REFUSAL in environ:
            with self._releases.lease() as served:
                return self._refuse(environ[REFUSAL], environ, served, start_response)
        path = environ["PATH_INFO"]
        is_query = _SPARQL.fullmatch(path) is not None or _OLDER_ADDRESS.fullmatch(path) is not None
        form = _form(environ) if is_query else b""
        if len(form) > QUICKLY_READ:
            yield BLOCKING
        asked = _take_releases(environ, form) if is_query else frozenset[str]()
        if not is_query or asked or self._releases.is_behind or self._older.has_idle:
            yield BLOCKING
            self._older.close_idle()
            self._releases.catch_up()
        with self._releases.lease() as served:
            try:
                self._check_rate(environ)
                if len(asked) > 1:
                    raise MalformedRequest("a query asks one release; the address or the form names several")
                for release_id in asked - {served.release.id}:
                    with self._older.lease(release_id) as older:
                        return (yield from self._query(environ, older, start_response))
            except MedsynthError as error:
                return self._refuse(error, environ, served, start_response)
            if is_query:
                return (yield from self._query(environ, served, start_response))
            environ[SERVED] = served
            return self._flask(environ, start_response)

    def _check_rate(self, environ: "WSGIEnvironment") -> None:
        if self._rate_limit is not None and environ["PATH_INFO"] not in _UNLIMITED:
            self._rate_limit.check(environ.get("REMOTE_ADDR", ""))

    def _refuse(
        self, error: MedsynthError, environ: "WSGIEnvironment", served: ServedRelease, start_response: "StartResponse"
    ) -> Iterable[bytes]:
        path, accept = environ["PATH_INFO"], environ.get("HTTP_ACCEPT")
        reply = problem_answer(problem_of(error), self._pages, served, path, accept)
        return _send(reply, served.release.id, environ, start_response)

    def _query(
        self, environ: "WSGIEnvironment", served: ServedRelease, start_response: "StartResponse"
    ) -> Steps[Iterable[bytes]]:
        reply = yield from self._sparql.respond(environ, served)
        if environ.get(KNOWN) and self._may_repeat and self._releases.is_current(served):
            environ[HOLDS] = partial(self._holds, weakref.ref(served))
        reply = compressed_page(reply, environ.get("HTTP_ACCEPT_ENCODING"))
        return _send(reply, served.release.id, environ, start_response)

    def _holds(self, served: "weakref.ref[ServedRelease]") -> bool:
        """Whether a known answer of a release is still the one to give; it must not keep a former release in memory."""
        release = served()
        if release is None or not self._releases.is_current(release):
            return False
        if self._releases.is_behind or self._older.has_idle:
            return False
        self._releases.metrics.count_hit()
        return True

    def close(self) -> None:
        """Stop the query workers."""
        self._releases.close()
        self._older.close()


def _take_releases(environ: "WSGIEnvironment", form: bytes) -> frozenset[str]:
    """The releases that a query names: by its path, or by ``release`` in its form or its address, which loses it."""
    older = _OLDER_ADDRESS.fullmatch(environ["PATH_INFO"])
    asked = _asked(environ["QUERY_STRING"])
    if asked:
        others = (given for given in environ["QUERY_STRING"].split("&") if not given.startswith(_RELEASE))
        environ["QUERY_STRING"] = "&".join(others)
    asked += _asked(form.decode("latin-1"))
    names = {unquote_plus(parameter.removeprefix(_RELEASE)) for parameter in asked}
    return frozenset(names | ({older[1]} if older else set())) - {""}


def _asked(parameters: str) -> list[str]:
    if _RELEASE not in parameters:
        return []
    return [parameter for parameter in parameters.split("&") if parameter.startswith(_RELEASE)]


def _form(environ: "WSGIEnvironment") -> bytes:
    body = environ["wsgi.input"]
    is_form = environ.get("CONTENT_TYPE", "").lower().startswith(FORM)
    return body.getvalue() if is_form and isinstance(body, BytesIO) else b""


def create_app(endpoint: Endpoint, settings: Settings) -> SteppedApplication:
    """The site with what a server puts around it.

    The client is who the outermost trusted proxy says that it is.

    Raises:
        OSError: the log of requests can't be written.
    """
    application: SteppedApplication = endpoint.steps
    if settings.request_log:
        application = RequestLog(application, settings.request_log, addresses=settings.log_addresses)
    if settings.trusted_proxies:
        trusted = settings.trusted_proxies
        # It only edits the environment and hands back whatever the application returns.
        application = ProxyFix(application, x_for=trusted, x_proto=trusted)  # type: ignore[arg-type, assignment]
    return application


def create_flask(settings: Settings, releases: Releases, pages: Renderer) -> Flask:
    """The site but for /sparql. A request's environment must hold the release that it is served from."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    app.url_map.merge_slashes = False
    app.extensions[RENDERER] = pages
    app.register_blueprint(create_pages(settings))
    app.register_blueprint(create_operations(releases.metrics))
    app.register_blueprint(create_dump_pages(settings))
    app.register_blueprint(create_release_pages(settings))
    app.register_blueprint(other_addresses)
    app.register_blueprint(search_pages)
    app.register_blueprint(reconciliation)
    app.register_blueprint(saved_query_pages)
    app.register_blueprint(citation_pages)
    app.register_blueprint(explore_pages)
    app.register_blueprint(gap_pages)
    app.register_blueprint(interface_pages)
    app.register_blueprint(entities)
    app.register_error_handler(MedsynthError, tell_failure)
    app.register_error_handler(HTTPException, tell_http_failure)
    app.before_request(_check_method)
    app.after_request(_finish)
    return app


def _check_method() -> None:
    """Methods have capital letters (RFC 9110, section 9.1); Werkzeug reads all others as if they had."""
    method = request.environ["REQUEST_METHOD"]
    if method != request.method:
        rule = request.url_rule
        raise MethodNotAllowed(method, sorted((rule and rule.methods) or READING))


def _finish(response: Response) -> Response:
    if isinstance(request.routing_exception, RequestRedirect) and "Location" in response.headers:
        # Werkzeug writes the host, but knows not every name that a host may have.
        target = urlsplit(request.routing_exception.new_url)
        response.headers["Location"] = urlunsplit(("", "", target.path, target.query, ""))
    for name, value in common_headers(subject_release().id, response.content_type or ""):
        # A page that others embed says itself who may.
        response.headers.setdefault(name, value)
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = ", ".join(sorted(response.allow)) or ", ".join(READING)
        response.headers["Access-Control-Allow-Headers"] = ALLOWED_HEADERS
    if _worth_compressing(response.content_type or "") and not response.direct_passthrough:
        response.headers.setdefault("Vary", "Accept-Encoding")
        body = response.get_data()
        unencoded = "Content-Encoding" not in response.headers and response.status_code == 200
        coding = negotiate_coding(request.headers.get("Accept-Encoding"))
        if coding and unencoded and len(body) >= COMPRESSED_FROM:
            response.set_data(coding.compress(body))
            response.headers["Content-Encoding"] = coding.value
    return response


def _worth_compressing(content_type: str) -> bool:
    return _COMPRESSED.match(content_type) is not None


def compressed_page(reply: Reply, accept_encoding: str | None) -> Reply:
    """A page or a problem in a content coding that the client takes; answers have been compressed already."""
    names = {name for name, _ in reply.headers}
    if not isinstance(reply.body, bytes) or len(reply.body) < COMPRESSED_FROM or "Content-Encoding" in names:
        return reply
    coding = negotiate_coding(accept_encoding)
    if coding is None or dict(reply.headers).get("Content-Type", "") != f"{HTML}; charset=utf-8":
        return reply
    body = coding.compress(reply.body)
    headers = [(name, value) for name, value in reply.headers if name != "Content-Length"]
    return Reply(reply.status, [*headers, ("Content-Length", str(len(body))), ("Content-Encoding", coding.value)], body)


def _send(
    reply: Reply, release_id: str, environ: "WSGIEnvironment", start_response: "StartResponse"
) -> Iterable[bytes]:
    content_type = next((value for name, value in reply.headers if name == "Content-Type"), "")
    start_response(reply.status_line, [*reply.headers, *common_headers(release_id, content_type, EDITOR_POLICY)])
    is_head = environ["REQUEST_METHOD"] == "HEAD"
    if isinstance(reply.body, bytes):
        return () if is_head else (reply.body,)
    if is_head:
        reply.body.close()
        return ()
    return wrap_file(environ, reply.body)
