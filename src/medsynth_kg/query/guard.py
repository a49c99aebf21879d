"""What can be told of a query from its tokens, before a worker sees it.

This is a courtesy to the person who asks: errors come quickly and say what to do. The process boundary is the
defence; a query that fools the guard still meets a worker without network, under limits.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from urllib.parse import urlsplit

from medsynth_kg.query.errors import QuerySyntaxError, QueryTooDeep, QueryTooLong, ServiceRefused, UpdateRefused
from medsynth_kg.query.formats import QueryForm
from medsynth_kg.query.limits import QueryLimits
from medsynth_kg.query.tokens import ABSOLUTE, Token, may_be_a_comparison, position, tokens

QUICKLY_READ = 4096
"""Characters of a query up to which looking at its tokens keeps nobody waiting."""
_UPDATES = frozenset(["INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"])
_PROLOGUE = {"BASE": 2, "PREFIX": 3, "VERSION": 2}
"""How many tokens the parts of a prologue have; VERSION is of SPARQL 1.2, which the engine reads too."""
_NESTING = {"(": 1, "{": 1, "[": 1, ")": -1, "}": -1, "]": -1}
_OPENING = "({["
_SERVICE = re.compile(r"SERVICE", re.IGNORECASE)
_SHOWN = 80
"""How many characters of a token a message quotes."""


@dataclass(frozen=True, slots=True)
class QueryProfile:
    """A query's form, and the services that it asks."""

    form: QueryForm
    services: tuple[str, ...]


@lru_cache(maxsize=64)
def inspect_query(query: str, limits: QueryLimits) -> QueryProfile:
    """Look at a query's tokens; the last few are remembered, since the front asks before the executor does.

    Raises:
        QueryTooLong: the text is longer than a query may be.
        QueryTooDeep: brackets are nested deeper than they may be.
        UpdateRefused: it is an update.
        ServiceRefused: it asks a service that is not on the list.
        QuerySyntaxError: it begins like no query form, or is not Unicode text.
    """
    _check_text(query, limits.length)
    if sum(map(query.count, _OPENING)) <= limits.depth and "SERVICE" not in query.upper():
        return QueryProfile(_form(tokens(query), query), ())
    found = _checked_depth(tokens(query), limits.depth)
    form = _form(found, query)
    services = _services(found, query)
    for service in services:
        if not _allowed(service, limits.services):
            raise ServiceRefused(service[:_SHOWN] if service.startswith("<") else "without a constant address")
    return QueryProfile(form, tuple(service[1:-1] for service in services))


def _check_text(query: str, limit: int) -> None:
    if len(query) > limit:
        raise QueryTooLong(limit)
    try:
        encoded = query.encode()
    except UnicodeEncodeError as error:
        raise QuerySyntaxError("half of a surrogate pair is no character", *position(query, error.start)) from error
    if len(encoded) > limit:
        raise QueryTooLong(limit)


def _is_word(token: Token, word: str) -> bool:
    return token.kind == "word" and token.text.upper() == word


def _checked_depth(found: Iterable[Token], limit: int) -> list[Token]:
    """The tokens as a list, read no further than to the bracket that is one too many."""
    checked: list[Token] = []
    depth = 0
    for token in found:
        if token.kind == "mark":
            depth += _NESTING.get(token.text, 0)
            if depth > limit:
                raise QueryTooDeep(limit)
        checked.append(token)
    return checked


def _form(found: Iterable[Token], query: str) -> QueryForm:
    """What the first word after the prologue says; no token after that one is read."""
    rest = iter(found)
    while (token := next(rest, None)) and token.kind == "word":
        word = token.text.upper()
        if word in QueryForm.__members__:
            return QueryForm[word]
        if word in _UPDATES:
            raise UpdateRefused
        if word not in _PROLOGUE:
            break
        for _ in islice(rest, _PROLOGUE[word] - 1):
            pass
    token = token or Token("rest", "the end of the text", len(query))
    raise QuerySyntaxError(
        f"expected PREFIX, BASE, SELECT, ASK, CONSTRUCT or DESCRIBE, found {token.text[:_SHOWN]}",
        *position(query, token.start),
    )


def _services(found: Sequence[Token], query: str) -> tuple[str, ...]:
    """What follows each SERVICE: an IRI in angle brackets, written out where it has a prefix, or else the text.

    An IRI with a quote or a comment sign may also be read as a comparison, after which strings and comments begin
    elsewhere; the engine reads it so where the grammar's longest match does not. A SERVICE that only such a reading
    would show is refused.
    """
    services: list[str] = []
    prefixes = _prefixes(found)
    for index, token in enumerate(found):
        if _is_word(token, "SERVICE"):
            following = [after for after in found[index + 1 : index + 3] if not _is_word(after, "SILENT")]
            services.append(_expanded(following[0], prefixes) if following else "")
    if any(map(_is_ambiguous, found)) and len(_SERVICE.findall(query)) > len(services):
        raise ServiceRefused("in a query that can be read in two ways (write ' and # in relative IRIs as %27 and %23)")
    return tuple(services)


def _prefixes(found: Sequence[Token]) -> dict[str, str]:
    """The prefixes that a query declares once, each with an absolute IRI; others stand for nothing certain."""
    declared: dict[str, set[str]] = {}
    for word, name, iri in zip(found, found[1:], found[2:], strict=False):
        if _is_word(word, "PREFIX"):
            declared.setdefault(name.text, set()).add(iri.text)
    return {
        name: next(iter(iris))[1:-1] for name, iris in declared.items() if len(iris) == 1 and ABSOLUTE.match(min(iris))
    }


def _expanded(token: Token, prefixes: Mapping[str, str]) -> str:
    """A service's name with its prefix written out (section 4.1.1), where nothing in it is escaped."""
    prefix, colon, local = token.text.partition(":")
    namespace = prefixes.get(prefix + colon)
    if token.kind != "name" or namespace is None or "\\" in local:
        return token.text
    return f"<{namespace}{local}>"


def _is_ambiguous(token: Token) -> bool:
    if token.kind == "iri":
        return ("'" in token.text or "#" in token.text) and may_be_a_comparison(token)
    return token.kind == "rest"


def _allowed(service: str, allowed: tuple[str, ...]) -> bool:
    """Whether a constant IRI lies at or below an allowed address; the boundary is a whole path segment."""
    if not service.startswith("<"):
        return False
    try:
        asked = urlsplit(service[1:-1])
        authority = asked.scheme, asked.hostname, asked.port
    except ValueError:
        return False
    if asked.scheme not in ("http", "https") or "@" in asked.netloc or _climbs(asked.path):
        return False
    for entry in map(urlsplit, allowed):
        below = entry.path.rstrip("/") + "/"
        if authority == (entry.scheme, entry.hostname, entry.port) and (
            asked.path == entry.path or asked.path.startswith(below)
        ):
            return True
    return False


def _climbs(path: str) -> bool:
    """Whether a path has a segment that a server may take for the one above, percent-encoded or not."""
    return any(segment in (".", "..") for segment in re.sub("%2e", ".", path, flags=re.IGNORECASE).split("/"))
