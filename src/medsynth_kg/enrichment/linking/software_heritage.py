"""Software Heritage: the newest archived state of a repository (archive.softwareheritage.org/api/1/)."""

import re
from collections.abc import Sequence

from medsynth_kg.enrichment.errors import FetchError
from medsynth_kg.enrichment.json_fields import Fields, parse_object
from medsynth_kg.enrichment.linking.target import Answers, Form, Question, Target
from medsynth_kg.enrichment.session import ServiceSession

_JSON = "application/json"
_NAMESPACE = "https://archive.softwareheritage.org/browse/"


def ask_software_heritage(session: ServiceSession, address: str, questions: Sequence[Question]) -> Answers:
    """Look up the snapshot of the last visit to each repository that was archived."""
    return {question: (iri,) for question in questions if (iri := _archived(session, address, question))}


def _archived(session: ServiceSession, address: str, question: Question) -> str | None:
    visit = f"{address.rstrip('/')}/origin/{question.value}/visit/latest/"
    answer = session.get(visit, _JSON, {"require_snapshot": "true"})
    if answer.status == 404:
        return None
    snapshot = Fields(parse_object(answer.require(_JSON))).text("snapshot")
    if snapshot is None:
        raise FetchError(f"{answer.address} answered with JSON that names no snapshot")
    return f"{_NAMESPACE}swh:1:snp:{snapshot}"


SOFTWARE_HERITAGE = Target(
    name="software-heritage",
    title="Software Heritage",
    address="https://archive.softwareheritage.org/api/1",
    schemes=("repository",),
    batch=1,
    rate=(1, 2),
    forms=(Form("swh", _NAMESPACE, re.compile("swh:1:snp:[0-9a-f]{40}")),),
    ask=ask_software_heritage,
    predicate="schema:archivedAt",
)
