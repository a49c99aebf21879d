"""The environment of a WSGI application (PEP 3333), made from the scope of an RSGI request.

RSGI: https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md
"""

import re
import sys
from functools import lru_cache
from io import BytesIO
from ipaddress import IPv6Address
from typing import TYPE_CHECKING, Any

from medsynth_kg.endpoint.errors import MalformedRequest

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from granian.rsgi import Scope

_WITHOUT_PREFIX = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|(?:[A-Za-z0-9._~-]|%[0-9A-Fa-f]{2})+)(?::[0-9]*)?")
"""A host and a port (RFC 3986, sections 3.2.2 and 3.2.3), without the marks that no name has and shells have."""
_CONSTANT: dict[str, Any] = {
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "Granian",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multithread": True,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
}


def read_environment(scope: "Scope") -> "WSGIEnvironment":
    """What a request says but for its body, which is still to come; header lines of one name become one."""
    name, _, port = scope.server.rpartition(":")
    environment: WSGIEnvironment = {
        **_CONSTANT,
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": _as_latin_1(scope.path),
        "QUERY_STRING": _as_latin_1(scope.query_string),
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "SERVER_NAME": name,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(),
    }
    for header, value in scope.headers.items():
        key = _variable(header)
        environment[key] = f"{environment[key]},{value}" if key in environment else value
    # Werkzeug takes an offer to change the protocol (RFC 9110, section 7.8) for a WebSocket, and has no page for those.
    environment.pop("HTTP_UPGRADE", None)
    return environment


def check_framing(environment: "WSGIEnvironment", authority: str | None = None) -> None:
    """Check what RFC 9112 asks a server to check and the HTTP library leaves to it (sections 3.2 and 6.1).

    ``authority`` is that of a target in absolute form, which takes the place of Host from then on.

    Raises:
        MalformedRequest: HTTP/1.1 without exactly one Host; one that is no host; or a body in a transfer coding other
            than chunked.
    """
    host = environment.get("HTTP_HOST")
    if "," in host if host else environment["SERVER_PROTOCOL"] == "HTTP/1.1":
        raise MalformedRequest("a request has exactly one header Host")
    if authority:
        environment["HTTP_HOST"] = host = authority
    if host and not _is_host(host):
        raise MalformedRequest("the header Host is not a host's name or address, with a port or without")
    if environment.get("HTTP_TRANSFER_ENCODING", "chunked").lower() != "chunked":
        raise MalformedRequest("send the body with its length, or in chunks and in no other transfer coding")


def _is_host(text: str) -> bool:
    found = _HOST.fullmatch(text)
    if found is None or found[1] is None:
        return found is not None
    try:
        IPv6Address(found[1])
    except ValueError:
        return False
    return True


@lru_cache(maxsize=256)
def _variable(header: str) -> str:
    return _WITHOUT_PREFIX.get(header) or f"HTTP_{header.upper().replace('-', '_')}"


def _as_latin_1(text: str) -> str:
    return text if text.isascii() else text.encode(errors="surrogateescape").decode("latin-1")
