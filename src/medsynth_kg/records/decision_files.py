"""Files of decisions: CSV with the columns ``key``, ``decision``, ``reason`` and ``date``, one decision a row."""

import csv
import datetime
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from medsynth_kg.records.errors import CurationError

DECISION_COLUMNS = ["key", "decision", "reason", "date"]


class Decision(BaseModel):
    """One row: what it is about (``key``, split at white space), what was decided, why, when, and its line."""

    model_config = ConfigDict(frozen=True)

    key: tuple[str, ...]
    decision: str
    reason: str
    date: datetime.date
    line: int


def read_decision_file(
    path: Path, allowed: tuple[str, ...] | None, key_problem: Callable[[tuple[str, ...]], str | None]
) -> tuple[Decision, ...]:
    """Read a file of decisions, each one of ``allowed`` unless that is None; a missing file holds none.

    ``key_problem`` says what is wrong with a key, or answers None. The order of a key's words doesn't tell two
    keys apart.

    Raises:
        CurationError: the file isn't UTF-8 or CSV, its columns are others, a cell is empty or not as it should
            be, or a key is decided twice.
    """
    if not path.exists():
        return ()
    decisions: dict[frozenset[str], Decision] = {}
    for line, cells in _rows(path):
        decision = _decision(f"{path}, line {line}", line, cells, allowed)
        key = " ".join(decision.key)
        if problem := key_problem(decision.key):
            raise CurationError(f"{path}, line {line}: key {key!r}: {problem}")
        earlier = decisions.setdefault(frozenset(decision.key), decision)
        if earlier is not decision:
            raise CurationError(f"{path}, line {line}: {key!r} is decided on line {earlier.line} too; keep one")
    return tuple(decisions.values())


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CurationError(f"{path}: not UTF-8 at byte {error.start}; save the file as UTF-8") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        if next(reader, []) != DECISION_COLUMNS:
            raise CurationError(f"{path}, line 1: the columns must be {','.join(DECISION_COLUMNS)}")
        for cells in reader:
            if cells:
                yield reader.line_num, cells
    except csv.Error as error:
        raise CurationError(f"{path}, line {reader.line_num}: not a CSV row: {error}") from error


def _decision(place: str, line: int, cells: list[str], allowed: tuple[str, ...] | None) -> Decision:
    if len(cells) != len(DECISION_COLUMNS):
        raise CurationError(f"{place}: {len(cells)} cells where {len(DECISION_COLUMNS)} are needed")
    key, decision, reason, date = (cell.strip() for cell in cells)
    if not key or not reason:
        raise CurationError(f"{place}: key and reason must not be empty")
    if not decision:
        raise CurationError(f"{place}: the decision must not be empty")
    if allowed is not None and decision not in allowed:
        raise CurationError(f"{place}: decision {decision!r} must be one of: {', '.join(allowed)}")
    return Decision(key=tuple(key.split()), decision=decision, reason=reason, date=_day(place, date), line=line)


def _day(place: str, date: str) -> datetime.date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", date):
        raise CurationError(f"{place}: date {date!r} must look like 2026-11-23")
    try:
        return datetime.date.fromisoformat(date)
    except ValueError as error:
        raise CurationError(f"{place}: {date} is no day of the calendar") from error
