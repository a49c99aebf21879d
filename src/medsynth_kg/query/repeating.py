"""Whether a query has the same answer each time that it is asked of one release."""

import re

from medsynth_kg.query.tokens import tokens

_WORDS = frozenset(["NOW", "RAND", "UUID", "STRUUID", "BNODE", "SERVICE"])
"""Functions of time and of chance, and what other services say, which may be another thing or nothing the next time."""
_ANY_WORD = re.compile(rf"\b(?:{'|'.join(sorted(_WORDS))})\b", re.IGNORECASE)


def repeats(query: str) -> bool:
    """Whether the answer is the same each time; where the text can be read in two ways, it is not said to be."""
    in_capitals = query.upper()
    if not any(word in in_capitals for word in _WORDS) or not _ANY_WORD.search(query):
        return True
    return not any(token.kind == "rest" or token.text.upper() in _WORDS for token in tokens(query))
