"""A small real release, served by the real application: its store, its workers, its files."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from werkzeug.test import Client

from medsynth_kg.endpoint.application import Endpoint
from medsynth_kg.endpoint.frontend import Frontend
from medsynth_kg.release.building import Contents, build_release
from medsynth_kg.release.reading import Release
from medsynth_kg.settings import BASE_IRI, Settings

PAPER = f"{BASE_IRI}paper/10.1000/a%3Cb"
PREFIXES = {
    "msk": f"{BASE_IRI}ontology#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "schema": "https://schema.org/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
QUERIES = {
    "papers": """#+ title: Which papers are there?
#+ description: Every paper with its label.
#+ keywords: [paper]
PREFIX msk: <https://w3id.org/medsynth-kg/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?paper ?label { ?paper a msk:Paper ; rdfs:label ?label } ORDER BY ?label
""",
    "papers-of-a-modality": """#+ title: Which papers are of this modality?
#+ description: The papers of one modality.
#+ may-be-empty: true
#+ parameters:
#+   modality: {label: Modality, scheme: modality}
PREFIX msk: <https://w3id.org/medsynth-kg/ontology#>
SELECT ?paper ?modality { ?paper msk:modality ?_modality , ?modality } ORDER BY ?paper
""",
    "papers-drawn": """#+ title: How many papers has each modality?
#+ description: Counts papers.
#+ topic: Models and methods
#+ chart:
#+   mark: bar
#+   x: {variable: modality, title: kind of data}
#+   y: papers
PREFIX msk: <https://w3id.org/medsynth-kg/ontology#>
SELECT ?modality (COUNT(?paper) AS ?papers) { ?paper msk:modality ?modality } GROUP BY ?modality
""",
    "papers-as-graph": """#+ title: The papers as a graph
#+ description: Every paper's label.
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
CONSTRUCT { ?paper rdfs:label ?label } { ?paper rdfs:label ?label }
""",
    "papers-elsewhere": """#+ title: Which papers does somebody else know?
#+ description: Asks another service.
#+ federated: true
SELECT ?work { SERVICE <https://service.example/sparql> { ?work ?property ?value } }
""",
}


def quad(subject: str, predicate: str, value: str | Literal, graph: str = "survey") -> Quad:
    """A statement; names without ``:`` are relative to the base, prefixed names are written out."""
    term = value if isinstance(value, Literal) else NamedNode(_iri(value))
    return Quad(NamedNode(_iri(subject)), NamedNode(_iri(predicate)), term, NamedNode(f"{BASE_IRI}graph/{graph}"))


def _iri(name: str) -> str:
    prefix, _, local = name.partition(":")
    if prefix in PREFIXES:
        return PREFIXES[prefix] + local
    return name if ":" in name else BASE_IRI + name


STATEMENTS = (
    quad(PAPER, "rdf:type", "msk:Paper"),
    quad(PAPER, "rdfs:label", Literal("Less <b>than</b> & more", language="en")),
    quad(PAPER, "rdfs:seeAlso", "https://example.org/page", "curated"),
    quad(PAPER, "msk:modality", "modality/ecg"),
    quad(PAPER, "rdfs:seeAlso", "javascript:alert(1)"),
    quad(PAPER, "rdfs:seeAlso", "https://example.org/page"),
    quad("paper/arxiv/2301.00001", "rdf:type", "msk:Paper"),
    quad("paper/arxiv/2301.00001", "rdfs:label", Literal("Another paper")),
    quad("paper/arxiv/2301.00001", "http://purl.org/ontology/bibo/doi", Literal("10.1000/published"), "curated"),
    quad("paper/arxiv/2301.00001", "http://purl.org/spar/fabio/hasArXivId", Literal("2301.00001")),
    quad("paper/arxiv/2301.00001", "schema:datePublished", Literal("2023-01-01"), "curated"),
    quad("paper/arxiv/2301.00001", "owl:sameAs", "https://doi.org/10.1000/published", "curated"),
    quad("paper/arxiv/2301.00001", "msk:codeRepository", "repository/github.com/owner/name"),
    quad("repository/github.com/owner/name", "rdf:type", "msk:CodeRepository"),
    quad("queries/papers", "rdf:type", "http://www.w3.org/ns/shacl#SPARQLExecutable", "queries"),
    quad("ontology", "owl:versionIRI", "ontology/0.1.0", "ontology"),
    quad("modality/ecg", "rdf:type", "msk:Modality", "vocabulary"),
    quad("modality/ecg", "skos:altLabel", Literal("EKG", language="en"), "vocabulary"),
    quad("modality/ecg", "skos:prefLabel", Literal("Electrocardiogram", language="en"), "vocabulary"),
    quad("modality/mri", "rdf:type", "msk:Modality", "curated"),
    quad("modality/mri", "skos:prefLabel", Literal("Magnetic resonance imaging", language="en"), "curated"),
    quad("ontology#Paper", "rdf:type", "owl:Class", "ontology"),
    quad("ontology#Paper", "rdfs:label", Literal("paper", language="en"), "ontology"),
    quad("ontology#Paper", "rdfs:isDefinedBy", "ontology", "ontology"),
    quad("finding/code/ecg/7", "rdf:type", "msk:Finding", "findings"),
    quad("finding/code/ecg/7", "msk:severity", Literal("warning"), "findings"),
    quad("finding/code/ecg/7", "msk:findingKind", Literal("code-unusable"), "findings"),
    quad(
        "finding/code/ecg/7",
        "http://purl.org/dc/terms/description",
        Literal("The code link is not an address."),
        "findings",
    ),
)


def publish(releases: Path, statements: tuple[Quad, ...] = STATEMENTS, day: date = date(2026, 1, 31)) -> Release:
    """Build a release of some statements and make it the current one."""
    files = {f"queries/{slug}.rq": text.encode() for slug, text in QUERIES.items()}
    files["prefixes.json"] = json.dumps(PREFIXES).encode()
    contents = Contents(
        base_iri=BASE_IRI,
        quads=statements,
        prefixes=PREFIXES,
        newest_input=day,
        code_version="0",
        inputs={},
        files=files,
    )
    return build_release(contents, releases, lambda _: {})


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    releases = tmp_path_factory.mktemp("releases")
    publish(releases)
    return Settings(releases=releases, query_workers=2, query_timeout=5.0, query_length=8000)


@pytest.fixture(scope="session")
def endpoint(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    served = Endpoint(settings, Frontend(tmp_path_factory.mktemp("no-bundles")))
    yield served
    served.close()


@pytest.fixture
def client(endpoint: Endpoint) -> Client:
    return Client(endpoint)


@pytest.fixture(scope="session")
def shipped_endpoint(shipped_release: Release) -> Iterator[Endpoint]:
    served = Endpoint(Settings(releases=shipped_release.path.parent, query_workers=2))
    yield served
    served.close()


@pytest.fixture
def site(shipped_endpoint: Endpoint) -> Client:
    """A client of the shipped data."""
    return Client(shipped_endpoint)
