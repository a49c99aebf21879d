"""What is looked for in other graphs: papers by their DOIs and arXiv ids, repositories by their addresses."""

from collections.abc import Callable, Iterable

from pydantic import BaseModel, ConfigDict

from medsynth_kg.enrichment.linking.target import Question
from medsynth_kg.identifiers.paper import PaperIdentifier
from medsynth_kg.identifiers.repository import RepositoryAddress
from medsynth_kg.records.papers import Paper


class LinkSubject(BaseModel):
    """A thing of ours by its IRI, and the questions by which other graphs may know it.

    ``papers`` are the local parts of the papers to tell a problem of: the paper itself, or those that link the code.
    """

    model_config = ConfigDict(frozen=True)

    iri: str
    questions: tuple[Question, ...]
    papers: tuple[str, ...] = ()


def link_subjects(
    papers: Iterable[Paper],
    paper_iri: Callable[[PaperIdentifier], str],
    repository_iri: Callable[[RepositoryAddress], str],
) -> tuple[LinkSubject, ...]:
    """Every paper with a DOI or an arXiv id, and every repository, once, sorted by IRI."""
    questions: dict[str, dict[Question, None]] = {}
    concerned: dict[str, dict[str, None]] = {}
    for paper in papers:
        local_part = paper.identifier.local_part
        of_paper = questions.setdefault(paper_iri(paper.identifier), {})
        concerned.setdefault(paper_iri(paper.identifier), {})[local_part] = None
        for identifier in paper.identifiers:
            if identifier.scheme in ("doi", "arxiv"):
                of_paper[Question(identifier.scheme, identifier.value)] = None
        for entry in paper.entries:
            if entry.repository:
                of_repository = questions.setdefault(repository_iri(entry.repository), {})
                of_repository[Question("repository", entry.repository.address)] = None
                concerned.setdefault(repository_iri(entry.repository), {})[local_part] = None
    return tuple(
        LinkSubject(iri=iri, questions=tuple(asked), papers=tuple(concerned[iri]))
        for iri, asked in sorted(questions.items())
        if asked
    )
