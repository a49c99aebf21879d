"""What the survey says, as statements of ``graph/survey``.

An entry keeps its row's own words and states what they were read as (``msk:statesModality`` and so on); the paper
carries the union of what its entries state, so that everyday queries are one hop.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from pyoxigraph import Literal, NamedNode

from medsynth_kg.graph.interpretation import Interpretation
from medsynth_kg.graph.iris import Iris
from medsynth_kg.graph.namespaces import BIBO, DCTERMS, FABIO, FOAF, PROV, RDF, RDFS, SCHEMA
from medsynth_kg.graph.statements import Statements, date, number, text
from medsynth_kg.identifiers.paper import PaperIdentifier
from medsynth_kg.records.papers import Paper
from medsynth_kg.records.repositories import CodeRepository
from medsynth_kg.survey.entries import SurveyEntry
from medsynth_kg.survey.rows import COLUMNS

EntryIris = Mapping[tuple[str, int], NamedNode]
"""The IRI of each entry by its table and line."""


def mint_entries(papers: Iterable[Paper], iris: Iris) -> EntryIris:
    """Mint the IRI of every entry: the second row of one paper in one table ends in ``~2``."""
    minted: dict[tuple[str, int], NamedNode] = {}
    for paper in papers:
        rows_in_table: Counter[str] = Counter()
        for entry in paper.entries:
            table = entry.row.table
            rows_in_table[table] += 1
            minted[table, entry.row.line] = iris.entry(table, paper.identifier, rows_in_table[table])
    return minted


def state_table(statements: Statements, slug: str, title: str, file: str, iris: Iris) -> None:
    """State that a table of the survey exists."""
    table = iris.table(slug)
    statements.describe(table, f"Survey table: {title}", iris.msk.SurveyTable, PROV.Entity)
    statements.add(table, DCTERMS.title, Literal(title, language="en"))
    statements.add(table, DCTERMS.identifier, Literal(slug))
    statements.add(table, DCTERMS.source, Literal(file))


def state_paper(
    statements: Statements,
    paper: Paper,
    interpretations: Iterable[Interpretation],
    entries: EntryIris,
    iris: Iris,
) -> None:
    """State a paper as the survey presents it, with its entries."""
    msk = iris.msk
    subject = iris.paper(paper.identifier)
    statements.add(subject, RDF.type, msk.Paper)
    identifiers = (identifier for entry in paper.entries for identifier in (entry.paper, *entry.other_papers))
    state_document(statements, paper, identifiers, iris)
    for interpretation in interpretations:
        entry = interpretation.entry
        entry_iri = entries[entry.row.table, entry.row.line]
        _state_row(statements, entry_iri, subject, entry, iris)
        _state_reading(statements, entry_iri, subject, interpretation, iris)
        statements.add(subject, msk.surveyEntry, entry_iri)


def state_document(statements: Statements, paper: Paper, identifiers: Iterable[PaperIdentifier], iris: Iris) -> None:
    """State that a paper, of the survey or not, is a scholarly document with these identifiers."""
    subject = iris.paper(paper.identifier)
    classes = (SCHEMA.ScholarlyArticle, FABIO.Expression, BIBO.Document, FOAF.Document)
    statements.add(subject, RDF.type, *classes)
    if not (paper.work and paper.work.facts.title):
        label = f"Untitled paper {paper.identifier.scheme}:{paper.identifier.value}"
        statements.add(subject, RDFS.label, Literal(label))
    for identifier in identifiers:
        _state_identifier(statements, subject, identifier)


def _state_identifier(statements: Statements, subject: NamedNode, identifier: PaperIdentifier) -> None:
    """State one identifier of a paper, in the literal form that other graphs join on."""
    if identifier.scheme == "doi":
        statements.add(subject, BIBO.doi, Literal(identifier.value))
    elif identifier.scheme == "arxiv":
        statements.add(subject, FABIO.hasArXivId, Literal(identifier.value))
    elif identifier.scheme == "pmid":
        statements.add(subject, FABIO.hasPubMedId, Literal(identifier.value))
    statements.add(subject, DCTERMS.identifier, Literal(f"{identifier.scheme}:{identifier.value}"))
    statements.add(subject, FOAF.page, NamedNode(identifier.address))


def state_repository(statements: Statements, repository: CodeRepository, iris: Iris) -> None:
    """State a code repository and, where somebody has checked, whose code it is."""
    address = repository.address
    subject = iris.repository(address)
    full_name = "/".join(part for part in (address.owner, address.name) if part)
    statements.describe(subject, full_name, iris.msk.CodeRepository, SCHEMA.SoftwareSourceCode)
    statements.add(subject, SCHEMA.name, Literal(full_name))
    statements.add(subject, SCHEMA.codeRepository, NamedNode(address.address))
    statements.add(subject, iris.msk.repositoryHost, Literal(address.host))
    statements.add(subject, iris.msk.repositoryOwner, text(address.owner))
    statements.add(subject, iris.msk.repositoryRole, Literal(repository.role.value))


def _state_row(statements: Statements, entry_iri: NamedNode, paper: NamedNode, entry: SurveyEntry, iris: Iris) -> None:
    msk = iris.msk
    row = entry.row
    label = f"Row {row.line} of the survey's table {row.table}"
    statements.describe(entry_iri, label, msk.SurveyEntry, PROV.Entity)
    statements.add(entry_iri, msk.paper, paper)
    statements.add(entry_iri, PROV.wasDerivedFrom, iris.table(row.table))
    statements.add(entry_iri, msk.row, number(row.line))
    for column in COLUMNS:
        statements.add(entry_iri, NamedNode(f"{msk.iri}{column}Text"), text(getattr(row, column)))


def _state_reading(
    statements: Statements, entry_iri: NamedNode, paper: NamedNode, interpretation: Interpretation, iris: Iris
) -> None:
    msk = iris.msk
    for entry_property, paper_property, concepts in (
        (msk.statesModality, msk.modality, interpretation.modalities),
        (msk.statesModelFamily, msk.modelFamily, interpretation.families),
        (msk.statesArchitecture, msk.architecture, interpretation.architectures),
        (msk.statesApplication, msk.application, interpretation.applications),
        (msk.statesEvaluation, msk.evaluatedFor, interpretation.categories),
        (msk.statesMetric, msk.metric, interpretation.metrics),
    ):
        statements.add(entry_iri, entry_property, *concepts)
        statements.add(paper, paper_property, *concepts)
    statements.add(entry_iri, msk.architectureBasis, *interpretation.bases)
    entry = interpretation.entry
    statements.add(entry_iri, msk.statesDate, date(entry.date))
    statements.add(paper, msk.surveyDate, date(entry.date))
    if entry.repository:
        repository = iris.repository(entry.repository)
        statements.add(entry_iri, msk.statesRepository, repository)
        statements.add(paper, msk.codeRepository, repository)
        statements.add(paper, SCHEMA.mentions, repository)
