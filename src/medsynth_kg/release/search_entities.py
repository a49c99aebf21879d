"""What a release's search finds: the things that its statements name, each with every spelling of its name."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal as OneOf

from pyoxigraph import Literal, NamedNode, Quad

from medsynth_kg.graph.namespaces import BIBO, DCTERMS, FABIO, FOAF, RDFS, SCHEMA, SKOS
from medsynth_kg.release.namespaces import RDF_TYPE
from medsynth_kg.release.search_descriptions import describe

Role = OneOf["preferred", "alternative", "hidden", "beginning", "context"]
"""What a name is: a label of the three kinds of SKOS, a title without its subtitle, or words that surround a paper."""

CLASSES = {
    "paper": "Paper",
    "modality": "Modality",
    "family": "ModelFamily",
    "architecture": "Architecture",
    "application": "Application",
    "evaluation": "EvaluationCategory",
    "metric": "Metric",
    "repository": "CodeRepository",
    "venue": "Venue",
    "person": FOAF.Person.value,
}
"""The class of each kind of thing that is found; names without ``:`` are terms of the ontology."""

_PREFERRED = (DCTERMS.title, SKOS.prefLabel, FOAF.name, SCHEMA.name, RDFS.label)
_ALTERNATIVE = (SKOS.altLabel, SKOS.notation)
_IDENTIFIERS = {
    BIBO.doi.value: "doi",
    FABIO.hasArXivId.value: "arxiv",
    FABIO.hasPubMedId.value: "pmid",
    FABIO.hasPubMedCentralId.value: "pmcid",
    SCHEMA.issn.value: "issn",
}
_CONTEXT = ("modality", "modelFamily", "architecture", "application", "venue")
_LEFT_OUT = frozenset({RDF_TYPE.value, RDFS.isDefinedBy.value, SKOS.inScheme.value, SKOS.topConceptOf.value})
"""Statements that say nothing about a thing but where it belongs in the graph."""


@dataclass(frozen=True, slots=True, order=True)
class SearchName:
    """A name of a thing."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True, order=True)
class SearchStatement:
    """A statement about a thing: the IRI of the property, and an IRI or a literal's text."""

    property: str
    value: str
    is_iri: bool


@dataclass(frozen=True, slots=True)
class SearchEntity:
    """A thing that search finds.

    ``kind`` is a key of ``CLASSES``; ``papers`` counts the papers that state it; ``identifiers`` are pairs of a
    scheme and a normalised identifier.
    """

    iri: str
    kind: str
    label: str
    description: str
    papers: int
    names: tuple[SearchName, ...]
    identifiers: tuple[tuple[str, str], ...]
    statements: tuple[SearchStatement, ...]


class Subjects:
    """The statements of a release by subject and property."""

    def __init__(self, quads: Iterable[Quad], base: str) -> None:
        self.terms = f"{base}ontology#"
        self._values: dict[str, dict[str, set[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(set))
        for quad in quads:
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
                self._values[quad.subject.value][quad.predicate.value].add(quad.object)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._values))

    def properties(self, subject: str) -> Mapping[str, set[NamedNode | Literal]]:
        """Every property of a subject with its values."""
        return self._values.get(subject, {})

    def values(self, subject: str, name: str) -> tuple[str, ...]:
        """The sorted values of a property; names without ``:`` are terms of the ontology."""
        found = self.properties(subject).get(name if ":" in name else self.terms + name, ())
        return tuple(sorted(term.value for term in found))

    def first(self, subject: str, *names: str) -> str:
        """The first value of the first property that has one, or nothing."""
        return next((value for name in names for value in self.values(subject, name)), "")


def find_entities(quads: Iterable[Quad], base: str) -> tuple[SearchEntity, ...]:
    """Everything that search finds in the statements of a release, sorted by IRI; what has no name is left out."""
    subjects = Subjects(quads, base)
    kinds = _kinds(subjects)
    papers_of = _papers_by_value(subjects, kinds)
    return tuple(
        _entity(subjects, iri, kind, papers_of.get(iri, ())) for iri, kind in kinds.items() if _label(subjects, iri)
    )


def _kinds(subjects: Subjects) -> dict[str, str]:
    kind_of = {name if ":" in name else subjects.terms + name: kind for kind, name in CLASSES.items()}
    found = {}
    for iri in subjects:
        classes = subjects.values(iri, RDF_TYPE.value)
        if kind := next((kind_of[name] for name in kind_of if name in classes), None):
            found[iri] = kind
    return found


def _papers_by_value(subjects: Subjects, kinds: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    stating: dict[str, dict[str, None]] = defaultdict(dict)
    for paper in (iri for iri, kind in kinds.items() if kind == "paper"):
        for values in subjects.properties(paper).values():
            for term in values:
                if term.value in kinds and isinstance(term, NamedNode):
                    stating[term.value][paper] = None
    return {iri: tuple(papers) for iri, papers in stating.items()}


def _entity(subjects: Subjects, iri: str, kind: str, papers: Sequence[str]) -> SearchEntity:
    label = _label(subjects, iri)
    return SearchEntity(
        iri=iri,
        kind=kind,
        label=label,
        description=describe(subjects, iri, kind, papers),
        papers=len(papers),
        names=tuple(sorted(set(_names(subjects, iri, kind, label)))),
        identifiers=tuple(sorted(set(_identifiers(subjects, iri)))),
        statements=tuple(sorted(set(_statements(subjects, iri)))),
    )


def _label(subjects: Subjects, iri: str) -> str:
    return subjects.first(iri, *(name.value for name in _PREFERRED))


def _names(subjects: Subjects, iri: str, kind: str, label: str) -> Iterator[SearchName]:
    yield SearchName("preferred", label)
    others = {text for name in (*_PREFERRED, *_ALTERNATIVE) for text in subjects.values(iri, name.value)}
    yield from (SearchName("alternative", text) for text in others - {label})
    yield from (SearchName("hidden", text) for text in subjects.values(iri, SKOS.hiddenLabel.value))
    if kind == "paper":
        if ": " in label:
            yield SearchName("beginning", label.partition(": ")[0])
        yield SearchName("context", _surroundings(subjects, iri, label))
    if kind == "repository":
        yield from (SearchName("alternative", address) for address in subjects.values(iri, SCHEMA.codeRepository.value))
        yield SearchName("alternative", label.rpartition("/")[2])


def _surroundings(subjects: Subjects, paper: str, label: str) -> str:
    authors = (
        subjects.first(author, FOAF.familyName.value) for author in subjects.values(paper, DCTERMS.creator.value)
    )
    stated = (_label(subjects, value) for name in _CONTEXT for value in subjects.values(paper, name))
    year = subjects.first(paper, DCTERMS.issued.value)[:4]
    return " ".join(dict.fromkeys(part for part in (label, *authors, *stated, year) if part))


def _identifiers(subjects: Subjects, iri: str) -> Iterator[tuple[str, str]]:
    for name, scheme in _IDENTIFIERS.items():
        yield from ((scheme, value) for value in subjects.values(iri, name))
    for text in subjects.values(iri, DCTERMS.identifier.value):
        scheme, separator, value = text.partition(":")
        if separator and value:
            yield scheme, value
    if "/person/orcid/" in iri:
        yield "orcid", iri.rpartition("/")[2]


def _statements(subjects: Subjects, iri: str) -> Iterator[SearchStatement]:
    for name, values in subjects.properties(iri).items():
        if name not in _LEFT_OUT:
            yield from (SearchStatement(name, term.value, isinstance(term, NamedNode)) for term in values)
