"""The solutions of a SELECT query in JSON, as a store sent them: nothing of their form is taken on trust."""

import json
import re
from typing import Any

from medsynth_kg.stores.errors import StoreAnswerInvalid

_MOST_DIGITS = 18
_IRI = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*")
"""An absolute IRI that may stand between angle brackets (SPARQL 1.1 Query, section 19.8, IRIREF)."""


def read_solutions(content: bytes, names: tuple[str, ...], address: str) -> list[dict[str, str]]:
    """Each solution with its terms as plain text (SPARQL 1.1 Query Results JSON Format, section 3.2).

    Raises:
        StoreAnswerInvalid: this is no such document, or a solution lacks one of the variables.
    """
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise StoreAnswerInvalid(address) from error
    results = document.get("results") if isinstance(document, dict) else None
    bindings = results.get("bindings") if isinstance(results, dict) else None
    if not isinstance(bindings, list):
        raise StoreAnswerInvalid(address)
    solutions = [_read_solution(binding, address) for binding in bindings]
    if any(name not in solution for solution in solutions for name in names):
        raise StoreAnswerInvalid(address)
    return solutions


def _read_solution(binding: Any, address: str) -> dict[str, str]:
    if not isinstance(binding, dict):
        raise StoreAnswerInvalid(address)
    values: dict[str, str] = {}
    for name, term in binding.items():
        value = term.get("value") if isinstance(term, dict) else None
        if not isinstance(value, str):
            raise StoreAnswerInvalid(address)
        values[name] = value
    return values


def read_number(solutions: list[dict[str, str]], name: str, address: str) -> int:
    """The number that a query for one number was answered with.

    Raises:
        StoreAnswerInvalid: there is not one solution, or that is no number.
    """
    text = solutions[0].get(name, "") if len(solutions) == 1 else ""
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise StoreAnswerInvalid(address)
    return int(text)


def read_iris(solutions: list[dict[str, str]], name: str, address: str) -> set[str]:
    """The IRIs of one variable, which may go into an update.

    Raises:
        StoreAnswerInvalid: one is none.
    """
    iris = {solution[name] for solution in solutions}
    if not all(_IRI.fullmatch(iri) for iri in iris):
        raise StoreAnswerInvalid(address)
    return iris
