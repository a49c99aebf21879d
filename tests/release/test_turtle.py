from random import Random

import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from medsynth_kg.release.turtle import write_trig, write_turtle

EX = "https://example.org/"
PREFIXES = {"ex": EX, "deeper": f"{EX}deeper/", "xsd": "http://www.w3.org/2001/XMLSchema#", "": "https://example.net/"}
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def node(name: str) -> NamedNode:
    return NamedNode(EX + name)


def xsd(value: str, name: str) -> Literal:
    return Literal(value, datatype=NamedNode(f"http://www.w3.org/2001/XMLSchema#{name}"))


iris = st.builds(
    lambda start, rest: NamedNode(start + rest),
    st.sampled_from([EX, f"{EX}deeper/", "https://example.net/", "https://example.com/"]),
    st.text("abZ09._-~/:%é😀()'*", max_size=8).map(lambda text: text.replace("%", "%20").replace("😀", "#", 1)),
)
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
literals = st.one_of(
    st.builds(Literal, texts),
    st.builds(lambda text, tag: Literal(text, language=tag), texts, st.sampled_from(["en", "de-at"])),
    st.builds(lambda text, datatype: Literal(text, datatype=datatype), texts, iris),
    st.builds(xsd, st.from_regex(r"[+-]?[0-9]*\.?[0-9]*", fullmatch=True), st.sampled_from(["integer", "decimal"])),
    st.builds(xsd, st.sampled_from(["true", "false", "1", "yes"]), st.just("boolean")),
)
triple_sets = st.sets(st.builds(Triple, iris, st.one_of(iris, st.just(TYPE)), st.one_of(iris, literals)), max_size=12)


@given(triple_sets)
def test_turtle_says_what_the_triples_say(triples: set[Triple]) -> None:
    content = write_turtle(triples, PREFIXES)

    assert {quad.triple for quad in parse(content, format=RdfFormat.TURTLE)} == triples


@given(st.sets(st.builds(Triple, iris, iris, st.one_of(iris, st.builds(Literal, texts))), max_size=8))
def test_rdflib_reads_as_many_triples_as_were_written(triples: set[Triple]) -> None:
    graph = rdflib.Graph().parse(data=write_turtle(triples, PREFIXES), format="turtle")

    read = {(str(subject), str(predicate), str(value)) for subject, predicate, value in graph}
    assert read == {(t.subject.value, t.predicate.value, t.object.value) for t in triples}  # type: ignore[union-attr]  # no quoted triples here


@given(triple_sets, st.randoms(use_true_random=False))
def test_the_order_of_the_triples_does_not_matter(triples: set[Triple], random: Random) -> None:
    ordered = sorted(triples, key=str)
    shuffled = random.sample(ordered, len(ordered))

    assert write_turtle(shuffled, PREFIXES) == write_turtle(ordered, PREFIXES)


@given(st.sets(st.builds(Quad, iris, iris, st.one_of(iris, literals), iris), max_size=12))
def test_trig_says_what_the_quads_say(quads: set[Quad]) -> None:
    assert set(parse(write_trig(quads, PREFIXES), format=RdfFormat.TRIG)) == quads


def test_subjects_are_sorted_with_their_classes_first_and_one_object_a_line() -> None:
    triples = [
        Triple(node("b"), node("says"), Literal("second")),
        Triple(node("a"), node("knows"), node("c")),
        Triple(node("a"), node("knows"), node("b")),
        Triple(node("a"), node("age"), Literal(7)),
        Triple(node("a"), TYPE, node("Person")),
        Triple(node("a"), TYPE, node("Agent")),
    ]

    assert write_turtle(triples, PREFIXES).decode() == (
        "@prefix ex: <https://example.org/> .\n"
        "\n"
        "ex:a a ex:Agent, ex:Person ;\n"
        "    ex:age 7 ;\n"
        "    ex:knows\n"
        "        ex:b,\n"
        "        ex:c .\n"
        "\n"
        'ex:b ex:says "second" .\n'
    )


def test_trig_has_one_block_a_graph() -> None:
    quads = [Quad(node("a"), TYPE, node("C"), node("g2")), Quad(node("a"), TYPE, node("C"), node("deeper/g1"))]

    assert write_trig(quads, PREFIXES).decode() == (
        "@prefix deeper: <https://example.org/deeper/> .\n"
        "@prefix ex: <https://example.org/> .\n"
        "\n"
        "deeper:g1 {\n"
        "    ex:a a ex:C .\n"
        "}\n"
        "\n"
        "ex:g2 {\n"
        "    ex:a a ex:C .\n"
        "}\n"
    )


def test_the_longest_prefix_is_used_and_only_used_prefixes_are_declared() -> None:
    content = write_turtle([Triple(node("deeper/x"), TYPE, node("a/b"))], PREFIXES).decode()

    assert content == "@prefix deeper: <https://example.org/deeper/> .\n\ndeeper:x a <https://example.org/a/b> .\n"


def test_numbers_that_turtle_would_read_otherwise_keep_their_quotes() -> None:
    triple = Triple(node("a"), node("p"), xsd("5.", "decimal"))

    assert '"5."^^xsd:decimal' in write_turtle([triple], PREFIXES).decode()
