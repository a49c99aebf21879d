"""Semantic Scholar's Academic Graph API, route ``/paper/batch`` (api.semanticscholar.org/api-docs/graph)."""

import re
from collections.abc import Sequence

from medsynth_kg.enrichment.errors import FetchError
from medsynth_kg.enrichment.json_fields import Fields, parse_list
from medsynth_kg.enrichment.linking.target import Answers, Form, Question, Target
from medsynth_kg.enrichment.session import Answer, ServiceSession
from medsynth_kg.enrichment.stated_identifiers import stated_arxiv, stated_doi

_NAMESPACE = "https://www.semanticscholar.org/paper/"
_PREFIXES = {"doi": "DOI", "arxiv": "ARXIV"}
_NONE_KNOWN = b"No valid paper ids given"


def ask_semantic_scholar(session: ServiceSession, address: str, questions: Sequence[Question]) -> Answers:
    """Look papers up by DOI and arXiv id.

    Which question an entry answers is read from the identifiers that it states, not from its place in the list: the
    service merges papers and then answers with another one than asked for (allenai/s2-folks, issue 158).
    """
    identifiers = [f"{_PREFIXES[question.scheme]}:{question.value}" for question in questions]
    answer = session.post(f"{address.rstrip('/')}/paper/batch", {"ids": identifiers}, {"fields": "externalIds"})
    if answer.status == 400 and _NONE_KNOWN in answer.body:
        return {}
    found: dict[Question, set[str]] = {}
    for paper in _papers(answer, len(identifiers)):
        stated = paper.nested("externalIds")
        doi, preprint = stated_doi(stated.text("DOI")), stated_arxiv(stated.text("ArXiv"))
        named = {Question("doi", doi or ""), Question("arxiv", preprint.identifier if preprint else "")}
        for question in named.intersection(questions):
            if identifier := paper.text("paperId"):
                found.setdefault(question, set()).add(_NAMESPACE + identifier)
    return {question: tuple(sorted(iris)) for question, iris in found.items()}


def _papers(answer: Answer, count: int) -> list[Fields]:
    content = parse_list(answer.require("application/json"))
    if len(content) != count:
        raise FetchError(f"{answer.address} answered with JSON that isn't a list of {count} papers")
    papers = [paper for paper in content if paper is not None]
    if not all("paperId" in paper for paper in papers):
        raise FetchError(f"{answer.address} answered with JSON that holds something else than papers")
    return [Fields(paper) for paper in papers]


SEMANTIC_SCHOLAR = Target(
    name="semantic-scholar",
    title="Semantic Scholar",
    address="https://api.semanticscholar.org/graph/v1",
    schemes=("doi", "arxiv"),
    batch=100,
    rate=(1, 1),
    forms=(Form("semanticscholar", _NAMESPACE, re.compile("[0-9a-f]{40}")),),
    ask=ask_semantic_scholar,
)
