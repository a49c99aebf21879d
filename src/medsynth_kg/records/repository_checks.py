"""Code that the survey links and its forge no longer has."""

from collections.abc import Iterable, Iterator

from medsynth_kg.records.papers import Paper
from medsynth_kg.records.places import place_of
from medsynth_kg.records.repositories import repository_key
from medsynth_kg.records.repository_state import RepositoryState
from medsynth_kg.survey.findings import Finding, Severity


def check_repositories(papers: Iterable[Paper], states: Iterable[RepositoryState]) -> Iterator[Finding]:
    """A finding for each row that links a repository which was gone when its forge was asked, in the survey's order."""
    gone = {state.repository: state for state in states if state.gone}
    for paper in papers:
        for entry in paper.entries:
            if entry.repository and (state := gone.get(repository_key(entry.repository))):
                yield Finding(
                    kind="repository-gone",
                    severity=Severity.WARNING,
                    message=f"The linked repository {state.repository} was gone on {state.retrieved}.",
                    advice="Link where the code is now, or leave the cell empty.",
                    **place_of(paper, entry, "code"),
                )
