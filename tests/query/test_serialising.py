"""Answers are complete, parse back to what the engine has, or are refused."""

from xml.etree import ElementTree as ET  # parses what this test has written

import pytest
from pyoxigraph import Literal, NamedNode, QueryTriples, RdfFormat, Store, parse

from medsynth_kg.query.serialising import LargerThanAllowed, NotSerialisable, serialise

JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
RDF_XML, TURTLE = "application/rdf+xml", "text/turtle"
PREFIXES = {"x": "http://example.org/"}


def answered(query: str, media_type: str, limit: int = 10_000) -> bytes:
    return bytes(serialise(Store().query(query), media_type, PREFIXES, limit))


def test_line_ends_survive_a_standard_xml_parser() -> None:
    content = answered('SELECT ("a\\r\\nb\\rc\\nd" AS ?x) {}', XML)
    literal = ET.fromstring(content).find(".//{*}literal")  # noqa: S314  # our own content
    assert literal is not None
    assert literal.text == "a\r\nb\rc\nd"


def test_line_ends_survive_in_rdf_xml() -> None:
    content = answered('CONSTRUCT { <urn:s> <http://example.org/p> "a\\r\\nb" } {}', RDF_XML)
    assert b"\r" not in content
    (triple,) = parse(content, format=RdfFormat.RDF_XML)
    assert triple.object == Literal("a\r\nb")


@pytest.mark.parametrize("character", ["\\u0000", "\\u0008", "\\u001F", "\\uFFFE", "\\uFFFF"])
@pytest.mark.parametrize("media_type", [XML, RDF_XML])
def test_what_xml_cannot_carry_is_refused(character: str, media_type: str) -> None:
    form = "SELECT * { VALUES ?o" if media_type == XML else "CONSTRUCT { <urn:s> <urn:p> ?o } { VALUES ?o"
    with pytest.raises(NotSerialisable, match="another format"):
        answered(f'{form} {{ "a{character}" }} }}', media_type)


@pytest.mark.parametrize("character", ["\\t", "\\n", "\\u0085", "\\u2028", "\\U0001F600"])
def test_what_xml_can_carry_is_not_refused(character: str) -> None:
    expected = Store().query(f'SELECT ("{character}" AS ?x) {{}}')
    (solution,) = expected  # type: ignore[misc]  # a SELECT has solutions
    text = ET.fromstring(answered(f'SELECT ("{character}" AS ?x) {{}}', XML)).findtext(".//{*}literal")  # noqa: S314  # our own content
    assert text == solution["x"].value


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


@pytest.mark.parametrize(
    "predicate", ["http://example.org/p/", "http://example.org/123", "urn:a:%20", f"{RDF}li", f"{RDF}Description"]
)
def test_a_property_that_rdf_xml_cannot_name_is_refused(predicate: str) -> None:
    with pytest.raises(NotSerialisable, match="ask for Turtle"):
        answered(f"CONSTRUCT {{ <urn:s> <{predicate}> 1 }} {{}}", RDF_XML)


@pytest.mark.parametrize(
    "predicate", ["http://example.org/p", "http://example.org/1a", "http://example.org/#é-9", f"{RDF}_1"]
)
def test_other_properties_come_back_as_they_are(predicate: str) -> None:
    (triple,) = parse(answered(f"CONSTRUCT {{ <urn:s> <{predicate}> 1 }} {{}}", RDF_XML), format=RdfFormat.RDF_XML)
    assert triple.predicate == NamedNode(predicate)


def test_turtle_uses_the_prefixes() -> None:
    assert b"x:s x:p x:o" in answered(
        "CONSTRUCT { <http://example.org/s> <http://example.org/p> <http://example.org/o> } {}", TURTLE
    )


@pytest.mark.parametrize("media_type", ["text/csv", "text/tab-separated-values"])
def test_a_truth_value_is_a_word_in_tables(media_type: str) -> None:
    assert answered("ASK {}", media_type) == b"true"


@pytest.mark.parametrize(("query", "media_type"), [("ASK {}", TURTLE), ("CONSTRUCT {} {}", JSON)])
def test_a_form_without_an_answer_in_the_format_is_refused(query: str, media_type: str) -> None:
    with pytest.raises(NotSerialisable, match=media_type.replace("+", r"\+")):
        answered(query, media_type)


def test_an_answer_may_be_as_large_as_the_limit_and_no_larger() -> None:
    query = 'SELECT ("abc" AS ?x) {}'
    size = len(answered(query, JSON))
    assert len(answered(query, JSON, limit=size)) == size
    with pytest.raises(LargerThanAllowed):
        answered(query, JSON, limit=size - 1)


def test_escaping_line_ends_cannot_pass_the_limit() -> None:
    query = 'SELECT ("' + "\\r" * 100 + '" AS ?x) {}'
    size = len(answered(query, XML))
    with pytest.raises(LargerThanAllowed):
        answered(query, XML, limit=size - 1)


def test_an_empty_graph_is_an_answer() -> None:
    result = Store().query("CONSTRUCT WHERE { ?s ?p ?o }")
    assert isinstance(result, QueryTriples)
    assert bytes(serialise(result, "application/n-triples", {}, 0)) == b""
