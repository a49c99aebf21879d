"""Reading the requests of one connection, whose bytes come in whatever parts they come (RFC 9112).

The parser is llhttp, by httptools. It bounds nothing, so the size of heads and bodies is bounded here, and it stops for
nothing, so it is never given more than the rest of one head or body: what a client sends before it has its answer is
kept as bytes.
"""

import re
from enum import Enum
from io import BytesIO
from typing import TYPE_CHECKING

import httptools

from medsynth_kg.endpoint.errors import (
    AddressTooLong,
    BodyIncomplete,
    BodyTooLarge,
    BodyTooSlow,
    HeadersTooLarge,
    HeadersTooSlow,
    MalformedRequest,
    MethodUnknown,
    RequestRefused,
)
from medsynth_kg.endpoint.gateway.admission import Admission
from medsynth_kg.endpoint.gateway.environment import Ends, check_framing, environment_of
from medsynth_kg.endpoint.passing import REFUSAL
from medsynth_kg.endpoint.sparql import BODY_LIMIT
from medsynth_kg.query.errors import PoolBusy

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

HEAD_BYTES = 2**17
"""What the head of a request may take: its first line and its headers."""
HEADERS = 100
"""How many header lines it may have."""
_CHUNKED_BYTES = 4 * BODY_LIMIT
"""What a body in chunks may take, with what is around its chunks and behind them."""
_PART = 2**14
"""How much of such a body the parser gets at once, since nobody knows where it ends."""
_VERSIONS = ("1.1", "1.0")
_END_OF_LINE, _END_OF_HEAD = b"\r\n", b"\r\n\r\n"
_METHOD = re.compile(rb"[A-Za-z-]+ ")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")


class Stage(Enum):
    """How far the next request has come."""

    BEFORE = "nothing of it has come"
    HEAD = "its head comes"
    BODY = "its body comes"
    COMPLETE = "it waits to be taken"


class Request:
    """A complete request, or one that is refused: then its environment says why."""

    __slots__ = ("environment", "keeps_alive")

    def __init__(self, environment: "WSGIEnvironment", *, keeps_alive: bool) -> None:
        self.environment = environment
        self.keeps_alive = keeps_alive

    @property
    def is_head(self) -> bool:
        """Whether the client wants no more than the headers."""
        return bool(self.environment["REQUEST_METHOD"] == "HEAD")


class RequestReader:
    """Reads one request after the other. The next one is read once the last has been taken."""

    def __init__(self, ends: Ends, room: Admission) -> None:
        """``room`` counts the bytes of requests that are not complete."""
        self._ends = ends
        self._room = room
        self._parser = httptools.HttpRequestParser(self)
        self._held = 0
        self.stage = Stage.BEFORE
        self.has_ended = False
        """Whether nothing that follows is read any more."""
        self.awaits_continue = False
        """Whether the client sends a body only once it is told to (RFC 9110, section 10.1.1)."""
        self._request: Request | None = None
        self._start()

    def _start(self) -> None:
        self._target = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._environment: WSGIEnvironment | None = None
        self._body = bytearray()
        self._received = 0
        self._last = b""
        self._is_in_first_line = True
        self._keeps_alive = False

    def take(self) -> Request | None:
        """A request that is complete, so that the next one may come; None if there is none yet."""
        request, self._request = self._request, None
        if request is not None:
            self.stage = Stage.BEFORE
            self._start()
        return request

    def feed(self, data: bytes) -> bytes:
        """Read up to the end of a request; what of the data comes after that."""
        while data and self._request is None and not self.has_ended:
            end = self._end_of_part(data)
            part, data = (data[:end], data[end:]) if end < len(data) else (data, b"")
            self._read(part)
        return data

    def give_up(self, seconds: float) -> None:
        """Refuse a request that has not been complete after so many seconds."""
        self._refuse(BodyTooSlow(seconds) if self.stage is Stage.BODY else HeadersTooSlow(seconds))

    def end(self) -> None:
        """Nothing more comes: refuse a request that breaks off."""
        if self.stage is Stage.BODY:
            self._refuse(BodyIncomplete())
        elif self.stage is Stage.HEAD:
            self._refuse(MalformedRequest("the request ends before its headers do"))
        self.has_ended = True

    def close(self) -> None:
        """Give back the room for a request that is not complete."""
        if self._held:
            self._room.give_back(self._ends.client, self._held)
            self._held = 0

    def _end_of_part(self, data: bytes) -> int:
        """How much of the data certainly belongs to one request."""
        if self.stage is not Stage.BODY:
            before = self._last
            end = (before + data).find(_END_OF_HEAD)
            part = len(data) if end < 0 else max(end + len(_END_OF_HEAD) - len(before), 1)
            return min(part, HEAD_BYTES - self._received)
        length = (self._environment or {}).get("CONTENT_LENGTH")
        return _PART if length is None else int(length) - self._received

    def _read(self, part: bytes) -> None:
        in_body = self.stage is Stage.BODY
        if not in_body:
            if part.strip(_END_OF_LINE):
                self.stage = Stage.HEAD
            self._last = (self._last + part)[1 - len(_END_OF_HEAD) :]
        try:
            self._received += len(part)
            self._parser.feed_data(self._in_ascii(part) if self._is_in_first_line else part)
        except httptools.HttpParserUpgrade:
            if self._environment is not None and self.stage is Stage.BODY:
                self._parser = self._parser_of_body(self._environment)
        except httptools.HttpParserError as error:
            self._refuse(self._cause(error, part))
        if self._request is None and not self.has_ended:
            self._hold(part)
            self._check_size()

    def _hold(self, part: bytes) -> None:
        """Keep what does not complete a request, if there is room for it."""
        try:
            self._room.take(self._ends.client, len(part))
            self._held += len(part)
        except PoolBusy as error:
            self._refuse(error)

    def _in_ascii(self, part: bytes) -> bytes:
        """Bytes beyond ASCII in an address, which some clients send, in the form that others give them."""
        line, end, rest = part.partition(_END_OF_LINE)
        self._is_in_first_line = not end
        if not line.isascii():
            line = _BEYOND_ASCII.sub(lambda found: b"%%%02X" % found[0][0], line)
        return line + end + rest

    def _parser_of_body(self, environment: "WSGIEnvironment") -> httptools.HttpRequestParser:
        """A parser for a body that the other does not read, since the client would change the protocol after it."""
        length = environment.get("CONTENT_LENGTH")
        framing = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
        parser = httptools.HttpRequestParser(self)
        parser.feed_data(f"POST / HTTP/1.1\r\n{framing}\r\n\r\n".encode())
        return parser

    def _cause(self, error: httptools.HttpParserError, part: bytes) -> RequestRefused:
        cause = error.__context__
        if isinstance(cause, RequestRefused):
            return cause
        if isinstance(error, httptools.HttpParserInvalidMethodError) and _METHOD.match(part):
            return MethodUnknown()
        if self.stage is Stage.BODY:
            return BodyIncomplete()
        return MalformedRequest(f"this is no HTTP/1.1 request: {str(error)[:100]}")

    def _check_size(self) -> None:
        if self.stage is Stage.BODY:
            if self._received > _CHUNKED_BYTES:
                self._refuse(BodyTooLarge(BODY_LIMIT))
        elif self._received >= HEAD_BYTES or len(self._headers) > HEADERS:
            self._refuse(HeadersTooLarge(HEAD_BYTES, HEADERS) if self._headers else AddressTooLong(HEAD_BYTES))

    def _refuse(self, error: RequestRefused | PoolBusy) -> None:
        """Have it answered why, and read nothing more, since nobody knows where the next request begins."""
        if self._request is not None:
            return
        environment = self._environment
        if environment is None:
            lines = ((b"host", self._ends.server.encode()),)
            environment = environment_of(self._ends, "GET", b"/", "1.1", lines)
        environment[REFUSAL] = error
        self._complete(environment, keeps_alive=False)

    def _complete(self, environment: "WSGIEnvironment", *, keeps_alive: bool) -> None:
        self.close()
        self.stage = Stage.COMPLETE
        self.awaits_continue = False
        self.has_ended = self.has_ended or not keeps_alive
        self._request = Request(environment, keeps_alive=keeps_alive)

    @property
    def _is_deaf(self) -> bool:
        return self._request is not None or self.has_ended

    def on_message_begin(self) -> None:
        """Called by the parser; a request right behind a body in chunks is not read, and the client asks again."""
        if self._request is not None:
            self.has_ended = True
            self._request.keeps_alive = False

    def on_url(self, part: bytes) -> None:
        """Called by the parser, perhaps several times."""
        if not self._is_deaf and self._environment is None:
            self._target += part

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called by the parser, also for what comes behind a body in chunks."""
        if not self._is_deaf and self._environment is None:
            self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Called by the parser. A body is read only where somebody wants it."""
        if self._is_deaf or self._environment is not None:
            return
        self._keeps_alive = self._parser.should_keep_alive()
        if len(self._headers) > HEADERS:
            raise HeadersTooLarge(HEAD_BYTES, HEADERS)
        method, version = self._parser.get_method().decode("ascii"), self._parser.get_http_version()
        if version not in _VERSIONS:
            raise MalformedRequest("this server speaks HTTP/1.1 and HTTP/1.0")
        self._environment = environment = environment_of(self._ends, method, self._target, version, self._headers)
        check_framing(environment, self._target)
        if announces_body(environment):
            self.stage = Stage.BODY
            self._received = 0
            self.awaits_continue = environment.get("HTTP_EXPECT", "").lower() == "100-continue" and version != "1.0"
        elif environment.get("CONTENT_LENGTH", "0") != "0" or "HTTP_TRANSFER_ENCODING" in environment:
            self._complete(environment, keeps_alive=False)

    def on_body(self, part: bytes) -> None:
        """Called by the parser; one byte more than allowed shows that a body is too large."""
        if self._is_deaf or self._environment is None:
            return
        self._body += part
        if len(self._body) > BODY_LIMIT:
            del self._body[BODY_LIMIT + 1 :]
            self._complete_body(self._environment, keeps_alive=False)

    def on_message_complete(self) -> None:
        """Called by the parser."""
        if self._is_deaf or self._environment is None:
            return
        if self.stage is not Stage.BODY:
            self._complete(self._environment, keeps_alive=self._keeps_alive)
        elif not self._parser.should_upgrade():
            self._complete_body(self._environment, keeps_alive=self._keeps_alive)

    def _complete_body(self, environment: "WSGIEnvironment", *, keeps_alive: bool) -> None:
        environment["CONTENT_LENGTH"] = str(len(self._body))
        environment.pop("HTTP_TRANSFER_ENCODING", None)
        environment["wsgi.input"] = BytesIO(self._body)
        self._complete(environment, keeps_alive=keeps_alive)


def announces_body(environment: "WSGIEnvironment") -> bool:
    """Whether a request has a body that is worth receiving: of a POST, and not too large by what it says itself."""
    if environment["REQUEST_METHOD"] != "POST":
        return False
    if "HTTP_TRANSFER_ENCODING" in environment:
        return True
    length = environment.get("CONTENT_LENGTH", "")
    return length.isdecimal() and 0 < int(length) <= BODY_LIMIT
