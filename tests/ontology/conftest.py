"""The ontology's files, and SHACL validation of small graphs against its shapes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from medsynth_kg.graph.iris import Iris
from medsynth_kg.graph.validation import validate_graph
from medsynth_kg.graph.vocabulary import Vocabularies, load_vocabularies
from medsynth_kg.settings import BASE_IRI

ReadTriples = Callable[..., list[Triple]]
Validate = Callable[[str], list[str]]

PROJECT = Path(__file__).resolve().parents[2]

PREFIXES = "".join(
    f"@prefix {prefix}: <{namespace}> .\n"
    for prefix, namespace in {
        "": BASE_IRI,
        "bibo": "http://purl.org/ontology/bibo/",
        "dcterms": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "msk": f"{BASE_IRI}ontology#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "prov": "http://www.w3.org/ns/prov#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "schema": "https://schema.org/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }.items()
)


@pytest.fixture(scope="session")
def ontology_directory() -> Path:
    return PROJECT / "ontology"


@pytest.fixture(scope="session")
def links_directory() -> Path:
    return PROJECT / "data" / "links"


@pytest.fixture(scope="session")
def read_triples(ontology_directory: Path) -> ReadTriples:
    """Read one or more files of the ontology by name, without the suffix."""

    def read(*names: str) -> list[Triple]:
        return [
            quad.triple
            for name in names
            for quad in parse(path=ontology_directory / f"{name}.ttl", format=RdfFormat.TURTLE)
        ]

    return read


@pytest.fixture(scope="session")
def vocabularies(ontology_directory: Path) -> Vocabularies:
    return load_vocabularies(ontology_directory, Iris())


@pytest.fixture(scope="session")
def violations_of(ontology_directory: Path) -> Validate:
    """Hold Turtle against the shapes and return the messages of what does not conform."""

    def violations(turtle: str) -> list[str]:
        graph = NamedNode("http://example.org/graph")
        triples = [quad.triple for quad in parse(PREFIXES + turtle, format=RdfFormat.TURTLE)]
        quads = [Quad(t.subject, t.predicate, t.object, graph) for t in triples]
        return [violation.message for violation in validate_graph(quads, ontology_directory)]

    return violations
