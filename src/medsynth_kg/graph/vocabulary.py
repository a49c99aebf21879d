"""The vocabularies: SKOS schemes read from Turtle, and look-up of the survey's spellings in them.

A spelling is found by ``skos:prefLabel``, ``skos:altLabel`` or ``skos:hiddenLabel`` of exactly one concept of its
scheme, whatever its letter case and white space (SKOS Reference, section 5).
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from medsynth_kg.graph.errors import LabelShared, OntologyUnreadable
from medsynth_kg.graph.iris import Iris
from medsynth_kg.graph.namespaces import RDF, SKOS
from medsynth_kg.settings import BASE_IRI

SCHEMES = ("modality", "architecture", "application", "evaluation")


@dataclass(frozen=True, slots=True)
class Label:
    """A label as the vocabulary writes it, the concept it names, and whether it is a misspelling (hidden)."""

    text: str
    concept: NamedNode
    hidden: bool


class ConceptScheme:
    """One SKOS scheme: concepts with their classes, labels and hierarchy."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        """Index a scheme's triples.

        Raises:
            LabelShared: two concepts have one label after normalisation.
        """
        self.labels: dict[str, Label] = {}
        self.preferred: dict[NamedNode, str] = {}
        self._classes: dict[NamedNode, set[NamedNode]] = {}
        self._broader: dict[NamedNode, set[NamedNode]] = {}
        for triple in triples:
            self._index(triple)

    def _index(self, triple: Triple) -> None:
        subject, predicate, value = triple.subject, triple.predicate, triple.object
        if not isinstance(subject, NamedNode):
            return
        if predicate == RDF.type and isinstance(value, NamedNode):
            self._classes.setdefault(subject, set()).add(value)
        elif predicate == SKOS.broader and isinstance(value, NamedNode):
            self._broader.setdefault(subject, set()).add(value)
        elif predicate in _LABEL_PROPERTIES and isinstance(value, Literal):
            self._add_label(Label(value.value, subject, predicate == SKOS.hiddenLabel))
            if predicate == SKOS.prefLabel:
                self.preferred[subject] = value.value

    def _add_label(self, label: Label) -> None:
        if SKOS.ConceptScheme in self._classes.get(label.concept, ()):
            return
        known = self.labels.setdefault(normalise_label(label.text), label)
        if known.concept != label.concept:
            raise LabelShared(label.text, known.concept.value, label.concept.value)

    def find(self, text: str) -> Label | None:
        """The label that a spelling matches, or None."""
        return self.labels.get(normalise_label(text))

    def classes(self, concept: NamedNode) -> frozenset[NamedNode]:
        """The classes that a concept is an instance of."""
        return frozenset(self._classes.get(concept, ()))

    def ancestors(self, concept: NamedNode) -> frozenset[NamedNode]:
        """All concepts reached by ``skos:broader``, the concept itself excluded unless the hierarchy has a cycle."""
        reached: set[NamedNode] = set()
        waiting = list(self._broader.get(concept, ()))
        while waiting:
            broader = waiting.pop()
            if broader not in reached:
                reached.add(broader)
                waiting.extend(self._broader.get(broader, ()))
        return frozenset(reached)


@dataclass(frozen=True, slots=True)
class Vocabularies:
    """The four schemes, and their statements as quads of ``graph/vocabulary``."""

    schemes: Mapping[str, ConceptScheme]
    quads: tuple[Quad, ...]

    def __getitem__(self, name: str) -> ConceptScheme:
        return self.schemes[name]


_LABEL_PROPERTIES = frozenset((SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel))


def normalise_label(text: str) -> str:
    """The form in which labels are compared: NFKC, case folded, white space collapsed."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def load_vocabularies(ontology: Path, iris: Iris) -> Vocabularies:
    """Read the schemes of an ontology directory.

    Raises:
        OntologyUnreadable: a scheme's file is missing or is not Turtle.
        LabelShared: two concepts of one scheme share a label.
    """
    graph = iris.graph("vocabulary")
    schemes: dict[str, ConceptScheme] = {}
    quads: list[Quad] = []
    for name in SCHEMES:
        triples = read_turtle(ontology / f"{name}.ttl", iris)
        schemes[name] = ConceptScheme(sorted(triples, key=_classes_first))
        quads.extend(Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples)
    return Vocabularies(schemes, tuple(quads))


def _classes_first(triple: Triple) -> bool:
    return triple.predicate != RDF.type


def read_turtle(path: Path, iris: Iris) -> tuple[Triple, ...]:
    """The triples of a Turtle file of ours, its IRIs moved to the configured base.

    Raises:
        OntologyUnreadable: the file is missing or is not Turtle; the message has the parser's line.
    """
    try:
        content = path.read_bytes().replace(BASE_IRI.encode(), iris.base.encode())
        quads = list(parse(content, format=RdfFormat.TURTLE))
    except OSError as error:
        raise OntologyUnreadable(path, error.strerror or "cannot be read") from error
    except SyntaxError as error:
        raise OntologyUnreadable(path, str(error)) from error
    return tuple(quad.triple for quad in quads)
