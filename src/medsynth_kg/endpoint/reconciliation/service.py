"""The addresses of the reconciliation service."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request
from markupsafe import escape
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as WerkzeugResponse

from medsynth_kg.endpoint.errors import MalformedRequest, NotFound
from medsynth_kg.endpoint.negotiation import HTML
from medsynth_kg.endpoint.problems import problem_of
from medsynth_kg.endpoint.reconciliation.extending import extend, propose_properties
from medsynth_kg.endpoint.reconciliation.manifest import write_manifest
from medsynth_kg.endpoint.reconciliation.matching import Candidate, Constraint, find_candidates
from medsynth_kg.endpoint.reconciliation.requests import (
    MOST_CANDIDATES,
    ReconciliationQuery,
    read_batch,
    read_extension,
    read_query,
)
from medsynth_kg.endpoint.reconciliation.schema import TYPE_OF_KIND, EntityType, Property, Schema
from medsynth_kg.endpoint.reconciliation.suggesting import suggest_entities, suggest_properties, suggest_types
from medsynth_kg.endpoint.responses import document_response, served_release, site_address
from medsynth_kg.endpoint.search.index import Entity
from medsynth_kg.endpoint.search.pages import address, asked_text, json_response, searched_index, whole_number

reconciliation = Blueprint("reconciliation", __name__, url_prefix="/reconcile")

_EMBEDDABLE = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors *"
"""The policy of previews, which clients show in frames of their own."""


@reconciliation.route("", methods=["GET", "POST"], strict_slashes=False)
def reconcile() -> Response:
    """The manifest, the candidates for a batch of queries, or values for entities, by the parameters."""
    queries, wanted = (_parameter(name) for name in ("queries", "extend"))
    if queries is not None and wanted is not None:
        raise MalformedRequest("send `queries` or `extend`, not both")
    if queries is not None:
        return json_response({key: _answer(key, given) for key, given in read_batch(queries).items()})
    if wanted is not None:
        return _extend(wanted)
    if request.method == "POST":
        raise MalformedRequest("send a form with `queries` or `extend`, as application/x-www-form-urlencoded")
    served = served_release()
    return json_response(write_manifest(served.base, site_address().rstrip("/"), served.release.id))


@reconciliation.get("/view")
def view() -> WerkzeugResponse:
    """Leads to the page of an entity; identifiers have slashes, which not every server takes encoded in a path."""
    return redirect(address(_entity()), 303)


@reconciliation.get("/preview")
def preview() -> Response:
    """A small page about an entity, for a frame."""
    entity = _entity()
    response = document_response(
        "preview.html",
        "",
        f"{HTML}; charset=utf-8",
        entity=entity,
        type=TYPE_OF_KIND[entity.kind].name,
        href=address(entity),
    )
    response.headers["Content-Security-Policy"] = _EMBEDDABLE
    return response


@reconciliation.get("/suggest/entity")
def entities() -> Response:
    """Entities for the beginning of a name; of one type where ``type`` names it."""
    kinds = [_type(name).kind for name in request.args.getlist("type") if name]
    base = served_release().base
    return _result(suggest_entities(searched_index(), base, asked_text("prefix"), kinds, whole_number("cursor", 0)))


@reconciliation.get("/suggest/property")
def properties() -> Response:
    """Properties for the beginning of a name."""
    return _result(suggest_properties(asked_text("prefix"), whole_number("cursor", 0)))


@reconciliation.get("/suggest/type")
def types() -> Response:
    """Types for the beginning of a name."""
    return _result(suggest_types(asked_text("prefix"), whole_number("cursor", 0)))


@reconciliation.get("/flyout/<any(entity, property, type):thing>")
def flyout(thing: str) -> Response:
    """A line of HTML about something that was suggested (section 6.4)."""
    name = request.args.get("id", "")
    described: Entity | Property | EntityType = (
        _entity() if thing == "entity" else _property(name) if thing == "property" else _type(name)
    )
    title = described.label if isinstance(described, Entity) else described.name
    return json_response(
        {"id": name, "html": f"<p><strong>{escape(title)}</strong></p><p>{escape(described.description)}</p>"}
    )


@reconciliation.get("/properties")
def proposals() -> Response:
    """The properties that things of a type have (section 7.2)."""
    name, limit = request.args.get("type", ""), whole_number("limit", 0)
    answer: dict[str, Any] = {"properties": propose_properties(_type(name), limit), "type": name}
    return json_response(answer | ({"limit": limit} if limit else {}))


def _answer(key: str, given: object) -> Mapping[str, Any]:
    """The candidates for one query of a batch; none, and why, where it can't be answered.

    The specification's schema of answers wants a ``result`` of each query and has no word for failures; the problem
    details beside it are for whoever looks (https://github.com/reconciliation-api/specs/issues/69).
    """
    try:
        return {"result": _candidates(read_query(key, given))}
    except MalformedRequest as refusal:
        return {"result": [], "error": problem_of(refusal).members(served_release().base)}


def _candidates(query: ReconciliationQuery) -> list[Mapping[str, Any]]:
    kinds = [_type(name).kind for name in query.types]
    constraints = [
        Constraint(known, _schema().iri(known.iri), stated.values)
        for stated in query.properties
        for known in (_property(stated.pid),)
    ]
    limit = min(query.limit, MOST_CANDIDATES)
    found = find_candidates(searched_index(), query.query, kinds, constraints, limit)
    return [_told(candidate) for candidate in found]


def _told(candidate: Candidate) -> Mapping[str, Any]:
    entity = candidate.entity
    known = TYPE_OF_KIND[entity.kind]
    features = {"name": candidate.name, "properties": candidate.properties, "papers": entity.papers}
    return {
        "id": entity.iri.removeprefix(served_release().base),
        "name": entity.label,
        "description": entity.description,
        "type": [{"id": known.id, "name": known.name}],
        "score": candidate.score,
        "match": candidate.match,
        "features": [{"id": name, "value": round(value, 1)} for name, value in features.items() if value is not None],
    }


def _extend(text: str) -> Response:
    query = read_extension(text)
    wanted = [_property(one.id) for one in query.properties]
    return json_response(extend(searched_index(), served_release().base, _schema(), query, wanted))


def _parameter(name: str) -> str | None:
    """A parameter from where the method puts it; a form may also be sent to an address with parameters."""
    return request.form.get(name) or request.args.get(name) or None


def _result(suggested: object) -> Response:
    return json_response({"result": suggested})


def _schema() -> Schema:
    return Schema(served_release().prefixes)


def _entity() -> Entity:
    identifier = request.args.get("id", "")
    entity = searched_index().entity(identifier)
    if entity is None:
        raise NotFound(f"there is no entity {identifier[:100]}; identifiers look like paper/10.3390/s23198328")
    return entity


def _type(name: str) -> EntityType:
    if known := _schema().type(name):
        return known
    raise MalformedRequest(f"there is no type {name[:60]}; /reconcile/suggest/type lists those that there are")


def _property(name: str) -> Property:
    if known := _schema().property(name):
        return known
    raise MalformedRequest(f"there is no property {name[:60]}; /reconcile/suggest/property lists those that there are")
