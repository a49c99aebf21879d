"""Suggestions of entities, properties and types for what a user has typed so far (section 6)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from medsynth_kg.endpoint.reconciliation.schema import PROPERTIES, TYPE_OF_KIND, TYPES, EntityType, Property
from medsynth_kg.endpoint.search.index import PLAUSIBLE, Entity, SearchIndex
from medsynth_kg.endpoint.search.ranking import Name, score
from medsynth_kg.release.search_text import fold

PAGE = 10
"""Suggestions in one answer; ``cursor`` asks for further ones."""


def suggest_entities(
    index: SearchIndex, base: str, prefix: str, kinds: Iterable[str], cursor: int
) -> list[Mapping[str, Any]]:
    """The entities whose names begin like the text or resemble it."""
    hits = index.search(prefix, kinds, PLAUSIBLE)
    return [told_entity(hit.entity, base) for hit in hits[cursor : cursor + PAGE]]


def suggest_properties(prefix: str, cursor: int) -> list[Mapping[str, str]]:
    """The properties that a text may mean; all of them for no text."""
    return [told_term(PROPERTIES[place]) for place in _places(prefix, PROPERTIES)[cursor : cursor + PAGE]]


def suggest_types(prefix: str, cursor: int) -> list[Mapping[str, str]]:
    """The types that a text may mean; all of them for no text."""
    return [told_term(TYPES[place]) for place in _places(prefix, TYPES)[cursor : cursor + PAGE]]


def told_entity(entity: Entity, base: str) -> Mapping[str, Any]:
    """An entity as suggestions tell it."""
    known = TYPE_OF_KIND[entity.kind]
    return {
        "id": entity.iri.removeprefix(base),
        "name": entity.label,
        "description": entity.description,
        "notable": [{"id": known.id, "name": known.name}],
    }


def told_term(term: EntityType | Property) -> Mapping[str, str]:
    """A type or a property as suggestions tell it."""
    return {"id": term.id, "name": term.name, "description": term.description}


def _places(prefix: str, terms: Sequence[EntityType | Property]) -> list[int]:
    text = fold(prefix)
    if not text:
        return list(range(len(terms)))
    scores = [max(_likeness(text, term.name), _likeness(text, term.id)) for term in terms]
    return sorted(
        (place for place in range(len(terms)) if scores[place] >= PLAUSIBLE), key=lambda place: -scores[place]
    )


def _likeness(text: str, name: str) -> float:
    return score(text, Name(0, "preferred", fold(name)))
