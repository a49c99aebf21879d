"""DataCite, where arXiv registers a DOI for each of its papers (support.datacite.org, REST API, ``/dois/{id}``)."""

import re
from collections.abc import Sequence
from urllib.parse import quote

from medsynth_kg.enrichment.errors import FetchError
from medsynth_kg.enrichment.json_fields import Fields, parse_object
from medsynth_kg.enrichment.linking.target import Answers, Form, Question, Target
from medsynth_kg.enrichment.session import ServiceSession
from medsynth_kg.enrichment.stated_identifiers import stated_doi

_JSON = "application/vnd.api+json"


def ask_datacite(session: ServiceSession, address: str, questions: Sequence[Question]) -> Answers:
    """Look up whether arXiv's DOI of each paper is registered."""
    return {question: (iri,) for question in questions if (iri := _registered(session, address, question))}


def _registered(session: ServiceSession, address: str, question: Question) -> str | None:
    doi = question.doi
    answer = session.get(f"{address.rstrip('/')}/dois/{quote(doi, safe='')}", _JSON)
    if answer.status in (404, 410):
        return None
    content = Fields(parse_object(answer.require(_JSON, "application/json")))
    if stated_doi(content.nested("data").text("id")) != doi:
        raise FetchError(f"{answer.address} answered with JSON about something else than {doi}")
    return f"https://doi.org/{quote(doi, safe='/:;()._-~')}"


DATACITE = Target(
    name="datacite",
    title="DataCite",
    address="https://api.datacite.org",
    schemes=("arxiv",),
    batch=1,
    rate=(5, 1),
    forms=(Form("doi", "https://doi.org/", re.compile(r"10\.48550/arxiv\.\S+")),),
    ask=ask_datacite,
)
