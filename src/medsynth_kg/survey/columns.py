"""Which column of a README table holds which field of a row."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from medsynth_kg.survey.cells import is_empty
from medsynth_kg.survey.entries import is_placeholder_cell
from medsynth_kg.survey.findings import Severity
from medsynth_kg.survey.links import cell_text, read_cell
from medsynth_kg.survey.mapping import Mapping, plain_words
from medsynth_kg.survey.placement import holds_date, holds_paper, holds_repository
from medsynth_kg.survey.rows import COLUMNS

_LETTERS = re.compile(r"[A-Z](?:\s*[,;/&+]\s*[A-Z])*[,;.]?")


@dataclass(frozen=True, slots=True)
class ColumnProblem:
    """What is wrong with one column of a table; ``field`` is None where its cells are left out."""

    kind: str
    severity: Severity
    name: str
    field: str | None
    message: str
    advice: str


@dataclass(frozen=True, slots=True)
class Columns:
    """The position of each field's column, and what was doubtful about finding it."""

    positions: dict[str, int]
    problems: tuple[ColumnProblem, ...]


def assign_columns(header: Sequence[str], rows: Sequence[Sequence[str]], mapping: Mapping) -> Columns:
    """Find each field's column: by its name, of several with the name by their content, and else by content alone.

    A column that two of its name compete for goes to the first that reads as what it should hold.
    """
    contents = [[row[place] for row in rows if place < len(row)] for place in range(len(header))]
    named: dict[str, list[int]] = {}
    for place, name in enumerate(header):
        if field := field_of(name, mapping):
            named.setdefault(field, []).append(place)
    positions = {field: _best(field, places, contents) for field, places in named.items()}
    left = [place for place in range(len(header)) if place not in positions.values()]
    problems = [_take_or_leave(place, header, contents, positions, mapping) for place in left]
    return Columns(positions, tuple(problem for problem in problems if problem))


def field_of(name: str, mapping: Mapping) -> str | None:
    """The field that a column's name stands for: the whole name first, then the weightiest known name in it.

    A field's own name is always one of its names, unless the mapping gives it to another field.
    """
    words = plain_words(name)
    known = [(plain_words(spelling), field) for field, names in mapping.columns.items() for spelling in names]
    known += [(field, field) for field in COLUMNS]
    exact = next((field for spelling, field in known if spelling == words), None)
    if exact or not words:
        return exact
    inside = [(spelling, field) for spelling, field in known if f" {spelling} " in f" {words} "]
    return max(inside, key=lambda match: _weight(match[0], words))[1] if inside else None


def _weight(spelling: str, words: str) -> tuple[int, bool, int]:
    """How much a name says when it is only part of what a column is called: its words, its place, its length."""
    return (len(spelling.split()), words.startswith(f"{spelling} "), len(spelling))


def _holds_evaluation(cell: str) -> bool:
    text = cell_text(cell)
    return _LETTERS.fullmatch(text) is not None or text.casefold().startswith(
        ("fidelity", "utility", "diversity", "privacy", "clinical val", "qualitative")
    )


def _holds_words(cell: str) -> bool:
    return not (read_cell(cell).links or holds_date(cell) or _holds_evaluation(cell))


def _links_paper(cell: str) -> bool:
    return holds_paper(cell) or is_placeholder_cell(cell)


_FITS: dict[str, Callable[[str], bool]] = {
    "paper": _links_paper,
    "code": holds_repository,
    "date": holds_date,
    "evaluation": _holds_evaluation,
}


def _share(field: str, cells: Sequence[str]) -> float:
    """The share of a column's cells that read as what ``field`` should hold."""
    filled = [cell for cell in cells if not is_empty(cell)]
    fits = _FITS.get(field, _holds_words)
    return sum(map(fits, filled)) / len(filled) if filled else 0.0


def _best(field: str, places: Sequence[int], contents: Sequence[Sequence[str]]) -> int:
    if len(places) == 1:
        return places[0]
    return next(
        (place for place in places if _share(field, contents[place]) >= 0.5),
        max(places, key=lambda place: (_share(field, contents[place]), -place)),
    )


def _take_or_leave(
    place: int,
    header: Sequence[str],
    contents: Sequence[Sequence[str]],
    positions: dict[str, int],
    mapping: Mapping,
) -> ColumnProblem | None:
    """Take a column without a use of its own for a field that has no column yet, if most of its cells read so."""
    name = cell_text(header[place])
    for field in _FITS:
        if field not in positions and _share(field, contents[place]) >= 0.5:
            positions[field] = place
            return ColumnProblem(
                "column-read-by-content",
                Severity.WARNING,
                name,
                field,
                f"The column “{name}” holds what belongs in the column {field}; it is read as that.",
                "Give the column the name of what it holds, or add its name to the mapping file.",
            )
    if not name and all(is_empty(cell) for cell in contents[place]):
        return None
    field_named = field_of(header[place], mapping)
    if field_named:
        return ColumnProblem(
            "repeated-column",
            Severity.WARNING,
            name,
            None,
            f"The table has more than one column for {field_named}; the cells of this “{name}” are left out.",
            "Keep one column of that name and rename or remove the other.",
        )
    called = f"The column “{name}”" if name else "A column without a name"
    return ColumnProblem(
        "unknown-column",
        Severity.WARNING,
        name,
        None,
        f"{called} is none of {', '.join(COLUMNS)}; its cells are left out.",
        "Rename the column, or add its name to the mapping file.",
    )
