"""Web addresses as people type them, taken apart safely."""

import re
from ipaddress import ip_address
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from pydantic import BaseModel, ConfigDict

LONGEST_ADDRESS = 2_000
"""Characters that an address may have; longer ones are no reference that a person wrote."""

_SCHEMELESS = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}/\S+")
_REPEATED_SCHEME = re.compile(r"(?:https?:/{1,2})+(?=https?://)", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.[a-z][a-z0-9-]*[a-z0-9]")
_TRACKING = re.compile(r"(?:utm_.*|gclid|fbclid|_ga)", re.IGNORECASE)
_RESERVED_HOST = re.compile(r"(?:.+\.)?(?:example\.(?:com|net|org)|example|test|invalid|localhost)", re.IGNORECASE)


class WebAddress(BaseModel):
    """An http(s) address: ``host`` in lower case without port, ``path`` and ``parameters`` decoded.

    ``page`` is host, path and query in one canonical, percent-encoded spelling, without fragment, tracking
    parameters and final slash: two addresses of one page have the same.
    """

    model_config = ConfigDict(frozen=True)

    host: str
    path: str
    parameters: tuple[tuple[str, str], ...]
    page: str

    def parameter(self, name: str) -> str | None:
        """The first value of a query parameter, whatever the case of its name."""
        return next((value for key, value in self.parameters if key.lower() == name), None)


def parse_web_address(text: str) -> WebAddress | None:
    """Take an address apart, or answer None where following it could mean harm or lead nowhere.

    Refused are schemes other than http and https (``javascript:``, ``data:``), credentials before the host,
    IP addresses and hosts without a dot, control and direction characters, broken syntax (RFC 3986). An
    address without scheme is read as https where it starts like ``host.domain/path``; of a scheme typed twice, the
    last counts.
    """
    text = text.strip().strip("<>")
    if repeated := _REPEATED_SCHEME.match(text):
        text = text[repeated.end() :]
    if _SCHEMELESS.fullmatch(text):
        text = f"https://{text}"
    if len(text) > LONGEST_ADDRESS or not text.isprintable() or " " in text or "\\" in text:
        return None
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii").lower()
        standard_port = parts.port in (None, 80, 443)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or "@" in parts.netloc or not standard_port:
        return None
    if not _HOST.fullmatch(host) or _is_ip_address(host):
        return None
    parameters = tuple(
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0])
    )
    return WebAddress(
        host=host, path=_decode(parts.path), parameters=parameters, page=_page(host, parts.path, parameters)
    )


def is_placeholder_address(text: str) -> bool:
    """Whether an address leads to a host that exists only for examples and tests (RFC 2606)."""
    try:
        host = (urlsplit(text.strip()).hostname or "").rstrip(".")
    except ValueError:
        return False
    return _RESERVED_HOST.fullmatch(host) is not None


def _is_ip_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _decode(path: str) -> str:
    try:
        return unquote(path, errors="strict")
    except UnicodeDecodeError:
        return path


def _page(host: str, path: str, parameters: tuple[tuple[str, str], ...]) -> str:
    query = "&".join(f"{quote(key, safe='')}={quote(value, safe='/:')}" for key, value in parameters)
    address = host + quote(_decode(path), safe="/:;()").rstrip("/")
    return f"{address}?{query}" if query else address
