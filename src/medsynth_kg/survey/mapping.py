"""How a survey's headings and columns are called, and what they mean here; a TOML file, ``medsynth.toml`` by default.

docs/mapping.md describes the file, for whoever reads another survey's README with one (``import --mapping FILE``).
"""

import json
import re
import tomllib
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import ErrorDetails

from medsynth_kg.survey.errors import MappingError
from medsynth_kg.survey.links import cell_text
from medsynth_kg.survey.rows import COLUMNS

_SEE = "docs/mapping.md describes the file"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MappedTable(_Frozen):
    """A table that the survey has, or may have where it is ``optional``."""

    slug: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: str = Field(min_length=1)
    headings: tuple[str, ...] = ()
    optional: bool = False


class Legend(_Frozen):
    """Where the survey explains its evaluation letters."""

    headings: tuple[str, ...] = ()


class OtherTable(_Frozen):
    """A table that lists something else than papers, known by columns that it has."""

    columns: tuple[str, ...] = Field(min_length=1)


class Mapping(_Frozen):
    """A survey's names; docs/mapping.md says what each means."""

    columns: dict[str, tuple[str, ...]] = {}
    tables: tuple[MappedTable, ...]
    legend: Legend = Legend()
    other_tables: tuple[OtherTable, ...] = ()

    @field_validator("columns")
    @classmethod
    def _only_fields(cls, columns: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        if unknown := sorted(set(columns) - set(COLUMNS)):
            raise ValueError(f"no such field: {', '.join(unknown)}; fields are {', '.join(COLUMNS)}")
        return columns

    @field_validator("tables")
    @classmethod
    def _slugs_once(cls, tables: tuple[MappedTable, ...]) -> tuple[MappedTable, ...]:
        slugs = [table.slug for table in tables]
        if repeated := sorted({slug for slug in slugs if slugs.count(slug) > 1}):
            raise ValueError(f"slug used twice: {', '.join(repeated)}")
        return tables


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file.

    Raises:
        MappingError: the file can't be read, is not TOML, or a key is missing, unknown or wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise MappingError(f"{path}: not UTF-8; save the file as UTF-8") from error
    except OSError as error:
        raise MappingError(f"{path}: {error.strerror}") from error
    return _mapping(text, str(path))


def default_mapping() -> Mapping:
    """The names of the survey that this project is about."""
    resource = files("medsynth_kg.survey").joinpath("medsynth.toml")
    return _mapping(resource.read_text(encoding="utf-8"), "medsynth.toml")


def plain_words(markdown: str) -> str:
    """A heading or column name in the form that names are compared in: words without case and punctuation."""
    return " ".join(re.findall(r"[^\W_]+", cell_text(markdown).casefold()))


def _mapping(text: str, name: str) -> Mapping:
    try:
        return Mapping.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"{name}: not TOML: {error}; {_SEE}") from error
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in problem["loc"])
        raise MappingError(f"{name}, key {key}: {_reason(problem)}; {_SEE}") from error


def _reason(problem: ErrorDetails) -> str:
    """What is wrong with a key in the words of the file, not in those of the library that reads it."""
    place, value = problem["loc"], problem["input"]
    match problem["type"]:
        case "extra_forbidden":
            return f"there is no such key; the keys are {', '.join(_table_of(place).model_fields)}"
        case "missing":
            return "this key is missing"
        case "tuple_type" if place[-1] in _TABLES:
            return f"this is a list of tables; write [[{place[-1]}]] above each"
        case "tuple_type":
            return f"write a list of names, such as [{json.dumps(value if isinstance(value, str) else 'Link')}]"
        case "dict_type" | "model_type":
            return f"this is a table; write [{place[-1]}] above its keys"
        case "string_type":
            return 'write a text in quotes, such as "Link"'
        case "string_too_short" | "too_short":
            return "this must not be empty"
        case "string_pattern_mismatch":
            return "write lower-case letters, digits and hyphens between them"
        case "bool_type" | "bool_parsing":
            return "write true or false"
    return problem["msg"].removeprefix("Value error, ")


def _table_of(place: tuple[int | str, ...]) -> type[BaseModel]:
    """The table of the file that a key stands in."""
    return Mapping if len(place) == 1 else _TABLES[str(place[0])]


_TABLES: dict[str, type[BaseModel]] = {"tables": MappedTable, "legend": Legend, "other_tables": OtherTable}
"""The tables below the file's own, by their key."""
