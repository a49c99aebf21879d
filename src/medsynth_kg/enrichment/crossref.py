"""Ask Crossref for a work.

Source: Crossref REST API, route ``/works/{doi}`` (api.crossref.org).
"""

import datetime

from medsynth_kg.enrichment.crossref_work import read_work, work_address
from medsynth_kg.enrichment.errors import FetchError
from medsynth_kg.enrichment.json_fields import Fields, parse_object
from medsynth_kg.enrichment.session import Answer, ServiceSession
from medsynth_kg.enrichment.source_answer import SourceAnswer
from medsynth_kg.enrichment.stated_identifiers import stated_doi

_JSON = "application/json"


def fetch_work(session: ServiceSession, base: str, doi: str) -> Answer | None:
    """Ask Crossref for a work; None where it doesn't know the DOI.

    Crossref says so in plain text. A web page that isn't found tells of the address that was asked, not of the DOI.

    Raises:
        FetchError: see ``ServiceSession.get``, or the answer is such a page.
        BudgetSpentError: see ``ServiceSession.get``.
    """
    answer = session.get(work_address(base, doi), _JSON)
    unknown = answer.status in (404, 410) and answer.media_type != "text/html"
    return None if unknown else answer


def parse_work(answer: Answer, doi: str, paper: str, retrieved: datetime.date) -> SourceAnswer:
    """Read a work of which nothing but the shape of the envelope is trusted.

    ``doi`` is the one that was asked for; where Crossref redirects from it to the work's other DOI, that one
    is kept. ``paper`` is the local part of the paper's IRI.

    Raises:
        FetchError: the answer is no work, or another work than the one asked for.
    """
    content = parse_object(answer.require(_JSON))
    work = Fields(content).nested("message")
    found = stated_doi(work.text("DOI"))
    if work.problems or found is None:
        raise FetchError(f"{answer.address} answered with JSON that holds no work")
    if found != stated_doi(doi) and not answer.redirected:
        raise FetchError(f"{answer.address} answered with another work, {found}")
    metadata = read_work(work, found, answer.address, paper, retrieved)
    return SourceAnswer(metadata, tuple(sorted(work.problems)))
