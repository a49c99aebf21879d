"""The tokens of a query are those of the SPARQL grammar: nothing in a string, an IRI or a comment is a keyword."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.query.tokens import position, tokens


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
        ("true.FILTER", [("word", "true"), ("mark", "."), ("word", "FILTER")]),
        ("a.b:c.d.", [("name", "a.b:c.d"), ("mark", ".")]),
        ("_:a.b.", [("name", "_:a.b"), ("mark", ".")]),
        ('"""a"} x', [("string", '""'), ("string", '"a"'), ("mark", "}"), ("word", "x")]),
        ('"a\\q" b', [("rest", '"a\\q" b')]),
        ("'\\uD800' b", [("rest", "'\\uD800' b")]),
        ("a \\ b", [("word", "a"), ("rest", "\\ b")]),
    ],
)
def test_recognises(query: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(query) == expected


@given(st.text())
def test_no_character_but_white_space_and_comments_is_lost(query: str) -> None:
    ends = 0
    for token in tokens(query):
        skipped = query[ends : token.start]
        assert skipped.strip(" \t\r\n") == "" or "#" in skipped
        ends = token.start + len(token.text)
    assert query[ends:].strip(" \t\r\n") == "" or "#" in query[ends:]


@given(st.text(alphabet="<>'\"{}#?\\ab:/ \n", max_size=60))
def test_every_query_ends(query: str) -> None:
    assert sum(len(token.text) for token in tokens(query)) <= len(query)


@pytest.mark.parametrize(
    "part", ["a.", "é", "\\'", '"""\n\\', "<a", "'", '"', "'''\\''", "a:.", "_:a.", "@a-", "1.", "{", "%", "?"]
)
def test_a_text_as_long_as_a_query_may_be_is_read_in_linear_time(part: str) -> None:
    """In quadratic time many of these would take minutes."""
    query = part * (256_000 // len(part))
    assert sum(len(token.text) for token in tokens(query)) <= len(query)


@given(st.text(alphabet="ab\n<>'\"{}#?\\.:", max_size=60))
def test_a_token_knows_where_it_starts(query: str) -> None:
    assert all(query.startswith(token.text, token.start) for token in tokens(query))


def test_a_position_counts_lines_and_characters_from_one() -> None:
    assert position("", 0) == (1, 1)
    assert position("ab\nééx", 5) == (2, 3)
