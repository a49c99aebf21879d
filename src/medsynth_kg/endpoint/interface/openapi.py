"""The description of the interface in OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1.html).

It is made from what answers: the release's saved queries and dumps, the formats and the failures of the code.
"""

from collections.abc import Iterable, Mapping, Sequence

import medsynth_kg
from medsynth_kg.endpoint.catalogue import LISTINGS, Listing
from medsynth_kg.endpoint.choices import YEAR, choices_of
from medsynth_kg.endpoint.citing.formats import CITATION_FORMATS
from medsynth_kg.endpoint.dump_files import dump_documents, media_type
from medsynth_kg.endpoint.exploring.gap_pages import TYPES as GAPS_TYPES
from medsynth_kg.endpoint.interface.openapi_finding import FINDING
from medsynth_kg.endpoint.interface.openapi_parts import (
    ASKING,
    READING,
    SCHEMAS,
    Part,
    answer,
    choice_of,
    failure_responses,
    failures,
    operation,
    parameter,
    types_of,
)
from medsynth_kg.endpoint.negotiation import HTML
from medsynth_kg.endpoint.operation import FORM
from medsynth_kg.endpoint.operation import QUERY as SPARQL_QUERY
from medsynth_kg.endpoint.pages import FINDINGS_TYPES
from medsynth_kg.endpoint.serving import ServedRelease
from medsynth_kg.query.formats import GRAPH_FORMATS, SOLUTION_FORMATS, formats_for
from medsynth_kg.query.parameters import Parameter
from medsynth_kg.query.saved import SavedQuery
from medsynth_kg.release.description import SUMMARY, TITLE

VEGA_LITE = "application/vnd.vegalite.v5+json"
_LICENCE = {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"}
_TAGS = (
    ("SPARQL", "Any question, in SPARQL 1.1."),
    ("Questions", "Saved queries and their parameters."),
    ("Finding", "Things by their names, papers by what is known of them, and both by others' identifiers."),
    ("Entities", "What the graph says of one thing, and what there is of each kind."),
    ("Downloads", "The whole graph, and what is known of it, as files."),
)
_MOST_EXAMPLES = 5


def describe_interface(served: ServedRelease, server: str) -> Part:
    """The whole description; ``server`` is where this endpoint runs."""
    return {
        "openapi": "3.1.1",
        "info": {"title": TITLE, "version": medsynth_kg.__version__, "summary": SUMMARY, "license": _LICENCE},
        "servers": [{"url": server.rstrip("/")}],
        "tags": [{"name": name, "description": description} for name, description in _TAGS],
        "paths": {
            "/sparql": _sparql(),
            "/releases/{release}/sparql": _sparql_of_release(served.release.id),
            **{path: part for query in served.saved_queries.values() for path, part in _question(served, query)},
            **{path: part for listing in LISTINGS.values() for path, part in _entities(listing)},
            **FINDING,
            "/dumps/{release}/{name}": _dumps(served),
            **dict(_files()),
        },
        "components": {"schemas": dict(SCHEMAS), "responses": failure_responses()},
    }


def _dataset() -> list[tuple[str, str, Part]]:
    """The protocol's parameters beside the query: name, description, schema."""
    iris: Part = {"type": "array", "items": {"type": "string", "format": "uri"}}
    names = choice_of(dict.fromkeys(known.extension for known in (*SOLUTION_FORMATS, *GRAPH_FORMATS)))
    return [
        ("default-graph-uri", "graphs whose union is the default graph", iris),
        ("named-graph-uri", "graphs that GRAPH may name", iris),
        ("format", "the format, where a client can't send Accept; those of the query's form are possible", names),
        (
            "timeout",
            "seconds after which to give up; less than the endpoint's own limit, which 0 leaves as it is",
            {"type": "number", "minimum": 0},
        ),
    ]


_RELEASE: Part = {"type": "string"}
_QUERY: Part = {"type": "string", "examples": ["SELECT * { ?subject ?predicate ?object } LIMIT 10"]}


def _sparql() -> Part:
    """The query operation (SPARQL 1.1 Protocol, section 2.1)."""
    fields = {"query": _QUERY, "release": _RELEASE, **{name: schema for name, _, schema in _dataset()}}
    release = parameter("release", "a release that is kept, in place of the newest; /releases/ lists them", _RELEASE)
    rest = [*(parameter(*field) for field in _dataset()), release]
    form = {"type": "object", "required": ["query"], "properties": fields}
    body = {"required": True, "content": {SPARQL_QUERY: {"schema": _QUERY}, FORM: {"schema": form}}}
    by_post = {status: response for status, response in _answers().items() if status != "304"}
    return {
        "get": operation("SPARQL", "query", "Answer a query", [_query_parameter(), *rest], _answers()),
        "post": operation("SPARQL", "queryByPost", "Answer a long query", rest, by_post, requestBody=body),
    }


def _sparql_of_release(current: str) -> Part:
    schema = {"type": "string", "examples": [current]}
    release = parameter("release", "a release that is kept; /releases/ lists them", schema, place="path")
    parameters = [release, _query_parameter(), *(parameter(*fields) for fields in _dataset())]
    return {"get": operation("SPARQL", "queryRelease", "Answer a query from one release", parameters, _answers())}


def _query_parameter() -> Part:
    return parameter("query", "one query in SPARQL 1.1", _QUERY)


def _answers() -> Part:
    types = types_of((*SOLUTION_FORMATS, *GRAPH_FORMATS))
    found = answer("the complete answer; without a query, the service description", [*types, HTML])
    return found | failures(ASKING)


def _question(served: ServedRelease, query: SavedQuery) -> Iterable[tuple[str, Part]]:
    """The addresses of a saved query: its page, and its answer and text by extension."""
    name = "".join(part.capitalize() for part in query.slug.split("-"))
    pages = answer("the question as a page or as data", [HTML, *types_of(GRAPH_FORMATS)]) | failures(READING)
    parameters = [_parameter(served, key, known) for key, known in query.parameters.items()]
    path = f"/queries/{query.slug}"
    yield path, {"get": operation("Questions", f"show{name}", query.title, parameters, pages)}
    extensions = {"rq": SPARQL_QUERY}
    if not query.federated:
        extensions |= {known.extension: known.media_type for known in formats_for(query.form)}
    if query.chart is not None:
        extensions["vega.json"] = VEGA_LITE
    responses = answer("the complete answer, the query's text, or the chart", extensions.values()) | failures(READING)
    extension = parameter("extension", "the format", choice_of(extensions), place="path")
    described = operation(
        "Questions", f"answer{name}", query.title, [extension, *parameters], responses, description=query.description
    )
    yield f"{path}.{{extension}}", {"get": described}


def _parameter(served: ServedRelease, name: str, known: Parameter) -> Part:
    choices = sorted(choices_of(served, known), key=lambda choice: -choice.papers)
    examples = [choice.slug for choice in choices if choice.papers][:_MOST_EXAMPLES]
    hint = "; the last part of its IRI, all of the IRI, or a label in any case" if known.kind == "iri" else ""
    listed = f"; /{known.scheme} lists all" if known.scheme in LISTINGS and known.scheme != YEAR else ""
    return parameter(name, f"{known.label}{hint}{listed}", parameter_schema(known, examples))


def parameter_schema(known: Parameter, examples: Sequence[str]) -> Part:
    """What may stand for a saved query's parameter; ``examples`` are written as in an address."""
    is_integer = known.kind == "integer"
    schema: Part = {"type": "integer", "minimum": -(10**17), "maximum": 10**17} if is_integer else {"type": "string"}
    if examples:
        schema["examples"] = [int(example) if is_integer else example for example in examples]
    if known.default is not None:
        schema["default"] = int(known.default) if is_integer else known.default
    return schema


def _entities(listing: Listing) -> Iterable[tuple[str, Part]]:
    """The addresses of a kind of thing: the list, and each of its members."""
    types = [HTML, *types_of(GRAPH_FORMATS)]
    name = listing.path.capitalize()
    responses = answer("the list as a page, or its members as data", types) | failures(READING)
    listed = operation("Entities", f"list{name}", listing.title, [], responses, description=listing.description)
    yield f"/{listing.path}", {"get": listed}
    identifier = parameter(
        "identifier",
        "what follows in the IRI, its slashes included; an extension such as .ttl chooses a format",
        {"type": "string", "minLength": 1},
        place="path",
    )
    responses = answer("what the graph says of it", types) | failures(READING)
    moved = {"308": {"description": "the same address without a slash at its end"}}
    if listing.path == "paper":
        moved["303"] = {"description": "where the paper is now that several of its identifiers are known"}
    described = operation(
        "Entities", f"show{name}", f"One of: {listing.title.lower()}", [identifier], moved | responses
    )
    yield f"/{listing.path}/{{identifier}}", {"get": described}


def _dumps(served: ServedRelease) -> Part:
    names = [name for name, _, _ in dump_documents(served.release)]
    responses = answer("the file", dict.fromkeys(map(media_type, names)))
    responses["206"] = {"description": "a range of the file"}
    responses["302"] = {"description": "where the newest release has the file, for the release “latest”"}
    parameters = [
        parameter("release", "a release's id, or latest", {"type": "string", "examples": ["latest"]}, place="path"),
        parameter("name", "a file; /dumps/ lists those of single graphs too", choice_of(names), place="path"),
    ]
    return {
        "get": operation(
            "Downloads", "download", "The whole graph as a file", parameters, responses | failures((404, 412, 416))
        )
    }


def _files() -> Iterable[tuple[str, Part]]:
    """What comes as a file of one of several formats, chosen by the extension."""
    graphs = {known.extension: known.media_type for known in GRAPH_FORMATS}
    citations = {known.extension: known.media_type for known in CITATION_FORMATS}
    yield _file("findings", "What the survey's maintainers may want to correct", FINDINGS_TYPES)
    yield _file("gaps", "Which kinds of data and models nobody evaluated, and for what; or the query", GAPS_TYPES)
    yield _file("ontology", "The classes and properties of the graph", graphs)
    yield _file("queries", "All saved questions as data", graphs)
    yield _file("citation", "How to cite the graph", citations)


def _file(name: str, summary: str, types: Mapping[str, str]) -> tuple[str, Part]:
    extension = parameter("extension", "the format", choice_of(types), place="path")
    responses = answer("all of it", dict.fromkeys(types.values())) | failures(READING)
    return f"/{name}.{{extension}}", {"get": operation("Downloads", name, summary, [extension], responses)}
