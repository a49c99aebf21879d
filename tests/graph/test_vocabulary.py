"""Spellings are looked up in the vocabularies alone, whatever their letter case and white space."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, parse

from medsynth_kg.graph.errors import LabelShared, OntologyUnreadable
from medsynth_kg.graph.iris import Iris
from medsynth_kg.graph.vocabulary import ConceptScheme, load_vocabularies, normalise_label, read_turtle

PREFIXES = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix : <https://w3id.org/medsynth-kg/architecture/> .
"""


def scheme(turtle: str) -> ConceptScheme:
    return ConceptScheme(quad.triple for quad in parse(PREFIXES + turtle, format=RdfFormat.TURTLE))


def concept(name: str) -> NamedNode:
    return NamedNode(f"https://w3id.org/medsynth-kg/architecture/{name}")


@pytest.mark.parametrize("spelling", ["StyleGAN2-ADA", "stylegan2-ada", "  STYLEGAN2-ADA ", "Style GAN2\xa0ADA"])
def test_finds_a_concept_by_any_of_its_labels(spelling: str) -> None:
    found = scheme(':s skos:prefLabel "StyleGAN2-ADA"@en ; skos:altLabel "Style GAN2 ADA" .').find(spelling)
    assert found is not None
    assert found.concept == concept("s")
    assert not found.hidden


def test_a_hidden_label_finds_its_concept_and_says_that_it_is_a_misspelling() -> None:
    found = scheme(':u skos:prefLabel "Unconditional" ; skos:hiddenLabel "Unconditonal" .').find("unconditonal")
    assert found is not None
    assert found.hidden


def test_an_unknown_spelling_finds_nothing() -> None:
    assert scheme(':u skos:prefLabel "Unconditional" .').find("conditional") is None


def test_two_concepts_with_one_label_are_refused() -> None:
    with pytest.raises(LabelShared, match="gan"):
        scheme(':a skos:prefLabel "GAN" . :b skos:altLabel "gan" .')


def test_ancestors_are_reached_through_every_broader_concept() -> None:
    hierarchy = scheme(":a skos:broader :b, :c . :b skos:broader :d . :c skos:broader :d .")
    assert hierarchy.ancestors(concept("a")) == {concept("b"), concept("c"), concept("d")}


def test_a_cycle_in_the_hierarchy_ends() -> None:
    assert scheme(":a skos:broader :b . :b skos:broader :a .").ancestors(concept("a")) == {
        concept("a"),
        concept("b"),
    }


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise_label(text)
    assert normalise_label(once) == once


def test_a_broken_turtle_file_is_named_with_its_line(tmp_path: Path) -> None:
    broken = tmp_path / "modality.ttl"
    broken.write_text("<a> <b> <c> .\n<d> <e> \n", encoding="utf-8")
    with pytest.raises(OntologyUnreadable, match=r"modality\.ttl: .*line"):
        read_turtle(broken, Iris())


def test_a_missing_scheme_is_named(tmp_path: Path) -> None:
    with pytest.raises(OntologyUnreadable, match=r"modality\.ttl"):
        load_vocabularies(tmp_path, Iris())


def test_our_own_iris_follow_the_configured_base(tmp_path: Path) -> None:
    file = tmp_path / "x.ttl"
    file.write_text(PREFIXES + ":a skos:broader <http://example.org/b> .", encoding="utf-8")
    (triple,) = read_turtle(file, Iris("https://example.net/kg/"))
    assert triple.subject == NamedNode("https://example.net/kg/architecture/a")
    assert triple.object == NamedNode("http://example.org/b")
