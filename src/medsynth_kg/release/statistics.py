"""Counting a set of triples as VoID describes it (https://www.w3.org/TR/void/, section 4)."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Triple

from medsynth_kg.release.namespaces import RDF_TYPE


@dataclass(slots=True)
class PropertyStatistics:
    """One property of the instances of one class: triples, and objects by class and by datatype."""

    triples: int = 0
    classes: Counter[NamedNode] = field(default_factory=Counter)
    datatypes: Counter[NamedNode] = field(default_factory=Counter)


@dataclass(slots=True)
class Statistics:
    """The counts of a data set.

    ``by_class`` holds instances, ``partitions`` the properties of each class's instances.
    """

    triples: int
    subjects: int
    objects: int
    by_property: Counter[NamedNode]
    by_class: Counter[NamedNode]
    partitions: dict[NamedNode, dict[NamedNode, PropertyStatistics]]


def count_triples(triples: Iterable[Triple]) -> Statistics:
    """Count triples, which must be distinct."""
    counted = tuple(triples)
    classes_of: dict[object, set[NamedNode]] = defaultdict(set)
    for triple in counted:
        if triple.predicate == RDF_TYPE and isinstance(triple.object, NamedNode):
            classes_of[triple.subject].add(triple.object)
    partitions: dict[NamedNode, dict[NamedNode, PropertyStatistics]] = defaultdict(
        lambda: defaultdict(PropertyStatistics)
    )
    for triple in counted:
        for subject_class in classes_of.get(triple.subject, ()):
            statistics = partitions[subject_class][triple.predicate]
            statistics.triples += 1
            if isinstance(triple.object, Literal):
                statistics.datatypes[triple.object.datatype] += 1
            else:
                statistics.classes.update(classes_of.get(triple.object, ()))
    return Statistics(
        triples=len(counted),
        subjects=len({triple.subject for triple in counted}),
        objects=len({triple.object for triple in counted}),
        by_property=Counter(triple.predicate for triple in counted),
        by_class=Counter(concept for concepts in classes_of.values() for concept in concepts),
        partitions={concept: dict(properties) for concept, properties in partitions.items()},
    )
