"""The papers of a release with what facets need to know of them, read from the query ``paper-facts``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from medsynth_kg.endpoint.results import Row


@dataclass(frozen=True, slots=True)
class Facet:
    """A property that papers are chosen by.

    ``path`` is what the IRIs of its values begin with below the base, empty where the values are plain strings;
    ``variable`` is the facet's variable in the query ``selected-papers``.
    """

    name: str
    title: str
    path: str
    variable: str


FACETS = (
    Facet("modality", "Modality", "modality/", "ofModality"),
    Facet("family", "Model family", "family/", "ofFamily"),
    Facet("evaluation", "Evaluated for", "evaluation/", "ofEvaluation"),
    Facet("code", "Code", "", "ofCode"),
    Facet("year", "Year", "", "ofYear"),
    Facet("application", "Application", "application/", "ofApplication"),
    Facet("architecture", "Architecture", "architecture/", "ofArchitecture"),
    Facet("venue", "Venue", "venue/", "ofVenue"),
)
"""Every facet, in the order in which a reader narrows a search."""


@dataclass(frozen=True, slots=True, order=True)
class Value:
    """One value of a facet or column: what a reader calls it, its key in addresses, its IRI or plain string."""

    label: str
    key: str
    term: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: ``date`` is ISO 8601 of any precision, or empty; ``values`` are by facet, repositories beside them.

    ``retracted`` is whether it was retracted or withdrawn.
    """

    iri: str
    title: str
    date: str
    values: Mapping[str, tuple[Value, ...]]
    repositories: tuple[Value, ...]
    retracted: bool = False


@dataclass(frozen=True)
class Papers:
    """All papers of one release, by title."""

    all: tuple[Paper, ...]

    @cached_property
    def by_iri(self) -> Mapping[str, Paper]:
        """The papers by their IRIs."""
        return {paper.iri: paper for paper in self.all}

    @cached_property
    def retracted(self) -> frozenset[str]:
        """The IRIs of the papers that were retracted or withdrawn."""
        return frozenset(paper.iri for paper in self.all if paper.retracted)

    @cached_property
    def known_values(self) -> Mapping[str, Mapping[str, Value]]:
        """The values that any paper has, by facet and key."""
        return {
            facet.name: {value.key: value for paper in self.all for value in paper.values[facet.name]}
            for facet in FACETS
        }


def read_papers(rows: Iterable[Row], base: str) -> Papers:
    """Read the answer of the query ``paper-facts`` over a release whose IRIs start with ``base``."""
    fields: dict[str, dict[str, dict[str, str]]] = {}
    for row in rows:
        found = fields.setdefault(row["paper"].value, {}).setdefault(row["field"].value, {})
        value = row["value"].value
        label = row["label"].value if "label" in row else value
        found[value] = min(label, found.get(value, label))
    papers = (_paper(iri, values, base) for iri, values in fields.items())
    return Papers(tuple(sorted(papers, key=lambda paper: (paper.title.lower(), paper.iri))))


def _paper(iri: str, fields: Mapping[str, Mapping[str, str]], base: str) -> Paper:
    date = min(fields.get("issued", ())) if fields.get("issued") else min(fields.get("listed", ()), default="")
    repositories = tuple(
        Value(address.partition("://")[2], repository.removeprefix(base), address)
        for repository, address in sorted(fields.get("repository", {}).items())
    )
    plain = {"code": "yes" if repositories else "no", "year": date[:4]}
    values: dict[str, tuple[Value, ...]] = {}
    for facet in FACETS:
        if facet.path:
            stated = fields.get(facet.name, {}).items()
            values[facet.name] = tuple(
                sorted(Value(label, term.removeprefix(base + facet.path), term) for term, label in stated)
            )
        else:
            text = plain[facet.name]
            values[facet.name] = (Value(text, text, text),) if text else ()
    return Paper(iri, min(fields.get("title", {iri: iri})), date, values, repositories, "retracted" in fields)
