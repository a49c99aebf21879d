"""Every file of the ontology is plain, strict Turtle that any client can read."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from medsynth_kg.settings import BASE_IRI

FILES = ("medsynth", "modality", "architecture", "application", "evaluation", "prefixes", "shapes")
WITHOUT_BLANK_NODES = tuple(name for name in FILES if name != "shapes")
SH = "http://www.w3.org/ns/shacl#"

ReadTriples = Callable[..., list[Triple]]


def test_the_directory_holds_exactly_these_files(ontology_directory: Path) -> None:
    assert {path.name for path in ontology_directory.glob("*")} == {f"{name}.ttl" for name in FILES}


@pytest.mark.parametrize("name", FILES)
def test_the_strict_parser_reads_it(name: str, read_triples: ReadTriples) -> None:
    assert read_triples(name)


@pytest.mark.parametrize("name", FILES)
def test_it_is_utf_8_with_unix_line_ends_and_one_at_the_end(name: str, ontology_directory: Path) -> None:
    content = (ontology_directory / f"{name}.ttl").read_bytes().decode("utf-8")
    assert "\r" not in content
    assert content.endswith(".\n")
    assert not content.endswith("\n\n")


@pytest.mark.parametrize("name", WITHOUT_BLANK_NODES)
def test_it_has_no_blank_node(name: str, read_triples: ReadTriples) -> None:
    terms = {term for triple in read_triples(name) for term in (triple.subject, triple.object)}
    assert not [term for term in terms if isinstance(term, BlankNode)]


@pytest.mark.parametrize("name", FILES)
def test_it_states_no_triple_twice(name: str, read_triples: ReadTriples) -> None:
    triples = read_triples(name)
    assert len(triples) == len(set(triples))


def test_each_prefix_has_one_namespace_and_each_namespace_one_prefix(read_triples: ReadTriples) -> None:
    triples = read_triples("prefixes")
    declared = {t.object for t in triples if t.predicate == NamedNode(f"{SH}declare")}
    prefix = {t.subject: t.object for t in triples if t.predicate == NamedNode(f"{SH}prefix")}
    namespace = {t.subject: t.object for t in triples if t.predicate == NamedNode(f"{SH}namespace")}
    assert declared == set(prefix) == set(namespace)
    assert len(set(prefix.values())) == len(prefix) == len(set(namespace.values()))


@pytest.mark.parametrize("name", FILES)
def test_a_prefix_used_in_a_file_means_what_the_list_says(
    name: str, ontology_directory: Path, read_triples: ReadTriples
) -> None:
    listed = _prefix_list(read_triples("prefixes"))
    only_local = {"declaration": f"{BASE_IRI}prefixes#", "shape": f"{BASE_IRI}shapes#"}
    for line in (ontology_directory / f"{name}.ttl").read_text(encoding="utf-8").splitlines():
        if line.startswith("@prefix "):
            _, prefix, iri, _ = line.split()
            assert (listed | only_local)[prefix.rstrip(":")] == iri.strip("<>")


def _prefix_list(triples: list[Triple]) -> dict[str, str]:
    literals = {(t.subject, t.predicate.value): t.object.value for t in triples if isinstance(t.object, Literal)}
    return {
        value: literals[subject, f"{SH}namespace"]
        for (subject, predicate), value in literals.items()
        if predicate == f"{SH}prefix"
    }
