"""DBLP's knowledge graph, where the value of ``dblp:doi`` is an IRI at doi.org (dblp.org/rdf/docu).

In which case it spells DOIs isn't documented, so each is asked for in lower case, in upper case and, for arXiv's own,
as arXiv writes it; DOIs compare without case.
"""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from medsynth_kg.enrichment.linking.sparql import select, values
from medsynth_kg.enrichment.linking.target import Answers, Form, Question, Target
from medsynth_kg.enrichment.session import ServiceSession

_RESOLVER = "https://doi.org/"


def ask_dblp(session: ServiceSession, address: str, questions: Sequence[Question]) -> Answers:
    """Look records up by DOI; an arXiv id goes by the DOI that arXiv registers for it."""
    spelled = {iri: question for question in questions for iri in _spellings(question)}
    query = f"""SELECT ?doi ?record {{
  {values("doi", (f"<{iri}>" for iri in spelled))}
  ?record <https://dblp.org/rdf/schema#doi> ?doi
}}"""
    found: dict[Question, set[str]] = {}
    for row in select(session, address, query):
        question = spelled.get(row.get("doi", ""))
        if question and "record" in row:
            found.setdefault(question, set()).add(row["record"])
    return {question: tuple(sorted(records)) for question, records in found.items()}


def _spellings(question: Question) -> Iterator[str]:
    dois = [question.value, question.value.upper()]
    if question.scheme == "arxiv":
        dois = [f"{prefix}{question.value}" for prefix in ("10.48550/arxiv.", "10.48550/ARXIV.", "10.48550/arXiv.")]
    for doi in dois:
        yield _RESOLVER + quote(doi, safe="/:;()._-~")


DBLP = Target(
    name="dblp",
    title="DBLP",
    address="https://sparql.dblp.org/sparql",
    schemes=("doi", "arxiv"),
    batch=20,
    rate=(1, 1),
    forms=(Form("dblp", "https://dblp.org/rec/", re.compile(r"[A-Za-z0-9]+(?:/[A-Za-z0-9_.-]+)+")),),
    ask=ask_dblp,
)
