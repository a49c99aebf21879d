"""Code that fetches a saved query's answer, for people to copy."""

import json
from dataclasses import dataclass
from shlex import quote

from medsynth_kg.query.formats import QueryForm

_PYTHON_TABLE = """import io

import pandas
import requests

answer = requests.get({address}, timeout=60)
answer.raise_for_status()
table = pandas.read_csv(io.StringIO(answer.text))
print(table)"""
_PYTHON_TRUTH = """import requests

answer = requests.get({address}, timeout=60)
answer.raise_for_status()
print(answer.json()["boolean"])"""
_PYTHON_GRAPH = """import rdflib

graph = rdflib.Graph().parse({address}, format="turtle")
print(len(graph))"""
_R_TABLE = """table <- read.csv({address})
print(table)"""
_R_TRUTH = """answer <- jsonlite::fromJSON({address})
print(answer$boolean)"""
_R_GRAPH = """graph <- rdflib::rdf_parse({address}, format = "turtle")
print(graph)"""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A few lines in one language."""

    language: str
    text: str


def snippets(address: str, tail: str, form: QueryForm) -> tuple[Snippet, ...]:
    """Snippets for an answer; ``address`` is the question's own, ``tail`` its parameters with the question mark."""
    match form:
        case QueryForm.SELECT:
            extension, python, r_language = "csv", _PYTHON_TABLE, _R_TABLE
        case QueryForm.ASK:
            extension, python, r_language = "json", _PYTHON_TRUTH, _R_TRUTH
        case _:
            extension, python, r_language = "ttl", _PYTHON_GRAPH, _R_GRAPH
    whole = f"{address}.{extension}{tail}"
    return (
        Snippet("curl", f"curl {quote(whole)}"),
        Snippet("Python", python.format(address=json.dumps(whole))),
        Snippet("R", r_language.format(address=json.dumps(whole))),
    )
