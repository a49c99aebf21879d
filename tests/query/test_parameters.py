"""Terms take the places of parameters as whole tokens, whatever they hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Store

from medsynth_kg.query.parameters import bind_parameters, parameter_names

ECG = NamedNode("https://example.org/ecg")


def test_a_variable_with_an_underscore_is_a_parameter() -> None:
    assert parameter_names("SELECT * { ?a ?_kind ?b , $_other , ?c_d }") == {"kind", "other"}


def test_a_term_takes_the_place_of_every_token_and_of_nothing_else() -> None:
    query = 'SELECT * { ?a ?b ?_kind , "?_kind" , ?_kinds } # ?_kind'
    bound = 'SELECT * { ?a ?b <https://example.org/ecg> , "?_kind" , ?_kinds } # ?_kind'
    assert bind_parameters(query, {"kind": ECG}) == bound


def test_a_parameter_without_value_stays_a_variable() -> None:
    assert bind_parameters("ASK { ?a ?b ?_kind }", {}) == "ASK { ?a ?b ?_kind }"


@given(st.text())
def test_no_text_can_leave_its_literal(text: str) -> None:
    query = bind_parameters("SELECT ?value { VALUES ?value { ?_text } }", {"text": Literal(text)})
    (solution,) = Store().query(query)  # type: ignore[misc]  # a SELECT has solutions
    assert solution["value"] == Literal(text)


@given(st.from_regex(r"urn:[a-z]+:[^\x00-\x20<>\"{}|\\^`]*", fullmatch=True))
def test_no_iri_can_leave_its_brackets(iri: str) -> None:
    try:
        node = NamedNode(iri)
    except ValueError:
        return
    query = bind_parameters("SELECT ?value { VALUES ?value { ?_kind } }", {"kind": node})
    (solution,) = Store().query(query)  # type: ignore[misc]  # a SELECT has solutions
    assert solution["value"] == node


@pytest.mark.parametrize("name", ["__", "_é", "_1"])
def test_names_are_those_of_sparql(name: str) -> None:
    assert parameter_names(f"ASK {{ ?{name} ?p ?o }}") == {name[1:]}
