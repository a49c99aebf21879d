"""Reading SPARQL 1.1 Query Results JSON (https://www.w3.org/TR/sparql11-results-json/) for the pages."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from medsynth_kg.endpoint.answers import Answer


@dataclass(frozen=True, slots=True)
class Term:
    """An RDF term; ``kind`` is ``uri``, ``literal`` or ``bnode``."""

    kind: str
    value: str
    datatype: str = ""
    language: str = ""


Row = Mapping[str, Term]
"""A solution: the bound variables' terms by name."""


@dataclass(frozen=True, slots=True)
class Results:
    """The answer of a SELECT (columns and rows) or of an ASK (``truth``)."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    truth: bool | None = None


def read_results(answer: Answer) -> Results:
    """Read an answer in JSON."""
    document = json.loads(answer.read())
    if "boolean" in document:
        return Results((), (), document["boolean"])
    rows = tuple(
        {name: _term(binding) for name, binding in solution.items()} for solution in document["results"]["bindings"]
    )
    return Results(tuple(document["head"]["vars"]), rows)


def read_rows(answer: Answer) -> tuple[Row, ...]:
    """The solutions of a SELECT."""
    return read_results(answer).rows


def _term(binding: Mapping[str, Any]) -> Term:
    if binding["type"] == "triple":
        return Term("literal", json.dumps(binding["value"], sort_keys=True))
    return Term(binding["type"], binding["value"], binding.get("datatype", ""), binding.get("xml:lang", ""))
