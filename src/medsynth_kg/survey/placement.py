"""Cells that stand in the wrong column: found by what they hold, put where they belong, and reported."""

from collections.abc import Callable

from medsynth_kg.identifiers.paper import identify_paper
from medsynth_kg.identifiers.repository import parse_repository
from medsynth_kg.survey.cells import is_empty
from medsynth_kg.survey.dates import parse_date
from medsynth_kg.survey.findings import Finding, Severity
from medsynth_kg.survey.links import read_cell
from medsynth_kg.survey.rows import COLUMNS, SurveyRow

_ARCHIVES = ("10.5281/", "10.6084/", "10.17632/", "10.7910/", "10.24433/")
"""DOI prefixes of Zenodo, figshare, Mendeley Data, Dataverse and Code Ocean, which hold code and data."""


def holds_paper(cell: str) -> bool:
    """Whether a cell links what is certainly a paper: by an identifier, and not of archived code or data."""
    identifiers = (identify_paper(link.address) for link in read_cell(cell).links)
    return any(
        identifier is not None and identifier.scheme != "page" and not identifier.value.startswith(_ARCHIVES)
        for identifier in identifiers
    )


def holds_repository(cell: str) -> bool:
    """Whether a cell links a repository of code."""
    return any(parse_repository(link.address) is not None for link in read_cell(cell).links)


def holds_date(cell: str) -> bool:
    """Whether a cell is nothing but a date."""
    return parse_date(read_cell(cell).text) is not None


HOLDS: dict[str, Callable[[str], bool]] = {
    "paper": holds_paper,
    "code": holds_repository,
    "date": holds_date,
}
"""The columns whose content shows unmistakably where it belongs."""


def place_cells(row: SurveyRow) -> tuple[SurveyRow, tuple[Finding, ...]]:
    """Exchange cells so that paper, code and date stand in their columns, where exactly one cell holds each.

    A cell that fits its own column is never moved.
    """
    findings: list[Finding] = []
    for column in HOLDS:
        source = _misplaced(row, column)
        if source is None:
            continue
        here, there = getattr(row, column), getattr(row, source)
        findings.append(_finding(row, column, source))
        row = row.model_copy(update={column: there, source: "" if is_empty(here) else here})
    return row, tuple(findings)


def _misplaced(row: SurveyRow, column: str) -> str | None:
    holds = HOLDS[column]
    if holds(getattr(row, column)):
        return None
    candidates = [
        other
        for other in COLUMNS
        if other != column and holds(getattr(row, other)) and not _at_home(other, getattr(row, other))
    ]
    return candidates[0] if len(candidates) == 1 else None


def _at_home(column: str, cell: str) -> bool:
    return column in HOLDS and HOLDS[column](cell)


def _finding(row: SurveyRow, column: str, source: str) -> Finding:
    return Finding(
        kind=f"{column}-in-wrong-column",
        severity=Severity.WARNING,
        message=f"The {column} stands in the column {source}; it is read from there.",
        advice=f"Move the cell to the column {column}.",
        table=row.table,
        file=row.file,
        line=row.line,
        column=source,
        value=getattr(row, source),
    )
