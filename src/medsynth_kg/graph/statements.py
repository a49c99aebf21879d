"""Collecting the statements of one named graph."""

import re
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from medsynth_kg.graph.namespaces import RDF, RDFS, XSD

Term = NamedNode | Literal


class Statements:
    """The statements of one named graph, each once."""

    def __init__(self, graph: NamedNode) -> None:
        self.graph = graph
        self._quads: dict[Quad, None] = {}

    def add(self, subject: NamedNode, predicate: NamedNode, *objects: Term | None) -> None:
        """State the predicate of the subject once for each object; None and empty strings state nothing."""
        for term in objects:
            if term is not None and term.value != "":
                self._quads[Quad(subject, predicate, term, self.graph)] = None

    def describe(self, subject: NamedNode, label: str, *classes: NamedNode) -> None:
        """State the classes and the English label of a thing of ours."""
        self.add(subject, RDF.type, *classes)
        self.add(subject, RDFS.label, Literal(label, language="en"))

    def __iter__(self) -> Iterator[Quad]:
        return iter(self._quads)


def text(value: str | None) -> Literal | None:
    """A plain string, or None where there is nothing to say."""
    return Literal(value) if value else None


def number(value: int | None) -> Literal | None:
    """An ``xsd:integer``, or None."""
    return None if value is None else Literal(value)


_DATE_TYPES = (
    (re.compile(r"\d{4}"), XSD.gYear),
    (re.compile(r"\d{4}-\d{2}"), XSD.gYearMonth),
    (re.compile(r"\d{4}-\d{2}-\d{2}"), XSD.date),
)


def date(value: str | None) -> Literal | None:
    """An ISO 8601 date of any precision as ``xsd:gYear``, ``xsd:gYearMonth`` or ``xsd:date``; None if it is neither."""
    for pattern, datatype in _DATE_TYPES:
        if value and pattern.fullmatch(value):
            return Literal(value, datatype=datatype)
    return None
