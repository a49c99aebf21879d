"""The environment of a WSGI application (PEP 3333), made from the head of an HTTP request."""

import re
import sys
from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO
from ipaddress import IPv6Address
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote_to_bytes

from medsynth_kg.endpoint.errors import MalformedRequest

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_WITHOUT_PREFIX = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|(?:[A-Za-z0-9._~-]|%[0-9A-Fa-f]{2})+)(?::[0-9]*)?")
"""A host and a port (RFC 3986, sections 3.2.2 and 3.2.3), without the marks that no name has and shells have."""
_LONGEST_HOST = 300
"""Characters; a name has no more than 253 (RFC 1035, section 2.3.4), and a port follows."""
_LONGEST_COMMON = 64
"""Bytes of a header's name up to which it is worth remembering."""
_ABSOLUTE = re.compile(rb"https?://([^/?#]*)", re.IGNORECASE)
_CONSTANT: dict[str, Any] = {
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "medsynth-kg",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.url_scheme": "http",
    "wsgi.input_terminated": True,
    "wsgi.multithread": True,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
}


class Ends(NamedTuple):
    """The two ends of a connection: the client's address, and the server's own address and port."""

    client: str
    server: str
    port: str


def environment_of(
    ends: Ends, method: str, target: bytes, version: str, headers: Iterable[tuple[bytes, bytes]]
) -> "WSGIEnvironment":
    """What the head of a request says; header lines of one name become one.

    A header with a low line in its name is left out, since it could not be told from one with a hyphen.
    """
    absolute = _ABSOLUTE.match(target)
    origin = target[absolute.end() if absolute else 0 :]
    path, _, query = origin.partition(b"#")[0].partition(b"?")
    if b"%" in path:
        path = unquote_to_bytes(path)
    environment: WSGIEnvironment = {
        **_CONSTANT,
        "REQUEST_METHOD": method,
        # Neither the form of OPTIONS for the whole server nor that of CONNECT is a path (RFC 9112, section 3.2).
        "PATH_INFO": path.decode("latin-1") if path.startswith(b"/") else "/",
        "QUERY_STRING": query.decode("latin-1"),
        "REMOTE_ADDR": ends.client,
        "SERVER_NAME": ends.server,
        "SERVER_PORT": ends.port,
        "SERVER_PROTOCOL": f"HTTP/{version}",
        "wsgi.input": BytesIO(),
    }
    for name, value in headers:
        key = _variable(name)
        text = value.strip(b" \t").decode("latin-1")
        environment[key] = f"{environment[key]},{text}" if key in environment else text
    environment.pop("", None)
    # Werkzeug takes an offer to change the protocol (RFC 9110, section 7.8) for a WebSocket, and has no page for those.
    environment.pop("HTTP_UPGRADE", None)
    return environment


def check_framing(environment: "WSGIEnvironment", target: bytes) -> None:
    """Check what RFC 9112 asks a server to check and the parser leaves to it (sections 3.2 and 6.1).

    The authority of a target in absolute form takes the place of Host from then on.

    Raises:
        MalformedRequest: HTTP/1.1 without exactly one Host; one that is no host; or a body in a transfer coding other
            than chunked.
    """
    host = environment.get("HTTP_HOST")
    if "," in host if host else environment["SERVER_PROTOCOL"] == "HTTP/1.1":
        raise MalformedRequest("a request has exactly one header Host")
    if absolute := _ABSOLUTE.match(target):
        environment["HTTP_HOST"] = host = absolute[1].decode("latin-1")
    if host and not _is_host(host):
        raise MalformedRequest("the header Host is not a host's name or address, with a port or without")
    coding = environment.get("HTTP_TRANSFER_ENCODING")
    if coding is not None and (coding.lower() != "chunked" or environment["SERVER_PROTOCOL"] == "HTTP/1.0"):
        raise MalformedRequest("send the body with its length, or in chunks by HTTP/1.1, in no other transfer coding")


@lru_cache(maxsize=256)
def _is_host(text: str) -> bool:
    if len(text) > _LONGEST_HOST:
        return False
    found = _HOST.fullmatch(text)
    if found is None or found[1] is None:
        return found is not None
    try:
        IPv6Address(found[1])
    except ValueError:
        return False
    return True


def _variable(name: bytes) -> str:
    if b"_" in name:
        return ""
    return _common_variable(name) if len(name) < _LONGEST_COMMON else _long_variable(name)


@lru_cache(maxsize=256)
def _common_variable(name: bytes) -> str:
    return _long_variable(name)


def _long_variable(name: bytes) -> str:
    return _WITHOUT_PREFIX.get(name.lower()) or f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}"
