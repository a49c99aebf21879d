import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.endpoint.negotiation import negotiate, negotiate_coding, prefers_html

JSON, XML, CSV = "application/sparql-results+json", "application/sparql-results+xml", "text/csv"
OFFERED = (JSON, XML, CSV)
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        (CSV, CSV),
        ("TEXT/CSV", CSV),
        ("text/*", CSV),
        (f"{JSON};charset=utf-8", JSON),
        (f"{JSON};q=0.2, {XML} ; q=0.8", XML),
        (f"{JSON};q=0, */*", XML),
        (f"{XML}, */*;q=0.1", XML),
        (f"*/*;q=0.1, {CSV};q=0.2", CSV),
        ("image/png", None),
        (f"{JSON};q=0", None),
    ],
)
def test_the_best_acceptable_type_is_chosen_and_ties_go_to_the_first_offered(
    accept: str | None, chosen: str | None
) -> None:
    assert negotiate(accept, OFFERED) == chosen


def test_a_browser_prefers_a_page_and_a_sparql_client_does_not() -> None:
    assert prefers_html(FIREFOX, OFFERED)
    assert not prefers_html("application/sparql-results+json,*/*;q=0.9", OFFERED)
    assert not prefers_html("*/*", OFFERED)
    assert not prefers_html(None, OFFERED)


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        (None, None),
        ("", None),
        ("gzip", "gzip"),
        ("gzip;q=0", None),
        ("gzip, deflate, br, zstd", "zstd"),
        ("zstd;q=0.5, gzip", "gzip"),
        ("br, *;q=0.5", "zstd"),
        ("zstd;q=0, *", "gzip"),
        ("identity", None),
        ("identity, gzip;q=0.5", None),
        ("br", None),
    ],
)
def test_a_coding_is_used_only_where_it_is_accepted_and_preferred(header: str | None, coding: str | None) -> None:
    assert negotiate_coding(header) == coding


@given(st.text(max_size=100))
def test_no_accept_header_is_too_strange_to_be_read(accept: str) -> None:
    assert negotiate(accept, OFFERED) in (*OFFERED, None)
