"""What clients send: batches of queries, and requests for values. Both are JSON in a parameter of a form."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from medsynth_kg.endpoint.errors import MalformedRequest

BATCH_SIZE = 100
"""Queries in a batch, and entities in a request for values."""
TEXT_LENGTH = 1000
"""Characters of a name or a value that is to be matched."""
PROPERTIES_ASKED = 30
MOST_CANDIDATES = 50

Text = Annotated[str, Field(max_length=TEXT_LENGTH)]


class EntityValue(BaseModel):
    """A value that is an entity, matched before."""

    model_config = ConfigDict(frozen=True)

    id: Text
    name: Text = ""


PropertyValue = Text | bool | int | float | EntityValue


class PropertyConstraint(BaseModel):
    """A property that the entity should have, with one value or several of which one should do."""

    model_config = ConfigDict(frozen=True)

    pid: Text
    v: PropertyValue | Annotated[tuple[PropertyValue, ...], Field(max_length=PROPERTIES_ASKED)]

    @property
    def values(self) -> tuple[str, ...]:
        """The values as text; an entity is told by its identifier."""
        given = self.v if isinstance(self.v, tuple) else (self.v,)
        return tuple(value.id if isinstance(value, EntityValue) else str(value) for value in given)


class ReconciliationQuery(BaseModel):
    """A query: a name, properties, or both; the types that the entity may have (section 4.1)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    query: Text = ""
    type: Text | Annotated[tuple[Text, ...], Field(max_length=PROPERTIES_ASKED)] = ()
    limit: Annotated[int, Field(ge=1)] = 5
    properties: Annotated[tuple[PropertyConstraint, ...], Field(max_length=PROPERTIES_ASKED)] = ()
    type_strict: Literal["any", "should", "all"] = "any"

    @property
    def types(self) -> tuple[str, ...]:
        """The types, none for any."""
        given = (self.type,) if isinstance(self.type, str) else self.type
        return tuple(name for name in given if name)


class WantedProperty(BaseModel):
    """A property whose values are wanted, and how many at most, 0 for all."""

    model_config = ConfigDict(frozen=True)

    class Settings(BaseModel):
        """What a user may set for a property."""

        model_config = ConfigDict(frozen=True)

        limit: Annotated[int, Field(ge=0)] = 0

    id: Text
    settings: Settings = Settings()


class ExtensionQuery(BaseModel):
    """A request for the values of properties of entities (section 7.3)."""

    model_config = ConfigDict(frozen=True)

    ids: Annotated[tuple[Text, ...], Field(max_length=BATCH_SIZE)]
    properties: Annotated[tuple[WantedProperty, ...], Field(max_length=PROPERTIES_ASKED)]


_BATCH: TypeAdapter[dict[str, object]] = TypeAdapter(Annotated[dict[str, object], Field(max_length=BATCH_SIZE)])


def read_batch(text: str) -> dict[str, object]:
    """Read a batch: what it holds by its keys, each to be read by ``read_query``, so that one may fail alone.

    Raises:
        MalformedRequest: the text is no batch, or is larger than a batch may be.
    """
    try:
        return _BATCH.validate_json(text)
    except ValidationError as error:
        raise MalformedRequest(_told("queries", error)) from error


def read_query(key: str, given: object) -> ReconciliationQuery:
    """Read the query that a batch holds under a key.

    Raises:
        MalformedRequest: it is no query.
    """
    place = f"queries.{key[:40]}"
    try:
        query = ReconciliationQuery.model_validate(given)
    except ValidationError as error:
        raise MalformedRequest(_told(place, error)) from error
    if "query" not in query.model_fields_set and not query.properties:
        raise MalformedRequest(f"{place}: a query needs a `query` or `properties`")
    return query


def read_extension(text: str) -> ExtensionQuery:
    """Read a request for values.

    Raises:
        MalformedRequest: the text is no such request, or asks for more than may be asked for at once.
    """
    try:
        return ExtensionQuery.model_validate_json(text)
    except ValidationError as error:
        raise MalformedRequest(_told("extend", error)) from error


def _told(parameter: str, error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join([parameter, *(str(part)[:40] for part in first["loc"])])
    return f"{place}: {first['msg']}; a batch holds up to {BATCH_SIZE} items, a text {TEXT_LENGTH} characters"
