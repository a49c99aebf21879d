"""``medsynth-kg import``."""

import datetime
from collections import Counter
from pathlib import Path

import click

from medsynth_kg.cli.options import directory_option
from medsynth_kg.cli.printing import print_findings
from medsynth_kg.survey.importing import ImportReport, import_survey, load_readme
from medsynth_kg.survey.mapping import default_mapping, read_mapping
from medsynth_kg.survey.merging import RowChange


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@directory_option("data")
@click.option(
    "--mapping",
    "mapping_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A TOML file that says what another survey calls its tables and columns.",
)
@click.option("--source", help="What to call the survey in findings instead of the file's name.")
@click.option("--dry-run", is_flag=True, help="Print what would change, write nothing.")
def import_command(file: Path, data: Path, mapping_file: Path | None, source: str | None, *, dry_run: bool) -> None:
    """Read a survey's README (Markdown) into one CSV a table.

    Prints what it took, what it changed, and every row or cell that it could not take, with table, line and reason.
    Importing the same file again changes nothing; hand edits that the README does not contradict survive.
    """
    report = import_survey(
        load_readme(file),
        data,
        source=source or file.name,
        mapping=read_mapping(mapping_file) if mapping_file else default_mapping(),
        today=datetime.datetime.now(tz=datetime.UTC).date(),
        dry_run=dry_run,
    )
    _print_report(report)


def _print_report(report: ImportReport) -> None:
    for table in report.tables:
        click.echo(f"{table.slug:<14} {table.rows:>4} rows, {table.entries:>4} of them name a paper")
    for change in report.changes:
        click.echo(_change_line(change))
    print_findings(report.findings)
    kinds = Counter(change.kind for change in report.changes)
    changed = ", ".join(f"{kinds[kind]} {kind}" for kind in ("added", "changed", "removed") if kinds[kind])
    written = "files that would be written" if report.dry_run else "files written"
    click.echo(
        f"{sum(table.entries for table in report.tables)} entries, {changed or 'no row changed'}, "
        f"{len(report.findings)} findings; {written}: {len(report.files)}"
    )


def _change_line(change: RowChange) -> str:
    cells = "; ".join(f"{column}: “{old}” -> “{new}”" for column, (old, new) in change.cells.items())
    return f"{change.kind}: {change.table}, {change.row.paper or 'a row without a paper'}" + (
        f": {cells}" if cells else ""
    )
