"""Content negotiation (RFC 9110, section 12.5).

Werkzeug knows q-values, wildcards and specificity, but takes a media type with parameters for another type; parameters
are therefore stripped first: ``application/sparql-results+json;charset=utf-8`` is JSON.
"""

from collections.abc import Sequence
from functools import lru_cache

from werkzeug.datastructures import Accept, MIMEAccept
from werkzeug.http import parse_accept_header

from medsynth_kg.endpoint.codings import ContentCoding

HTML = "text/html"
_IDENTITY = "identity"
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


def negotiate_coding(accept_encoding: str | None) -> ContentCoding | None:
    """Choose the content coding to answer with (RFC 9110, section 12.5.3); None for the content as it is."""
    if not accept_encoding:
        return None
    choose = _remembered_coding if len(accept_encoding) <= _REMEMBERED else _choose_coding
    return choose(accept_encoding)


def _choose_coding(accept_encoding: str) -> ContentCoding | None:
    chosen = parse_accept_header(accept_encoding, Accept).best_match((*ContentCoding, _IDENTITY), default=_IDENTITY)
    return None if chosen == _IDENTITY else ContentCoding(chosen)


_remembered_coding = lru_cache(maxsize=256)(_choose_coding)
