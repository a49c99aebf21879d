"""What the curators' decisions say of the survey, and decisions about things that the survey no longer names."""

from collections.abc import Iterable, Iterator, Sequence

from medsynth_kg.records.curation import Decisions
from medsynth_kg.records.papers import Paper
from medsynth_kg.records.places import place_of
from medsynth_kg.records.repositories import collect_repositories, repository_key
from medsynth_kg.survey.findings import Finding, Severity


def check_decisions(papers: Iterable[Paper], decisions: Decisions) -> tuple[Finding, ...]:
    """The curators' doubts at the rows that they are about, in the survey's order; then decisions about nothing."""
    described = tuple(papers)
    return (*_doubts(described, decisions), *_strays(described, decisions))


def _doubts(papers: Sequence[Paper], decisions: Decisions) -> Iterator[Finding]:
    for paper in papers:
        names = {identifier.local_part for identifier in paper.identifiers}
        for doubt in decisions.doubts:
            if doubt.paper not in names:
                continue
            for entry in paper.entries:
                yield Finding(
                    kind="row-contradicts-evidence",
                    severity=Severity.NOTICE,
                    message=doubt.reason,
                    advice="Check the cell against the paper.",
                    **place_of(paper, entry, doubt.column),
                )


def _strays(papers: Sequence[Paper], decisions: Decisions) -> Iterator[Finding]:
    names = {identifier.local_part for paper in papers for identifier in paper.identifiers}
    repositories = {repository_key(repository.address) for repository in collect_repositories(papers, decisions)}
    pairs = decisions.same_papers | decisions.different_papers
    decided = (
        ("survey-doubt.csv", {doubt.paper for doubt in decisions.doubts} - names),
        ("field-value.csv", {value.paper for value in decisions.field_values} - names),
        ("same-paper.csv", {" ".join(sorted(pair)) for pair in pairs if names.isdisjoint(pair)}),
        ("repository-role.csv", set(decisions.repository_roles) - repositories),
    )
    for file, strays in decided:
        for key in sorted(strays):
            yield Finding(
                kind="stray-decision",
                severity=Severity.WARNING,
                message=f"A decision is about {key}, which the survey doesn't name.",
                advice=f"Correct or remove its row in data/curation/{file}.",
                file=f"curation/{file}",
                value=key,
            )
