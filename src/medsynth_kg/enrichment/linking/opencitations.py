"""OpenCitations Meta: its identifiers (OMID) of works, by DOI (api.opencitations.net/meta/v1)."""

import re
from collections.abc import Sequence
from urllib.parse import quote

from medsynth_kg.enrichment.errors import FetchError
from medsynth_kg.enrichment.json_fields import Fields, parse_list
from medsynth_kg.enrichment.linking.target import Answers, Form, Question, Target
from medsynth_kg.enrichment.session import ServiceSession
from medsynth_kg.enrichment.stated_identifiers import stated_doi

_NAMESPACE = "https://w3id.org/oc/meta/"
_BETWEEN = "__"


def ask_opencitations(session: ServiceSession, address: str, questions: Sequence[Question]) -> Answers:
    """Look works up by DOI; an arXiv id goes by the DOI that arXiv registers for it."""
    wanted = {question.doi: question for question in questions}
    identifiers = _BETWEEN.join(f"doi:{quote(doi, safe='/:;()._-~')}" for doi in wanted)
    answer = session.get(f"{address.rstrip('/')}/metadata/{identifiers}", "application/json")
    if answer.status == 404:
        return {}
    found: dict[Question, set[str]] = {}
    for work in parse_list(answer.require("application/json")):
        if work is None:
            raise FetchError(f"{answer.address} answered with JSON that holds something else than works")
        names = (Fields(work).text("id") or "").split()
        omids = {_NAMESPACE + name.removeprefix("omid:") for name in names if name.startswith("omid:")}
        for name in names:
            if question := wanted.get(stated_doi(name) or ""):
                found.setdefault(question, set()).update(omids)
    return {question: tuple(sorted(iris)) for question, iris in found.items()}


OPENCITATIONS = Target(
    name="opencitations",
    title="OpenCitations Meta",
    address="https://api.opencitations.net/meta/v1",
    schemes=("doi", "arxiv"),
    batch=10,
    rate=(1, 1),
    forms=(Form("omid", _NAMESPACE, re.compile("br/06[0-9]+")),),
    ask=ask_opencitations,
)
