"""HTTP responses as plain data, and the headers that every response of the endpoint carries.

The release that answered is named by ``Release-Id``. No registered header says which version of a data set an answer
comes from, and RFC 6648 advises against the prefix ``X-``.

``Access-Control-Allow-Origin`` is ``*`` without credentials: any page may read, none acts as somebody.
"""

import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import IO

from medsynth_kg.endpoint.answers import Answer
from medsynth_kg.endpoint.negotiation import HTML, negotiate_coding
from medsynth_kg.endpoint.problems import PROBLEM_JSON, Problem
from medsynth_kg.query.errors import NoRoom

logger = logging.getLogger(__name__)

Headers = list[tuple[str, str]]

CACHE_CONTROL = "public, max-age=60"
"""A minute without asking, then a cheap 304: an address outlives a release, so an answer may change with the next."""
NOT_CACHED = "no-store"
COMPRESSED_FROM = 600
"""Bytes from which compressing a body pays."""
_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'{styles}; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PAGE_POLICY = _POLICY.format(styles="")
"""What pages may load (Content Security Policy Level 3): nothing but from this host, and nothing inline."""
EDITOR_POLICY = _POLICY.format(styles=" 'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='")
"""The same, and the one style sheet that the editor's table (column-resizer in YASR) adds by script."""
_EXPOSED = (
    "Release-Id, ETag, Link, Content-Location, Retry-After, Content-Disposition, Repr-Digest, Accept-Ranges, "
    "Content-Range"
)
ALLOWED_HEADERS = "*, Accept, Authorization, Content-Type, If-None-Match, Range, X-Requested-With"
"""What a page of another site may send along: anything, but ``*`` leaves out Authorization, and is not known to all."""
_TEXTUAL = ("text/html", "text/csv", "text/tab-separated-values", "text/turtle", "text/plain")


@dataclass(frozen=True, slots=True)
class Reply:
    """A response that is complete before its first byte is sent."""

    status: int
    headers: Headers
    body: bytes | IO[bytes]

    @property
    def status_line(self) -> str:
        """Status code and reason, as WSGI wants them."""
        return f"{self.status} {HTTPStatus(self.status).phrase}"


def common_headers(release_id: str, content_type: str, policy: str = PAGE_POLICY) -> Headers:
    """The headers of every response: what may be done with it, and which release it is about."""
    headers = [
        ("Release-Id", release_id),
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Expose-Headers", _EXPOSED),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ]
    if content_type.startswith((HTML, "image/svg")):
        headers.append(("Content-Security-Policy", policy))
    return headers


def with_charset(media_type: str) -> str:
    """A content type; textual ones say that they are UTF-8."""
    return f"{media_type}; charset=utf-8" if media_type in _TEXTUAL else media_type


def answer_reply(answer: Answer, *, accept_encoding: str | None, if_none_match: str | None, name: str) -> Reply:
    """A query's answer. ``name`` is what a downloaded table is called, without its extension.

    CSV and TSV go out as attachments and exactly as SPARQL 1.1 writes them: a cell that a spreadsheet would take for
    a formula is not changed, so tables of strangers' data should be imported as text.
    """
    if answer.entity_tag and entity_tag_matches(answer.entity_tag, if_none_match):
        return not_modified(answer.entity_tag)
    headers = _validators(answer.entity_tag)
    headers.append(("Content-Type", with_charset(answer.media_type)))
    if answer.media_type in ("text/csv", "text/tab-separated-values"):
        extension = "csv" if answer.media_type == "text/csv" else "tsv"
        headers.append(("Content-Disposition", f'attachment; filename="{name}.{extension}"'))
    return Reply(200, headers, _encoded(answer, headers, accept_encoding))


def not_modified(entity_tag: str) -> Reply:
    """That a client has the answer already."""
    return Reply(304, _validators(entity_tag), b"")


def _validators(entity_tag: str | None) -> Headers:
    vary = ("Vary", "Accept, Accept-Encoding")
    if entity_tag is None:
        return [vary, ("Cache-Control", NOT_CACHED)]
    return [vary, ("ETag", entity_tag), ("Cache-Control", CACHE_CONTROL)]


def _encoded(answer: Answer, headers: Headers, accept_encoding: str | None) -> bytes | IO[bytes]:
    body = answer.body
    coding = negotiate_coding(accept_encoding) if answer.size >= COMPRESSED_FROM else None
    if coding:
        try:
            body = answer.compressed(coding)
        except NoRoom:
            logger.warning("there is no room for a compressed copy of an answer; it is sent as it is")
        else:
            headers.append(("Content-Encoding", coding.value))
    headers.append(("Content-Length", str(len(body) if isinstance(body, bytes) else body.size)))
    return body if isinstance(body, bytes) else body.open()


def entity_tag_matches(entity_tag: str, if_none_match: str | None) -> bool:
    """The weak comparison of RFC 9110, section 13.1.2."""
    if not if_none_match:
        return False
    known = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return "*" in known or entity_tag.removeprefix("W/") in known


def problem_reply(problem: Problem, base: str) -> Reply:
    """A failure for a program."""
    body = problem.as_json(base)
    return Reply(problem.kind.status, problem_headers(problem, PROBLEM_JSON, body), body)


def problem_headers(problem: Problem, content_type: str, body: bytes) -> Headers:
    """The headers of a failure."""
    return [
        ("Content-Type", content_type),
        ("Content-Length", str(len(body))),
        ("Cache-Control", NOT_CACHED),
        ("Vary", "Accept, Accept-Encoding"),
        *problem.headers,
    ]
