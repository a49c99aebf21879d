"""Reading SSSOM files, which hands edit too: tab-separated values below a YAML header in comment lines."""

import csv
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from medsynth_kg.enrichment.errors import MappingsUnreadable

_COMMENT = "#"


@dataclass(frozen=True, slots=True)
class MappingTable:
    """The YAML of a file's header, and each row with its line in the file; absent cells are empty."""

    header: str
    rows: tuple[tuple[int, dict[str, str]], ...]


def read_mapping_table(path: Path, columns: Collection[str]) -> MappingTable:
    """Read one file, which must have ``columns`` and may have others. Comment lines between the rows mean nothing.

    Raises:
        MappingsUnreadable: the file can't be read as UTF-8, its quoting is broken, or a column is missing.
    """
    lines = _read(path).splitlines()
    header = takewhile(lambda line: line.startswith(_COMMENT), lines)
    rows = _rows(path, [(number, line) for number, line in enumerate(lines, 1) if not line.startswith(_COMMENT)])
    first, names = next(rows, (None, []))
    if missing := set(columns) - set(names):
        raise MappingsUnreadable(path, first, f"the column {min(missing)} is missing; restore or remove the file")
    absent = dict.fromkeys(names, "")
    return MappingTable(
        "\n".join(line.removeprefix(_COMMENT) for line in header),
        tuple((line, absent | dict(zip(names, cells, strict=False))) for line, cells in rows),
    )


def _rows(path: Path, lines: Sequence[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty with the line it starts on."""
    reader = csv.reader((line for _, line in lines), delimiter="\t", strict=True)
    start = 0
    try:
        for cells in reader:
            if cells:
                yield lines[start][0], cells
            start = reader.line_num
    except csv.Error as error:
        reason = f"not a row of tab-separated values ({error}); check its quotes"
        raise MappingsUnreadable(path, lines[start][0], reason) from error


def _read(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise MappingsUnreadable(path, None, error.strerror or "can't be read") from error
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise MappingsUnreadable(path, line, "not UTF-8; save the file as UTF-8") from error
