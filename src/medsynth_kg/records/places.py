"""Where in the survey a finding about a paper stands."""

from typing import TypedDict

from medsynth_kg.records.papers import Paper
from medsynth_kg.survey.entries import SurveyEntry


class Place(TypedDict):
    """The fields of a ``Finding`` that say where it stands."""

    table: str
    file: str
    line: int
    column: str | None
    value: str | None
    paper: str


def place_of(paper: Paper, entry: SurveyEntry | None = None, column: str | None = None) -> Place:
    """The place of one of the paper's entries, its first unless told; with a column, of that cell."""
    row = (entry or paper.entries[0]).row
    return Place(
        table=row.table,
        file=row.file,
        line=row.line,
        column=column,
        value=getattr(row, column) if column else None,
        paper=paper.identifier.local_part,
    )
