"""What a concept is narrower and broader than, as a tree for a page."""

from collections.abc import Iterable
from dataclasses import dataclass

from medsynth_kg.endpoint.links import Links
from medsynth_kg.endpoint.results import Row
from medsynth_kg.endpoint.tables import Cell


@dataclass(frozen=True, slots=True)
class Branch:
    """A concept, the papers that name it itself, whether the page is about it, and the concepts below it."""

    cell: Cell
    papers: int
    is_subject: bool
    below: tuple["Branch", ...]


def concept_tree(iri: str, rows: Iterable[Row], links: Links) -> tuple[Branch, ...]:
    """The trees that hold a concept, from their tops, by the query ``concept-tree``; nothing for one that is alone.

    Concepts are in the order of their labels, whatever the store makes of capitals and of rows that it sorts.
    """
    labels: dict[str, str] = {}
    papers: dict[str, int] = {}
    below: dict[str, list[str]] = {}
    parents: dict[str, set[str]] = {}
    for row in rows:
        concept = row["concept"].value
        labels.setdefault(concept, row["label"].value)
        papers[concept] = int(row["papers"].value) if "papers" in row else 0
        if "broader" in row:
            parents.setdefault(concept, set()).add(row["broader"].value)
    ordered = sorted(labels, key=lambda concept: (labels[concept].casefold(), concept))
    for concept in ordered:
        for parent in parents.get(concept, ()):
            below.setdefault(parent, []).append(concept)

    def branch(concept: str, path: frozenset[str]) -> Branch:
        inner = path | {concept}
        found = tuple(branch(child, inner) for child in below.get(concept, ()) if child not in inner)
        return Branch(Cell(labels[concept], links.href(concept)), papers[concept], concept == iri, found)

    tops = [concept for concept in ordered if not parents.get(concept, set()) & labels.keys()]
    return tuple(branch(top, frozenset()) for top in tops) if len(labels) > 1 else ()
