"""Import of a survey's README into ``data/survey``: read, merge with what is there, report, write."""

import datetime
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from medsynth_kg.survey.csv_files import SURVEY_DIRECTORY, read_table, table_csv, table_path
from medsynth_kg.survey.errors import ImportRefusedError, SurveyFileError, SurveyNotWritten
from medsynth_kg.survey.findings import Finding, Severity
from medsynth_kg.survey.last_import import (
    FILE_NAME,
    ImportedTable,
    LastImport,
    last_import_json,
    read_last_import,
)
from medsynth_kg.survey.legend import check_legend, read_legend
from medsynth_kg.survey.mapping import Mapping
from medsynth_kg.survey.merging import MergedTable, Overruled, RowChange, merge_table
from medsynth_kg.survey.reading import read_entries
from medsynth_kg.survey.readme import Readme, read_readme
from medsynth_kg.survey.rows import SurveyRow
from medsynth_kg.writing import disk_failures_named, write_whole

LONGEST_README = 20_000_000
"""Bytes that a README may have."""


class TableImport(NamedTuple):
    """What the README holds of one table: rows, and how many of them are entries."""

    slug: str
    title: str
    rows: int
    entries: int


class ImportReport(NamedTuple):
    """What an import took and changed, and everything that it found wrong; ``files`` are those (to be) written."""

    source: str
    tables: tuple[TableImport, ...]
    changes: tuple[RowChange, ...]
    findings: tuple[Finding, ...]
    files: tuple[Path, ...]
    dry_run: bool


def load_readme(path: Path) -> str:
    """The text of a README file.

    Raises:
        SurveyFileError: the file can't be read, is too large, or is not UTF-8.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SurveyFileError(f"{path}: {error.strerror}") from error
    return decode_readme(content, str(path))


def decode_readme(content: bytes, source: str) -> str:
    """The text of a README from its bytes; ``source`` names it in errors.

    Raises:
        SurveyFileError: it is too large or not UTF-8.
    """
    if len(content) > LONGEST_README:
        raise SurveyFileError(f"{source}: {len(content)} bytes; a survey has at most {LONGEST_README}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise SurveyFileError(f"{source}, line {line}: not UTF-8; save the file as UTF-8") from error


def import_survey(
    text: str, data: Path, *, source: str, mapping: Mapping, today: datetime.date, dry_run: bool = False
) -> ImportReport:
    """Bring ``data/survey`` up to the README's ``text``; a second import of the same text changes nothing.

    ``data`` is the data directory, ``source`` what the README is called in findings. With ``dry_run`` nothing
    is written and the report is the same. Tables are written first and the state of the import last, each
    file whole, so that an import that was cut short is completed by the next.

    Raises:
        ImportRefusedError: the text has no table of papers, or a CSV file holds what the import would destroy.
        SurveyFileError: a CSV file or the state of the last import can't be read.
        SurveyNotWritten: the disk refused a file.
    """
    directory = data / SURVEY_DIRECTORY
    readme = read_readme(text, mapping, source)
    if not any(table.rows for table in readme.tables):
        raise ImportRefusedError(f"{source}: no table of papers in it; check the file, or give a mapping file")
    last = read_last_import(directory)
    merged = {table.slug: _merge(table, last, data) for table in _with_earlier(readme, last)}
    rows = [row for table in readme.tables for row in table.rows]
    entries, row_findings = read_entries(rows)
    legend_findings = tuple(check_legend(entries, read_legend(text, mapping), mapping, source))
    state = LastImport(
        source=source,
        sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        date=today,
        tables=readme.tables,
        findings=(*readme.findings, *legend_findings),
    )
    files = dict(_files_to_write(merged, last, state, data))
    if not dry_run:
        with disk_failures_named(SurveyNotWritten, directory):
            for path, content in files.items():
                write_whole(path, content)
    per_table = {table.slug: sum(entry.row.table == table.slug for entry in entries) for table in readme.tables}
    return ImportReport(
        source=source,
        tables=tuple(TableImport(t.slug, t.title, len(t.rows), per_table[t.slug]) for t in readme.tables),
        changes=tuple(change for table in merged.values() for change in table.changes),
        findings=(*state.findings, *row_findings, *_merge_findings(merged)),
        files=tuple(files),
        dry_run=dry_run,
    )


def _with_earlier(readme: Readme, last: LastImport | None) -> Iterator[ImportedTable]:
    """The README's tables, and empty ones for those that it had at the last import and has no longer."""
    yield from readme.tables
    slugs = {table.slug for table in readme.tables}
    for table in last.tables if last else ():
        if table.slug not in slugs:
            yield ImportedTable(slug=table.slug, title=table.title)


def _merge(table: ImportedTable, last: LastImport | None, data: Path) -> MergedTable:
    path = table_path(data, table.slug)
    if not path.exists():
        return merge_table(None, table.rows, ())
    edited, problems = read_table(path)
    if problems:
        raise ImportRefusedError(f"{path}, line {problems[0].line}: {problems[0].message} {problems[0].advice}")
    known = {earlier.slug: earlier.rows for earlier in last.tables} if last else None
    return merge_table(known.get(table.slug, ()) if known is not None else None, table.rows, edited)


def _files_to_write(
    merged: dict[str, MergedTable], last: LastImport | None, state: LastImport, data: Path
) -> Iterator[tuple[Path, str]]:
    for slug, table in merged.items():
        path = table_path(data, slug)
        if not path.exists() or table.changes:
            yield path, table_csv(table.rows)
    unchanged = last and state.model_copy(update={"date": last.date, "source": last.source, "sha256": last.sha256})
    if last is None or unchanged != last:
        yield data / SURVEY_DIRECTORY / FILE_NAME, last_import_json(state)


def _merge_findings(merged: dict[str, MergedTable]) -> Iterator[Finding]:
    for slug, table in merged.items():
        for overruled in table.overruled:
            yield _overruled(slug, overruled)
        for row in table.unexplained:
            yield _unexplained(slug, row)


def _overruled(slug: str, overruled: Overruled) -> Finding:
    cell = f"“{overruled.edited}” gave way to “{overruled.taken}”"
    whole = "The row was deleted by hand, but changed in the README; it is back."
    if overruled.edited and overruled.column is None:
        whole = "The row was edited by hand, but is no longer in the README; it is removed."
    return Finding(
        kind="hand-edit-overruled",
        severity=Severity.WARNING,
        message=f"The cell was edited by hand, but the README says otherwise: {cell}." if overruled.column else whole,
        advice="Make the correction in the README, or repeat it by hand after this import.",
        table=slug,
        file=overruled.row.file,
        line=overruled.row.line,
        column=overruled.column,
        value=overruled.edited or None,
    )


def _unexplained(slug: str, row: SurveyRow) -> Finding:
    return Finding(
        kind="row-not-in-readme",
        severity=Severity.NOTICE,
        message="The row is not in the README; it stays because it may have been added by hand.",
        advice="Delete it if it should have gone.",
        table=slug,
        file=row.file,
        line=row.line,
        value=row.paper or None,
    )
