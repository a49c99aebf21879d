"""Finding the entities that a reconciliation query may mean, with a score from 0 to 100 for each.

The name gives the score; properties that the query states move it: those that agree towards 100, those that disagree
down. An identifier that agrees makes a match by itself, and so does a whole name that no other candidate has.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from medsynth_kg.endpoint.reconciliation.schema import Property
from medsynth_kg.endpoint.search.identifying import identifiers_in
from medsynth_kg.endpoint.search.index import Entity, SearchIndex
from medsynth_kg.endpoint.search.ranking import Name, likeness, score
from medsynth_kg.release.search_text import fold

LEAST = 0.4
"""The likeness of names from which something is a candidate."""
_CERTAIN = 95.0
"""The score from which a candidate is a match..."""
_AHEAD = 5.0
"""... where it is so far ahead of the next..."""
_WHOLE = 0.85
"""... and where a name that is given is so much like one of its own: the title of a famous paper may be a part of one
here."""
_BY_PROPERTIES = 0.4
"""The share of the score that properties decide where a name is given too."""
_SAME_NAME = 0.9
"""The likeness from which a value that is a name means an entity."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that a query may mean; ``name`` and ``properties`` are how well each agrees, from 0 to 100.

    ``identified`` is whether a property of the query tells it from all others.
    """

    entity: Entity
    score: float
    name: float | None
    properties: float | None
    identified: bool = False
    match: bool = False


@dataclass(frozen=True, slots=True)
class Constraint:
    """A property that the query states, with the values of which one should be the entity's."""

    property: Property
    iri: str
    values: tuple[str, ...]


def find_candidates(
    index: SearchIndex, query: str, kinds: Sequence[str], constraints: Sequence[Constraint], limit: int
) -> list[Candidate]:
    """The candidates for a query, the best first; of ``kinds`` alone where some are given."""
    named = {hit.entity: hit.score for hit in index.search(query, kinds, LEAST)} if query.strip() else {}
    wanted = [_WantedValues(index, constraint) for constraint in constraints]
    found = dict.fromkeys(named)
    for values in wanted:
        # Beside a name, only what a property identifies is a further candidate: a year would add hundreds.
        if values.identifies or not query.strip():
            found |= dict.fromkeys(entity for entity in values.stating() if not kinds or entity.kind in kinds)
    scored = [_score(entity, named, query, wanted) for entity in found]
    scored.sort(key=lambda one: (-one.score, -one.entity.papers, one.entity.label, one.entity.iri))
    return _with_match(index, query, scored)[:limit]


class _WantedValues:
    """The values that a query wants a property to have, looked up once for all candidates."""

    def __init__(self, index: SearchIndex, constraint: Constraint) -> None:
        self._index = index
        self._constraint = constraint
        self._property = constraint.property
        self._folded = [folded for value in constraint.values if (folded := fold(value))]
        self._entities = self._meant() if self._property.form == "entity" else ()
        self._identifiers = {
            identifier
            for value in constraint.values
            for scheme, identifier in (*identifiers_in(value), (self._property.scheme, value.strip()))
            if scheme == self._property.scheme
        }
        self._years = {value.strip()[:4] for value in constraint.values if value.strip()[:4].isdigit()}

    @property
    def identifies(self) -> bool:
        """Whether the property tells an entity from all others."""
        return self._property.form == "identifier"

    def stating(self) -> list[Entity]:
        """The entities that have one of the values."""
        match self._property.form:
            case "entity":
                return self._index.stating(self._constraint.iri, [entity.iri for entity in self._entities])
            case "identifier":
                return self._index.stating(self._constraint.iri, sorted(self._identifiers))
            case "year":
                years = (self._index.stating_beginning(self._constraint.iri, year) for year in sorted(self._years))
                return [entity for found in years for entity in found]
            case _:
                return self._index.stating(self._constraint.iri, self._constraint.values)

    def agree(self, entity: Entity) -> float:
        """How well the values of an entity agree, from 0 to 1."""
        if self._property.form == "papers":
            return float(str(entity.papers) in self._constraint.values)
        values = self._index.values(entity.number, self._constraint.iri)
        match self._property.form:
            case "entity":
                return float(any(value.entity in self._entities for value in values if value.entity))
            case "identifier":
                return float(any(value.text in self._identifiers for value in values))
            case "year":
                return float(any(value.text[:4] in self._years for value in values))
            case _:
                names = [Name(0, "preferred", fold(value.text)) for value in values]
                return max((score(wanted, name) for wanted in self._folded for name in names), default=0.0)

    def _meant(self) -> tuple[Entity, ...]:
        """The entities that the values mean, by identifier or by any spelling of their names."""
        hits = (hit for value in self._constraint.values for hit in self._index.search(value, [self._property.values]))
        return tuple(hit.entity for hit in hits if hit.score >= _SAME_NAME)


def _score(entity: Entity, named: dict[Entity, float], query: str, wanted: Sequence[_WantedValues]) -> Candidate:
    name = 100 * named.get(entity, 0.0) if query.strip() else None
    agreeing = [(values, values.agree(entity)) for values in wanted]
    if not agreeing:
        return Candidate(entity, round(name or 0.0, 1), name, None)
    properties = 100 * sum(agreement for _, agreement in agreeing) / len(agreeing)
    identified = any(values.identifies and agreement == 1 for values, agreement in agreeing)
    if identified:
        total = 100.0
    elif name is None:
        total = properties
    else:
        total = (1 - _BY_PROPERTIES) * name + _BY_PROPERTIES * properties
    return Candidate(entity, round(total, 1), name, properties, identified)


def _with_match(index: SearchIndex, query: str, candidates: list[Candidate]) -> list[Candidate]:
    if not candidates:
        return []
    called = set(index.called(fold(query)))
    exact = [one for one in candidates if one.entity in called and one.score >= _CERTAIN]
    if len(exact) == 1:
        # Names that are like it, longer ones among them, leave no doubt.
        return [replace(exact[0], score=100.0, match=True), *(one for one in candidates if one is not exact[0])]
    first, *others = candidates
    ahead = first.score - (others[0].score if others else 0.0)
    match = first.score >= _CERTAIN and ahead >= _AHEAD and _is_called(index, query, first)
    return [replace(first, match=match), *others]


def _is_called(index: SearchIndex, query: str, candidate: Candidate) -> bool:
    """Whether a name, where one is given, is all of a candidate's, or identifies it, or a property does."""
    if not query.strip() or candidate.identified or candidate.entity in index.identified(query):
        return True
    return any(likeness(fold(query), name) >= _WHOLE for name in index.names(candidate.entity.number))
