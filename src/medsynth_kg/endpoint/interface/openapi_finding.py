"""The part of the interface's description that is about finding things: search, facets, others' identifiers."""

from collections.abc import Mapping

from medsynth_kg.endpoint.exploring.explore_pages import TYPES
from medsynth_kg.endpoint.exploring.papers import FACETS
from medsynth_kg.endpoint.exploring.selection import SORTS
from medsynth_kg.endpoint.interface.openapi_parts import Part, answer, choice_of, failures, operation, parameter
from medsynth_kg.endpoint.operation import FORM
from medsynth_kg.endpoint.reconciliation.requests import BATCH_SIZE
from medsynth_kg.endpoint.search.pages import MOST_SUGGESTED
from medsynth_kg.release.search_entities import CLASSES


def _search() -> Part:
    text: Part = {"type": "string", "examples": ["ecg difusion", "10.3390/s23198328"]}
    limit: Part = {"type": "integer", "minimum": 1, "maximum": MOST_SUGGESTED}
    parameters = [
        parameter("q", "names, misspelt, begun or in any order, or an identifier", text),
        parameter("kind", "things of one kind alone", choice_of(CLASSES)),
        parameter("limit", "how many", limit),
        parameter("format", "another form, as browsers ask for it", choice_of(["opensearch"])),
    ]
    found = answer("what has such a name, the best first", ["application/json", "application/x-suggestions+json"])
    del found["304"]
    return {"get": operation("Finding", "search", "Find things by name", parameters, found | failures((400, 501)))}


def _explore() -> Part:
    several: Part = {"type": "array", "items": {"type": "string"}}
    parameters = [
        parameter("extension", "the format", choice_of(TYPES), place="path"),
        *(parameter(facet.name, f"{facet.title.lower()}: papers that have any of these", several) for facet in FACETS),
        parameter("sort", "the order", choice_of(SORTS)),
    ]
    found = answer("the papers, or the query that finds them", TYPES.values()) | failures((400, 404, 412))
    return {"get": operation("Finding", "explore", "Papers by facets", parameters, found)}


def _reconcile() -> Part:
    """The service of the Reconciliation Service API 0.2, whose further addresses its manifest names."""
    text: Part = {"type": "string", "contentMediaType": "application/json"}
    fields = {
        "queries": (f"a batch of up to {BATCH_SIZE} queries as JSON", text),
        "extend": (f"the properties whose values are wanted of up to {BATCH_SIZE} entities, as JSON", text),
    }
    form = {name: schema | {"description": described} for name, (described, schema) in fields.items()}
    body = {"required": True, "content": {FORM: {"schema": {"type": "object", "properties": form}}}}
    found = answer("candidates or values; by GET without a parameter, the service manifest", ["application/json"])
    del found["304"]
    summary = "Match a table's names with things, by the Reconciliation Service API 0.2"
    parameters = [parameter(name, *described) for name, described in fields.items()]
    return {
        "get": operation("Finding", "reconcile", summary, parameters, found | failures((400, 501))),
        "post": operation(
            "Finding", "reconcileByPost", summary, [], found | failures((400, 413, 501)), requestBody=body
        ),
    }


def _by_identifier(registry: str, what: str, *parts: str) -> Part:
    leads = {"303": {"description": "where what it identifies is"}, **failures((404,))}
    parameters = [
        parameter(part, f"{part} as {registry} has it", {"type": "string", "minLength": 1}, place="path")
        for part in parts
    ]
    return {"get": operation("Finding", f"by{registry}", f"{what} by its identifier at {registry}", parameters, leads)}


FINDING: Mapping[str, Part] = {
    "/search.json": _search(),
    "/explore.{extension}": _explore(),
    "/reconcile": _reconcile(),
    "/doi/{doi}": _by_identifier("DOI", "A paper", "doi"),
    "/arxiv/{id}": _by_identifier("arXiv", "A paper", "id"),
    "/github/{owner}/{name}": _by_identifier("GitHub", "A repository", "owner", "name"),
}
"""The addresses, each with its operations."""
