"""Preconditions and ranges of requests as RFC 9110 has them (sections 13 and 14).

Werkzeug looks at a range first, forgets ``If-Unmodified-Since``, and sends what ``If-Match`` forbids along with a 412.
"""

from datetime import datetime

from werkzeug.http import parse_date, unquote_etag
from werkzeug.wrappers import Request

from medsynth_kg.endpoint.errors import PreconditionFailed


def is_not_modified(request: Request, entity_tag: str | None, last_modified: datetime | None) -> bool:
    """Whether the client has a representation already, in the order of section 13.2.2.

    Raises:
        PreconditionFailed: it wants another one, or none.
    """
    check_matches(request, entity_tag, last_modified)
    if "If-None-Match" in request.headers:
        tag, _ = unquote_etag(entity_tag)
        return tag is not None and request.if_none_match.contains_weak(tag)
    since = request.if_modified_since
    return since is not None and last_modified is not None and last_modified <= since


def check_matches(request: Request, entity_tag: str | None, last_modified: datetime | None = None) -> None:
    """Check that a representation is the one that the client means (sections 13.1.1 and 13.1.4).

    Raises:
        PreconditionFailed: it is not.
    """
    tag, is_weak = unquote_etag(entity_tag)
    if "If-Match" in request.headers:
        asked = request.if_match
        matches = asked.star_tag or (tag is not None and not is_weak and asked.is_strong(tag))
    else:
        since = request.if_unmodified_since
        matches = since is None or last_modified is None or last_modified <= since
    if not matches:
        raise PreconditionFailed


def wants_part(request: Request, entity_tag: str | None, last_modified: datetime | None) -> bool:
    """Whether a request is for one range of bytes of just this representation (sections 13.1.5 and 14.2).

    Several ranges at once are had as the whole, as section 14.2 allows.
    """
    unit, _, ranges = request.headers.get("Range", "").partition("=")
    if request.method != "GET" or unit.strip().lower() != "bytes" or "," in ranges:
        return False
    condition = request.headers.get("If-Range")
    if condition is None:
        return True
    date = parse_date(condition)
    # A weak entity tag equals none.
    return condition.strip() == entity_tag and condition.startswith('"') if date is None else date == last_modified
