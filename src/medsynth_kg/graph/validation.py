"""SHACL: the graph held against the shapes of the ontology (pyshacl, https://www.w3.org/TR/shacl/)."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import rdflib
from pyoxigraph import Quad, RdfFormat, serialize
from pyshacl import validate
from rdflib.namespace import RDF, SH

from medsynth_kg.graph.errors import OntologyUnreadable
from medsynth_kg.settings import BASE_IRI


@dataclass(frozen=True, slots=True)
class Violation:
    """One result of validation: the thing, the property where there is one, the value, and the shape's message."""

    focus: str
    path: str | None
    value: str | None
    message: str

    def __str__(self) -> str:
        place = f"<{self.focus}>" + (f" {self.path}" if self.path else "")
        return f"{place}: {self.message}" + (f" (value: {self.value})" if self.value else "")


def validate_graph(quads: Iterable[Quad], ontology: Path, base: str = BASE_IRI) -> tuple[Violation, ...]:
    """Hold the union of all graphs against ``shapes.ttl``; no violation means that it conforms.

    ``base`` is what the graph's own IRIs start with.

    Raises:
        OntologyUnreadable: the shapes are missing or are not Turtle.
    """
    data = rdflib.Graph()
    triples = {quad.triple for quad in quads}
    data.parse(data=serialize(triples, format=RdfFormat.N_TRIPLES), format="nt")
    _, report, _ = validate(data, shacl_graph=_shapes(ontology, base), advanced=False, meta_shacl=False)
    results = report.subjects(RDF.type, SH.ValidationResult)
    return tuple(sorted((_violation(report, result) for result in results), key=str))


def read_shapes(ontology: Path, base: str = BASE_IRI) -> bytes:
    """The shapes as Turtle, for the terms of a graph whose own IRIs start with ``base``.

    Raises:
        OntologyUnreadable: they are missing.
    """
    path = ontology / "shapes.ttl"
    try:
        return path.read_bytes().replace(BASE_IRI.encode(), base.encode())
    except OSError as error:
        raise OntologyUnreadable(path, error.strerror or "cannot be read") from error


def _shapes(ontology: Path, base: str) -> rdflib.Graph:
    try:
        return rdflib.Graph().parse(data=read_shapes(ontology, base), format="turtle")
    except SyntaxError as error:
        raise OntologyUnreadable(ontology / "shapes.ttl", str(error)) from error


def _violation(report: rdflib.Graph, result: rdflib.term.Node) -> Violation:
    focus, path, value, message = (
        report.value(result, term) for term in (SH.focusNode, SH.resultPath, SH.value, SH.resultMessage)
    )
    return Violation(
        focus=str(focus),
        path=None if path is None else str(path),
        value=None if value is None else str(value),
        message=str(message or "does not conform to its shape"),
    )
