"""The SPARQL 1.1 Protocol's query operation at /sparql (https://www.w3.org/TR/sparql11-protocol/), below Flask.

Answers that are in the cache leave from here with a few look-ups; so do those that have to be computed, so that both
have the same headers. A browser gets a page instead: the form, the answer as a table, or the error at its line.
"""

from collections.abc import Mapping, MutableMapping, Sequence
from functools import cache
from typing import Any

from medsynth_kg.endpoint.answers import Answer
from medsynth_kg.endpoint.cache import Cache
from medsynth_kg.endpoint.errors import (
    AddressTooLong,
    BodyTooLarge,
    MalformedRequest,
    MethodNotAllowed,
    NotAcceptable,
    PreconditionFailed,
    UnsupportedContentCoding,
)
from medsynth_kg.endpoint.negotiation import HTML, negotiate, negotiate_coding, prefers_html
from medsynth_kg.endpoint.operation import Operation, read_operation
from medsynth_kg.endpoint.passing import CANCELLATION, KNOWN
from medsynth_kg.endpoint.problems import problem_of
from medsynth_kg.endpoint.reply import (
    ALLOWED_HEADERS,
    Reply,
    answer_reply,
    not_modified,
    problem_headers,
    problem_reply,
)
from medsynth_kg.endpoint.request_log import ASKED
from medsynth_kg.endpoint.service_description import describe_service, endpoint_address
from medsynth_kg.endpoint.serving import ServedRelease
from medsynth_kg.endpoint.sparql_page import SparqlPage
from medsynth_kg.errors import MedsynthError
from medsynth_kg.query.cancellation import Cancellation
from medsynth_kg.query.formats import GRAPH_FORMATS, SOLUTION_FORMATS, QueryForm, format_named, formats_for
from medsynth_kg.query.guard import QUICKLY_READ, inspect_query
from medsynth_kg.query.limits import query_limits
from medsynth_kg.query.request import QueryRequest
from medsynth_kg.query.steps import BLOCKING, Steps
from medsynth_kg.settings import Settings

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
BODY_LIMIT = 2**20
ADDRESS_LIMIT = 60_000
_SUCCESSES = (200, 304)
_REMEMBERED_REQUESTS, _REMEMBERED_ONCE = 4 * 2**20, 2**19
_ALIASES = {
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
    "text/n3": "turtle",
    "text/plain": "nt",
}
"""Media types that clients ask for and what they then get, under its own name."""
_PAGES = {"html", HTML}
_GRAPH_TYPES = tuple(known.media_type for known in GRAPH_FORMATS)
_MACHINE_TYPES = tuple(known.media_type for known in (*SOLUTION_FORMATS, *GRAPH_FORMATS))

Environ = MutableMapping[str, Any]


class SparqlProtocol:
    """Answers requests to /sparql. Safe to use from threads."""

    def __init__(self, settings: Settings, page: SparqlPage) -> None:
        self._limits = query_limits(settings)
        self._page = page
        self._has_address = settings.public_address is not None
        self._remembered: Cache[tuple[str | bytes, ...], QueryRequest] = Cache(
            _REMEMBERED_REQUESTS, once=_REMEMBERED_ONCE
        )

    def respond(self, environ: Environ, served: ServedRelease) -> Steps[Reply]:
        """Answer one request completely, or say what is wrong with it, in steps."""
        reply = yield from self._respond(environ, served)
        if reply.status in _SUCCESSES and environ.get("HTTP_IF_MATCH", "*").strip() != "*":
            # It means an answer by a strong entity tag (RFC 9110, section 13.1.1), and ours are weak.
            if not isinstance(reply.body, bytes):
                reply.body.close()
            return problem_reply(problem_of(PreconditionFailed()), served.base)
        return reply

    def _respond(self, environ: Environ, served: ServedRelease) -> Steps[Reply]:
        accept = environ.get("HTTP_ACCEPT")
        operation = None
        try:
            body = _read_body(environ)
            if environ["REQUEST_METHOD"] == "OPTIONS":
                return _preflight()
            known = (served.base, *_parts(environ), body, accept or "")
            request = self._remembered.get(known)
            if request is None:
                if len(environ["QUERY_STRING"]) + len(body) > QUICKLY_READ:
                    yield BLOCKING
                operation = read_operation(*_parts(environ), body)
                if operation.query is None:
                    yield BLOCKING
                    return self._describe(environ, served)
                environ[ASKED] = operation.query
                if _wants_page(operation, accept):
                    yield BLOCKING
                    return self._page.answer(operation, served, **_asker(environ))
                request = self._request(operation, accept, served)
                self._remembered.put(known, request, 2 * sum(map(len, known)) + 2 * len(request.query) + 500)
            environ[ASKED] = request.query
            return (yield from _answer(request, environ, served))
        except MedsynthError as error:
            if _wants_page(operation, accept):
                yield BLOCKING
            return self._problem(error, operation, accept, served)

    def _problem(
        self, error: MedsynthError, operation: Operation | None, accept: str | None, served: ServedRelease
    ) -> Reply:
        problem = problem_of(error)
        if not _wants_page(operation, accept):
            return problem_reply(problem, served.base)
        page = self._page.problem(problem, served, operation.query if operation else None)
        return Reply(problem.kind.status, problem_headers(problem, f"{HTML}; charset=utf-8", page), page)

    def _request(self, operation: Operation, accept: str | None, served: ServedRelease) -> QueryRequest:
        query = operation.query or ""
        form = inspect_query(query, self._limits).form
        return QueryRequest(
            query=query,
            media_type=_choose_format(operation.formats, accept, form),
            default_graphs=operation.default_graphs,
            named_graphs=operation.named_graphs,
            timeout=operation.timeout,
            base_iri=served.base,
        )

    def _describe(self, environ: Environ, served: ServedRelease) -> Reply:
        accept = environ.get("HTTP_ACCEPT")
        if negotiate(accept, (*_GRAPH_TYPES, HTML)) == HTML:
            return self._page.form(served)
        chosen = _negotiate_format(accept, QueryForm.CONSTRUCT)
        if chosen is None:
            raise NotAcceptable(
                "send a query as the parameter “query”; without one, the description of the endpoint comes as "
                f"{_types(QueryForm.CONSTRUCT)}"
            )
        return _reply(describe_service(served, chosen, self._endpoint_address(environ, served)), environ)

    def _endpoint_address(self, environ: Environ, served: ServedRelease) -> str:
        host, scheme = environ.get("HTTP_HOST", ""), environ["wsgi.url_scheme"]
        if self._has_address:
            return f"{scheme}://{host}{served.address}"
        return endpoint_address(served.base, served.address, host, scheme)


def _answer(request: QueryRequest, environ: Environ, served: ServedRelease) -> Steps[Reply]:
    answer = served.answering.known(request)
    environ[KNOWN] = answer is not None
    if answer is None:
        if len(request.query) > QUICKLY_READ:
            yield BLOCKING
        if entity_tag := _held(environ, served, request):
            return not_modified(entity_tag)
        answer = yield from served.answering.run(request.asked_by(**_asker(environ)))
    if not answer.is_sent_at_once(negotiate_coding(environ.get("HTTP_ACCEPT_ENCODING"))):
        yield BLOCKING
    return _reply(answer, environ)


def _parts(environ: Environ) -> tuple[str, str, str]:
    """Method, query string and content type of a request; a HEAD is read as the GET that it stands for."""
    method = environ["REQUEST_METHOD"]
    return "GET" if method == "HEAD" else method, environ["QUERY_STRING"], environ.get("CONTENT_TYPE", "")


def _wants_page(operation: Operation | None, accept: str | None) -> bool:
    asked = operation.formats if operation else ()
    return not _PAGES.isdisjoint(asked) or (not asked and prefers_html(accept, _MACHINE_TYPES))


def _reply(answer: Answer, environ: Environ) -> Reply:
    return answer_reply(
        answer,
        accept_encoding=environ.get("HTTP_ACCEPT_ENCODING"),
        if_none_match=_if_none_match(environ),
        name="answer",
    )


def _if_none_match(environ: Environ) -> str | None:
    return environ.get("HTTP_IF_NONE_MATCH") if environ["REQUEST_METHOD"] != "POST" else None


def _held(environ: Environ, served: ServedRelease, request: QueryRequest) -> str | None:
    """The entity tag of an answer that is not kept, if the client names it: then it has had that answer before."""
    stated = _if_none_match(environ)
    entity_tag = served.answering.entity_tag(request) if stated else None
    return entity_tag if stated and entity_tag and entity_tag in stated else None


def _read_body(environ: Environ) -> bytes:
    length = _body_length(environ)
    body: bytes = environ["wsgi.input"].read(length) if length else b""
    if len(body) > BODY_LIMIT:
        raise BodyTooLarge(BODY_LIMIT)
    return body


def _body_length(environ: Environ) -> int:
    """How many bytes of a request's body to read, one more than allowed where it does not say; checks the rest too."""
    method = environ["REQUEST_METHOD"]
    if method not in METHODS:
        raise MethodNotAllowed(method, METHODS)
    if len(environ["QUERY_STRING"]) > ADDRESS_LIMIT:
        raise AddressTooLong(ADDRESS_LIMIT)
    if method != "POST":
        return 0
    if environ.get("HTTP_CONTENT_ENCODING", "identity").lower() != "identity":
        raise UnsupportedContentCoding
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isdigit() and int(length) > BODY_LIMIT:
        raise BodyTooLarge(BODY_LIMIT)
    return int(length) if length.isdigit() else BODY_LIMIT + 1


def _preflight() -> Reply:
    headers = [
        ("Allow", ", ".join(METHODS)),
        ("Access-Control-Allow-Methods", ", ".join(METHODS)),
        ("Access-Control-Allow-Headers", ALLOWED_HEADERS),
        ("Access-Control-Max-Age", "86400"),
    ]
    return Reply(204, headers, b"")


def _choose_format(asked: Sequence[str], accept: str | None, form: QueryForm) -> str:
    """The media type of the answer; SPARQLWrapper names one format by all names that anybody may know."""
    if asked:
        named = {known.media_type for name in asked if (known := format_named(_ALIASES.get(name, name), form))}
        if not named:
            raise NotAcceptable(f"{form} has no format “{asked[0][:40]}”; it has {_names(form, ', ')}")
        if len(named) > 1:
            raise MalformedRequest("“format” and “output” name different formats; give one of them")
        return named.pop()
    chosen = _negotiate_format(accept, form)
    if chosen is None:
        names = _names(form, ", format=")
        raise NotAcceptable(f"the answer of {form} comes as {_types(form)}; or name one by format={names}")
    return chosen


def _negotiate_format(accept: str | None, form: QueryForm) -> str | None:
    """The media type of the answer by what the client accepts; None for a 406."""
    given = _given_for(form)
    chosen = negotiate(accept, tuple(given))
    return chosen and given[chosen]


@cache
def _given_for(form: QueryForm) -> Mapping[str, str]:
    """What may be asked for, the form's own media types first, and the media type that is given for it."""
    own = {known.media_type: known.media_type for known in formats_for(form)}
    return own | {alias: known.media_type for alias, name in _ALIASES.items() if (known := format_named(name, form))}


def _types(form: QueryForm) -> str:
    return ", ".join(known.media_type for known in formats_for(form))


def _names(form: QueryForm, separator: str) -> str:
    return separator.join(known.extension for known in formats_for(form))


def _asker(environ: Environ) -> dict[str, Any]:
    """Who asks, and what is cancelled when they leave, as a ``QueryRequest`` has them."""
    return {"client": environ.get("REMOTE_ADDR", ""), "cancellation": environ.get(CANCELLATION) or Cancellation()}
