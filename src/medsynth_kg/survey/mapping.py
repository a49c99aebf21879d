"""How a survey's headings and columns are called, and what they mean here; a TOML file, ``medsynth.toml`` by default.

docs/mapping.md describes the file, for whoever reads another survey's README with one (``import --mapping FILE``).
"""

import re
import tomllib
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

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

    columns: dict[str, tuple[str, ...]]
    tables: tuple[MappedTable, ...]
    legend: Legend = Legend()
    other_tables: tuple[OtherTable, ...] = ()

    @field_validator("columns")
    @classmethod
    def _only_fields(cls, columns: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        if unknown := sorted(set(columns) - set(COLUMNS)):
            raise ValueError(f"no such field: {', '.join(unknown)}; fields are {', '.join(COLUMNS)}")
        if "paper" not in columns:
            raise ValueError("the field paper must have a column")
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
        reason = problem["msg"].removeprefix("Value error, ")
        raise MappingError(f"{name}, key {key}: {reason}; {_SEE}") from error
