"""Which works of the bulk files belong to the corpus."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from medsynth_kg.corpus.sources import BulkRecord
from medsynth_kg.enrichment.stated_identifiers import arxiv_doi
from medsynth_kg.identifiers.paper import PaperIdentifier
from medsynth_kg.records.metadata import Source
from medsynth_kg.records.names import normalised_text
from medsynth_kg.records.papers import Paper


class Relation(StrEnum):
    """How a work can stand to the papers of the survey."""

    SURVEYED = "surveyed"
    REFERENCES = "references"
    CITING = "citing"


class Selection(BaseModel):
    """A work is chosen where one of the relations holds, where its title has all words of a term, or everything is."""

    model_config = ConfigDict(frozen=True)

    relations: frozenset[Relation] = frozenset()
    terms: tuple[str, ...] = ()
    everything: bool = False

    def needs_scan(self, source: Source) -> bool:
        """Whether the surveyed papers' own records must be found first: only they name what they cite.

        OpenAlex cites by its own ids, which only these records tell too.
        """
        if self.everything:
            return False
        return Relation.REFERENCES in self.relations or (
            source is Source.OPENALEX and Relation.CITING in self.relations
        )


class Neighbourhood(BaseModel):
    """Keys (see ``BulkRecord``) of the surveyed papers, and of the works that they cite."""

    model_config = ConfigDict(frozen=True)

    surveyed: frozenset[str] = frozenset()
    cited: frozenset[str] = frozenset()

    @classmethod
    def united(cls, parts: Iterable["Neighbourhood"]) -> "Neighbourhood":
        """All keys of all parts."""
        everything = tuple(parts)
        return cls(
            surveyed=frozenset().union(*(part.surveyed for part in everything)),
            cited=frozenset().union(*(part.cited for part in everything)),
        )


def identifiers_by_doi(papers: Iterable[Paper]) -> dict[str, PaperIdentifier]:
    """The identifier that mints a surveyed paper's IRI, by each DOI of the paper; arXiv's own DOIs count."""
    return {
        identifier.value if identifier.scheme == "doi" else arxiv_doi(identifier.value): paper.identifier
        for paper in papers
        for identifier in paper.identifiers
        if identifier.scheme in ("doi", "arxiv")
    }


def is_chosen(
    record: BulkRecord,
    selection: Selection,
    surveyed: Mapping[str, PaperIdentifier],
    neighbourhood: Neighbourhood,
) -> bool:
    """Whether a work belongs to the corpus."""
    relations = selection.relations
    return (
        selection.everything
        or (Relation.SURVEYED in relations and record.doi in surveyed)
        or (Relation.REFERENCES in relations and record.key in neighbourhood.cited)
        or (Relation.CITING in relations and not record.references.isdisjoint(neighbourhood.surveyed))
        or _has_term(record.title, selection.terms)
    )


def _has_term(title: str, terms: Iterable[str]) -> bool:
    if not terms:
        return False
    words = set(normalised_text(title).split())
    return any(words.issuperset(normalised_text(term).split()) for term in terms)
