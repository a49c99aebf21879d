"""The survey as ``data/survey`` holds it: tables, rows, entries and what is wrong with them."""

import re
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from medsynth_kg.survey.checks import check_entries
from medsynth_kg.survey.csv_files import SURVEY_DIRECTORY, read_table
from medsynth_kg.survey.entries import SurveyEntry, read_entry
from medsynth_kg.survey.errors import SurveyFileError
from medsynth_kg.survey.findings import Finding, Severity
from medsynth_kg.survey.last_import import read_last_import
from medsynth_kg.survey.mapping import default_mapping
from medsynth_kg.survey.rows import SurveyRow

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class SurveyTable(BaseModel):
    """A table of the survey; ``file`` is relative to the data directory."""

    model_config = ConfigDict(frozen=True)

    slug: str
    title: str
    file: str


class Survey(BaseModel):
    """Everything that the survey says, in its own order; ``findings`` are about rows, tables and the last import."""

    model_config = ConfigDict(frozen=True)

    tables: tuple[SurveyTable, ...]
    rows: tuple[SurveyRow, ...]
    entries: tuple[SurveyEntry, ...]
    findings: tuple[Finding, ...]


def read_survey(data: Path) -> Survey:
    """Read the tables under ``data`` (the data directory); a table that can't be read doesn't stop the others.

    Raises:
        SurveyFileError: there is no ``survey`` directory in ``data``.
    """
    directory = data / SURVEY_DIRECTORY
    if not directory.is_dir():
        raise SurveyFileError(f"{directory}: no such directory; import a survey first, or check the data directory")
    rows: list[SurveyRow] = []
    findings: list[Finding] = []
    titles, imported = _last_import(directory)
    tables = _tables(directory, titles, findings)
    for table in tables:
        try:
            table_rows, problems = read_table(data / table.file)
        except SurveyFileError as error:
            findings.append(_unreadable(table.file, error, data, table.slug))
            continue
        rows.extend(table_rows)
        findings.extend(problems)
    entries, problems = read_entries(rows)
    return Survey(tables=tables, rows=tuple(rows), entries=entries, findings=(*imported, *findings, *problems))


def read_entries(rows: list[SurveyRow]) -> tuple[tuple[SurveyEntry, ...], tuple[Finding, ...]]:
    """Read rows into entries and check both, each alone and all together."""
    readings = [read_entry(row) for row in rows]
    entries = tuple(entry for entry, _ in readings if entry)
    return entries, (*(finding for _, found in readings for finding in found), *check_entries(entries))


def _last_import(directory: Path) -> tuple[dict[str, str], tuple[Finding, ...]]:
    titles = {table.slug: table.title for table in default_mapping().tables}
    try:
        last = read_last_import(directory)
    except SurveyFileError as error:
        return titles, (_unreadable(f"{SURVEY_DIRECTORY}/last-import.json", error, directory.parent),)
    if last is None:
        return titles, ()
    return {table.slug: table.title for table in last.tables} | titles, last.findings


def _tables(directory: Path, titles: dict[str, str], findings: list[Finding]) -> tuple[SurveyTable, ...]:
    order = list(titles)
    tables: list[SurveyTable] = []
    for path in sorted(directory.glob("*.csv")):
        file = f"{SURVEY_DIRECTORY}/{path.name}"
        if _SLUG.fullmatch(path.stem):
            tables.append(SurveyTable(slug=path.stem, title=titles.get(path.stem, path.stem), file=file))
        elif not path.name.startswith("."):
            findings.append(_misnamed(file))
    return tuple(sorted(tables, key=lambda table: _place(table.slug, order)))


def _place(slug: str, order: list[str]) -> tuple[int, str]:
    return (order.index(slug) if slug in order else len(order), slug)


def _misnamed(file: str) -> Finding:
    return Finding(
        kind="table-misnamed",
        severity=Severity.ERROR,
        message=f"{file} has a name that can't be part of an address; its rows are left out.",
        advice="Rename it with lower-case letters, digits and single hyphens, for example ecg.csv.",
        file=file,
    )


def _unreadable(file: str, error: SurveyFileError, data: Path, table: str | None = None) -> Finding:
    return Finding(
        kind="file-unreadable",
        severity=Severity.ERROR,
        message=str(error).replace(f"{data}/", "", 1),
        advice="Repair the file or restore it from the last version that could be read.",
        table=table,
        file=file,
    )
