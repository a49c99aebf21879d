"""Saved queries: one ``.rq`` file each, with a YAML header in comment lines that start with ``#+``.

The header is the one that grlc reads (https://github.com/CLARIAH/grlc#decorator-syntax), so the files run there as they
are; ``title`` and ``keywords`` may also be called ``summary`` and ``tags``. A variable named ``?_name`` is a parameter,
in whose place a term is put before the query runs.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from medsynth_kg.query.charts import Chart
from medsynth_kg.query.errors import QueryError, SavedQueryUnreadable
from medsynth_kg.query.formats import QueryForm
from medsynth_kg.query.guard import inspect_query
from medsynth_kg.query.limits import QueryLimits
from medsynth_kg.query.parameters import Parameter, parameter_names
from medsynth_kg.settings import BASE_IRI

_HEADER = "#+"
SERVICE = re.compile(r"\bSERVICE\s+(?:SILENT\s+)?<([^<>\s]*)>", re.IGNORECASE)
"""A service that a query asks, and its address."""

_GRLC_ONLY = frozenset({"defaults", "endpoint", "endpoint_in_url", "enumerate", "method", "pagination", "transform"})
"""Keys of grlc's header that say how grlc itself serves a query."""
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Topic(StrEnum):
    """What a question is about, in the order in which a reader meets them."""

    MODELS = "Models and methods"
    EVALUATION = "Evaluation and its gaps"
    CODE = "Code and reuse"
    PUBLICATION = "Authors, venues and citations"
    SURVEY = "The survey and its links"
    ELSEWHERE = "Together with other graphs"
    OTHER = "More questions"


class SavedQuery(BaseModel):
    """A saved query: its slug, its header, and its text without the header.

    ``may_be_empty`` says that no rows are a fair answer; a build fails on any other query that comes back empty.
    ``federated`` says that it asks other services: a build only parses it, and it runs where those may be asked.
    ``chart`` says how to draw the answer. ``values`` are queries by variable, whose solutions a build writes into the
    empty data block ``VALUES ?variable { }`` of that variable. ``source`` is the whole file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    slug: str
    title: str
    description: str
    topic: Topic = Topic.OTHER
    keywords: tuple[str, ...] = ()
    may_be_empty: bool = Field(default=False, alias="may-be-empty")
    federated: bool = False
    parameters: Mapping[str, Parameter] = {}
    chart: Chart | None = None
    values: Mapping[str, str] = {}
    form: QueryForm
    text: str
    source: str


def load_saved_queries(directory: Path) -> tuple[SavedQuery, ...]:
    """Read every ``.rq`` file of a directory, in the order of their slugs.

    Raises:
        SavedQueryUnreadable: a file's name, header or query is not as it should be.
    """
    return tuple(read_saved_query(path) for path in sorted(directory.glob("*.rq")))


def read_saved_query(path: Path) -> SavedQuery:
    """Read one file; raises as ``load_saved_queries`` does."""
    if not _SLUG.fullmatch(path.stem):
        raise SavedQueryUnreadable(f"{path}: name the file in lower case with hyphens between words")
    return parse_saved_query(path, _read(path))


def parse_saved_query(path: Path, source: str) -> SavedQuery:
    """The saved query of a file with this content; raises as ``load_saved_queries`` does."""
    lines = source.splitlines(keepends=True)
    header = "".join(line.removeprefix(_HEADER) for line in lines if line.startswith(_HEADER))
    text = "".join(line for line in lines if not line.startswith(_HEADER)).strip() + "\n"
    try:
        fields = _fields(yaml.safe_load(header))
        services = tuple(SERVICE.findall(text)) if fields.get("federated") is True else ()
        form = inspect_query(text, QueryLimits(services=services)).form
        query = SavedQuery.model_validate(fields | {"slug": path.stem, "text": text, "source": source, "form": form})
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SavedQueryUnreadable(f"{path}, line {line}: the header is not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise SavedQueryUnreadable(f"{path}: the header is not YAML: {error}") from error
    except QueryError as error:
        raise SavedQueryUnreadable(f"{path}: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise SavedQueryUnreadable(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    _check_parameters(path, query)
    return query


def rebase(query: SavedQuery, base: str) -> SavedQuery:
    """The query as it is asked of a graph whose own IRIs start with ``base``."""
    return parse_saved_query(Path(f"queries/{query.slug}.rq"), query.source.replace(BASE_IRI, base))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SavedQueryUnreadable(f"{path}: can't be read as UTF-8 text: {error}") from error


def _fields(header: Any) -> dict[str, Any]:
    fields = {key: header[key] for key in header if key not in _GRLC_ONLY} if isinstance(header, dict) else {}
    for ours, theirs in (("title", "summary"), ("keywords", "tags")):
        if theirs in fields:
            fields.setdefault(ours, fields.pop(theirs))
    return fields


def _check_parameters(path: Path, query: SavedQuery) -> None:
    used = parameter_names(query.text)
    if missing := used - set(query.parameters):
        raise SavedQueryUnreadable(f"{path}: ?_{min(missing)} is used, but the header has no parameter {min(missing)}")
    if unused := set(query.parameters) - used:
        raise SavedQueryUnreadable(f"{path}: the parameter {min(unused)} is not used; write it as ?_{min(unused)}")
