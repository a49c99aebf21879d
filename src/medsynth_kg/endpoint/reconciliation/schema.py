"""The types and the properties that the service offers, with the identifiers that clients use for them.

Clients may also write the IRI of a property or of a class, or its prefixed name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Form = Literal["text", "identifier", "year", "entity", "papers"]
"""What values of a property are: words, an identifier, the year of a date, things of the graph, a number of papers."""


@dataclass(frozen=True, slots=True)
class EntityType:
    """A type: its identifier, its class, what a reader calls it."""

    id: str
    kind: str
    name: str
    class_iri: str
    description: str


@dataclass(frozen=True, slots=True)
class Property:
    """A property: its identifier, its name, its IRI, the kinds of things that have it, what its values are.

    ``class_iri`` of a type and ``iri`` are prefixed names. ``values`` is the kind of the values that are things;
    ``scheme`` that of the values that are identifiers.
    """

    id: str
    name: str
    iri: str
    kinds: tuple[str, ...]
    form: Form
    description: str
    values: str = ""
    scheme: str = ""


_CONCEPTS = ("modality", "family", "architecture", "application", "evaluation", "metric")

TYPES = tuple(
    EntityType(*fields)
    for fields in (
        ("Paper", "paper", "Paper", "msk:Paper", "A paper that the survey lists"),
        ("Modality", "modality", "Modality", "msk:Modality", "A kind of medical data that models are trained to make"),
        ("ModelFamily", "family", "Model family", "msk:ModelFamily", "A broad family of generative models"),
        ("Architecture", "architecture", "Architecture", "msk:Architecture", "A named design of a generative model"),
        ("Application", "application", "Application", "msk:Application", "What synthetic data are made for"),
        (
            "EvaluationCategory",
            "evaluation",
            "Evaluation category",
            "msk:EvaluationCategory",
            "What synthetic data are evaluated for",
        ),
        ("Metric", "metric", "Metric", "msk:Metric", "How synthetic data are evaluated"),
        ("CodeRepository", "repository", "Code repository", "msk:CodeRepository", "Where the code of a paper is"),
        ("Venue", "venue", "Venue", "msk:Venue", "Where papers were published"),
        ("Person", "person", "Person", "foaf:Person", "Somebody who wrote a paper of the survey"),
    )
)

PROPERTIES = (
    Property("title", "Title", "dcterms:title", ("paper", "venue"), "text", "The title"),
    Property("doi", "DOI", "bibo:doi", ("paper",), "identifier", "The DOI, in any spelling", scheme="doi"),
    Property(
        "arxiv", "arXiv id", "fabio:hasArXivId", ("paper",), "identifier", "The arXiv id, any version", scheme="arxiv"
    ),
    Property("pmid", "PubMed id", "fabio:hasPubMedId", ("paper",), "identifier", "The id in PubMed", scheme="pmid"),
    Property("year", "Year", "dcterms:issued", ("paper",), "year", "The year of publication"),
    Property("author", "Author", "dcterms:creator", ("paper",), "entity", "Who wrote the paper", values="person"),
    Property("venue", "Venue", "msk:venue", ("paper",), "entity", "Where the paper was published", values="venue"),
    Property("modality", "Modality", "msk:modality", ("paper",), "entity", "The kind of data", values="modality"),
    Property(
        "modelFamily", "Model family", "msk:modelFamily", ("paper",), "entity", "The families of model", values="family"
    ),
    Property(
        "architecture", "Architecture", "msk:architecture", ("paper",), "entity", "The designs", values="architecture"
    ),
    Property(
        "application",
        "Application",
        "msk:application",
        ("paper",),
        "entity",
        "What the data are for",
        values="application",
    ),
    Property(
        "evaluatedFor",
        "Evaluated for",
        "msk:evaluatedFor",
        ("paper",),
        "entity",
        "What was evaluated",
        values="evaluation",
    ),
    Property("metric", "Metric", "msk:metric", ("paper",), "entity", "How it was evaluated", values="metric"),
    Property(
        "codeRepository",
        "Code repository",
        "msk:codeRepository",
        ("paper",),
        "entity",
        "Where the code is",
        values="repository",
    ),
    Property("page", "Web page", "foaf:page", ("paper",), "text", "The address of the paper's own page"),
    Property("definition", "Definition", "skos:definition", _CONCEPTS, "text", "What the term means"),
    Property("otherName", "Other name", "skos:altLabel", _CONCEPTS, "text", "Other spellings and abbreviations"),
    Property("exactMatch", "Exact match", "skos:exactMatch", _CONCEPTS, "text", "The same concept elsewhere, an IRI"),
    Property(
        "address", "Address", "schema:codeRepository", ("repository",), "text", "The address of the code repository"
    ),
    Property("host", "Host", "msk:repositoryHost", ("repository",), "text", "The site that holds the repository"),
    Property("role", "Role", "msk:repositoryRole", ("repository",), "text", "Whose code it is"),
    Property("issn", "ISSN", "schema:issn", ("venue",), "identifier", "The ISSN", scheme="issn"),
    Property("venueKind", "Kind of venue", "msk:venueKind", ("venue",), "text", "Journal, proceedings, ..."),
    Property("familyName", "Family name", "foaf:familyName", ("person",), "text", "The family name"),
    Property(
        "papers",
        "Papers",
        "msk:paper",
        (*_CONCEPTS, "repository", "venue", "person"),
        "papers",
        "How many papers of the survey state it",
    ),
)

TYPE_OF_KIND = {known.kind: known for known in TYPES}


class Schema:
    """The types and properties of one release, found by any of their names."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = prefixes
        self._types = {name: known for known in TYPES for name in self._names(known.id, known.class_iri)}
        self._properties = {name: known for known in PROPERTIES for name in self._names(known.id, known.iri)}

    def type(self, name: str) -> EntityType | None:
        """The type of an identifier, an IRI or a prefixed name."""
        return self._types.get(name)

    def property(self, name: str) -> Property | None:
        """The property of an identifier, an IRI or a prefixed name."""
        return self._properties.get(name)

    def iri(self, prefixed: str) -> str:
        """A prefixed name as an IRI."""
        prefix, _, local = prefixed.partition(":")
        return self._prefixes.get(prefix, f"{prefix}:") + local

    def _names(self, identifier: str, prefixed: str) -> tuple[str, ...]:
        return identifier, prefixed, self.iri(prefixed)
