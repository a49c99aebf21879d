"""A query as every store reads it alike: one base, no comments."""

import re

from medsynth_kg.query.errors import QuerySyntaxError
from medsynth_kg.query.tokens import position, tokens

_SCHEME = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")


def portable_query(query: str, base_iri: str | None) -> str:
    """The query with the base that its relative IRIs are resolved against, and no comments.

    The SPARQL 1.1 Protocol has no parameter for the base; a query that begins with an absolute one needs none.
    Without comments two parsers can't differ about where one ends.

    Raises:
        QuerySyntaxError: a part of it can be read in more than one way.
    """
    found = list(tokens(query))
    if found and found[-1].kind == "rest":
        raise QuerySyntaxError("a quote or a backslash stands where none can", *position(query, found[-1].start))
    parts, end = [], 0
    for token in found:
        skipped = query[end : token.start]
        parts += [_gap(skipped), token.text]
        end = token.start + len(token.text)
    text = "".join(parts)
    states_base = len(found) > 1 and found[0].text.upper() == "BASE" and _SCHEME.match(found[1].text)
    return text if states_base or base_iri is None else f"BASE <{base_iri}>\n{text}"


def _gap(skipped: str) -> str:
    if not skipped:
        return ""
    return "\n" if "\n" in skipped or "\r" in skipped else " "
