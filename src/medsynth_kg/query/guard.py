"""What can be told of a query from its tokens, before a worker sees it.

This is a courtesy to the person who asks: errors come quickly and say what to do. The process boundary is the
defence; a query that fools the guard still meets a worker without network, under limits.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from medsynth_kg.query.errors import QuerySyntaxError, QueryTooDeep, QueryTooLong, ServiceRefused, UpdateRefused
from medsynth_kg.query.formats import QueryForm
from medsynth_kg.query.limits import QueryLimits
from medsynth_kg.query.tokens import Token, tokens

_UPDATES = frozenset(["INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"])
_OPENING, _CLOSING = frozenset("({["), frozenset(")}]")
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
_SERVICE = re.compile(r"\bSERVICE\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class QueryProfile:
    """A query's form, the services that it asks, and whether it names its own dataset by FROM."""

    form: QueryForm
    services: tuple[str, ...]
    has_dataset: bool


def inspect_query(query: str, limits: QueryLimits) -> QueryProfile:
    """Look at a query's tokens.

    Raises:
        QueryTooLong: the text is longer than a query may be.
        QueryTooDeep: brackets are nested deeper than they may be.
        UpdateRefused: it is an update.
        ServiceRefused: it asks a service that is not on the list.
        QuerySyntaxError: it begins like no query form.
    """
    if len(query) > limits.length or len(query.encode(errors="surrogatepass")) > limits.length:
        raise QueryTooLong(limits.length)
    found = tuple(tokens(query))
    _check_depth(found, limits.depth)
    form = _form(found)
    services = _services(found, query)
    for service in services:
        if not _allowed(service, limits.services):
            raise ServiceRefused(service)
    return QueryProfile(form, services, any(_is_word(token, "FROM") for token in found))


def _is_word(token: Token, word: str) -> bool:
    return token.kind == "word" and token.text.upper() == word


def _check_depth(found: Sequence[Token], limit: int) -> None:
    depth = 0
    for token in found:
        if token.kind == "mark":
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
            if depth > limit:
                raise QueryTooDeep(limit)


def _form(found: Sequence[Token]) -> QueryForm:
    position = 0
    while position < len(found):
        word = found[position].text.upper() if found[position].kind == "word" else ""
        if word == "PREFIX":
            position += 3
        elif word == "BASE":
            position += 2
        elif word in QueryForm.__members__:
            return QueryForm[word]
        elif word in _UPDATES:
            raise UpdateRefused
        else:
            break
    start = found[position].text[:40] if position < len(found) else "its end"
    raise QuerySyntaxError(f"expected PREFIX, BASE, SELECT, ASK, CONSTRUCT or DESCRIBE, found {start}")


def _services(found: Sequence[Token], query: str) -> tuple[str, ...]:
    services: list[str] = []
    for position, token in enumerate(found):
        if _is_word(token, "SERVICE"):
            following = [after for after in found[position + 1 : position + 3] if not _is_word(after, "SILENT")]
            services.append(following[0].text if following else "without an address")
    if not services and _SERVICE.search(query) and any(map(_is_ambiguous, found)):
        raise ServiceRefused("in a query that can be read in two ways (write ' and # in relative IRIs as %27 and %23)")
    return tuple(services)


def _is_ambiguous(token: Token) -> bool:
    """Whether ``<`` may also be a comparison here, after which a quote or a comment would begin elsewhere."""
    return token.kind == "iri" and not _ABSOLUTE.match(token.text) and ("'" in token.text or "#" in token.text)


def _allowed(service: str, allowed: tuple[str, ...]) -> bool:
    """Whether a constant IRI lies at or below an allowed address; the boundary is a whole path segment."""
    if not service.startswith("<"):
        return False
    asked = urlsplit(service[1:-1])
    if asked.scheme not in ("http", "https") or asked.username is not None or ".." in asked.path.split("/"):
        return False
    for entry in map(urlsplit, allowed):
        below = entry.path.rstrip("/") + "/"
        if (asked.scheme, asked.netloc) == (entry.scheme, entry.netloc) and (
            asked.path == entry.path or asked.path.startswith(below)
        ):
            return True
    return False
