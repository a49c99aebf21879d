"""A query's text in pieces, each with the class that the style sheet colours."""

from typing import NamedTuple

from medsynth_kg.query.tokens import tokens

_CLASSES = {"iri": "iri", "name": "iri", "string": "text", "number": "text", "language": "text", "variable": "variable"}


class Piece(NamedTuple):
    """Text and its class, which is empty for what stays plain."""

    text: str
    kind: str = ""


def highlight(query: str) -> tuple[Piece, ...]:
    """The pieces of a query; together they are its text."""
    pieces: list[Piece] = []
    end = 0
    for token in tokens(query):
        pieces += _between(query[end : token.start])
        kind = "keyword" if token.kind == "word" else _CLASSES.get(token.kind, "")
        pieces.append(Piece(token.text, kind))
        end = token.start + len(token.text)
    return (*pieces, *_between(query[end:]))


def _between(text: str) -> list[Piece]:
    """What lies between two tokens: white space, and comments to the ends of their lines."""
    before, sign, comment = text.partition("#")
    return [Piece(piece, kind) for piece, kind in ((before, ""), (sign + comment, "comment")) if piece]
