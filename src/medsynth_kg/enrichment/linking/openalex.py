"""OpenAlex, and with it SemOpenAlex, whose IRIs are OpenAlex's ids under another domain.

Source: docs.openalex.org, "Filter works" (values joined by ``|`` mean any of them); SemOpenAlex's transformation
scripts (metaphacts/semopenalex@30472a2) for the IRIs.
"""

import re
from collections.abc import Sequence
from urllib.parse import quote

from medsynth_kg.enrichment.errors import FetchError
from medsynth_kg.enrichment.json_fields import Fields, parse_object
from medsynth_kg.enrichment.linking.target import Answers, Form, Question, Target
from medsynth_kg.enrichment.session import ServiceSession
from medsynth_kg.enrichment.stated_identifiers import stated_doi

_JSON = "application/json"
_BATCH = 25
_PAGE = 100
_WORK = re.compile(r"https://openalex\.org/(W[0-9]+)")


def ask_openalex(session: ServiceSession, address: str, questions: Sequence[Question]) -> Answers:
    """Look works up by DOI; an arXiv id goes by the DOI that arXiv registers for it."""
    wanted = {question.doi: question for question in questions}
    found: dict[Question, set[str]] = {}
    for work in _works(session, f"{address.rstrip('/')}/works", tuple(wanted)):
        question = wanted.get(stated_doi(work.text("doi")) or "")
        identifier = _WORK.fullmatch(work.text("id") or "")
        if question and identifier:
            iris = {identifier[0], f"https://semopenalex.org/work/{identifier[1]}"}
            found.setdefault(question, set()).update(iris)
    return {question: tuple(sorted(iris)) for question, iris in found.items()}


def _works(session: ServiceSession, address: str, dois: Sequence[str]) -> list[Fields]:
    """The works with these DOIs; a lone one is asked for by its address, in which it may have any character."""
    if len(dois) == 1:
        answer = session.get(f"{address}/https://doi.org/{quote(dois[0], safe='')}", _JSON, {"select": "id,doi"})
        if answer.status == 404:
            return []
        work = Fields(parse_object(answer.require(_JSON)))
        if not _WORK.fullmatch(work.text("id") or ""):
            raise FetchError(f"{answer.address} answered with JSON that holds no work")
        return [work]
    parameters = {"filter": "doi:" + "|".join(dois), "select": "id,doi", "per-page": str(_PAGE)}
    answer = session.get(address, _JSON, parameters)
    content = Fields(parse_object(answer.require(_JSON)))
    works = list(content.objects("results"))
    if content.nested("meta").number("count") != len(works) or content.problems:
        raise FetchError(f"{answer.address} answered with JSON that holds not all works found")
    return works


OPENALEX = Target(
    name="openalex",
    title="OpenAlex and SemOpenAlex",
    address="https://api.openalex.org",
    schemes=("doi", "arxiv"),
    batch=_BATCH,
    rate=(5, 1),
    forms=(
        Form("openalex", "https://openalex.org/", re.compile("W[0-9]+")),
        Form("semopenalex", "https://semopenalex.org/work/", re.compile("W[0-9]+"), derived=True),
    ),
    ask=ask_openalex,
)
