"""The pictures of a thing's page, from what the release answers: its family tree, its citations."""

from collections.abc import Iterable
from dataclasses import dataclass

from medsynth_kg.endpoint.citing.citation import Citation
from medsynth_kg.endpoint.entity_pages.neighbourhoods import CitedPaper, Neighbourhood, Side, draw_neighbourhood
from medsynth_kg.endpoint.links import Links
from medsynth_kg.endpoint.results import Row
from medsynth_kg.endpoint.serving import ServedRelease
from medsynth_kg.endpoint.tables import Cell

CITES, IS_CITED_BY = "cites", "is cited by"
"""What the query ``citation-neighbours`` calls the directions."""
CITED, CITING = "cited", "citing"
"""Where the page lists the papers of each direction."""


@dataclass(frozen=True, slots=True)
class CitationList:
    """The papers in one direction: the title of their list, and its name in addresses."""

    title: str
    fragment: str
    papers: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Citations:
    """The citations between a paper and the others of the graph: a picture, and lists of all of them."""

    picture: Neighbourhood
    lists: tuple[CitationList, ...]


def citations_of(served: ServedRelease, iri: str, links: Links) -> Citations | None:
    """A paper's citations within the graph; None where there are none."""
    rows = served.rows("citation-neighbours", entity=iri)
    if not rows:
        return None
    cited, citing = (_papers(served, rows, direction, links) for direction in (CITES, IS_CITED_BY))
    pairs = {(row["citing"].value, row["cited"].value) for row in served.rows("citations-among", entity=iri)}
    lists = tuple(
        CitationList(title, fragment, tuple(Cell(one.title, one.href, is_retracted=one.is_retracted) for one in papers))
        for title, fragment, papers in (
            ("Papers here that it cites", CITED, cited),
            ("Papers here that cite it", CITING, citing),
        )
        if papers
    )
    subject = _paper(served, iri, "This paper", links)
    picture = draw_neighbourhood(subject, Side(cited, f"#{CITED}"), Side(citing, f"#{CITING}"), pairs)
    return Citations(picture, lists)


def _papers(served: ServedRelease, rows: Iterable[Row], direction: str, links: Links) -> tuple[CitedPaper, ...]:
    labels = {row["paper"].value: row["label"].value for row in rows if row["direction"].value == direction}
    return tuple(_paper(served, iri, label, links, "Untitled") for iri, label in labels.items())


def _paper(served: ServedRelease, iri: str, label: str, links: Links, unknown: str = "") -> CitedPaper:
    """``unknown`` stands for the author where not even the title is known."""
    citation = served.citations.get(iri, Citation(iri))
    return CitedPaper(
        iri,
        links.href(iri),
        label,
        _family(citation) or ("" if citation.title else unknown),
        citation.date_parts[0] if citation.date_parts else "",
        iri in served.papers.retracted,
    )


def _family(citation: Citation) -> str:
    """The first author's family name, or the last word of a name whose parts are not known."""
    if not citation.authors:
        return ""
    first = citation.authors[0]
    return first.family or first.literal.rpartition(" ")[2]
