"""The release described as data: VoID (https://www.w3.org/TR/void/), DCAT 3 and PROV.

Everything has an IRI. The description is part of the store and of the dumps, since clients look for it in the default
graph; its counts are those of the content, without itself. Sizes and checksums of the dumps are in ``void.ttl`` alone:
a dump can't hold its own.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad, Triple

from medsynth_kg.graph.namespaces import DCTERMS, FOAF, OWL, PROV, RDFS, SCHEMA, XSD
from medsynth_kg.release.distributions import describe_checksum, describe_distributions
from medsynth_kg.release.dumps import graph_name
from medsynth_kg.release.linksets import describe_linksets
from medsynth_kg.release.manifest import FileEntry
from medsynth_kg.release.namespaces import DCAT, RDF_TYPE, VOID
from medsynth_kg.release.partitions import describe_counts, describe_partitions, slug
from medsynth_kg.release.statements import count_by_graph
from medsynth_kg.release.statistics import Statistics

CC_BY = NamedNode("https://creativecommons.org/licenses/by/4.0/")
CC0 = NamedNode("https://creativecommons.org/publicdomain/zero/1.0/")
SURVEY = NamedNode("https://arxiv.org/abs/2407.00116")
ENGLISH = NamedNode("http://id.loc.gov/vocabulary/iso639-1/en")

MAKERS = "medsynth-kg contributors"
TITLE = "medsynth-kg: generative models for medical data"
SUMMARY = (
    "Papers on generative models for medical data, from a living survey: what kind of data they make, with which "
    "models, how the result was evaluated, and where the code is."
)
KEYWORDS = ("generative models", "knowledge graph", "medical data", "synthetic data")

SOURCE_LICENCES = {"crossref": CC0, "arxiv": CC0, "corpus": CC0}
"""The licences of what was taken from others; everything else is the graph's own, under CC BY 4.0."""

SOURCE_RIGHTS = {
    "survey": "Facts taken from the survey's tables, which is to be cited as their source.",
    "crossref": "Bibliographic facts from Crossref, which knows of no restrictions on them. An abstract is under the "
    "licence of its work, and here only where that allows to pass it on.",
    "arxiv": "Descriptive metadata from arXiv, which may be used under CC0 1.0 by the terms of its API.",
    "corpus": "Bibliographic facts from Crossref, which knows of no restrictions on them, or data of OpenAlex, which "
    "are under CC0 1.0.",
    "github": "Facts about public repositories, as GitHub's API told them.",
    "links": "Our mappings to identifiers of others, which are facts.",
}
"""What is to be known of the rights in a graph, by the graph's name."""

SOURCES = {
    "survey": SURVEY,
    "crossref": NamedNode("https://www.crossref.org/"),
    "arxiv": NamedNode("https://arxiv.org/"),
    "github": NamedNode("https://github.com/"),
}
"""Where a graph's facts come from."""

_DIGEST_SHOWN = 12
"""Characters of an input's hash in its IRI."""
EXAMPLE_CLASSES = ("Paper", "SurveyEntry", "Architecture", "CodeRepository")


@dataclass(frozen=True, slots=True)
class Edition:
    """What distinguishes one release of the data set: its id, the day of its newest input, the code and the inputs.

    ``inputs`` gives the SHA-256 of each input file by its path.
    """

    base: str
    id: str
    newest_input: datetime.date
    code_version: str
    inputs: Mapping[str, str]

    @property
    def dataset(self) -> NamedNode:
        """The IRI of the data set, the same for every release."""
        return self.about("dataset")

    @property
    def version(self) -> NamedNode:
        """The IRI of this release of the data set."""
        return NamedNode(f"{self.base}releases/{self.id}")

    def about(self, fragment: str) -> NamedNode:
        """The IRI of something that the description alone speaks of."""
        return NamedNode(f"{self.base}void#{fragment}")


def describe_release(
    edition: Edition, quads: Sequence[Quad], statistics: Statistics, supplement: Mapping[str, int]
) -> tuple[Triple, ...]:
    """Everything about a release that its own store can hold, sorted.

    ``quads`` are the statements of the content, ``statistics`` the counts of their triples; ``supplement`` gives the
    numbers of statements of graphs that are in files of their own, by IRI.
    """
    triples = {quad.triple for quad in quads}
    description = {
        *_describe_dataset(edition),
        *_describe_version(edition),
        *_describe_service(edition),
        *_describe_graphs(edition, {**count_by_graph(quads), **supplement}),
        *_describe_build(edition),
        *_choose_examples(edition, triples),
        *describe_counts(edition.dataset, statistics),
        *describe_partitions(edition.dataset, statistics),
        *describe_linksets(edition.dataset, edition.base, triples),
    }
    return tuple(sorted(description, key=str))


def describe_dumps(edition: Edition, files: Mapping[str, FileEntry]) -> tuple[Triple, ...]:
    """The dumps of a release, of which no dump can speak, by their paths in the release."""
    return tuple(describe_distributions(edition.dataset, edition.base, edition.id, files, CC_BY))


def _describe_dataset(edition: Edition) -> Iterator[Triple]:
    dataset, contributors = edition.dataset, edition.about("contributors")
    day = Literal(edition.newest_input.isoformat(), datatype=XSD.date)
    statements: tuple[tuple[NamedNode, *tuple[NamedNode | Literal, ...]], ...] = (
        (RDF_TYPE, VOID.Dataset, DCAT.Dataset, SCHEMA.Dataset, PROV.Entity),
        (RDFS.label, Literal("medsynth-kg", language="en")),
        (DCTERMS.title, Literal(TITLE, language="en")),
        (DCTERMS.description, Literal(SUMMARY, language="en")),
        (DCAT.keyword, *(Literal(keyword, language="en") for keyword in KEYWORDS)),
        (DCTERMS.license, CC_BY),
        (DCTERMS.language, ENGLISH),
        (DCTERMS.creator, contributors),
        (DCTERMS.publisher, contributors),
        (DCTERMS.source, SURVEY),
        (DCTERMS.issued, day),
        (DCTERMS.modified, day),
        (DCTERMS.identifier, Literal(edition.id)),
        (OWL.versionInfo, Literal(edition.id)),
        (DCAT.version, Literal(edition.id)),
        (DCAT.hasCurrentVersion, edition.version),
        (DCTERMS.hasVersion, edition.version),
        (DCTERMS.conformsTo, NamedNode(f"{edition.base}ontology")),
        (FOAF.homepage, NamedNode(edition.base)),
        (DCAT.landingPage, NamedNode(edition.base)),
        (VOID.sparqlEndpoint, NamedNode(f"{edition.base}sparql")),
        (VOID.uriSpace, Literal(edition.base)),
        (VOID.vocabulary, NamedNode(f"{edition.base}ontology#")),
        (VOID.dataDump, NamedNode(f"{edition.base}dumps/latest/medsynth-kg.ttl")),
    )
    for predicate, *values in statements:
        yield from (Triple(dataset, predicate, value) for value in values)
    yield Triple(contributors, RDF_TYPE, FOAF.Agent)
    yield Triple(contributors, FOAF.name, Literal(MAKERS))


def _describe_version(edition: Edition) -> Iterator[Triple]:
    """The release as a data set of its own, which can be asked under its own address for as long as it is kept."""
    version = edition.version
    address, endpoint = NamedNode(f"{version.value}/"), NamedNode(f"{version.value}/sparql")
    yield Triple(version, RDF_TYPE, DCAT.Dataset)
    yield Triple(version, RDF_TYPE, VOID.Dataset)
    yield Triple(version, RDF_TYPE, PROV.Entity)
    yield Triple(version, DCTERMS.title, Literal(f"medsynth-kg, release {edition.id}", language="en"))
    yield Triple(version, DCAT.isVersionOf, edition.dataset)
    yield Triple(version, DCTERMS.isVersionOf, edition.dataset)
    yield Triple(version, DCAT.version, Literal(edition.id))
    yield Triple(version, DCTERMS.license, CC_BY)
    yield Triple(version, DCAT.landingPage, address)
    yield Triple(version, VOID.sparqlEndpoint, endpoint)
    yield Triple(version, VOID.dataDump, NamedNode(f"{edition.base}dumps/{edition.id}/medsynth-kg.ttl"))
    yield Triple(endpoint, RDF_TYPE, DCAT.DataService)
    yield Triple(endpoint, DCTERMS.title, Literal(f"SPARQL endpoint of release {edition.id}", language="en"))
    yield Triple(endpoint, DCAT.endpointURL, endpoint)
    yield Triple(endpoint, DCAT.servesDataset, version)


def _describe_service(edition: Edition) -> Iterator[Triple]:
    service = NamedNode(f"{edition.base}sparql")
    yield Triple(service, RDF_TYPE, DCAT.DataService)
    yield Triple(service, DCTERMS.title, Literal("SPARQL endpoint of medsynth-kg", language="en"))
    yield Triple(service, DCAT.endpointURL, service)
    yield Triple(service, DCAT.servesDataset, edition.dataset)
    yield Triple(service, DCTERMS.conformsTo, NamedNode("http://www.w3.org/TR/sparql11-protocol/"))


def _describe_graphs(edition: Edition, counts: Mapping[str, int]) -> Iterator[Triple]:
    for iri, count in counts.items():
        graph, name = NamedNode(iri), graph_name(iri)
        yield Triple(edition.dataset, VOID.subset, graph)
        yield Triple(graph, RDF_TYPE, VOID.Dataset)
        yield Triple(graph, RDFS.label, Literal(f"Graph of medsynth-kg: {name}", language="en"))
        yield Triple(graph, VOID.triples, Literal(count))
        yield Triple(graph, DCTERMS.license, SOURCE_LICENCES.get(name, CC_BY))
        if name in SOURCE_RIGHTS:
            yield Triple(graph, DCTERMS.rights, Literal(SOURCE_RIGHTS[name], language="en"))
        if name in SOURCES:
            yield Triple(graph, DCTERMS.source, SOURCES[name])


def _describe_build(edition: Edition) -> Iterator[Triple]:
    """What made the release of what; the IRIs are this release's own, so that those of several can be merged."""
    build, software = edition.about(f"build-{edition.id}"), edition.about(f"software-{edition.code_version}")
    yield Triple(build, RDF_TYPE, PROV.Activity)
    yield Triple(build, RDFS.label, Literal(f"Build of release {edition.id}", language="en"))
    yield Triple(build, PROV.wasAssociatedWith, software)
    yield Triple(software, RDF_TYPE, PROV.SoftwareAgent)
    yield Triple(software, RDFS.label, Literal(f"medsynth-kg {edition.code_version}", language="en"))
    yield Triple(software, SCHEMA.softwareVersion, Literal(edition.code_version))
    yield Triple(edition.version, PROV.wasGeneratedBy, build)
    for path, digest in edition.inputs.items():
        source = edition.about(f"input-{slug(path)}-{digest[:_DIGEST_SHOWN]}")
        yield Triple(build, PROV.used, source)
        yield Triple(source, RDF_TYPE, PROV.Entity)
        yield Triple(source, DCTERMS.identifier, Literal(path))
        yield from describe_checksum(source, digest)


def _choose_examples(edition: Edition, triples: set[Triple]) -> Iterator[Triple]:
    for name in EXAMPLE_CLASSES:
        example_class = NamedNode(f"{edition.base}ontology#{name}")
        instances = (t.subject for t in triples if t.predicate == RDF_TYPE and t.object == example_class)
        if first := min(instances, key=str, default=None):
            yield Triple(edition.dataset, VOID.exampleResource, first)
