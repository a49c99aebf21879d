"""Linked Papers with Code: papers by arXiv id."""

import re
from collections.abc import Sequence

from medsynth_kg.enrichment.linking.sparql import select, string, values
from medsynth_kg.enrichment.linking.target import Answers, Form, Question, Target
from medsynth_kg.enrichment.session import ServiceSession


def ask_linked_papers_with_code(session: ServiceSession, address: str, questions: Sequence[Question]) -> Answers:
    """Look papers up by arXiv id, a plain string without version; the graph has no DOIs."""
    wanted = {question.value: question for question in questions}
    query = f"""PREFIX fabio: <http://purl.org/spar/fabio/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?id ?paper {{
  {values("id", map(string, wanted))}
  ?paper fabio:hasArXivId ?id
}}"""
    found: dict[Question, set[str]] = {}
    for row in select(session, address, query):
        question = wanted.get(row.get("id", ""))
        if question and "paper" in row:
            found.setdefault(question, set()).add(row["paper"])
    return {question: tuple(sorted(papers)) for question, papers in found.items()}


LINKED_PAPERS_WITH_CODE = Target(
    name="linked-papers-with-code",
    title="Linked Papers with Code",
    address="https://linkedpaperswithcode.com/sparql",
    schemes=("arxiv",),
    batch=25,
    rate=(1, 1),
    forms=(Form("lpwcpaper", "https://linkedpaperswithcode.com/paper/", re.compile("[^/ ]+")),),
    ask=ask_linked_papers_with_code,
)
