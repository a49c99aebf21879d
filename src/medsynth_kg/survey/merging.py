"""A table's rows from three sides: the last import, the README as it is now, and the CSV file that people edit.

What the README changed since the last import is taken; what only the CSV file changed stays. Where both
changed the same cell, the README's cell is taken and the edit that gives way is reported.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from medsynth_kg.identifiers.paper import identify_paper
from medsynth_kg.survey.links import cell_text, read_cell
from medsynth_kg.survey.rows import COLUMNS, SurveyRow


@dataclass(frozen=True, slots=True)
class RowChange:
    """What an import does to one row of a CSV file; ``cells`` are old and new text of each cell that changes."""

    kind: Literal["added", "changed", "removed"]
    table: str
    row: SurveyRow
    cells: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Overruled:
    """A hand edit that the README contradicts: ``edited`` gave way to ``taken``; no column where a whole row did."""

    row: SurveyRow
    column: str | None
    edited: str
    taken: str


@dataclass(frozen=True, slots=True)
class MergedTable:
    """The rows that the CSV file shall have; ``unexplained`` are rows kept that no README ever had, as far as known."""

    rows: tuple[SurveyRow, ...]
    changes: tuple[RowChange, ...]
    overruled: tuple[Overruled, ...]
    unexplained: tuple[SurveyRow, ...]


def merge_table(
    base: Sequence[SurveyRow] | None, readme: Sequence[SurveyRow], edited: Sequence[SurveyRow]
) -> MergedTable:
    """Merge one table. ``base`` is the README at the last import, None where that is not known."""
    if base is not None and list(map(_cells, base)) == list(map(_cells, readme)):
        return MergedTable(tuple(edited), (), (), ())
    merge = _Merge(base, readme, edited)
    return MergedTable(
        tuple(merge.rows()),
        tuple(merge.changes),
        tuple(merge.overruled),
        () if base is not None else tuple(merge.kept),
    )


class _Merge:
    """One merge under way."""

    def __init__(
        self, base: Sequence[SurveyRow] | None, readme: Sequence[SurveyRow], edited: Sequence[SurveyRow]
    ) -> None:
        self._base, self._readme, self._edited = base or (), readme, edited
        self._base_of_readme = match_rows(readme, self._base)
        self._edited_of_readme = match_rows(readme, edited)
        base_of_edited = match_rows(edited, self._base)
        edited_of_base = {base_place: place for place, base_place in base_of_edited.items()}
        for place, base_place in self._base_of_readme.items():
            if place not in self._edited_of_readme and base_place in edited_of_base:
                self._edited_of_readme.setdefault(place, edited_of_base[base_place])
        self._base_of_edited = base_of_edited
        self.changes: list[RowChange] = []
        self.overruled: list[Overruled] = []
        self.kept: list[SurveyRow] = []

    def rows(self) -> list[SurveyRow]:
        """The merged rows: the README's in its order, each followed by the rows that were added below it by hand."""
        followers = self._followers()
        rows = list(followers.get(None, ()))
        for place, row in enumerate(self._readme):
            merged = self._merged(place, row)
            if merged is not None:
                rows.append(merged)
            rows.extend(followers.get(self._edited_of_readme.get(place), ()) if place in self._edited_of_readme else ())
        return rows

    def _followers(self) -> dict[int | None, list[SurveyRow]]:
        """Rows of the CSV file that are not the README's, by the row that they follow there."""
        followers: dict[int | None, list[SurveyRow]] = {}
        from_readme = set(self._edited_of_readme.values())
        anchor: int | None = None
        for place, row in enumerate(self._edited):
            if place in from_readme:
                anchor = place
            elif place in self._base_of_edited:
                self._remove(row, self._base[self._base_of_edited[place]])
            else:
                followers.setdefault(anchor, []).append(row)
                self.kept.append(row)
        return followers

    def _remove(self, row: SurveyRow, base: SurveyRow) -> None:
        self.changes.append(RowChange("removed", row.table, row, {}))
        if _cells(row) != _cells(base):
            self.overruled.append(Overruled(row, None, cell_text(row.paper), ""))

    def _merged(self, place: int, row: SurveyRow) -> SurveyRow | None:
        base = self._base[self._base_of_readme[place]] if place in self._base_of_readme else None
        if place not in self._edited_of_readme:
            if base is not None and _cells(base) == _cells(row):
                return None
            if base is not None:
                self.overruled.append(Overruled(row, None, "", cell_text(row.paper)))
            self.changes.append(RowChange("added", row.table, row, {}))
            return row
        edited = self._edited[self._edited_of_readme[place]]
        cells = {column: self._cell(column, row, base, edited) for column in COLUMNS}
        changed = {
            column: (getattr(edited, column), cell) for column, cell in cells.items() if cell != getattr(edited, column)
        }
        merged = edited.model_copy(update=cells)
        if changed:
            self.changes.append(RowChange("changed", row.table, merged, changed))
        return merged

    def _cell(self, column: str, row: SurveyRow, base: SurveyRow | None, edited: SurveyRow) -> str:
        new, old = getattr(row, column), getattr(edited, column)
        before = getattr(base, column) if base is not None else ""
        if new in (old, before):
            return str(old)
        if old not in ("", before):
            self.overruled.append(Overruled(edited, column, old, new))
        return str(new)


def match_rows(rows: Sequence[SurveyRow], others: Sequence[SurveyRow]) -> dict[int, int]:
    """Which row of ``others`` is the same row, by position in both.

    Rows of one paper are the same, in their order; then rows of one text; then rows that differ in one cell
    only, where no other two do.
    """
    matched: dict[int, int] = {}
    for keys, other_keys in (
        (_occurrences(map(_paper, rows)), _occurrences(map(_paper, others))),
        (_occurrences(map(_cells, rows)), _occurrences(map(_cells, others))),
    ):
        _join(keys, other_keys, matched)
    for column in COLUMNS:
        _join(_single(_without(column, rows), matched), _single(_without(column, others), matched.values()), matched)
    return matched


def _join(keys: Mapping[Hashable, int], others: Mapping[Hashable, int], matched: dict[int, int]) -> None:
    taken = set(matched.values())
    for key, place in keys.items():
        if place not in matched and key in others and others[key] not in taken:
            matched[place] = others[key]


def _occurrences(keys: Iterator[Hashable | None]) -> dict[Hashable, int]:
    """Each key with its running number, and the position where it stands."""
    seen: Counter[Hashable] = Counter()
    places: dict[Hashable, int] = {}
    for place, key in enumerate(keys):
        if key is not None:
            seen[key] += 1
            places[key, seen[key]] = place
    return places


def _without(column: str, rows: Sequence[SurveyRow]) -> list[Hashable]:
    return [tuple(getattr(row, name) for name in COLUMNS if name != column) for row in rows]


def _single(keys: list[Hashable], used: Iterable[int]) -> dict[Hashable, int]:
    """Each key that only one row has among those that are not used yet, and that row's position."""
    taken = set(used)
    free = [(key, place) for place, key in enumerate(keys) if place not in taken]
    counts = Counter(key for key, _ in free)
    return {key: place for key, place in free if counts[key] == 1}


def _paper(row: SurveyRow) -> str | None:
    identifiers = (identify_paper(link.address) for link in read_cell(row.paper).links)
    return next((identifier.local_part for identifier in identifiers if identifier), None)


def _cells(row: SurveyRow) -> tuple[str, ...]:
    return tuple(getattr(row, column) for column in COLUMNS)
