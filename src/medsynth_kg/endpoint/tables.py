"""Results of queries as tables of a page."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from medsynth_kg.endpoint.links import Links
from medsynth_kg.endpoint.results import Results, Term

ROWS_SHOWN = 200
"""Rows that a page shows; the page says so and links to the complete answer."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One term for a reader: its text, the address it links to, and a note beside it.

    ``is_retracted`` marks a paper that was retracted or withdrawn.
    """

    text: str = ""
    href: str | None = None
    note: str = ""
    number: bool = False
    language: str = ""
    is_retracted: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and the rows that are shown, of ``total`` rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int

    @property
    def is_cut(self) -> bool:
        """Whether the page shows less than the whole answer."""
        return self.total > len(self.rows)


def make_table(results: Results, links: Links) -> Table:
    """The first rows of an answer as cells."""
    rows = tuple(
        tuple(make_cell(row.get(column), links) for column in results.columns) for row in results.rows[:ROWS_SHOWN]
    )
    return Table(results.columns, rows, len(results.rows))


def mark_retracted(table: Table, addresses: Collection[str]) -> Table:
    """The table with a mark on the cells that lead to retracted or withdrawn papers, whose ``addresses`` these are."""
    rows = tuple(
        tuple(replace(cell, is_retracted=True) if cell.href and cell.href in addresses else cell for cell in row)
        for row in table.rows
    )
    return replace(table, rows=rows)


def fold_labels(table: Table) -> Table:
    """The table with a thing and its label in one column, where the label links to the thing.

    A label is a column called ``label``, or ``thingLabel`` after ``thing``.
    """
    folded: dict[int, int] = {}
    for index, (thing, label) in enumerate(pairwise(table.columns)):
        is_label = label in ("label", f"{thing}Label")
        if is_label and all(row[index].href and row[index + 1].text for row in table.rows):
            folded[index] = index + 1
    kept = [index for index in range(len(table.columns)) if index not in folded.values()]
    rows = tuple(
        tuple(replace(row[folded[index]], href=row[index].href) if index in folded else row[index] for index in kept)
        for row in table.rows
    )
    return Table(tuple(table.columns[index] for index in kept), rows, table.total)


def make_cell(term: Term | None, links: Links) -> Cell:
    """One term, or an empty cell for an unbound variable."""
    if term is None:
        return Cell()
    if term.kind == "uri":
        return Cell(links.short(term.value), links.href(term.value))
    if term.kind == "bnode":
        return Cell(f"_:{term.value}")
    note = links.note(term)
    number = note in ("xsd:integer", "xsd:decimal", "xsd:double", "xsd:float")
    return Cell(term.value, None, "" if number else note, number, term.language)


def words(names: Iterable[str]) -> list[str]:
    """Names of variables as column heads: ``withCode`` becomes ``with code``."""
    return ["".join(f" {c.lower()}" if c.isupper() else c for c in name).replace("_", " ").strip() for name in names]
