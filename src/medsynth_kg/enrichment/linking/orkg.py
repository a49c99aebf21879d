"""The Open Research Knowledge Graph: P26 holds the bare DOI as a literal; it knows no arXiv ids.

Its contributors type DOIs in any case; asked for are lower and upper case. IRIs of its data start with
http://orkg.org/orkg/, those of its pages don't (TIBHannover/orkg-backend@9216196).
"""

import re
from collections.abc import Sequence

from medsynth_kg.enrichment.linking.sparql import select, string, values
from medsynth_kg.enrichment.linking.target import Answers, Form, Question, Target
from medsynth_kg.enrichment.session import ServiceSession


def ask_orkg(session: ServiceSession, address: str, questions: Sequence[Question]) -> Answers:
    """Look papers up by DOI."""
    wanted = {question.value: question for question in questions}
    spellings = (string(spelling) for doi in wanted for spelling in (doi, doi.upper()))
    query = f"""SELECT ?doi ?paper {{
  {values("doi", spellings)}
  ?paper <http://orkg.org/orkg/predicate/P26> ?doi ; a <http://orkg.org/orkg/class/Paper>
}}"""
    found: dict[Question, set[str]] = {}
    for row in select(session, address, query):
        question = wanted.get(row.get("doi", "").lower())
        if question and "paper" in row:
            found.setdefault(question, set()).add(row["paper"])
    return {question: tuple(sorted(papers)) for question, papers in found.items()}


ORKG = Target(
    name="orkg",
    title="ORKG",
    address="https://orkg.org/sparql",
    schemes=("doi",),
    batch=25,
    rate=(1, 1),
    forms=(Form("orkg", "http://orkg.org/orkg/resource/", re.compile("[A-Za-z0-9_:-]+")),),
    ask=ask_orkg,
)
