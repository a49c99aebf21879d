"""Where the sources contradict each other about one paper."""

from collections.abc import Callable, Iterable, Iterator

from medsynth_kg.records.metadata import Metadata, Source
from medsynth_kg.records.names import full_name, normalised_text
from medsynth_kg.records.papers import Paper
from medsynth_kg.survey.findings import Finding, Severity

_Comparable = Callable[[Metadata], str | None]
"""Reads a field as the text to compare; None where the source doesn't say."""


def find_disagreements(papers: Iterable[Paper]) -> tuple[Finding, ...]:
    """Every field of every described paper in which the sources disagree, one finding each.

    Titles are compared without case, accents and punctuation, dates by the year, authors by their number and the
    first one's last name. A preprint may differ from its published version in all of these, so they are
    compared only among descriptions of the same stage; identifiers must agree everywhere.
    """
    return tuple(finding for paper in papers for finding in _disagreements(paper))


def _disagreements(paper: Paper) -> Iterator[Finding]:
    records = paper.work.metadata if paper.work else ()
    stages = [[record for record in records if record.is_preprint is stage] for stage in (False, True)]
    for stage in stages:
        for field, value in _DESCRIPTIONS.items():
            yield from _compare(paper, stage, field, value)
    for field, value in _IDENTIFIERS.items():
        yield from _compare(paper, records, field, value)
    other_dois = {doi for record in records for doi in (*record.preprint_dois, *record.version_dois)}
    published = [record for record in records if record.doi not in other_dois and not _is_registered_preprint(record)]
    yield from _compare(paper, published, "doi", lambda record: record.doi)


def _is_registered_preprint(record: Metadata) -> bool:
    """Whether the record's DOI is the preprint's own; arXiv and curated facts name the published version's."""
    return record.is_preprint and record.source is Source.CROSSREF


def _compare(paper: Paper, records: Iterable[Metadata], field: str, value: _Comparable) -> Iterator[Finding]:
    first_with: dict[str, Metadata] = {}
    for record in records:
        if (comparable := value(record)) is not None:
            first_with.setdefault(comparable, record)
    if len(first_with) > 1:
        told = "; ".join(f"{record.source}: {_shown(record, field)}" for record in first_with.values())
        yield Finding(
            kind=f"sources-disagree-on-{field.replace('_', '-')}",
            severity=Severity.WARNING,
            message=f"The sources disagree on the {_WORDS.get(field, field)} of this paper: {told}.",
            advice="See which is right; a wrong curated fact is corrected in data/metadata/curated.",
            paper=paper.identifier.local_part,
            column=field,
        )


def _shown(record: Metadata, field: str) -> str:
    if field == "authors":
        return f"{len(record.authors)} authors, the first {full_name(record.authors[0])}"
    return str(getattr(record, field))


def _title(record: Metadata) -> str | None:
    return normalised_text(record.title) if record.title else None


def _authors(record: Metadata) -> str | None:
    if not record.authors:
        return None
    family_name = normalised_text(full_name(record.authors[0])).split()[-1:]
    return f"{len(record.authors)} {family_name}"


def _year(record: Metadata) -> str | None:
    return record.published[:4] if record.published else None


_DESCRIPTIONS: dict[str, _Comparable] = {"title": _title, "authors": _authors, "published": _year}
_IDENTIFIERS: dict[str, _Comparable] = {
    "arxiv_id": lambda record: record.arxiv_id,
    "pmid": lambda record: record.pmid,
    "pmcid": lambda record: record.pmcid,
    "openreview_id": lambda record: record.openreview_id,
}
_WORDS = {
    "published": "year of publication",
    "doi": "DOI",
    "arxiv_id": "arXiv identifier",
    "pmid": "PubMed identifier",
    "pmcid": "PubMed Central identifier",
    "openreview_id": "OpenReview identifier",
}
