"""Answers of another store, read whole and written in the format that was asked for.

Every store is asked for the same two formats, which all of them have, so that answers look the same whatever store is
behind, and one that was cut off is noticed when it is read.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import IO

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Triple, parse, parse_query_results

from medsynth_kg.query.formats import QueryForm
from medsynth_kg.query.serialising import LargerThanAllowed, NotSerialisable, serialise
from medsynth_kg.query.terms import Term

JSON = "application/sparql-results+json"
N_TRIPLES = "application/n-triples"
_VIRTUOSO_ASK = "__ASK_RETVAL"


class Unreadable(Exception):
    """The store's answer is not in the format that it was asked for."""


class CutOff(Exception):
    """The store's answer has as many rows as the store gives at most."""


def asked_format(form: QueryForm) -> str:
    """The media type that stores are asked for."""
    return N_TRIPLES if form.is_graph else JSON


def transcode(
    content: IO[bytes],
    form: QueryForm,
    media_type: str,
    prefixes: Mapping[str, str],
    limit: int,
    most_rows: int | None = None,
    about: Iterable[Term] = (),
) -> bytes | memoryview:
    """Write an answer in another format; ``limit`` is in bytes, ``most_rows`` where the store cuts answers off.

    ``about`` are the terms of which a graph tells first.

    Raises:
        Unreadable: the answer is not what it should be.
        CutOff: it may not be all.
        NotSerialisable: the format can't carry it.
        LargerThanAllowed: it is larger than ``limit``.
    """
    try:
        return _written(content, form, media_type, prefixes, limit, most_rows, about)
    except (SyntaxError, ValueError) as error:
        failure: Exception = Unreadable(str(error))
    except (Unreadable, CutOff, NotSerialisable, LargerThanAllowed) as error:
        # The engine's solutions may not end in another thread, so no traceback may keep them until it is collected.
        failure = error.with_traceback(None)
    raise failure


def _written(
    content: IO[bytes],
    form: QueryForm,
    media_type: str,
    prefixes: Mapping[str, str],
    limit: int,
    most: int | None,
    about: Iterable[Term],
) -> bytes | memoryview:
    if form.is_graph:
        return serialise(_triples(content, most), media_type, prefixes, limit, about)
    if most is not None:
        _check_rows(content, most)
    return serialise(_results(content, form), media_type, prefixes, limit)


def _triples(content: IO[bytes], most: int | None) -> Iterator[Triple]:
    for number, quad in enumerate(parse(content, format=RdfFormat.N_TRIPLES), start=1):
        if most is not None and number >= most:
            raise CutOff
        yield quad.triple


def _check_rows(content: IO[bytes], most: int) -> None:
    results = parse_query_results(content, format=QueryResultsFormat.JSON)
    if isinstance(results, QuerySolutions) and sum(1 for _ in results) >= most:
        raise CutOff
    content.seek(0)


def _results(content: IO[bytes], form: QueryForm) -> QuerySolutions | QueryBoolean:
    """The result; Virtuoso 7 answers ASK with a table that has a row where the answer is yes."""
    results = parse_query_results(content, format=QueryResultsFormat.JSON)
    if form is not QueryForm.ASK or isinstance(results, QueryBoolean):
        if isinstance(results, QueryBoolean) is not (form is QueryForm.ASK):
            raise Unreadable("another kind of answer than the query asks for")
        return results
    if [variable.value for variable in results.variables] != [_VIRTUOSO_ASK]:
        raise Unreadable("another kind of answer than the query asks for")
    truth = "true" if any(True for _ in results) else "false"
    return parse_query_results(f'{{"head":{{}},"boolean":{truth}}}'.encode(), format=QueryResultsFormat.JSON)
