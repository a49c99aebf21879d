"""The query operation of the SPARQL 1.1 Protocol (section 2.1), read from the parts of an HTTP request."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from werkzeug.http import parse_options_header

from medsynth_kg.endpoint.errors import MalformedRequest, UnsupportedMediaType
from medsynth_kg.endpoint.form_encoding import read_parameters
from medsynth_kg.query.errors import UpdateRefused

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

_ABSOLUTE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|\\^`]*")
_SECONDS = re.compile(r"(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?+s?")
_MOST_PARAMETERS = 1000

Values = dict[str, list[str]]
"""A request's parameters: what each name was given, in order."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What a client asks: one query with its dataset, or None for the description of the service.

    ``formats`` are the short names and media types from ``format=`` and ``output=``, in lower case; ``timeout`` is in
    seconds.
    """

    query: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    timeout: float | None = None


def read_operation(method: str, query_string: str, content_type: str, body: bytes) -> Operation:
    """Read a GET (or HEAD), a POST with a form, or a POST with the query as its body.

    ``query_string`` is as WSGI hands it over (bytes as Latin-1). Parameters of other names are ignored.

    Raises:
        MalformedRequest: there is no query or more than one, or a parameter is not what it should be.
        UnsupportedMediaType: a POST is neither of the two forms.
        UpdateRefused: the request is an update.
    """
    parameters = _parameters(query_string.encode("latin-1"), "the address")
    if method == "POST":
        media_type, options = parse_options_header(content_type)
        _check_charset(options.get("charset", "utf-8"))
        kind = media_type.lower()
        if kind == UPDATE:
            raise UpdateRefused
        if kind == FORM:
            parameters += _parameters(body, "the form")
        elif kind == QUERY:
            parameters.append(("query", _decode(body, "the body")))
        else:
            raise UnsupportedMediaType(f"send the query as {QUERY}, or in a form as {FORM}")
    elif not query_string:
        return Operation(query=None)
    return _operation(parameters)


def _operation(parameters: Sequence[tuple[str, str]]) -> Operation:
    values: Values = {}
    for name, value in parameters:
        values.setdefault(name, []).append(value)
    if "update" in values:
        raise UpdateRefused
    queries = values.get("query", ())
    if len(queries) != 1:
        found = "no parameter “query”" if not queries else f"{len(queries)} queries"
        raise MalformedRequest(f"a request carries exactly one query; this one has {found}")
    return Operation(
        query=queries[0],
        default_graphs=_iris(values, "default-graph-uri"),
        named_graphs=_iris(values, "named-graph-uri"),
        formats=tuple(_formats(values)),
        timeout=_timeout(values),
    )


def _parameters(encoded: bytes, where: str) -> list[tuple[str, str]]:
    text = _decode(encoded, where)
    if text.count("&") >= _MOST_PARAMETERS:
        raise MalformedRequest(f"{where} has more than {_MOST_PARAMETERS} parameters")
    try:
        return read_parameters(text)
    except UnicodeDecodeError as error:
        raise MalformedRequest(f"{where} is not percent-encoded UTF-8") from error


def _decode(content: bytes, where: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedRequest(f"{where} is not UTF-8: see its byte {error.start + 1}") from error


def _check_charset(charset: str) -> None:
    if charset.lower() not in ("utf-8", "utf8", "us-ascii"):
        raise UnsupportedMediaType("send the query in UTF-8")


def _formats(values: Values) -> Iterator[str]:
    """The formats that are named; a space stands for the ``+`` that a form would have to write as ``%2B``."""
    for given in (*values.get("format", ()), *values.get("output", ())):
        for name in given.split(","):
            if bare := name.partition(";")[0].strip().lower():
                yield bare.replace(" ", "+")


def _iris(values: Values, name: str) -> tuple[str, ...]:
    iris = tuple(filter(None, values.get(name, ())))
    for iri in iris:
        if not _ABSOLUTE_IRI.fullmatch(iri):
            raise MalformedRequest(f"{name} takes an absolute IRI, not “{iri[:100]}”")
    return iris


def _timeout(values: Values) -> float | None:
    """Seconds, also as ``5s``; nothing and 0 are no wish."""
    given = {_seconds(value.strip()) for value in values.get("timeout", ()) if value.strip()}
    if len(given) > 1:
        raise MalformedRequest("timeout is given twice, with different values")
    return next(iter(given), 0) or None


def _seconds(text: str) -> float:
    seconds = float(text.removesuffix("s")) if _SECONDS.fullmatch(text) else math.inf
    if seconds == math.inf:
        raise MalformedRequest(f"timeout takes seconds, not “{text[:20]}”")
    return seconds
