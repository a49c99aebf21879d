"""Parameters of saved queries as fields of a form, and as words when their answer is empty."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from medsynth_kg.endpoint.choices import choices_of
from medsynth_kg.endpoint.serving import ServedRelease
from medsynth_kg.query.saved import SavedQuery


def parameter_field(served: ServedRelease, name: str, query: SavedQuery, value: str = "") -> Mapping[str, Any]:
    """A parameter as a field of a form; what some paper has is offered, and what was chosen."""
    parameter = query.parameters[name]
    return {
        "name": name,
        "label": parameter.label,
        "kind": parameter.kind,
        "choices": [choice for choice in choices_of(served, parameter) if choice.papers or choice.slug == value],
        "is_optional": parameter.default is None,
        "value": value,
    }


def without_choice(query: SavedQuery, field: Mapping[str, Any], given: Mapping[str, str]) -> tuple[str, str, str]:
    """A choice in words, and the address of the question without it: the field's label, the value's, the address."""
    names = {choice.slug: choice.label for choice in field["choices"]}
    others = urlencode({name: value for name, value in given.items() if name != field["name"]})
    address = f"/queries/{query.slug}" + (f"?{others}" if others else "")
    return field["label"], names.get(field["value"], field["value"]), address
