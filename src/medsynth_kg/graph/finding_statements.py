"""Findings as statements of ``graph/findings``."""

from collections import Counter
from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode

from medsynth_kg.graph.iris import Iris
from medsynth_kg.graph.namespaces import DCTERMS, PROV
from medsynth_kg.graph.statements import Statements, number, text
from medsynth_kg.graph.survey_statements import EntryIris
from medsynth_kg.survey.findings import Finding


def state_findings(
    statements: Statements, findings: Iterable[Finding], entries: EntryIris, papers: set[str], iris: Iris
) -> None:
    """State each finding. ``papers`` are the local parts of the papers that the graph has."""
    minted: Counter[str] = Counter()
    for finding in findings:
        path = _path(finding)
        minted[path] += 1
        subject = iris.finding(path if minted[path] == 1 else f"{path}~{minted[path]}")
        _state(statements, subject, finding, iris)
        statements.add(subject, iris.msk.concerns, *_concerned(finding, entries, papers, iris))


def _path(finding: Finding) -> str:
    place = finding.paper or (str(finding.line) if finding.line else "")
    return "/".join(part for part in (finding.kind, finding.table, place) if part)


def _state(statements: Statements, subject: NamedNode, finding: Finding, iris: Iris) -> None:
    msk = iris.msk
    statements.describe(subject, finding.message, msk.Finding)
    statements.add(subject, msk.findingKind, Literal(finding.kind))
    statements.add(subject, msk.severity, Literal(finding.severity.value))
    statements.add(subject, DCTERMS.description, Literal(finding.message, language="en"))
    statements.add(subject, msk.advice, Literal(finding.advice, language="en"))
    statements.add(subject, msk.column, text(finding.column))
    statements.add(subject, msk.value, text(finding.value))
    statements.add(subject, msk.row, number(finding.line))
    if finding.table:
        statements.add(subject, PROV.wasDerivedFrom, iris.table(finding.table))


def _concerned(finding: Finding, entries: EntryIris, papers: set[str], iris: Iris) -> tuple[NamedNode, ...]:
    concerned: list[NamedNode] = []
    if finding.table and finding.line and (entry := entries.get((finding.table, finding.line))):
        concerned.append(entry)
    if finding.paper in papers:
        concerned.append(iris.unplaced(f"paper/{finding.paper}"))
    return tuple(concerned)
