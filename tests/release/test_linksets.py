import pytest
from pyoxigraph import NamedNode, Triple
from tests.release.example_release import BASE, CITES, SAME_AS, TYPE, example_quads, paper

from medsynth_kg.release.linksets import describe_linksets, uri_space
from medsynth_kg.release.namespaces import VOID

DATASET = NamedNode(f"{BASE}void#dataset")


def link_counts(triples: set[Triple]) -> set[tuple[str, str, str]]:
    """(link predicate, URI space of the target, number) of each linkset, read from the description."""
    described = {(t.subject, t.predicate): t.object for t in describe_linksets(DATASET, BASE, triples)}
    linksets = [subject for (subject, predicate), value in described.items() if value == VOID.Linkset]
    return {
        (
            described[linkset, VOID.linkPredicate].value,  # type: ignore[union-attr]  # an IRI
            described[described[linkset, VOID.objectsTarget], VOID.uriSpace].value,  # type: ignore[index, union-attr]  # an IRI
            described[linkset, VOID.triples].value,  # type: ignore[union-attr]  # a number
        )
        for linkset in linksets
    }


def test_links_are_counted_by_predicate_and_target() -> None:
    triples = {quad.triple for quad in example_quads(3, "Hearts")}

    assert link_counts(triples) == {
        (CITES.value, "https://doi.org/", "3"),
        (SAME_AS.value, "https://doi.org/", "3"),
    }


def test_links_within_the_graph_and_classes_are_no_linksets() -> None:
    assert (
        link_counts({Triple(paper(1), CITES, paper(2)), Triple(paper(1), TYPE, NamedNode("https://doi.org/x"))})
        == set()
    )


@pytest.mark.parametrize(
    ("iri", "space"),
    [
        ("http://id.nlm.nih.gov/mesh/D018450", "http://id.nlm.nih.gov/mesh/"),
        ("http://purl.obolibrary.org/obo/NCIT_C16809", "http://purl.obolibrary.org/obo/NCIT_"),
        ("http://purl.obolibrary.org/obo/UBERON_1", "http://purl.obolibrary.org/"),
        ("https://w3id.org/aio/DataAugmentation", "https://w3id.org/aio/"),
        ("http://www.wikidata.org/entity/Q1", "http://www.wikidata.org/"),
        ("https://scholia.toolforge.org/doi/10.1/x", "https://scholia.toolforge.org/"),
    ],
)
def test_the_uri_space_tells_vocabularies_of_one_host_apart(iri: str, space: str) -> None:
    assert uri_space(iri) == space
