from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsynth_kg.endpoint.errors import MalformedRequest, UnsupportedMediaType
from medsynth_kg.endpoint.operation import FORM, QUERY, UPDATE, Operation, read_operation
from medsynth_kg.query.errors import UpdateRefused

ASK = "ASK {}"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_a_query_arrives_unchanged_by_all_three_forms(query: str) -> None:
    encoded = urlencode({"query": query})
    assert read_operation("GET", encoded, "", b"").query == query
    assert read_operation("POST", "", FORM, encoded.encode()).query == query
    assert read_operation("POST", "", QUERY, query.encode()).query == query


def test_graphs_repeat_and_come_from_the_address_of_a_direct_post() -> None:
    graphs = [("default-graph-uri", "http://a/1"), ("default-graph-uri", "http://a/2"), ("named-graph-uri", "urn:b")]
    operation = read_operation("POST", urlencode(graphs), QUERY, ASK.encode())
    assert operation.default_graphs == ("http://a/1", "http://a/2")
    assert operation.named_graphs == ("urn:b",)


def test_a_bare_get_asks_for_the_description() -> None:
    assert read_operation("GET", "", "", b"") == Operation(query=None)


@pytest.mark.parametrize("query_string", ["foo=bar", "default-graph-uri=http://a/", "query=ASK{}&query=ASK{}"])
def test_anything_but_one_query_is_malformed(query_string: str) -> None:
    with pytest.raises(MalformedRequest):
        read_operation("GET", query_string, "", b"")


def test_a_query_in_the_address_and_in_the_body_is_two_queries() -> None:
    with pytest.raises(MalformedRequest, match="2 queries"):
        read_operation("POST", urlencode({"query": ASK}), QUERY, ASK.encode())


def test_there_may_be_a_thousand_parameters_and_no_more() -> None:
    others = [("ac", "1")] * 999
    assert read_operation("GET", urlencode([("query", ASK), *others]), "", b"").query == ASK
    for more in (urlencode([("query", ASK), *others, ("ac", "1")]), "&" * 2**20):
        with pytest.raises(MalformedRequest, match="the form has more than 1000 parameters"):
            read_operation("POST", "", FORM, more.encode())


def test_unknown_parameters_are_ignored() -> None:
    assert read_operation("GET", urlencode({"ac": "1", "query": ASK, "x": ""}), "", b"").query == ASK


@pytest.mark.parametrize("query_string", ["query=%FF", "query=\xff"])
def test_what_is_not_utf8_is_malformed(query_string: str) -> None:
    with pytest.raises(MalformedRequest, match="UTF-8"):
        read_operation("GET", query_string, "", b"")
    with pytest.raises(MalformedRequest, match="UTF-8"):
        read_operation("POST", "", QUERY, b"ASK { ?\xff ?p ?o }")


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/json", f"{QUERY}; charset=utf-16"])
def test_other_bodies_are_not_supported(content_type: str) -> None:
    with pytest.raises(UnsupportedMediaType):
        read_operation("POST", "", content_type, ASK.encode())


def test_updates_are_refused_in_either_form() -> None:
    with pytest.raises(UpdateRefused):
        read_operation("POST", "", UPDATE, b"CLEAR ALL")
    with pytest.raises(UpdateRefused):
        read_operation("POST", "", FORM, urlencode({"update": "CLEAR ALL"}).encode())


@pytest.mark.parametrize(
    ("timeout", "seconds"), [("", None), ("0", None), ("2.5", 2.5), ("5s", 5.0), ("1e-05", 0.00001)]
)
def test_a_timeout_is_in_seconds_and_none_is_no_wish(timeout: str, seconds: float | None) -> None:
    assert read_operation("GET", urlencode({"query": ASK, "timeout": timeout}), "", b"").timeout == seconds


ENDLESS = [pytest.param(f"{'1' * 50_000}x", id="digits"), pytest.param(f"1.{'1' * 50_000}x", id="decimals")]
"""A pattern that looks back would look at these for minutes."""


@pytest.mark.parametrize("timeout", ["soon", "-1", "-0", "inf", "nan", "1e999", "1_000", "٠.٣", "300ms", *ENDLESS])
def test_what_is_no_number_of_seconds_is_malformed(timeout: str) -> None:
    with pytest.raises(MalformedRequest, match="timeout"):
        read_operation("GET", urlencode({"query": ASK, "timeout": timeout}), "", b"")


def test_two_timeouts_are_malformed_unless_they_say_the_same() -> None:
    def read(*given: str) -> float | None:
        parameters = [("query", ASK), *(("timeout", value) for value in given)]
        return read_operation("GET", urlencode(parameters), "", b"").timeout

    assert read("2", "2.0", "2s", "") == 2
    with pytest.raises(MalformedRequest, match="timeout"):
        read("2", "3")


@pytest.mark.parametrize("graph", ["relative", "http://a b", "<http://a>"])
def test_a_graph_is_an_absolute_iri(graph: str) -> None:
    with pytest.raises(MalformedRequest, match="absolute IRI"):
        read_operation("GET", urlencode({"query": ASK, "named-graph-uri": graph}), "", b"")


def test_an_empty_graph_is_none() -> None:
    assert read_operation("GET", urlencode({"query": ASK, "default-graph-uri": ""}), "", b"").default_graphs == ()


def test_format_and_output_mean_the_same_and_may_name_one_thing_in_several_ways() -> None:
    given = [("format", "CSV"), ("output", "text/csv;charset=utf-8,csv"), ("format", "application/ld json")]
    operation = read_operation("GET", urlencode([("query", ASK), *given]), "", b"")
    assert operation.formats == ("csv", "application/ld+json", "text/csv", "csv")


def test_media_types_compare_without_case() -> None:
    assert read_operation("POST", "", QUERY.upper(), ASK.encode()).query == ASK
    assert read_operation("POST", "", "Application/X-WWW-Form-URLencoded", b"query=ASK{}").query == "ASK{}"
