"""What a survey row says, read as far as that is possible without the vocabularies."""

from pydantic import BaseModel, ConfigDict

from medsynth_kg.identifiers.paper import PaperIdentifier
from medsynth_kg.identifiers.repository import RepositoryAddress
from medsynth_kg.identifiers.web import is_placeholder_address
from medsynth_kg.survey.cells import LONGEST_CELL, is_empty
from medsynth_kg.survey.code_cells import read_code
from medsynth_kg.survey.dates import parse_date
from medsynth_kg.survey.findings import Finding, Severity
from medsynth_kg.survey.links import cell_text, read_cell
from medsynth_kg.survey.paper_cells import read_papers
from medsynth_kg.survey.placement import place_cells
from medsynth_kg.survey.reports import RowReport
from medsynth_kg.survey.rows import COLUMNS, SurveyRow

_EXPECTED = ("type", "application", "architecture", "evaluation", "date")


class SurveyEntry(BaseModel):
    """A row that names a paper.

    ``row`` has misplaced cells already in their columns. ``paper`` mints the paper's IRI; ``other_papers``
    are further identifiers that the same cell gives. ``date`` is an ISO 8601 year or year-month.
    ``repository`` is absent where the code cell holds no usable address. Type, architecture, application,
    modality and evaluation stay the row's own words: the vocabularies read them later.
    """

    model_config = ConfigDict(frozen=True)

    row: SurveyRow
    paper: PaperIdentifier
    other_papers: tuple[PaperIdentifier, ...] = ()
    repository: RepositoryAddress | None = None
    date: str | None = None


def read_entry(row: SurveyRow) -> tuple[SurveyEntry | None, tuple[Finding, ...]]:
    """Read a row; no entry where it is a placeholder or names no paper, which a finding then says.

    What is certain is taken; what is doubtful is taken and reported; what means nothing is left out and
    reported.
    """
    if is_placeholder(row):
        return None, (_placeholder(row),)
    row, misplaced = place_cells(row)
    report = RowReport(row)
    _report_long_cells(row, report)
    papers = read_papers(row, report)
    if not papers:
        return None, (*misplaced, *report.findings)
    repository = read_code(row, report)
    date = _read_date(row, report)
    _report_missing_cells(row, report)
    paper, *others = papers
    found = (finding.model_copy(update={"paper": paper.local_part}) for finding in (*misplaced, *report.findings))
    entry = SurveyEntry(row=row, paper=paper, other_papers=tuple(others), repository=repository, date=date)
    return entry, tuple(found)


def is_placeholder(row: SurveyRow) -> bool:
    """Whether the row only shows contributors what a row looks like."""
    return is_placeholder_cell(row.paper)


def is_placeholder_cell(cell: str) -> bool:
    """Whether a paper cell has links and all of them lead to addresses reserved for examples."""
    links = read_cell(cell).links
    return bool(links) and all(is_placeholder_address(link.address) for link in links)


def _placeholder(row: SurveyRow) -> Finding:
    return Finding(
        kind="placeholder-row",
        severity=Severity.NOTICE,
        message="The row is a placeholder: its paper link leads to an address reserved for examples.",
        advice="Replace the row by a real entry or delete it.",
        table=row.table,
        file=row.file,
        line=row.line,
        column="paper",
        value=row.paper,
    )


def _read_date(row: SurveyRow, report: RowReport) -> str | None:
    text = cell_text(row.date)
    date = parse_date(text)
    if date is None and not is_empty(text):
        report.add(
            "unreadable-date",
            Severity.WARNING,
            "date",
            f"“{text}” is not a year or a month; the row counts without a date.",
            "Write the date as year and month, for example 2023-09.",
        )
    return date


def _report_missing_cells(row: SurveyRow, report: RowReport) -> None:
    for column in _EXPECTED:
        if is_empty(getattr(row, column)):
            report.add(
                f"missing-{column}",
                Severity.NOTICE,
                column,
                f"The row has no {column}.",
                f"Fill in the {column} where the paper states it.",
            )


def _report_long_cells(row: SurveyRow, report: RowReport) -> None:
    for column in COLUMNS:
        length = len(getattr(row, column))
        if length > LONGEST_CELL:
            report.add(
                "cell-too-long",
                Severity.WARNING,
                column,
                f"The cell has {length} characters; links after the first {LONGEST_CELL} are not read.",
                "Shorten the cell to the names or the link that it is meant to hold.",
                value=getattr(row, column)[:80],
            )
