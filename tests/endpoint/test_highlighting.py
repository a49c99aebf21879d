"""The pieces of a query are its text, each with the class of its token."""

from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.endpoint.highlighting import Piece, highlight


def test_tokens_and_comments_have_classes() -> None:
    pieces = highlight('SELECT ?a { ?a a msk:Paper ; <urn:p> "x"@en } # all\n')
    assert Piece("SELECT", "keyword") in pieces
    assert Piece("?a", "variable") in pieces
    assert Piece("msk:Paper", "iri") in pieces
    assert Piece('"x"', "text") in pieces
    assert pieces[-1] == Piece("# all\n", "comment")


@given(st.text())
def test_nothing_of_a_text_is_lost(text: str) -> None:
    assert "".join(piece.text for piece in highlight(text)) == text
