"""Whether a query has the same answer each time that it is asked of one release."""

from medsynth_kg.query.tokens import Token, may_be_a_comparison, tokens

_WORDS = ("NOW", "RAND", "UUID", "BNODE", "SERVICE")
"""Functions of time and of chance (STRUUID among them), and what other services say, which may be another thing or
nothing the next time."""


def repeats(query: str) -> bool:
    """Whether the answer is the same each time; where the text can be read in two ways, it is not said to be."""
    return not _has_one(query) or not any(map(_may_change, tokens(query)))


def _may_change(token: Token) -> bool:
    """Whether a token may stand for something else the next time; the engine also takes ``BYNOW`` for two words."""
    if token.kind == "word":
        return _has_one(token.text)
    return token.kind == "rest" or (may_be_a_comparison(token) and _hides_words(token.text))


def _hides_words(iri: str) -> bool:
    """Whether a call is in it, or what opens a string or a comment, after which all else may be read otherwise."""
    return ("(" in iri and _has_one(iri)) or "'" in iri or "#" in iri


def _has_one(text: str) -> bool:
    in_capitals = text.upper()
    return any(word in in_capitals for word in _WORDS)
