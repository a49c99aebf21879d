"""How a survey's headings and columns are called, and what they mean here; a TOML file, ``medsynth.toml`` by default.

Another survey's README is read with a file of the same form (``import --mapping FILE``)::

    [columns]                       # field of a row -> names of its column, upper or lower case paper =
    ["paper", "paper link"] code = ["code", "github"]       # fields: type, application, architecture,
    modality, paper, code, evaluation, date

    [[tables]]                      # one for each table that data/survey shall have
    slug = "ecg"                    # lower-case letters, digits and hyphens; the name of the CSV file
    title = "Electrocardiogram (ECG)"
    headings = ["ecg", "electrocardiogram"]   # words by which a heading is known
    optional = false                # true: no file as long as the survey has no such table

    [legend]                        # where the survey explains its evaluation letters; may be left out
    headings = ["evaluation metrics"]

    [[other_tables]]                # tables that are not about papers, known by their columns; may be left
    out columns = ["table number", "category"]

Names are compared without case, markup and punctuation. A heading belongs to the table with the longest of
its names in it. A table under a heading that no name fits gets a slug made from the heading, and a finding.
"""

import re
import tomllib
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from medsynth_kg.survey.errors import MappingError
from medsynth_kg.survey.links import cell_text
from medsynth_kg.survey.rows import COLUMNS


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
    """A survey's names; see the module for what each means."""

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
        raise MappingError(f"{name}: not TOML: {error}") from error
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in problem["loc"])
        raise MappingError(f"{name}, key {key}: {problem['msg'].removeprefix('Value error, ')}") from error
