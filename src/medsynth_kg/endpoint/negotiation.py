"""Content negotiation (RFC 9110, section 12.5).

Werkzeug knows q-values, wildcards and specificity, but takes a media type with parameters for another type; parameters
are therefore stripped first: ``application/sparql-results+json;charset=utf-8`` is JSON.
"""

from collections.abc import Sequence
from functools import lru_cache

from werkzeug.datastructures import Accept, MIMEAccept
from werkzeug.http import parse_accept_header

HTML = "text/html"
_REMEMBERED = 500
"""Characters of headers whose choice is remembered: choosing takes longer than many a query, and clients are few."""


def negotiate(accept: str | None, offered: Sequence[str]) -> str | None:
    """Choose the media type to answer with: the client's best, at a tie the first of ``offered``; None for a 406.

    Without a header, or with an empty one, anything is welcome and the first of ``offered`` is chosen.
    """
    if accept is None or not accept.strip():
        return offered[0]
    choose = _remembered_choice if len(accept) <= _REMEMBERED else _choose
    return choose(accept, tuple(offered))


def _choose(accept: str, offered: tuple[str, ...]) -> str | None:
    ranges = parse_accept_header(accept, MIMEAccept)
    bare = MIMEAccept([(value.partition(";")[0].strip().lower(), quality) for value, quality in ranges])
    return bare.best_match(offered)


_remembered_choice = lru_cache(maxsize=1024)(_choose)


def prefers_html(accept: str | None, alternatives: Sequence[str]) -> bool:
    """Whether a client, most likely a browser, would rather have a page than any of the alternatives."""
    return bool(accept) and negotiate(accept, (*alternatives, HTML)) == HTML


def accepts_gzip(accept_encoding: str | None) -> bool:
    """Whether an answer may be compressed with gzip (RFC 9110, section 12.5.3)."""
    if not accept_encoding:
        return False
    accepts = _remembered_gzip if len(accept_encoding) <= _REMEMBERED else _gzip_is_accepted
    return accepts(accept_encoding)


def _gzip_is_accepted(accept_encoding: str) -> bool:
    return parse_accept_header(accept_encoding, Accept).quality("gzip") > 0


_remembered_gzip = lru_cache(maxsize=256)(_gzip_is_accepted)
