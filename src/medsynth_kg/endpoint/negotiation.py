"""Content negotiation (RFC 9110, section 12.5).

Werkzeug knows q-values, wildcards and specificity, but takes a media type with parameters for another type; parameters
are therefore stripped first: ``application/sparql-results+json;charset=utf-8`` is JSON.
"""

from collections.abc import Sequence

from werkzeug.datastructures import Accept, MIMEAccept
from werkzeug.http import parse_accept_header

HTML = "text/html"


def negotiate(accept: str | None, offered: Sequence[str]) -> str | None:
    """Choose the media type to answer with: the client's best, at a tie the first of ``offered``; None for a 406.

    Without a header, or with an empty one, anything is welcome and the first of ``offered`` is chosen.
    """
    if accept is None or not accept.strip():
        return offered[0]
    ranges = parse_accept_header(accept, MIMEAccept)
    bare = MIMEAccept([(value.partition(";")[0].strip().lower(), quality) for value, quality in ranges])
    return bare.best_match(offered)


def prefers_html(accept: str | None, alternatives: Sequence[str]) -> bool:
    """Whether a client, most likely a browser, would rather have a page than any of the alternatives."""
    return bool(accept) and negotiate(accept, (*alternatives, HTML)) == HTML


def accepts_gzip(accept_encoding: str | None) -> bool:
    """Whether an answer may be compressed with gzip (RFC 9110, section 12.5.3)."""
    return bool(accept_encoding) and parse_accept_header(accept_encoding, Accept).quality("gzip") > 0
