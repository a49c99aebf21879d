"""One line on each thing that search finds, which tells it from others of the same name."""

from collections.abc import Sequence
from typing import Protocol

from medsynth_kg.graph.namespaces import DCTERMS, RDFS, SKOS
from medsynth_kg.release.namespaces import RDF_TYPE

_ROLES = {"authors": " of the authors", "original method": " of the original method"}
_NAMED_AUTHORS = 3
"""Authors beyond whom a paper has "and others"."""


class Statements(Protocol):
    """The statements that a description is drawn from."""

    def values(self, subject: str, name: str) -> tuple[str, ...]:
        """The sorted values of a property; names without ``:`` are terms of the ontology."""

    def first(self, subject: str, *names: str) -> str:
        """The first value of the first property that has one, or nothing."""


def describe(statements: Statements, iri: str, kind: str, papers: Sequence[str]) -> str:
    """Describe a thing in a line; ``papers`` are those that state it."""
    match kind:
        case "paper":
            return _describe_paper(statements, iri)
        case "person":
            titles = [statements.first(paper, DCTERMS.title.value, RDFS.label.value) for paper in papers]
            return f"Author of {titles[0]}" + (f" and {len(titles) - 1} more" if titles[1:] else "") if titles else ""
        case "repository":
            role = _ROLES.get(statements.first(iri, "repositoryRole"), "")
            return f"Code{role} at {statements.first(iri, 'repositoryHost')}"
        case "venue":
            return statements.first(iri, "venueKind").replace("-", " ").capitalize()
        case _:
            return statements.first(iri, SKOS.definition.value)


def _describe_paper(statements: Statements, paper: str) -> str:
    authors = _authors(statements, paper)
    shown = ", ".join(authors[:_NAMED_AUTHORS]) + (" and others" if authors[_NAMED_AUTHORS:] else "")
    venue = statements.first(statements.first(paper, "venue"), DCTERMS.title.value, RDFS.label.value)
    year = statements.first(paper, DCTERMS.issued.value, "surveyDate")[:4]
    classes = statements.values(paper, RDF_TYPE.value)
    warning = "Retracted or withdrawn" if any(name.endswith("#RetractedPaper") for name in classes) else ""
    return " · ".join(part for part in (warning, shown, venue, year) if part)


def _authors(statements: Statements, paper: str) -> list[str]:
    placed = sorted(
        (int(statements.first(authorship, "position") or 0), statements.first(authorship, "author"))
        for authorship in statements.values(paper, "authorship")
    )
    return [name for _, author in placed if (name := statements.first(author, RDFS.label.value))]
