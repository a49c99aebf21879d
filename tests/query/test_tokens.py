"""The tokens of a query are those of the SPARQL grammar: nothing in a string, an IRI or a comment is a keyword."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.query.tokens import tokens


def kinds(query: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in tokens(query)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT", [("word", "SELECT")]),
        ("<http://example.org/a#b>", [("iri", "<http://example.org/a#b>")]),
        ("ex:SERVICE", [("name", "ex:SERVICE")]),
        ("SERVICE:x", [("name", "SERVICE:x")]),
        (":", [("name", ":")]),
        ("ex:a\\'b%20c", [("name", "ex:a\\'b%20c")]),
        ("_:b1", [("name", "_:b1")]),
        ("?x $y", [("variable", "?x"), ("variable", "$y")]),
        ('"a # b" # c', [("string", '"a # b"')]),
        ("'it\\'s'", [("string", "'it\\'s'")]),
        ('"""a "quoted" word"""', [("string", '"""a "quoted" word"""')]),
        ("'''it's'''@en-GB", [("string", "'''it's'''"), ("language", "@en-GB")]),
        ("1 2.5 .5 1e6", [("number", "1"), ("number", "2.5"), ("number", ".5"), ("number", "1e6")]),
        ("?a < ?b", [("variable", "?a"), ("mark", "<"), ("variable", "?b")]),
        ("# SERVICE\nASK", [("word", "ASK")]),
        ("# SERVICE\rASK", [("word", "ASK")]),
    ],
)
def test_recognises(query: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(query) == expected


@given(st.text())
def test_no_character_but_white_space_and_comments_is_lost(query: str) -> None:
    kept = "".join(token.text for token in tokens(query))
    assert len(kept) <= len(query)
    if "#" not in query:
        assert kept.replace(" ", "") == "".join(c for c in query if c not in " \t\r\n") or " " in kept or "\n" in kept


@given(st.text(alphabet="<>'\"{}#?\\ab:/ \n", max_size=60))
def test_every_query_ends(query: str) -> None:
    assert sum(len(token.text) for token in tokens(query)) <= len(query)
