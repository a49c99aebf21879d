"""The release described as data: VoID, DCAT 3 and PROV.

Everything has an IRI. Class, property and datatype partitions are what editors complete queries from; they are in the
store as well, where clients look for them in the default graph. Checksums of the dumps are in ``void.ttl`` alone: a
dump can't hold its own.
"""

import datetime
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Triple

from medsynth_kg.graph.namespaces import DCTERMS, FOAF, OWL, PROV, RDF, RDFS, XSD, Namespace
from medsynth_kg.release.manifest import FileEntry
from medsynth_kg.release.statistics import PropertyStatistics, Statistics

DCAT = Namespace("http://www.w3.org/ns/dcat#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VOID = Namespace("http://rdfs.org/ns/void#")
VOID_EXT = Namespace("http://ldf.fi/void-ext#")

LICENCE = NamedNode("https://creativecommons.org/licenses/by/4.0/")
MEDIA_TYPES = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "nq": "application/n-quads",
    "trig": "application/trig",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
}
LINK_TARGETS = {
    "doi": "https://doi.org/",
    "mesh": "http://id.nlm.nih.gov/mesh/",
    "ncit": "http://purl.obolibrary.org/obo/NCIT_",
    "radlex": "http://radlex.org/RID/",
    "edam": "http://edamontology.org/",
    "wikidata": "http://www.wikidata.org/entity/",
    "aio": "https://w3id.org/aio/",
    "mlso": "http://w3id.org/mlso/",
    "scholia": "https://scholia.toolforge.org/",
    "linked-papers-with-code": "https://linkedpaperswithcode.com/",
}
"""What the addresses of each graph that we link to start with."""


def describe_dataset(
    base: str, release_id: str, newest_input: datetime.date, statistics: Statistics, triples: Iterable[Triple]
) -> tuple[Triple, ...]:
    """The data set with its counts, partitions and linksets, as statements that the store can hold."""
    dataset = NamedNode(f"{base}void#dataset")
    return (
        *_dataset(dataset, base, release_id, newest_input),
        *_counts(dataset, statistics),
        *_partitions(dataset, base, statistics),
        *_linksets(dataset, base, triples),
    )


def describe_distributions(base: str, release_id: str, files: Mapping[str, FileEntry]) -> tuple[Triple, ...]:
    """The dumps with their media types, sizes and checksums; paths in ``files`` start with ``dumps/``."""
    dataset = NamedNode(f"{base}void#dataset")
    return tuple(
        triple
        for path, entry in sorted(files.items())
        if path.startswith("dumps/")
        for triple in _distribution(dataset, base, release_id, path.removeprefix("dumps/"), entry)
    )


def describe_provenance(base: str, release_id: str, code_version: str, inputs: Mapping[str, str]) -> tuple[Triple, ...]:
    """The build as a PROV activity that used the inputs, each with its SHA-256."""
    dataset, build = NamedNode(f"{base}void#dataset"), NamedNode(f"{base}void#build-{release_id}")
    triples = [
        Triple(build, RDF.type, PROV.Activity),
        Triple(
            build, RDFS.label, Literal(f"Build of release {release_id} by medsynth-kg {code_version}", language="en")
        ),
        Triple(dataset, PROV.wasGeneratedBy, build),
    ]
    for path, digest in sorted(inputs.items()):
        source = NamedNode(f"{base}void#input-{_slug(path)}")
        triples += [
            Triple(build, PROV.used, source),
            Triple(source, RDF.type, PROV.Entity),
            Triple(source, DCTERMS.identifier, Literal(path)),
            *_checksum(source, digest),
        ]
    return tuple(triples)


def _dataset(dataset: NamedNode, base: str, release_id: str, newest_input: datetime.date) -> Iterator[Triple]:
    day = Literal(newest_input.isoformat(), datatype=XSD.date)
    description = (
        "Papers on generative models for medical data, from a living survey: what kind of data they make, with which "
        "models, how the result was evaluated, and where the code is."
    )
    for concept in (VOID.Dataset, DCAT.Dataset, PROV.Entity):
        yield Triple(dataset, RDF.type, concept)
    yield Triple(dataset, RDFS.label, Literal("medsynth-kg", language="en"))
    yield Triple(dataset, DCTERMS.title, Literal("medsynth-kg: generative models for medical data", language="en"))
    yield Triple(dataset, DCTERMS.description, Literal(description, language="en"))
    yield Triple(dataset, DCTERMS.license, LICENCE)
    yield Triple(dataset, DCTERMS.creator, Literal("medsynth-kg contributors"))
    yield Triple(dataset, DCTERMS.source, NamedNode("https://arxiv.org/abs/2407.00116"))
    yield Triple(dataset, DCTERMS.modified, day)
    yield Triple(dataset, OWL.versionInfo, Literal(release_id))
    yield Triple(dataset, DCTERMS.identifier, Literal(release_id))
    yield Triple(dataset, FOAF.homepage, NamedNode(base))
    yield Triple(dataset, VOID.sparqlEndpoint, NamedNode(f"{base}sparql"))
    yield Triple(dataset, VOID.uriSpace, Literal(base))
    yield Triple(dataset, VOID.vocabulary, NamedNode(f"{base}ontology#"))
    yield Triple(dataset, VOID.dataDump, NamedNode(f"{base}dumps/latest/medsynth-kg.ttl"))


def _counts(dataset: NamedNode, statistics: Statistics) -> Iterator[Triple]:
    for predicate, count in (
        (VOID.triples, statistics.triples),
        (VOID.entities, statistics.subjects),
        (VOID.distinctSubjects, statistics.subjects),
        (VOID.distinctObjects, statistics.objects),
        (VOID.classes, len(statistics.by_class)),
        (VOID.properties, len(statistics.by_property)),
    ):
        yield Triple(dataset, predicate, Literal(count))


def _partitions(dataset: NamedNode, base: str, statistics: Statistics) -> Iterator[Triple]:
    for property_iri, count in statistics.by_property.items():
        partition = NamedNode(f"{base}void#property-{_slug(property_iri.value)}")
        yield Triple(dataset, VOID.propertyPartition, partition)
        yield Triple(partition, VOID.property, property_iri)
        yield Triple(partition, VOID.triples, Literal(count))
    for concept, count in statistics.by_class.items():
        partition = NamedNode(f"{base}void#class-{_slug(concept.value)}")
        yield Triple(dataset, VOID.classPartition, partition)
        yield Triple(partition, getattr(VOID, "class"), concept)
        yield Triple(partition, VOID.entities, Literal(count))
        for property_iri, property_statistics in statistics.partitions.get(concept, {}).items():
            yield from _property_partition(partition, property_iri, property_statistics)


def _property_partition(parent: NamedNode, property_iri: NamedNode, statistics: PropertyStatistics) -> Iterator[Triple]:
    partition = NamedNode(f"{parent.value}-{_slug(property_iri.value)}")
    yield Triple(parent, VOID.propertyPartition, partition)
    yield Triple(partition, VOID.property, property_iri)
    yield Triple(partition, VOID.triples, Literal(statistics.triples))
    for concept, count in statistics.classes.items():
        target = NamedNode(f"{partition.value}-class-{_slug(concept.value)}")
        yield Triple(partition, VOID.classPartition, target)
        yield Triple(target, getattr(VOID, "class"), concept)
        yield Triple(target, VOID.triples, Literal(count))
    for datatype, count in statistics.datatypes.items():
        target = NamedNode(f"{partition.value}-datatype-{_slug(datatype.value)}")
        yield Triple(partition, VOID_EXT.datatypePartition, target)
        yield Triple(target, VOID_EXT.datatype, datatype)
        yield Triple(target, VOID.triples, Literal(count))


def _linksets(dataset: NamedNode, base: str, triples: Iterable[Triple]) -> Iterator[Triple]:
    counted: dict[tuple[str, NamedNode], int] = {}
    for triple in triples:
        for name, start in LINK_TARGETS.items():
            if isinstance(triple.object, NamedNode) and triple.object.value.startswith(start):
                counted[name, triple.predicate] = counted.get((name, triple.predicate), 0) + 1
    for (name, predicate), count in sorted(counted.items(), key=lambda item: (item[0][0], item[0][1].value)):
        linkset, target = (
            NamedNode(f"{base}void#links-{name}-{_slug(predicate.value)}"),
            NamedNode(f"{base}void#{name}"),
        )
        yield Triple(linkset, RDF.type, VOID.Linkset)
        yield Triple(dataset, VOID.subset, linkset)
        yield Triple(linkset, VOID.linkPredicate, predicate)
        yield Triple(linkset, VOID.subjectsTarget, dataset)
        yield Triple(linkset, VOID.objectsTarget, target)
        yield Triple(linkset, VOID.triples, Literal(count))
        yield Triple(target, RDF.type, VOID.Dataset)
        yield Triple(target, VOID.uriSpace, Literal(LINK_TARGETS[name]))


def _distribution(dataset: NamedNode, base: str, release_id: str, file: str, entry: FileEntry) -> Iterator[Triple]:
    address = NamedNode(f"{base}dumps/{release_id}/{file}")
    compressed = file.endswith(".gz")
    extension = file.removesuffix(".gz").rsplit(".", 1)[1]
    yield Triple(dataset, DCAT.distribution, address)
    yield Triple(dataset, VOID.dataDump, address)
    yield Triple(address, RDF.type, DCAT.Distribution)
    yield Triple(address, DCTERMS.title, Literal(file))
    yield Triple(address, DCAT.downloadURL, address)
    yield Triple(address, DCAT.mediaType, _media_type(MEDIA_TYPES[extension]))
    if compressed:
        yield Triple(address, DCAT.compressFormat, _media_type("application/gzip"))
    yield Triple(address, DCAT.byteSize, Literal(str(entry.size), datatype=XSD.nonNegativeInteger))
    yield Triple(address, DCTERMS.license, LICENCE)
    yield from _checksum(address, entry.sha256)


def _media_type(name: str) -> NamedNode:
    return NamedNode(f"https://www.iana.org/assignments/media-types/{name}")


def _checksum(subject: NamedNode, digest: str) -> Iterator[Triple]:
    checksum = NamedNode(f"{subject.value}{'-' if '#' in subject.value else '#'}sha256")
    yield Triple(subject, SPDX.checksum, checksum)
    yield Triple(checksum, RDF.type, SPDX.Checksum)
    yield Triple(checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256)
    yield Triple(checksum, SPDX.checksumValue, Literal(digest, datatype=XSD.hexBinary))


def _slug(iri: str) -> str:
    """A name for an IRI within another: its last part, made unique by a hash of the whole."""
    last = re.sub(r"[^A-Za-z0-9]+", "-", re.split(r"[#/]", iri.rstrip("#/"))[-1]).strip("-")
    return f"{last or 'term'}-{hashlib.sha256(iri.encode()).hexdigest()[:8]}"
