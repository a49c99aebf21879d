"""Links to other data sets, counted by the data set that they lead to (VoID, section 5)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode, Triple

from medsynth_kg.graph.namespaces import CITO, OWL, RDFS, SCHEMA, SKOS
from medsynth_kg.release.namespaces import RDF_TYPE, VOID
from medsynth_kg.release.partitions import part_of, slug

LINK_PREDICATES = frozenset(
    (
        OWL.sameAs,
        SCHEMA.sameAs,
        RDFS.seeAlso,
        SKOS.exactMatch,
        SKOS.closeMatch,
        SKOS.broadMatch,
        SKOS.narrowMatch,
        SKOS.relatedMatch,
        CITO.cites,
    )
)
"""Properties whose objects, where they lie outside the base, are things of another data set."""

KNOWN_NAMESPACES: Mapping[str, str] = {
    "http://id.nlm.nih.gov/mesh/": "mesh",
    "http://purl.obolibrary.org/obo/NCIT_": "ncit",
    "https://w3id.org/aio/": "aio",
    "http://w3id.org/mlso/": "mlso",
}
"""Data sets whose IRIs start with more than a host; the others are told apart by their host."""


def describe_linksets(dataset: NamedNode, base: str, triples: Iterable[Triple]) -> Iterator[Triple]:
    """A ``void:Linkset`` for each pair of a link predicate and a target, with its number of links."""
    counts = Counter(
        (triple.predicate, uri_space(triple.object.value))
        for triple in triples
        if triple.predicate in LINK_PREDICATES
        and isinstance(triple.object, NamedNode)
        and not triple.object.value.startswith(base)
    )
    for (predicate, space), count in counts.items():
        target = NamedNode(f"{dataset.value}-target-{_target_name(space)}")
        linkset = part_of(target, "links", predicate)
        yield Triple(linkset, RDF_TYPE, VOID.Linkset)
        yield Triple(dataset, VOID.subset, linkset)
        yield Triple(linkset, VOID.linkPredicate, predicate)
        yield Triple(linkset, VOID.subjectsTarget, dataset)
        yield Triple(linkset, VOID.objectsTarget, target)
        yield Triple(linkset, VOID.triples, Literal(count))
        yield Triple(target, RDF_TYPE, VOID.Dataset)
        yield Triple(target, VOID.uriSpace, Literal(space))


def uri_space(iri: str) -> str:
    """What the IRIs of the data set that an IRI belongs to start with."""
    known = next((namespace for namespace in KNOWN_NAMESPACES if iri.startswith(namespace)), None)
    parts = urlsplit(iri)
    return known or f"{parts.scheme}://{parts.netloc}/"


def _target_name(space: str) -> str:
    return KNOWN_NAMESPACES.get(space) or slug(space)
