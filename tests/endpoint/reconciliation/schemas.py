"""What the specification says of the answers, as JSON Schema in our own words (Reconciliation Service API 0.2)."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

_TEXT: Schema = {"type": "string", "minLength": 1}


def _record(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """An object with just these members."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": sorted(required),
        "additionalProperties": False,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_REFERENCE = _record({"id": _TEXT, "name": _TEXT})
_SUGGEST = _record(
    {"service_url": _TEXT, "service_path": _TEXT},
    {"flyout_service_url": _TEXT, "flyout_service_path": {"type": "string", "pattern": r"\$\{id\}"}},
)
_TEMPLATE: Schema = {"type": "string", "pattern": r"^https?://.*\{\{id\}\}"}

MANIFEST = _record(
    {
        "versions": {"type": "array", "contains": {"const": "0.2"}},
        "name": _TEXT,
        "identifierSpace": {"type": "string", "pattern": "^https?://"},
        "schemaSpace": {"type": "string", "pattern": "^https?://"},
        "documentation": _TEXT,
        "serviceVersion": _TEXT,
        "logo": _TEXT,
        "defaultTypes": {"type": "array", "items": _REFERENCE, "uniqueItems": True, "minItems": 1},
        "view": _record({"url": _TEMPLATE}),
        "preview": _record({"url": _TEMPLATE, "width": {"type": "integer"}, "height": {"type": "integer"}}),
        "suggest": _record({"entity": _SUGGEST, "property": _SUGGEST, "type": _SUGGEST}),
        "extend": _record(
            {
                "propose_properties": _record({"service_url": _TEXT, "service_path": _TEXT}),
                "property_settings": _list(
                    _record(
                        {"type": {"const": "number"}, "label": _TEXT, "name": _TEXT},
                        {"default": {"type": "number"}, "help_text": _TEXT},
                    )
                ),
            }
        ),
        "batchSize": {"type": "integer", "minimum": 1},
    }
)

CANDIDATES: Schema = {
    "type": "object",
    "additionalProperties": _record(
        {
            "result": _list(
                _record(
                    {
                        "id": _TEXT,
                        "name": _TEXT,
                        "score": {"type": "number", "minimum": 0, "maximum": 100},
                        "type": _list(_REFERENCE),
                        "match": {"type": "boolean"},
                    },
                    {
                        "description": {"type": "string"},
                        "features": _list(_record({"id": _TEXT, "value": {"type": ["number", "boolean"]}})),
                    },
                )
            )
        },
        {
            "error": _record(
                {"type": _TEXT, "title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT},
            )
        },
    ),
}

SUGGESTED_ENTITIES = _record(
    {
        "result": _list(
            _record({"id": _TEXT, "name": _TEXT}, {"description": {"type": "string"}, "notable": _list(_REFERENCE)})
        )
    }
)
SUGGESTED_TERMS = _record({"result": _list(_record({"id": _TEXT, "name": _TEXT}, {"description": _TEXT}))})
PROPOSALS = _record(
    {"properties": _list(_record({"id": _TEXT, "name": _TEXT}, {"description": _TEXT})), "type": _TEXT},
    {"limit": {"type": "integer"}},
)

VALUES = _record(
    {
        "meta": _list(_record({"id": _TEXT, "name": _TEXT}, {"type": _REFERENCE})),
        "rows": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": _list(
                    {
                        "oneOf": [
                            _REFERENCE,
                            _record({"str": {"type": "string"}}),
                            _record({"int": {"type": "integer"}}),
                        ]
                    }
                ),
            },
        },
    }
)
