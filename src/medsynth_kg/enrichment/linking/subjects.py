"""What is looked for in other graphs: papers by their DOIs and arXiv ids, repositories by their addresses."""

from collections.abc import Callable, Iterable

from pydantic import BaseModel, ConfigDict

from medsynth_kg.enrichment.linking.target import Question
from medsynth_kg.identifiers.paper import PaperIdentifier
from medsynth_kg.identifiers.repository import RepositoryAddress
from medsynth_kg.records.papers import Paper


class LinkSubject(BaseModel):
    """A thing of ours by its IRI, and the questions by which other graphs may know it."""

    model_config = ConfigDict(frozen=True)

    iri: str
    questions: tuple[Question, ...]


def link_subjects(
    papers: Iterable[Paper],
    paper_iri: Callable[[PaperIdentifier], str],
    repository_iri: Callable[[RepositoryAddress], str],
) -> tuple[LinkSubject, ...]:
    """Every paper with a DOI or an arXiv id, and every repository, once, sorted by IRI."""
    questions: dict[str, dict[Question, None]] = {}
    for paper in papers:
        of_paper = questions.setdefault(paper_iri(paper.identifier), {})
        for identifier in paper.identifiers:
            if identifier.scheme in ("doi", "arxiv"):
                of_paper[Question(identifier.scheme, identifier.value)] = None
        for entry in paper.entries:
            if entry.repository:
                of_repository = questions.setdefault(repository_iri(entry.repository), {})
                of_repository[Question("repository", entry.repository.address)] = None
    return tuple(LinkSubject(iri=iri, questions=tuple(asked)) for iri, asked in sorted(questions.items()) if asked)
