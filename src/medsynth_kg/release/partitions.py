"""What a data set holds, counted in VoID's terms: classes, their properties, and what these lead to.

Editors complete queries from the way class -> property -> class or datatype (VoID, section 4.5, and the extension
http://ldf.fi/void-ext for datatypes). Every partition has an IRI made of what it partitions, so that two releases can
be compared.
"""

import hashlib
import re
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from medsynth_kg.release.namespaces import VOID, VOID_CLASS, VOID_EXT
from medsynth_kg.release.statistics import PropertyStatistics, Statistics


def describe_counts(dataset: NamedNode, statistics: Statistics) -> Iterator[Triple]:
    """The numbers of a whole data set; every subject counts as an entity."""
    for predicate, count in (
        (VOID.triples, statistics.triples),
        (VOID.entities, statistics.subjects),
        (VOID.distinctSubjects, statistics.subjects),
        (VOID.distinctObjects, statistics.objects),
        (VOID.classes, len(statistics.by_class)),
        (VOID.properties, len(statistics.by_property)),
    ):
        yield Triple(dataset, predicate, Literal(count))


def describe_partitions(dataset: NamedNode, statistics: Statistics) -> Iterator[Triple]:
    """The data set by property, and by class with the properties of each class."""
    for property_iri, count in statistics.by_property.items():
        partition = part_of(dataset, "property", property_iri)
        yield Triple(dataset, VOID.propertyPartition, partition)
        yield Triple(partition, VOID.property, property_iri)
        yield Triple(partition, VOID.triples, Literal(count))
    for concept, count in statistics.by_class.items():
        partition = part_of(dataset, "class", concept)
        yield Triple(dataset, VOID.classPartition, partition)
        yield Triple(partition, VOID_CLASS, concept)
        yield Triple(partition, VOID.entities, Literal(count))
        for property_iri, property_statistics in statistics.partitions.get(concept, {}).items():
            yield from _describe_property(partition, property_iri, property_statistics)


def part_of(whole: NamedNode, kind: str, term: NamedNode) -> NamedNode:
    """The IRI of the part of a whole that a term marks off, unique for the whole, the kind and the term."""
    return NamedNode(f"{whole.value}-{kind}-{slug(term.value)}")


def slug(iri: str) -> str:
    """A name for an IRI within another: its last part, made unique by a hash of the whole."""
    last = re.sub(r"[^A-Za-z0-9]+", "-", re.split(r"[#/]", iri.rstrip("#/"))[-1]).strip("-")
    return f"{last or 'term'}-{hashlib.sha256(iri.encode()).hexdigest()[:8]}"


def _describe_property(whole: NamedNode, property_iri: NamedNode, statistics: PropertyStatistics) -> Iterator[Triple]:
    partition = part_of(whole, "property", property_iri)
    yield Triple(whole, VOID.propertyPartition, partition)
    yield Triple(partition, VOID.property, property_iri)
    yield Triple(partition, VOID.triples, Literal(statistics.triples))
    for concept, count in statistics.classes.items():
        target = part_of(partition, "class", concept)
        yield Triple(partition, VOID.classPartition, target)
        yield Triple(target, VOID_CLASS, concept)
        yield Triple(target, VOID.triples, Literal(count))
    for datatype, count in statistics.datatypes.items():
        target = part_of(partition, "datatype", datatype)
        yield Triple(partition, VOID_EXT.datatypePartition, target)
        yield Triple(target, VOID_EXT.datatype, datatype)
        yield Triple(target, VOID.triples, Literal(count))
