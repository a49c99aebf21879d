"""One work of a bulk file as statements, by the code that states the papers of a release."""

import datetime
from collections.abc import Mapping
from itertools import groupby

from pyoxigraph import NamedNode

from medsynth_kg.corpus.sources import BulkRecord, describe
from medsynth_kg.enrichment.merge import merge_metadata
from medsynth_kg.graph.bibliography import state_bibliography
from medsynth_kg.graph.iris import Iris
from medsynth_kg.graph.links import state_computed_links
from medsynth_kg.graph.namespaces import CITO, SKOS
from medsynth_kg.graph.statements import Statements
from medsynth_kg.graph.survey_statements import state_document
from medsynth_kg.identifiers.paper import PaperIdentifier, identify_paper
from medsynth_kg.records.metadata import Source
from medsynth_kg.records.papers import Paper
from medsynth_kg.release.statements import as_lines

SEPARATOR = b"\t"
"""Between the statements of one block; a tab inside a statement is written ``\\t``."""


class Mapper:
    """Maps works as of one date into ``graph/corpus``; ``surveyed`` says which paper of the survey has a DOI."""

    def __init__(self, iris: Iris, surveyed: Mapping[str, PaperIdentifier], date: datetime.date) -> None:
        self._iris = iris
        self._surveyed = surveyed
        self._date = date
        self._papers_by_doi = {doi: iris.paper(identifier) for doi, identifier in surveyed.items()}

    def blocks(self, record: BulkRecord, doi: str) -> tuple[list[bytes], bool]:
        """The statements of a work with a DOI, and whether misshapen fields were left out.

        A block holds the sorted N-Quads of one subject; a work that the survey has too gets the survey's IRI.
        """
        own = PaperIdentifier(scheme="doi", value=doi)
        identifier = self._surveyed.get(doi) or identify_paper(doi) or own
        metadata, misshapen = describe(record, doi, identifier.local_part, self._date)
        identifiers = tuple(dict.fromkeys((identifier, own)))
        paper = Paper(identifier=identifier, identifiers=identifiers, entries=(), work=merge_metadata([metadata]))
        return self._state(paper, record), misshapen

    def _state(self, paper: Paper, record: BulkRecord) -> list[bytes]:
        statements = Statements(self._iris.graph("corpus"))
        state_document(statements, paper, paper.identifiers, self._iris)
        graphs = dict.fromkeys(Source, statements)
        state_bibliography(graphs, (paper,), statements, self._iris, self._papers_by_doi)
        state_computed_links(statements, (paper,), self._iris)
        if record.source is Source.OPENALEX:
            subject = self._iris.paper(paper.identifier)
            statements.add(subject, SKOS.exactMatch, NamedNode(record.key))
            statements.add(subject, CITO.cites, *map(NamedNode, sorted(record.references)))
        return _by_subject(statements)


def _by_subject(statements: Statements) -> list[bytes]:
    lines = sorted(line.rstrip(b"\n").replace(b"\t", b"\\t") for line in as_lines(statements))
    return [SEPARATOR.join(block) for _, block in groupby(lines, key=lambda line: line.partition(b" ")[0])]
