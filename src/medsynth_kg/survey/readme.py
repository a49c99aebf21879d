"""A survey's README, read into the rows of each table and findings about everything that is not a clean row."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from medsynth_kg.survey.cells import clean_cell, is_empty
from medsynth_kg.survey.columns import Columns, assign_columns, field_of
from medsynth_kg.survey.findings import Finding, Severity
from medsynth_kg.survey.html_tables import report_html_tables
from medsynth_kg.survey.last_import import ImportedTable
from medsynth_kg.survey.links import cell_text
from medsynth_kg.survey.mapping import Mapping, plain_words
from medsynth_kg.survey.markdown import RawRow, RawTable, read_tables
from medsynth_kg.survey.row_repair import join_split_cell
from medsynth_kg.survey.rows import SurveyRow


@dataclass(frozen=True, slots=True)
class Readme:
    """What the README holds: every table that the mapping asks for and every other one about papers."""

    tables: tuple[ImportedTable, ...]
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class _Target:
    """A table being filled, perhaps from several places of the README."""

    title: str
    heading: str | None = None
    rows: list[SurveyRow] = field(default_factory=list)


def read_readme(text: str, mapping: Mapping, source: str) -> Readme:
    """Read the README's text; ``source`` is what findings and rows name as their file."""
    targets = {table.slug: _Target(table.title) for table in mapping.tables if not table.optional}
    optional = {table.slug: table.title for table in mapping.tables}
    findings: list[Finding] = []
    reader, slug, title = None, "", ""
    for raw in read_tables(text):
        continues = raw.continues and reader is not None
        reader = _TableReader(raw, mapping, source, reader.columns if continues and reader else None)
        if not reader.is_about_papers():
            findings.extend(reader.findings)
            continue
        if not continues:
            slug, title = reader.find_table()
        target = targets.setdefault(slug, _Target(optional.get(slug, title)))
        target.heading = target.heading or (raw.headings[0] if raw.headings else None)
        target.rows.extend(reader.read_rows(slug))
        findings.extend(finding.model_copy(update={"table": slug}) for finding in reader.findings)
    tables = tuple(
        ImportedTable(slug=slug, title=target.title, heading=target.heading, rows=tuple(target.rows))
        for slug, target in targets.items()
    )
    return Readme(tables, (*findings, *report_html_tables(text, source), *_missing_tables(tables, source)))


class _TableReader:
    """Reads one table and collects what is wrong with it."""

    def __init__(self, raw: RawTable, mapping: Mapping, source: str, continued: Columns | None) -> None:
        self._raw = raw
        self._mapping = mapping
        self._source = source
        cells = [row.cells for row in raw.rows]
        self.columns = Columns(continued.positions, ()) if continued else assign_columns(raw.header, cells, mapping)
        self.findings: list[Finding] = []

    def is_about_papers(self) -> bool:
        """Whether the table has a column of papers; one that only lacks it is reported."""
        if "paper" in self.columns.positions:
            return True
        names = {plain_words(name) for name in self._raw.header}
        expected = ({plain_words(name) for name in other.columns} for other in self._mapping.other_tables)
        if any(other <= names for other in expected):
            return False
        is_known = any(slugs_in_heading(heading, self._mapping) for heading in self._raw.headings)
        lost = is_known and len(self.columns.positions) > 1
        self._add(
            "table-without-papers",
            Severity.ERROR if lost else Severity.NOTICE,
            self._raw.line,
            f"The table with the columns {', '.join(self._raw.header)} has no column of papers; it is left out.",
            "Name the column that links the papers Paper Link, or list the table's columns as another kind "
            "of table in the mapping file.",
        )
        return False

    def find_table(self) -> tuple[str, str]:
        """Slug and title of the table that the headings mean; a heading that no name fits makes a new one."""
        for distance, heading in enumerate(self._raw.headings):
            if slugs := slugs_in_heading(heading, self._mapping):
                self._report_heading(distance, heading, slugs)
                return slugs[0], heading
        heading = cell_text(self._raw.headings[0]) if self._raw.headings else "Survey"
        slug = slug_of(heading)
        self._add(
            "unknown-heading",
            Severity.WARNING,
            self._raw.line,
            f"No table of the mapping is known by the heading “{heading}”; its rows are taken as the table {slug}.",
            "Add the heading to the table that is meant, or a new table, in the mapping file.",
            value=heading,
        )
        return slug, heading

    def read_rows(self, slug: str) -> Iterator[SurveyRow]:
        """The rows, cleaned, with their cells in the right fields."""
        if self._raw.repair:
            self._add(
                "broken-table",
                Severity.WARNING,
                self._raw.line,
                f"Markdown doesn't show this as part of a table because {self._raw.repair}; its rows are taken.",
                "Repair the table so that its rows follow each other directly below header and delimiter row.",
            )
        for problem in self.columns.problems:
            self._add(problem.kind, problem.severity, self._raw.line, problem.message, problem.advice, problem.name)
        for note in self._raw.notes:
            self._report_note(note)
        for row in self._raw.rows:
            if read := self._read_row(row, slug):
                yield read

    def _read_row(self, raw: RawRow, slug: str) -> SurveyRow | None:
        whole = join_split_cell(raw.cells, len(self._raw.header), self.columns.positions)
        if whole:
            self._report_joined(raw.line, raw.cells, whole)
        cleaned = [clean_cell(cell) for cell in whole or raw.cells]
        cells = [text for text, _ in cleaned]
        if not any(cells):
            return None
        if self._repeats_header(cells):
            self._add(
                "repeated-header",
                Severity.NOTICE,
                raw.line,
                "The line repeats the header or the delimiter row; it is not a row.",
                "Delete the line, or begin a new table below a heading.",
            )
            return None
        self._report_shape(raw.line, cells)
        for text, is_changed in cleaned:
            if is_changed:
                self._report_invisible(raw.line, text)
        places = self.columns.positions
        fields = {name: cells[place] for name, place in places.items() if place < len(cells)}
        return SurveyRow(table=slug, file=self._source, line=raw.line, **fields)

    def _repeats_header(self, cells: list[str]) -> bool:
        dashes = [cell for cell in cells if re.fullmatch(r":?-{2,}:?", cell)]
        if 2 * len(dashes) > len(cells) or all(re.fullmatch(r":?-+:?", cell) for cell in cells):
            return True
        names = [plain_words(cell) for cell in cells]
        return names == [plain_words(name) for name in self._raw.header] or (
            len(names) > 2 and all(name and field_of(name, self._mapping) and len(name) < 30 for name in names)
        )

    def _report_joined(self, line: int, cells: Sequence[str], whole: list[str]) -> None:
        joined = next(cell for cell in whole if cell not in cells).strip()
        self._add(
            "unescaped-pipe",
            Severity.WARNING,
            line,
            f"A pipe in the cell “{joined}” splits it in two; it is read as one cell.",
            "Write a pipe inside a cell as \\|.",
            value=joined,
        )

    def _report_shape(self, line: int, cells: list[str]) -> None:
        width = len(self._raw.header)
        extra = [cell for cell in cells[width:] if not is_empty(cell)]
        if extra:
            self._add(
                "ragged-row",
                Severity.WARNING,
                line,
                f"The row has {len(cells)} cells where the header has {width}; “{' | '.join(extra)}” is left out.",
                "Write a pipe inside a cell as \\|, and give each cell a column.",
                value=" | ".join(extra),
            )
        elif len(cells) < width:
            self._add(
                "ragged-row",
                Severity.NOTICE,
                line,
                f"The row has {len(cells)} cells where the header has {width}; the last ones count as empty.",
                "Write the missing cells, empty ones too.",
            )

    def _report_heading(self, distance: int, heading: str, slugs: list[str]) -> None:
        if len(slugs) > 1:
            self._add(
                "ambiguous-heading",
                Severity.WARNING,
                self._raw.line,
                f"The heading “{heading}” fits the tables {', '.join(slugs)}; its rows are taken as {slugs[0]}.",
                "Give each table a heading of its own.",
                value=heading,
            )
        elif distance:
            nearest = self._raw.headings[0]
            self._add(
                "unknown-heading",
                Severity.NOTICE,
                self._raw.line,
                f"The heading “{nearest}” fits no table; the rows are taken as {slugs[0]} "
                f"because they stand below “{heading}”.",
                "Add the heading to the mapping file if the rows belong elsewhere.",
                value=nearest,
            )

    def _report_note(self, note: RawRow) -> None:
        self._add(
            "text-in-table",
            Severity.NOTICE,
            note.line,
            "A line of text directly below the table is part of it in Markdown; it is left out.",
            "Put an empty line between the table and the text.",
            value=note.cells[0][:80],
        )

    def _report_invisible(self, line: int, text: str) -> None:
        self._add(
            "invisible-characters",
            Severity.NOTICE,
            line,
            "The cell held control characters or direction marks; they are taken out.",
            "Type the cell anew instead of pasting it.",
            value=text[:80],
        )

    def _add(
        self, kind: str, severity: Severity, line: int, message: str, advice: str, value: str | None = None
    ) -> None:
        self.findings.append(
            Finding(
                kind=kind,
                severity=severity,
                message=message,
                advice=advice,
                file=self._source,
                line=line,
                value=value or None,
            )
        )


def slugs_in_heading(heading: str, mapping: Mapping) -> list[str]:
    """The tables whose names stand in a heading, those with the longest name first; a name inside another is none."""
    words = f" {plain_words(heading)} "
    found: dict[str, str] = {}
    for table in mapping.tables:
        names = [plain_words(name) for name in table.headings]
        inside = [name for name in names if f" {name} " in words]
        if inside:
            found[table.slug] = max(inside, key=len)
    longest_first = sorted(found, key=lambda slug: -len(found[slug]))
    return [
        slug
        for slug in longest_first
        if not any(f" {found[slug]} " in f" {found[other]} " for other in found if other != slug)
    ]


def slug_of(heading: str) -> str:
    """A slug made from a heading: its letters without marks, digits, and hyphens between words."""
    letters = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode("ascii").lower()
    return "-".join(re.findall(r"[a-z0-9]+", letters))[:60].strip("-") or "survey"


def _missing_tables(tables: tuple[ImportedTable, ...], source: str) -> Iterator[Finding]:
    for table in tables:
        if table.heading is None:
            yield Finding(
                kind="table-not-found",
                severity=Severity.NOTICE,
                message=f"The survey has no table “{table.title}”.",
                advice="If it was renamed, add its heading to the mapping file.",
                table=table.slug,
                file=source,
            )
