"""Values of properties for entities that were matched (section 7): columns to add to a table."""

from collections.abc import Mapping, Sequence
from typing import Any

from medsynth_kg.endpoint.reconciliation.requests import ExtensionQuery
from medsynth_kg.endpoint.reconciliation.schema import PROPERTIES, TYPE_OF_KIND, EntityType, Property, Schema
from medsynth_kg.endpoint.search.index import Entity, SearchIndex, Value


def extend(
    index: SearchIndex, base: str, schema: Schema, query: ExtensionQuery, properties: Sequence[Property]
) -> Mapping[str, Any]:
    """The values that a query asks for; ``properties`` are those that it names, in its order."""
    rows: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
    for identifier in query.ids:
        entity = index.entity(identifier)
        rows[identifier] = {}
        for wanted, known in zip(query.properties, properties, strict=True):
            values = _cells(index, base, schema, entity, known) if entity else []
            rows[identifier][wanted.id] = values[: wanted.settings.limit or None]
    columns = zip((wanted.id for wanted in query.properties), properties, strict=True)
    return {"meta": [_column(name, known) for name, known in columns], "rows": rows}


def propose_properties(known: EntityType, limit: int) -> list[Mapping[str, str]]:
    """The properties that things of a type have; all of them where ``limit`` is 0."""
    proposed = [one for one in PROPERTIES if known.kind in one.kinds]
    return [{"id": one.id, "name": one.name, "description": one.description} for one in proposed[: limit or None]]


def _column(name: str, known: Property) -> Mapping[str, Any]:
    column: dict[str, Any] = {"id": name, "name": known.name}
    if known.form == "entity":
        values = TYPE_OF_KIND[known.values]
        column["type"] = {"id": values.id, "name": values.name}
    return column


def _cells(index: SearchIndex, base: str, schema: Schema, entity: Entity, known: Property) -> list[Mapping[str, Any]]:
    if known.form == "papers":
        return [{"int": entity.papers}]
    values = index.values(entity.number, schema.iri(known.iri))
    if known.form == "year":
        return [{"int": year} for year in sorted({int(value.text[:4]) for value in values if value.text[:4].isdigit()})]
    return [_cell(value, base) for value in values]


def _cell(value: Value, base: str) -> Mapping[str, Any]:
    if value.entity is None:
        return {"str": value.text}
    return {"id": value.entity.iri.removeprefix(base), "name": value.entity.label}
