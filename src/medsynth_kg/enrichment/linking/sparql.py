"""Asking a SPARQL endpoint (SPARQL 1.1 Protocol; SPARQL 1.1 Query Results JSON Format)."""

import json
from collections.abc import Iterable, Mapping

from medsynth_kg.enrichment.errors import FetchError
from medsynth_kg.enrichment.json_fields import Fields, parse_object
from medsynth_kg.enrichment.session import ServiceSession

_RESULTS = "application/sparql-results+json"


def select(session: ServiceSession, address: str, query: str) -> tuple[Mapping[str, str], ...]:
    """The solutions of a SELECT query, each term as its plain text.

    Raises:
        FetchError: the endpoint answered with something else, or with a part of it missing.
        BudgetSpentError: see ``ServiceSession.get``.
    """
    answer = session.get(address, _RESULTS, {"query": query})
    content = parse_object(answer.require(_RESULTS, "application/json"))
    results = content.get("results")
    bindings = results.get("bindings") if isinstance(results, dict) else None
    if not isinstance(bindings, list) or not all(isinstance(binding, dict) for binding in bindings):
        raise FetchError(f"{answer.address} answered with JSON that holds no solutions")
    return tuple(_solution(binding) for binding in bindings)


def string(value: str) -> str:
    """A text as a SPARQL string literal (JSON's escapes are all SPARQL's too, production ECHAR)."""
    return json.dumps(value, ensure_ascii=False)


def values(variable: str, terms: Iterable[str]) -> str:
    """A VALUES block for one variable."""
    return f"VALUES ?{variable} {{ {' '.join(sorted(set(terms)))} }}"


def _solution(binding: dict[str, object]) -> Mapping[str, str]:
    fields = Fields(binding)
    terms = {name: fields.nested(name).text("value") for name in binding}
    return {name: text for name, text in terms.items() if text is not None}
