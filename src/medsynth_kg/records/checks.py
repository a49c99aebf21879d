"""What the records show that the rows alone can't: the survey beside what the sources know of its papers."""

from collections.abc import Callable, Iterable, Iterator

from medsynth_kg.records.curation import Decisions
from medsynth_kg.records.decision_checks import check_decisions
from medsynth_kg.records.disagreements import find_disagreements
from medsynth_kg.records.papers import Paper
from medsynth_kg.records.people import repeated_orcids
from medsynth_kg.records.places import place_of
from medsynth_kg.survey.findings import Finding, Severity

DATE_TOLERANCE = 18
"""Months that a survey's date may lie outside all that is known of a paper's dates before it is doubtful."""


def check_papers(papers: Iterable[Paper], decisions: Decisions) -> tuple[Finding, ...]:
    """All findings about the papers, paper by paper in their order.

    ``papers`` carry their works already (see ``medsynth_kg.enrichment.merge.describe_papers``).
    """
    described = tuple(papers)
    checks: tuple[Callable[[Paper], Iterator[Finding]], ...] = (
        _unknown_title,
        _doubtful_date,
        _inferred_identity,
        _published_version,
        _joined_rows,
        _withdrawal,
        _repeated_orcids,
    )
    of_papers = (finding for paper in described for check in checks for finding in check(paper))
    return (*of_papers, *find_disagreements(described), *check_decisions(described, decisions))


def months_apart(one: str, other: str) -> int:
    """Whole months from ``one`` to ``other`` (ISO 8601), as few as their precision allows; negative back.

    A year alone may be any of its months: from 2023 to 2023-10 are 0 months, from 2021 to 2023-02 are 14.
    """
    first, last = _month_range(one)
    other_first, other_last = _month_range(other)
    if other_first > last:
        return other_first - last
    return min(0, other_last - first)


def _month_range(date: str) -> tuple[int, int]:
    year, _, rest = date.partition("-")
    january = int(year) * 12
    return (january + int(rest[:2]) - 1,) * 2 if rest else (january, january + 11)


def _unknown_title(paper: Paper) -> Iterator[Finding]:
    if paper.work is None or paper.work.facts.title is None:
        yield Finding(
            kind="title-unknown",
            severity=Severity.NOTICE,
            message="No source gives the title of this paper.",
            advice="Run `medsynth-kg enrich`, or add what you can show to data/metadata/curated.",
            **place_of(paper, column="paper"),
        )


def _doubtful_date(paper: Paper) -> Iterator[Finding]:
    """Rows that link arXiv are left to the survey's own check, which knows the month from the identifier."""
    dates = _known_dates(paper)
    for entry in paper.entries:
        if not (entry.date and dates) or entry.paper.scheme == "arxiv":
            continue
        distances = [months_apart(date, entry.date) for date in dates]
        between = min(distances) < 0 < max(distances)
        if not between and min(map(abs, distances)) > DATE_TOLERANCE:
            yield Finding(
                kind="date-contradicts-metadata",
                severity=Severity.WARNING,
                message=f"The survey dates this paper {entry.date}; its known dates are {', '.join(dates)}.",
                advice="Check the row's date against the paper.",
                **place_of(paper, entry, "date"),
            )


def _known_dates(paper: Paper) -> list[str]:
    records = paper.work.metadata if paper.work else ()
    dates = {date for record in records for date in (record.published, record.first_version, record.latest_version)}
    return sorted(filter(None, dates))


def _inferred_identity(paper: Paper) -> Iterator[Finding]:
    facts = paper.work.facts if paper.work else None
    if facts and facts.doi and paper.identifier.scheme in ("pii", "page"):
        yield Finding(
            kind="identity-inferred",
            severity=Severity.NOTICE,
            message=f"The row links a publisher's page; the sources take it for the paper with DOI {facts.doi}.",
            advice=f"If that is right, link https://doi.org/{facts.doi} in the survey.",
            **place_of(paper, column="paper"),
        )


def _published_version(paper: Paper) -> Iterator[Finding]:
    facts = paper.work.facts if paper.work else None
    if facts and facts.doi and paper.identifier.scheme == "arxiv":
        yield Finding(
            kind="published-version-exists",
            severity=Severity.NOTICE,
            message=f"The survey links the preprint of a paper published under DOI {facts.doi}.",
            advice="Link the published version too; the graph knows both as one paper.",
            **place_of(paper, column="paper"),
        )


def _joined_rows(paper: Paper) -> Iterator[Finding]:
    first = paper.entries[0]
    for entry in paper.entries[1:]:
        if entry.paper != first.paper:
            yield Finding(
                kind="rows-joined",
                severity=Severity.NOTICE,
                message=f"This row and line {first.row.line} of {first.row.file} name one paper in two ways.",
                advice="If they are two papers, say so in data/curation/same-paper.csv.",
                **place_of(paper, entry, "paper"),
            )


def _withdrawal(paper: Paper) -> Iterator[Finding]:
    if paper.work is None:
        return
    facts = paper.work.facts
    kinds = {update.kind for update in facts.updates} & {"retraction", "withdrawal", "removal"}
    if facts.withdrawn or kinds:
        yield Finding(
            kind="paper-withdrawn",
            severity=Severity.WARNING,
            message=f"This paper has been taken back ({', '.join(sorted(kinds)) or 'withdrawn'}).",
            advice="Decide whether the survey should still list it.",
            **place_of(paper, column="paper"),
        )


def _repeated_orcids(paper: Paper) -> Iterator[Finding]:
    for orcid in sorted(repeated_orcids(paper)):
        yield Finding(
            kind="orcid-repeated",
            severity=Severity.WARNING,
            message=f"ORCID {orcid} stands beside several authors of this paper and identifies none.",
            advice="Tell the publisher; the graph keeps these authors apart.",
            **place_of(paper, column="paper"),
        )
