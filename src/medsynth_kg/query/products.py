"""What SPARQL 1.1 leaves to each store: how it takes a time limit, and how it says that the limit was reached.

Virtuoso is tested here; the others are as their makers document them:
https://docs.openlinksw.com/virtuoso/anytimequeries/, https://rdf4j.org/documentation/reference/rest-api/ (GraphDB),
https://docs.aws.amazon.com/neptune/latest/userguide/sparql-query-hints-queryTimeout.html, and QLever's own source.
"""

import math
from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise

from medsynth_kg.query.binding import apply_edits
from medsynth_kg.query.tokens import tokens

_NEPTUNE = "http://aws.amazon.com/neptune/vocab/v01/QueryHints#"
_LEAST_FOR_VIRTUOSO = 1000
"""Milliseconds; what is shorter, it takes for no limit at all."""


class StoreProduct(StrEnum):
    """A store's maker; ``sparql`` is any store that keeps to SPARQL 1.1 and takes no time limit."""

    SPARQL = "sparql"
    VIRTUOSO = "virtuoso"
    GRAPHDB = "graphdb"
    NEPTUNE = "neptune"
    QLEVER = "qlever"


def takes_time_limit(product: StoreProduct) -> bool:
    """Whether the store is told how long a query may take, so that it gives up when we do."""
    return product is not StoreProduct.SPARQL


def limit_parameters(product: StoreProduct, seconds: float) -> dict[str, str]:
    """The parameters of a request that limit its time."""
    match product:
        case StoreProduct.VIRTUOSO:
            return {"timeout": str(max(_LEAST_FOR_VIRTUOSO, math.ceil(seconds * 1000)))}
        case StoreProduct.GRAPHDB:
            return {"timeout": str(max(1, math.ceil(seconds)))}
        case StoreProduct.QLEVER:
            return {"timeout": f"{max(1, math.ceil(seconds))}s"}
        case _:
            return {}


def limited_query(product: StoreProduct, query: str, seconds: float) -> str:
    """The query with its time limit inside, for Neptune, which takes it as a pattern of the main group.

    CONSTRUCT and DESCRIBE, and a main group that is a subquery, are left to the cluster's own limit.
    """
    if product is not StoreProduct.NEPTUNE:
        return query
    found = tuple(tokens(query))
    words = [token.text.upper() for token in found if token.kind == "word"]
    form = next((word for word in words if word in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")), "")
    depth = 0
    for token, after in pairwise(found):
        depth += {"(": 1, ")": -1}.get(token.text, 0) if token.kind == "mark" else 0
        if token.kind == "mark" and token.text == "{" and depth == 0:
            if form in ("SELECT", "ASK") and after.text.upper() != "SELECT":
                hint = f" <{_NEPTUNE}Query> <{_NEPTUNE}queryTimeout> {math.ceil(seconds * 1000)} . "
                return apply_edits(query, [(token.start + 1, token.start + 1, hint)])
            break
    return query


def ran_out_of_time(product: StoreProduct, status: int, headers: Mapping[str, str], beginning: bytes) -> bool:
    """Whether an answer, of which the beginning is given, says that the time limit was reached; it may look complete.

    Virtuoso sends what it has found so far, with SQL state S1TAT; later versions with status 206. That is looked for in
    every answer, since nothing else tells it from a whole one, and its operator may have named no product.
    """
    if status in (206, 408, 504) or headers.get("X-SQL-State") == "S1TAT":
        return True
    match product:
        case StoreProduct.GRAPHDB:
            return status == 503 and b"took too long" in beginning
        case StoreProduct.NEPTUNE:
            return status >= 400 and b"TimeLimitExceededException" in beginning
        case StoreProduct.QLEVER:
            return status == 429
        case _:
            return False


def most_rows(headers: Mapping[str, str]) -> int | None:
    """The number of rows at which the store cuts answers off, where it says so, as Virtuoso does."""
    stated = headers.get("X-SPARQL-MaxRows", "")
    return int(stated) if stated.isdigit() else None
