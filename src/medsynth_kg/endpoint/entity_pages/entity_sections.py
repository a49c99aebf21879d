"""The parts of a thing's page beyond its statements: findings, how to cite it, its place in a tree, its citations."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from medsynth_kg.endpoint.citing.citation import Citation
from medsynth_kg.endpoint.citing.formats import CITATION_FORMATS
from medsynth_kg.endpoint.citing.graph_citation import graph_citation
from medsynth_kg.endpoint.entity_pages.concept_tree import Branch, concept_tree
from medsynth_kg.endpoint.entity_pages.pictures import Citations, citations_of
from medsynth_kg.endpoint.entity_pages.trees import TreePicture, draw_tree
from medsynth_kg.endpoint.exploring.papers import Paper
from medsynth_kg.endpoint.links import Links
from medsynth_kg.endpoint.results import Row
from medsynth_kg.endpoint.serving import ServedRelease
from medsynth_kg.endpoint.tables import Cell

_CONCEPTS = ("modality/", "family/", "architecture/", "application/", "evaluation/", "metric/")
_AUTHOR = "/author/"
_PARTS = ("/authorship/", "/notice/")
_MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch", "sameAs", "seeAlso", "page")
_ELSEWHERE = (*_MATCHES, "candidateLink", "url")
"""Local names of the properties that lead out of the graph."""
WHOLE_TREE = "#whole-tree"
"""Where the page lists a whole family."""


@dataclass(frozen=True, slots=True)
class FoundHere:
    """A finding: a link to it with its message, and advice."""

    cell: Cell
    severity: str
    advice: str


@dataclass(frozen=True, slots=True)
class CitationText:
    """A citation in one format: its name, its text, and where it can be had as a file."""

    name: str
    text: str
    media_type: str
    href: str


@dataclass(frozen=True, slots=True)
class EntitySections:
    """What a page shows besides statements; each part is empty where there is nothing to show.

    ``reading`` leads to where the paper can be read, outside the graph. ``namesakes`` are papers by people of a
    person's name, each with the address of the one who wrote it.
    """

    findings: tuple[FoundHere, ...]
    paper: Paper | None
    reading: Cell | None
    citations: tuple[CitationText, ...]
    tree: tuple[Branch, ...]
    tree_picture: TreePicture | None
    cited: Citations | None
    namesakes: tuple[tuple[Cell, str | None], ...]


def sections_of(served: ServedRelease, iri: str, links: Links) -> EntitySections:
    """Ask the release for all parts of a thing's page."""
    path = iri.removeprefix(served.base)
    is_paper = path.startswith("paper/")
    tree = concept_tree(iri, served.rows("concept-tree", entity=iri), links) if path.startswith(_CONCEPTS) else ()
    return EntitySections(
        findings=tuple(_finding(row, links) for row in served.rows("entity-findings", entity=iri)),
        paper=served.papers.by_iri.get(iri) if is_paper else None,
        reading=_reading(served.citations[iri]) if iri in served.citations else None,
        citations=citation_texts(served, iri) if is_paper else (),
        tree=tree,
        tree_picture=draw_tree(tree, WHOLE_TREE),
        cited=citations_of(served, iri, links) if iri in served.papers.by_iri else None,
        namesakes=_namesakes(served.rows("namesakes", entity=iri), links, served.papers.retracted)
        if kind_of(path) == "person"
        else (),
    )


def kind_of(path: str) -> str:
    """The kind of the thing at a path below the base, by its first part; empty for what is only a part of a paper.

    A person without an ORCID iD is known as the author of a paper.
    """
    kind = path.partition("/")[0]
    if kind == "paper" and _AUTHOR in path:
        return "person"
    return "" if kind == "paper" and any(part in path for part in _PARTS) else kind


def citation_texts(served: ServedRelease, iri: str) -> tuple[CitationText, ...]:
    """How to cite a paper, in every format; nothing for what is no paper."""
    citation = served.citations.get(iri)
    return _texts(citation, iri.removeprefix(served.base)) if citation else ()


def _reading(citation: Citation) -> Cell | None:
    host = urlsplit(citation.url).hostname
    return Cell(host, citation.url) if host and citation.url != citation.iri else None


def graph_citation_texts(served: ServedRelease) -> tuple[CitationText, ...]:
    """How to cite the release that is served, in every format."""
    return _texts(graph_citation(served.release), "citation")


def _texts(citation: Citation, path: str) -> tuple[CitationText, ...]:
    return tuple(
        CitationText(known.name, known.write([citation]), known.media_type, f"/{path}.{known.extension}")
        for known in CITATION_FORMATS
    )


def leads_elsewhere(row: Row, links: Links) -> bool:
    """Whether a statement is a link to another site or graph."""
    value, name = row["value"], row["property"].value.replace("#", "/").rpartition("/")[2]
    return value.kind == "uri" and not links.is_own(value.value) and name in _ELSEWHERE


def _finding(row: Row, links: Links) -> FoundHere:
    advice = row["advice"].value if "advice" in row else ""
    return FoundHere(Cell(row["message"].value, links.href(row["finding"].value)), row["severity"].value, advice)


def _namesakes(rows: Iterable[Row], links: Links, retracted: Collection[str]) -> tuple[tuple[Cell, str | None], ...]:
    return tuple(
        (
            Cell(row["label"].value, links.href(row["paper"].value), is_retracted=row["paper"].value in retracted),
            links.href(row["person"].value),
        )
        for row in rows
    )
