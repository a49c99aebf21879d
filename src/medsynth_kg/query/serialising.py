"""A query's result as bytes in one of the formats, complete or not at all."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    serialize,
)

from medsynth_kg.query.formats import syntax_of
from medsynth_kg.query.grouping import group_by_subject
from medsynth_kg.query.terms import Term
from medsynth_kg.query.tokens import NAME, NAME_START

SMALL = 2**18
"""Bytes up to which the declarations of a Turtle answer are tidied."""
_NOT_IN_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
"""What no XML 1.0 document may hold (section 2.2), in UTF-8."""
_CARRIAGE_RETURN = re.compile(rb"\r")
_NO_PROPERTIES = {
    f"http://www.w3.org/1999/02/22-rdf-syntax-ns#{name}"
    for name in (
        *("RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "Description", "li"),
        *("aboutEach", "aboutEachPrefix", "bagID"),
    )
}
"""Names of RDF/XML's own (RDF 1.1 XML Syntax, section 7.2), of which ``li`` stands for another property."""
_LOCAL_NAME = re.compile(rf"[{NAME_START}_][{NAME}.]*\Z")


class NotSerialisable(Exception):
    """The format can't carry the answer; the message says why and what to do."""


class LargerThanAllowed(Exception):
    """The answer has more bytes than it may have."""


class _BoundedBuffer(io.BytesIO):
    """A buffer that refuses to grow past a number of bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def write(self, content: Any, /) -> int:
        if self.tell() + len(content) > self._limit:
            raise LargerThanAllowed
        return super().write(content)


def serialise(
    result: QuerySolutions | QueryBoolean | Iterable[Triple],
    media_type: str,
    prefixes: Mapping[str, str],
    limit: int,
    about: Iterable[Term] = (),
) -> bytes | memoryview:
    """Write a result, which is a graph where it is neither solutions nor a truth value; ``limit`` is in bytes.

    A graph tells of the terms that it is ``about`` first, and of each subject at once where it is not large.

    Raises:
        NotSerialisable: this form has no answer in the format, or the format can't carry one of its terms.
        LargerThanAllowed: the answer is larger than ``limit``.
    """
    buffer = _BoundedBuffer(limit)
    syntax = syntax_of(media_type)
    if isinstance(result, (QuerySolutions, QueryBoolean)):
        if not isinstance(syntax, QueryResultsFormat):
            raise NotSerialisable(f"this form of query has no answer in {media_type}")
        result.serialize(buffer, format=syntax)
    elif isinstance(syntax, RdfFormat):
        triples = result if syntax == RdfFormat.N_TRIPLES else group_by_subject(result, about)
        nameable = _nameable(triples) if syntax == RdfFormat.RDF_XML else triples
        serialize(nameable, buffer, format=syntax, prefixes=dict(prefixes))
    else:
        raise NotSerialisable(f"this form of query has no answer in {media_type}")
    if media_type.endswith("xml"):
        return _as_xml(buffer, limit)
    return _with_used_prefixes(buffer.getbuffer()) if syntax == RdfFormat.TURTLE else buffer.getbuffer()


def _with_used_prefixes(content: memoryview) -> bytes | memoryview:
    """Turtle that declares only the prefixes it may use, sorted; the engine writes all it was given, in any order.

    An answer that is not small is left alone: there the declarations are no burden.
    """
    if len(content) > SMALL:
        return content
    lines = bytes(content).splitlines(keepends=True)
    declared = [line for line in lines if line.startswith(b"@prefix ")]
    body = b"".join(lines[len(declared) :])
    return b"".join(sorted(line for line in declared if line.split()[1] in body)) + body


def _nameable(triples: Iterable[Triple]) -> Iterator[Triple]:
    for triple in triples:
        if triple.predicate.value in _NO_PROPERTIES or not _LOCAL_NAME.search(triple.predicate.value):
            raise NotSerialisable(
                f"RDF/XML can't name the property <{triple.predicate.value}>; ask for Turtle or another format"
            )
        yield triple


def _as_xml(buffer: io.BytesIO, limit: int) -> bytes | memoryview:
    """XML with carriage returns as references, since a parser makes line feeds of bare ones (XML 1.0, section 2.11)."""
    content = buffer.getbuffer()
    if _NOT_IN_XML.search(content):
        raise NotSerialisable("the answer has characters that XML 1.0 cannot carry; ask for another format")
    if not _CARRIAGE_RETURN.search(content):
        return content
    escaped = _CARRIAGE_RETURN.sub(b"&#13;", content)
    if len(escaped) > limit:
        raise LargerThanAllowed
    return escaped
