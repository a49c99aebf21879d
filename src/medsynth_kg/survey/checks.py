"""Checks of sense that need nothing but the survey's entries."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from medsynth_kg.identifiers.arxiv import arxiv_month
from medsynth_kg.survey.dates import months_between
from medsynth_kg.survey.entries import SurveyEntry
from medsynth_kg.survey.findings import Finding, Severity
from medsynth_kg.survey.links import cell_text
from medsynth_kg.survey.rows import COLUMNS

LONGEST_LAG = 24
"""Months that a survey's date may follow the arXiv id's month: later versions and publication take their time."""

_SAME_IN_EVERY_TABLE = ("type", "architecture", "date")


def check_entries(entries: Sequence[SurveyEntry]) -> tuple[Finding, ...]:
    """Look for what can't be right although every cell can be read."""
    return (*_dates_against_arxiv(entries), *_rows_of_one_paper(entries), *_shared_repositories(entries))


def _finding(
    entry: SurveyEntry,
    kind: str,
    severity: Severity,
    column: str,
    message: str,
    advice: str,
) -> Finding:
    row = entry.row
    return Finding(
        kind=kind,
        severity=severity,
        message=message,
        advice=advice,
        table=row.table,
        file=row.file,
        line=row.line,
        column=column,
        value=getattr(row, column) or None,
        paper=entry.paper.local_part,
    )


def _dates_against_arxiv(entries: Sequence[SurveyEntry]) -> Iterator[Finding]:
    for entry in entries:
        identifiers = (entry.paper, *entry.other_papers)
        arxiv_id = next((paper.value for paper in identifiers if paper.scheme == "arxiv"), None)
        month = arxiv_month(arxiv_id) if arxiv_id else None
        if month is None or entry.date is None:
            continue
        if entry.date < month[: len(entry.date)]:
            yield _finding(
                entry,
                "date-before-arxiv-id",
                Severity.WARNING,
                "date",
                f"The row is dated {entry.date}, but arXiv gave out the id {arxiv_id} in {month}.",
                "Correct the date or the link.",
            )
        elif (months_between(month, entry.date) or 0) > LONGEST_LAG:
            yield _finding(
                entry,
                "date-long-after-arxiv-id",
                Severity.WARNING,
                "date",
                f"The row is dated {entry.date}, but arXiv gave out the id {arxiv_id} in {month}, "
                f"{months_between(month, entry.date)} months earlier.",
                "Check whether the link leads to the paper that is meant.",
            )


def _rows_of_one_paper(entries: Sequence[SurveyEntry]) -> Iterator[Finding]:
    first_of: dict[str, SurveyEntry] = {}
    for entry in entries:
        first = first_of.setdefault(entry.paper.local_part, entry)
        if first is entry:
            continue
        same_table = first.row.table == entry.row.table
        columns = COLUMNS if same_table else _SAME_IN_EVERY_TABLE
        differing = [name for name in columns if name != "paper" and _contradict(first, entry, name)]
        place = f"{first.row.file}, line {first.row.line}"
        if differing:
            yield _finding(
                entry,
                "rows-disagree",
                Severity.WARNING,
                differing[0],
                f"This row and {place} are of one paper but differ in {', '.join(differing)}.",
                "Make the rows agree, or link each to its own paper.",
            )
        elif same_table:
            yield _finding(
                entry,
                "repeated-row",
                Severity.NOTICE,
                "paper",
                f"This row repeats {place}.",
                "Delete one of the two rows.",
            )


def _contradict(one: SurveyEntry, other: SurveyEntry, column: str) -> bool:
    if column == "code":
        return one.repository is not None and other.repository is not None and _keys(one) != _keys(other)
    if column == "date":
        return one.date is not None and other.date is not None and one.date != other.date
    first, second = (cell_text(getattr(entry.row, column)).casefold() for entry in (one, other))
    return bool(first and second) and first != second


def _keys(entry: SurveyEntry) -> tuple[str, ...]:
    repository = entry.repository
    return (repository.host, repository.owner, repository.name) if repository else ()


def _shared_repositories(entries: Sequence[SurveyEntry]) -> Iterator[Finding]:
    users: defaultdict[tuple[str, ...], dict[str, SurveyEntry]] = defaultdict(dict)
    for entry in entries:
        if entry.repository:
            users[_keys(entry)].setdefault(entry.paper.local_part, entry)
    for sharing in users.values():
        first, *others = sharing.values()
        for entry in others:
            yield _finding(
                entry,
                "shared-repository",
                Severity.NOTICE,
                "code",
                f"The repository is also linked for another paper, in {first.row.file}, line {first.row.line}.",
                "Check whether the repository holds this paper's code or the original method's.",
            )
