"""Failures as HTTP problem details (RFC 9457): status, kind, what happened and what would help.

``KINDS`` is the whole list of what the endpoint answers instead of a result; the page /about explains each under the
fragment that a problem's ``type`` names.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from medsynth_kg.endpoint import errors as refusals
from medsynth_kg.errors import MedsynthError
from medsynth_kg.query import errors as failures

PROBLEM_JSON = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of failure: its slug, its HTTP status and a title that never varies."""

    slug: str
    status: int
    title: str


KINDS: dict[type[MedsynthError], Kind] = {
    failures.QuerySyntaxError: Kind("syntax", 400, "The query is not valid SPARQL 1.1"),
    refusals.MalformedRequest: Kind("malformed-request", 400, "The request is malformed"),
    failures.ServiceRefused: Kind("service-refused", 400, "Federation to this service is refused"),
    failures.QueryTooDeep: Kind("query-too-deep", 400, "The query is nested too deeply"),
    failures.EvaluationFailed: Kind("evaluation-failed", 400, "The query can't be evaluated"),
    failures.QueryCrashed: Kind("query-too-complex", 400, "The query is too complex"),
    failures.UpdateRefused: Kind("update-refused", 403, "Updates are refused"),
    refusals.NotFound: Kind("not-found", 404, "There is nothing here"),
    refusals.MethodNotAllowed: Kind("method-not-allowed", 405, "This method is not possible here"),
    refusals.MethodUnknown: Kind("method-unknown", 501, "There is no such method"),
    refusals.BodyIncomplete: Kind("body-incomplete", 400, "The request is not complete"),
    refusals.NotAcceptable: Kind("not-acceptable", 406, "None of the accepted formats can be had"),
    refusals.BodyTooSlow: Kind("body-too-slow", 408, "The request takes too long to arrive"),
    refusals.HeadersTooSlow: Kind("headers-too-slow", 408, "The request's headers take too long to arrive"),
    refusals.ReleaseDamaged: Kind("release-damaged", 500, "This release is damaged"),
    refusals.PreconditionFailed: Kind("precondition-failed", 412, "This is not what the request means"),
    refusals.BodyTooLarge: Kind("body-too-large", 413, "The request is too large"),
    failures.QueryTooLong: Kind("query-too-long", 413, "The query is too long"),
    refusals.AddressTooLong: Kind("address-too-long", 414, "The address is too long"),
    refusals.UnsupportedMediaType: Kind("unsupported-media-type", 415, "The request's media type is not supported"),
    refusals.UnsupportedContentCoding: Kind("unsupported-encoding", 415, "The request may not be compressed"),
    refusals.RangeNotSatisfiable: Kind("no-such-range", 416, "The file has no such range"),
    refusals.TooManyRequests: Kind("too-many-requests", 429, "This client asks too often"),
    refusals.HeadersTooLarge: Kind("headers-too-large", 431, "The request's headers are too large"),
    refusals.NotSearchable: Kind("not-searchable", 501, "This release can't be searched"),
    failures.ServiceUnreachable: Kind("service-unreachable", 502, "The service that the query asks can't be reached"),
    failures.ServiceFailed: Kind("service-failed", 502, "A service that the query asks failed"),
    failures.StoreUnavailable: Kind("store-unavailable", 502, "The store behind the endpoint can't be reached"),
    failures.StoreFailed: Kind("store-failed", 502, "The store behind the endpoint failed"),
    failures.PoolBusy: Kind("busy", 503, "The endpoint is busy"),
    failures.NoRoom: Kind("no-room", 503, "The server has no room for the answer"),
    failures.ExecutorClosed: Kind("closing", 503, "The endpoint is closing"),
    failures.ReleaseReplaced: Kind("release-replaced", 503, "Another release is being taken up"),
    failures.StoreIncomplete: Kind("store-incomplete", 503, "The store behind the endpoint is not complete"),
    failures.WorkersUnavailable: Kind("no-worker", 503, "No query worker is available"),
    failures.QueryCancelled: Kind("cancelled", 503, "The client has gone"),
    failures.QueryTimeout: Kind("time-limit", 504, "The query ran into its time limit"),
    failures.QueryMemoryExceeded: Kind("memory-limit", 507, "The query ran into its memory limit"),
    failures.ResultTooLarge: Kind("result-size-limit", 507, "The answer is larger than an answer may be"),
}
UNEXPECTED = Kind("unexpected", 500, "Something went wrong here")
UNEXPECTED_DETAIL = "the failure has been logged; please try again later"
RETRY_SECONDS = 2
"""When to come back after a failure that passes by itself."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One failure, ready to be told to a person or a program; line and column count from 1.

    ``near`` are IRIs that resemble one that is not there.
    """

    kind: Kind
    detail: str
    line: int | None = None
    column: int | None = None
    headers: tuple[tuple[str, str], ...] = field(default=())
    near: tuple[str, ...] = ()

    def members(self, base: str) -> dict[str, Any]:
        """The problem details object (RFC 9457, section 3); its extensions are ``line``, ``column`` and ``near``."""
        members: dict[str, Any] = {
            "type": f"{base}about#problem-{self.kind.slug}",
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
        }
        if self.line is not None:
            members |= {"line": self.line, "column": self.column}
        if self.near:
            members["near"] = list(self.near)
        return members

    def as_json(self, base: str) -> bytes:
        """The problem details object as the body of a response."""
        return json.dumps(self.members(base), ensure_ascii=False, indent=1).encode() + b"\n"


def problem_of(error: MedsynthError) -> Problem:
    """Describe a failure; one that is not in ``KINDS`` is described without its message, which may hold a path."""
    kind = KINDS.get(type(error))
    if kind is None:
        return Problem(UNEXPECTED, UNEXPECTED_DETAIL)
    line = column = None
    headers: tuple[tuple[str, str], ...] = ()
    if isinstance(error, failures.QuerySyntaxError):
        line, column = error.line, error.column
    if isinstance(error, refusals.RequestRefused):
        headers = error.headers
    if isinstance(error, failures.PoolBusy):
        headers = (("Retry-After", str(error.retry_after)),)
    elif kind.status == 503:
        headers = (("Retry-After", str(RETRY_SECONDS)),)
    near = error.near if isinstance(error, refusals.NotFound) else ()
    return Problem(kind, str(error), line, column, headers, near)
