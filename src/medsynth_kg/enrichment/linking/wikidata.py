"""Wikidata: P356 holds DOIs in upper case, P818 arXiv ids without version.

Scholarly articles are behind the query service's scholarly part since the graph was split in 2025.
"""

import re
from collections.abc import Sequence

from medsynth_kg.enrichment.linking.sparql import select, string, values
from medsynth_kg.enrichment.linking.target import Answers, Form, Question, Target
from medsynth_kg.enrichment.session import ServiceSession


def ask_wikidata(session: ServiceSession, address: str, questions: Sequence[Question]) -> Answers:
    """Look items up by DOI and arXiv id in one query."""
    spelled: dict[tuple[str, str], Question] = {
        (question.scheme, _spelling(question)): question for question in questions
    }
    query = f"""PREFIX wdt: <http://www.wikidata.org/prop/direct/>
SELECT ?scheme ?id ?item {{
  {{ {values("id", (string(value) for scheme, value in spelled if scheme == "doi"))}
    ?item wdt:P356 ?id . BIND("doi" AS ?scheme) }}
  UNION
  {{ {values("id", (string(value) for scheme, value in spelled if scheme == "arxiv"))}
    ?item wdt:P818 ?id . BIND("arxiv" AS ?scheme) }}
}}"""
    found: dict[Question, set[str]] = {}
    for row in select(session, address, query):
        question = spelled.get((row.get("scheme", ""), row.get("id", "")))
        if question and "item" in row:
            found.setdefault(question, set()).add(row["item"])
    return {question: tuple(sorted(items)) for question, items in found.items()}


def _spelling(question: Question) -> str:
    return question.value.upper() if question.scheme == "doi" else question.value


WIKIDATA = Target(
    name="wikidata",
    title="Wikidata",
    address="https://query-scholarly.wikidata.org/sparql",
    schemes=("doi", "arxiv"),
    batch=25,
    rate=(1, 1),
    forms=(Form("wikidata", "http://www.wikidata.org/entity/", re.compile("Q[1-9][0-9]*")),),
    ask=ask_wikidata,
)
