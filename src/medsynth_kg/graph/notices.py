"""Notices about papers: corrections, retractions, withdrawals; each in the graph of the source that tells it."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from medsynth_kg.graph.attribution import Graphs
from medsynth_kg.graph.iris import Iris, doi_iri
from medsynth_kg.graph.namespaces import DCTERMS, FOAF, RDF
from medsynth_kg.graph.statements import Statements, date
from medsynth_kg.records.metadata import Metadata, Update
from medsynth_kg.records.papers import Work

_TAKING_BACK = frozenset({"retraction", "withdrawal", "removal"})


def state_notices(graphs: Graphs, paper: NamedNode, work: Work, iris: Iris) -> None:
    """State every notice that a source tells of a paper, and that the paper is retracted where it was taken back.

    What was said of the preprint of a published paper is a notice "of the preprint", and takes nothing back: authors
    withdraw preprints for many reasons, and the publication stands.
    """
    for record in work.metadata:
        statements = graphs[record.source]
        of_preprint = record.is_preprint and not work.facts.is_preprint
        for update in _told(record):
            if update.kind in _TAKING_BACK and not of_preprint:
                statements.add(paper, RDF.type, iris.msk.RetractedPaper)
            kind = update.kind.replace("_", " ") + (" of the preprint" if of_preprint else "")
            _state_notice(statements, paper, update, kind, iris)


def _told(record: Metadata) -> Iterator[Update]:
    yield from record.updates
    if record.withdrawn:
        yield Update(kind="withdrawal")


def _state_notice(statements: Statements, paper: NamedNode, update: Update, kind: str, iris: Iris) -> None:
    notice = iris.notice(paper, kind, update.date)
    statements.describe(notice, f"{kind}, {update.date}" if update.date else kind, iris.msk.Notice)
    statements.add(notice, iris.msk.noticeKind, Literal(kind))
    statements.add(notice, DCTERMS.issued, date(update.date))
    statements.add(paper, iris.msk.notice, notice)
    if update.doi:
        statements.add(notice, FOAF.page, doi_iri(update.doi))
        statements.add(paper, iris.msk.updatedBy, doi_iri(update.doi))
