"""A graph that is not large is written subject by subject, and none of its triples is lost or doubled."""

import json
import re
from collections.abc import Iterator
from itertools import chain, islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store, Triple, parse

from medsynth_kg.query.grouping import GROUPED, GROUPED_CHARACTERS, group_by_subject
from medsynth_kg.query.serialising import serialise

EXAMPLE = "http://example.org/"
SUBJECTS = [NamedNode(f"{EXAMPLE}{name}") for name in "abc"]
PROPERTIES = [NamedNode(f"{EXAMPLE}{name}") for name in "pq"]
A, B, C = SUBJECTS
P, Q = PROPERTIES
SCATTERED = [
    Triple(A, P, Literal("1")),
    Triple(B, P, Literal("2")),
    Triple(A, Q, Literal("3")),
    Triple(C, P, A),
    Triple(B, Q, Literal("4")),
    Triple(A, P, Literal("5")),
]
triples = st.builds(
    Triple,
    st.sampled_from([*SUBJECTS, BlankNode("x")]),
    st.sampled_from(PROPERTIES),
    st.sampled_from(SUBJECTS) | st.text(max_size=2).map(Literal),
)


def changes(values: list[object]) -> int:
    return sum(1 for before, after in pairwise(values) if before != after)


def test_subjects_and_their_properties_stay_in_the_order_in_which_they_first_appear() -> None:
    objects = [triple.object for triple in group_by_subject(SCATTERED)]
    assert objects == [Literal("1"), Literal("5"), Literal("3"), Literal("2"), Literal("4"), A]


def test_what_a_query_was_asked_about_comes_first() -> None:
    subjects = [triple.subject for triple in group_by_subject(SCATTERED, [NamedNode("urn:absent"), Literal("1"), B])]
    assert list(dict.fromkeys(subjects)) == [B, A, C]


@given(st.lists(triples))
def test_each_subject_is_told_at_once_and_nothing_is_lost(given_triples: list[Triple]) -> None:
    grouped = list(group_by_subject(given_triples))
    assert sorted(map(str, grouped)) == sorted(map(str, given_triples))
    assert changes([triple.subject for triple in grouped]) <= max(len({t.subject for t in given_triples}) - 1, 0)


def test_a_large_graph_is_passed_on_as_it_comes() -> None:
    def endless() -> chain[Triple]:
        return chain.from_iterable([Triple(A, P, Literal(n)), Triple(B, P, Literal(n))] for n in range(GROUPED * 2))

    assert list(islice(group_by_subject(endless()), GROUPED + 2)) == list(islice(endless(), GROUPED + 2))


def test_a_graph_of_long_texts_is_passed_on_before_it_fills_the_memory() -> None:
    taken = 0

    def long() -> Iterator[Triple]:
        nonlocal taken
        for number in range(GROUPED):
            taken = number
            yield Triple((A, B)[number % 2], P, Literal(f"{number}" + "x" * (GROUPED_CHARACTERS // 20)))

    passed_on = group_by_subject(long())
    assert taken < 25
    assert [triple.subject for triple in islice(passed_on, 4)] == [A, B, A, B]


def test_the_largest_graph_that_is_grouped() -> None:
    scattered = [Triple((A, B)[n % 2], P, Literal(n)) for n in range(GROUPED)]
    assert changes([triple.subject for triple in group_by_subject(scattered)]) == 1


def written(media_type: str) -> bytes:
    return bytes(serialise(SCATTERED, media_type, {"x": EXAMPLE}, 10_000))


def test_turtle_opens_each_subject_once() -> None:
    assert re.findall(r"^x:(\w)", written("text/turtle").decode(), re.MULTILINE) == ["a", "b", "c"]


def test_json_ld_has_one_node_for_each_subject() -> None:
    nodes = json.loads(written("application/ld+json"))
    assert [node["@id"].removeprefix(EXAMPLE) for node in nodes] == ["a", "b", "c"]
    assert [value["@value"] for value in nodes[0][P.value]] == ["1", "5"]


def test_rdf_xml_describes_each_subject_once() -> None:
    assert re.findall(rb'about="[^"]*/(\w)"', written("application/rdf+xml")) == [b"a", b"b", b"c"]


@pytest.mark.parametrize(
    ("media_type", "syntax"),
    [
        ("text/turtle", RdfFormat.TURTLE),
        ("application/ld+json", RdfFormat.JSON_LD),
        ("application/rdf+xml", RdfFormat.RDF_XML),
        ("application/n-triples", RdfFormat.N_TRIPLES),
    ],
)
def test_what_is_written_is_the_graph(media_type: str, syntax: RdfFormat) -> None:
    read = Store()
    read.extend(parse(written(media_type), format=syntax))
    assert {quad.triple for quad in read} == set(SCATTERED)
