"""A query that is sent elsewhere has the same tokens, a base, and no comments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.query.errors import QuerySyntaxError
from medsynth_kg.query.portable import portable_query
from medsynth_kg.query.tokens import tokens

PARTS = [
    "SELECT",
    "?x",
    "{",
    "}",
    "<a#b>",
    "'# no comment'",
    "# SERVICE <x>\n",
    "#\r",
    " ",
    "\n",
    "^^",
    "<",
    "a:b",
    "1",
]


@given(st.lists(st.sampled_from(PARTS)))
def test_tokens_stay_and_comments_go(parts: list[str]) -> None:
    query = "".join(parts)
    sent = portable_query(query, None)
    assert [(token.kind, token.text) for token in tokens(sent)] == [(token.kind, token.text) for token in tokens(query)]
    assert not any("#" in gap for gap in gaps(sent))


def gaps(query: str) -> list[str]:
    found, end = [], 0
    for token in tokens(query):
        found.append(query[end : token.start])
        end = token.start + len(token.text)
    return [*found, query[end:]]


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        ("ASK { }", "BASE <http://example.org/>\nASK { }"),
        ("BASE <urn:x> ASK { }", "BASE <urn:x> ASK { }"),
        ("base <http://other.example/> ASK { }", "base <http://other.example/> ASK { }"),
        ("BASE <x/> ASK { }", "BASE <http://example.org/>\nBASE <x/> ASK { }"),
    ],
)
def test_the_base_is_stated_unless_the_query_states_an_absolute_one_first(query: str, sent: str) -> None:
    assert portable_query(query, "http://example.org/") == sent


def test_what_can_be_read_in_two_ways_is_refused_where_it_stands() -> None:
    with pytest.raises(QuerySyntaxError, match="line 2, column 3"):
        portable_query("ASK {\n  ' }", None)
