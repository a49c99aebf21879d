"""Rows with more cells than the header has columns, because a pipe inside a cell was not escaped."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from medsynth_kg.survey.placement import HOLDS

_LIKELY = ("architecture", "application", "evaluation", "type", "modality")
"""The columns in which a pipe is likeliest to stand between two names."""


def join_split_cell(cells: Sequence[str], width: int, places: Mapping[str, int]) -> list[str] | None:
    """Join the cells that an unescaped pipe split, where that puts paper, code and date into their columns.

    ``cells`` still have their outer white space: a pipe without a space at its sides is no border of a cell.
    ``places`` gives the position of each field's column. None where no way of joining makes the row fit
    better.
    """
    extra = len(cells) - width
    if extra < 1:
        return None
    best, best_fit = None, _fit(cells, places)
    for start in _starts(cells, width, extra, places):
        joined = [*cells[:start], "|".join(cells[start : start + extra + 1]), *cells[start + extra + 1 :]]
        if (fit := _fit(joined, places)) > best_fit:
            best, best_fit = joined, fit
    return best


def _starts(cells: Sequence[str], width: int, extra: int, places: Mapping[str, int]) -> list[int]:
    likely = [places[field] for field in _LIKELY if field in places]
    return sorted(
        range(width),
        key=lambda start: (
            not _is_tight(cells[start : start + extra + 1]),
            likely.index(start) if start in likely else len(likely),
            start,
        ),
    )


def _is_tight(cells: Sequence[str]) -> bool:
    return all(one[-1:].strip() and two[:1].strip() for one, two in pairwise(cells))


def _fit(cells: Sequence[str], places: Mapping[str, int]) -> int:
    """How many of paper, code and date stand in their columns."""
    return sum(
        holds(cells[places[field]]) for field, holds in HOLDS.items() if places.get(field, len(cells)) < len(cells)
    )
