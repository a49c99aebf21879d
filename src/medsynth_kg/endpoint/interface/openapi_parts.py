"""Responses and parameters of the interface's description, made from the formats and failures that the code knows."""

from collections.abc import Iterable, Mapping
from typing import Any

from medsynth_kg.endpoint.negotiation import HTML
from medsynth_kg.endpoint.problems import KINDS, PROBLEM_JSON, UNEXPECTED
from medsynth_kg.query.formats import ResultFormat

Part = dict[str, Any]

PROBLEM: Part = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "the kind of failure, explained there"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "what happened and what would help"},
        "line": {"type": "integer", "minimum": 1, "description": "where the parser stopped, in the query"},
        "column": {"type": "integer", "minimum": 1},
        "near": {
            "type": "array",
            "items": {"type": "string"},
            "description": "IRIs that resemble one that is not there",
        },
    },
}
RESULTS: Part = {
    "type": "object",
    "description": "SPARQL 1.1 Query Results JSON: solutions, or a truth value.",
    "required": ["head"],
    "properties": {
        "head": {
            "type": "object",
            "properties": {"vars": {"type": "array", "items": {"type": "string"}}},
        },
        "results": {
            "type": "object",
            "required": ["bindings"],
            "properties": {"bindings": {"type": "array", "items": {"type": "object"}}},
        },
        "boolean": {"type": "boolean"},
    },
}
SCHEMAS: Mapping[str, Part] = {"Problem": PROBLEM, "Results": RESULTS}

READING = (400, 404, 406, 412, 502, 503, 504, 507)
"""The failures of whatever is read by an address."""
ASKING = (400, 403, 404, 406, 412, 413, 414, 415, 502, 503, 504, 507)
"""The failures of a query by SPARQL's protocol."""
_PASSING = (429, 503)
"""The failures that pass by themselves."""
_RETRY: Part = {"Retry-After": {"description": "seconds after which to come back", "schema": {"type": "integer"}}}


def media(types: Iterable[str]) -> Part:
    """The content of a response in each of its media types."""
    known: Mapping[str, Part] = {
        "application/sparql-results+json": {"$ref": "#/components/schemas/Results"},
        PROBLEM_JSON: {"$ref": "#/components/schemas/Problem"},
    }
    return {name: {"schema": known.get(name, {} if name.endswith("json") else {"type": "string"})} for name in types}


def answer(description: str, types: Iterable[str]) -> Part:
    """The responses of a success, with what every response carries."""
    headers = {"Release-Id": {"description": "the release that answered", "schema": {"type": "string"}}}
    return {
        "200": {"description": description, "headers": headers, "content": media(types)},
        "304": {"description": "what the client has is still right"},
    }


def failures(statuses: Iterable[int]) -> Part:
    """The responses of failures, as reusable parts; any request may come too often, or fail for no known reason."""
    return {str(status): {"$ref": f"#/components/responses/Failure{status}"} for status in (*statuses, 429, 500)}


def failure_responses() -> Part:
    """Every failure by its status; those of one status are told apart by the problem's type."""
    titles: dict[int, list[str]] = {}
    for kind in (*KINDS.values(), UNEXPECTED):
        titles.setdefault(kind.status, []).append(kind.title)
    return {
        f"Failure{status}": {"description": "; ".join(known), "content": media((PROBLEM_JSON, HTML))}
        | ({"headers": _RETRY} if status in _PASSING else {})
        for status, known in sorted(titles.items())
    }


def parameter(name: str, description: str, schema: Part, *, place: str = "query", **more: Any) -> Part:
    """One parameter; a part of the path is always required."""
    required = {"required": True} if place == "path" else {}
    return {"name": name, "in": place, "description": description, "schema": schema, **required, **more}


def types_of(formats: Iterable[ResultFormat]) -> list[str]:
    """The media types of formats."""
    return [known.media_type for known in formats]


def choice_of(values: Iterable[str]) -> Part:
    """A word from a list."""
    return {"type": "string", "enum": list(values)}


def operation(tag: str, name: str, summary: str, parameters: list[Part], responses: Part, **more: object) -> Part:
    """One method of an address."""
    described = {"tags": [tag], "operationId": name, "summary": summary, "parameters": parameters, **more}
    return described | {"responses": responses}
