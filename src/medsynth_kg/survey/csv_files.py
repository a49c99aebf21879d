r"""The tables of the survey on disk: ``data/survey/<table>.csv``, one row of the survey a line.

UTF-8, the columns of ``COLUMNS`` in that order, RFC 4180 quoting, ``\n`` at the end of each line.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from medsynth_kg.survey.cells import clean_cell
from medsynth_kg.survey.errors import SurveyFileError
from medsynth_kg.survey.findings import Finding, Severity
from medsynth_kg.survey.rows import COLUMNS, SurveyRow

SURVEY_DIRECTORY = "survey"


def table_path(data: Path, table: str) -> Path:
    """Where a table lies; ``data`` is the data directory."""
    return data / SURVEY_DIRECTORY / f"{table}.csv"


def read_table(path: Path) -> tuple[tuple[SurveyRow, ...], tuple[Finding, ...]]:
    """Read one table; columns may come in any order and be absent.

    What the file holds beyond its columns is left out and reported; empty lines mean nothing.

    Raises:
        SurveyFileError: the file can't be read, is not UTF-8, or its quoting is broken.
    """
    table, file = path.stem, f"{SURVEY_DIRECTORY}/{path.name}"
    lines = _csv_rows(path)
    _, header = next(lines, (1, []))
    columns = [name.strip().lower() for name in header]
    findings = list(_header_findings(table, file, columns))
    rows: list[SurveyRow] = []
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        extra = [cell for cell in cells[len(columns) :] if cell.strip()]
        if extra:
            findings.append(_ragged(table, file, line, extra))
        read = {name: clean_cell(cell)[0] for name, cell in zip(columns, cells, strict=False) if name in COLUMNS}
        rows.append(SurveyRow(table=table, file=file, line=line, **read))
    return tuple(rows), tuple(findings)


def table_csv(rows: Iterable[SurveyRow]) -> str:
    """The one text that stands for ``rows`` on disk."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([getattr(row, column) for column in COLUMNS] for row in rows)
    return text.getvalue()


def _csv_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line it starts on."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise SurveyFileError(f"{path}, line {line}: not UTF-8; save the file as UTF-8") from error
    except OSError as error:
        raise SurveyFileError(f"{path}: {error.strerror}") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        for cells in reader:
            yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise SurveyFileError(f"{path}, line {start}: not a CSV row ({error}); check its quotes") from error


def _header_findings(table: str, file: str, columns: list[str]) -> Iterator[Finding]:
    problems = {name: "is not a column of the survey" for name in columns if name not in COLUMNS}
    problems |= {name: "stands there twice" for name in columns if columns.count(name) > 1}
    for name, problem in problems.items():
        yield Finding(
            kind="unknown-column",
            severity=Severity.ERROR,
            message=f"The column “{name}” {problem}; its cells are left out.",
            advice=f"Rename or remove it; the columns are {', '.join(COLUMNS)}.",
            table=table,
            file=file,
            line=1,
            value=name or None,
        )


def _ragged(table: str, file: str, line: int, extra: list[str]) -> Finding:
    return Finding(
        kind="ragged-row",
        severity=Severity.ERROR,
        message=f"The row has more cells than the file has columns; “{', '.join(extra)}” is left out.",
        advice="Put a cell that holds commas in double quotes.",
        table=table,
        file=file,
        line=line,
        value=", ".join(extra),
    )
