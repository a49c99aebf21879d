"""Lines that were meant as a table but that Markdown reads as a paragraph, as code or as HTML."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_DELIMITER = re.compile(r":?-+:?")

NumberedLine = tuple[int, str]
"""A line's number in the document (from 1) and its text."""


@dataclass(frozen=True, slots=True)
class StrayTable:
    """A table found outside of tables.

    ``header`` is a line, or the columns of the table that it continues, or empty where its rows stand alone.
    """

    line: int
    header: str | tuple[str, ...]
    rows: tuple[NumberedLine, ...]
    repair: str


def find_stray_table(lines: Sequence[NumberedLine], previous: tuple[str, ...] | None) -> StrayTable | None:
    """Find a table in the lines of one block; ``previous`` is the header of the last table in the same section.

    Without a delimiter row the lines continue that table; without such a table the first of them is the header,
    unless it holds a link.
    """
    delimiter = next((place for place, (_, text) in enumerate(lines) if place and _is_delimiter(text)), None)
    if delimiter is not None:
        rows = tuple(line for line in lines[delimiter + 1 :] if "|" in line[1])
        number, header = lines[delimiter - 1]
        return StrayTable(number, header, rows, "its delimiter row doesn't fit its header") if "|" in header else None
    piped = tuple(line for line in lines if _is_row(line[1]))
    if not piped:
        return None
    if previous is not None:
        return StrayTable(piped[0][0], previous, piped, "an empty line or another block separates its rows")
    (number, header), *rest = piped
    if has_link(header):
        return StrayTable(number, (), piped, "it has no header")
    return StrayTable(number, header, tuple(rest), "it has no delimiter row") if rest else None


def has_link(text: str) -> bool:
    """Whether a line holds a link, as rows do and headers don't."""
    return "](" in text or "://" in text


def _is_row(text: str) -> bool:
    return text.lstrip().startswith("|") or (text.count("|") > 1 and has_link(text))


def _is_delimiter(text: str) -> bool:
    """Whether a line was meant as the row of dashes, with no-break spaces and long dashes as some editors make them."""
    plain = text.replace("–", "-").replace("—", "-").strip()
    cells = plain.removeprefix("|").removesuffix("|").split("|")
    return "|" in plain and all(_DELIMITER.fullmatch(cell.strip()) for cell in cells)
