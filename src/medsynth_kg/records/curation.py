"""Decisions that a person took where the data alone can't tell, kept in ``data/curation``.

The form of the files is that of ``decision_files``; these are known:

``same-paper.csv``
    Key: two papers, each as the local part of its IRI, with a space between them.
    Decision: ``same``, one paper under two identifiers; ``different``, two papers whatever the sources say.
``repository-role.csv``
    Key: a repository as ``host/owner/name`` in lower case. Decision: see ``RepositoryRole``.
``survey-doubt.csv``
    Key: a paper (local part of its IRI) and one of the survey's columns, with a space between them.
    Decision: ``doubtful``, evidence speaks against what the survey's row says there; the reason tells what.
``field-value.csv``
    Key: a paper (local part of its IRI) and one of ``OVERRIDABLE_FIELDS``, with a space between them.
    Decision: the field's value, whatever the sources say.
"""

import datetime
import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from medsynth_kg.identifiers.errors import LocalPartError
from medsynth_kg.identifiers.paper import parse_local_part
from medsynth_kg.records.decision_files import read_decision_file
from medsynth_kg.records.errors import CurationError
from medsynth_kg.survey.rows import COLUMNS

_DATE = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?")

PaperPair = frozenset[str]
"""Two papers, each as the local part of its IRI."""


class RepositoryRole(StrEnum):
    """Whose code a linked repository holds; ``unknown`` unless somebody has looked."""

    AUTHORS = "authors"
    """The paper's own authors published it for this paper."""
    ORIGINAL_METHOD = "original method"
    """It is the earlier method that the paper builds on or applies."""
    PLACEHOLDER = "placeholder"
    """It exists, but holds no code."""
    UNKNOWN = "unknown"


class Doubt(BaseModel):
    """Evidence against what the survey says of ``paper`` (local part of its IRI) in ``column``."""

    model_config = ConfigDict(frozen=True)

    paper: str
    column: str
    reason: str


OVERRIDABLE_FIELDS = (
    "title", "subtitle", "published", "published_online", "published_print", "volume", "issue", "pages",
)  # fmt: skip
"""Fields of ``Metadata`` that a decision can set."""


class FieldValue(BaseModel):
    """The value of one field of the metadata of ``paper`` (local part of its IRI), decided on ``date``."""

    model_config = ConfigDict(frozen=True)

    paper: str
    field: str
    value: str
    date: datetime.date


class Decisions(BaseModel):
    """All decisions, ready to look up; ``repository_roles`` by ``host/owner/name``."""

    model_config = ConfigDict(frozen=True)

    same_papers: frozenset[PaperPair] = frozenset()
    different_papers: frozenset[PaperPair] = frozenset()
    repository_roles: Mapping[str, RepositoryRole] = {}
    doubts: tuple[Doubt, ...] = ()
    field_values: tuple[FieldValue, ...] = ()


def read_decisions(directory: Path) -> Decisions:
    """Read the files of ``directory`` (``data/curation``); one that is missing holds no decision.

    Raises:
        CurationError: a file or a row is not as this module describes it, or a key is decided twice.
    """
    pairs = read_decision_file(directory / "same-paper.csv", ("same", "different"), _pair_problem)
    decided_roles = tuple(role.value for role in RepositoryRole if role is not RepositoryRole.UNKNOWN)
    roles = read_decision_file(directory / "repository-role.csv", decided_roles, _repository_problem)
    doubts = read_decision_file(directory / "survey-doubt.csv", ("doubtful",), _doubt_problem)
    values = read_decision_file(directory / "field-value.csv", None, _field_problem)
    for value in values:
        if value.key[1].startswith("published") and not _DATE.fullmatch(value.decision):
            place = f"{directory / 'field-value.csv'}, line {value.line}"
            raise CurationError(f"{place}: {value.decision!r} must look like 2023, 2023-10 or 2023-10-09")
    return Decisions(
        same_papers=frozenset(frozenset(pair.key) for pair in pairs if pair.decision == "same"),
        different_papers=frozenset(frozenset(pair.key) for pair in pairs if pair.decision == "different"),
        repository_roles={role.key[0]: RepositoryRole(role.decision) for role in roles},
        doubts=tuple(Doubt(paper=doubt.key[0], column=doubt.key[1], reason=doubt.reason) for doubt in doubts),
        field_values=tuple(
            FieldValue(paper=value.key[0], field=value.key[1], value=value.decision, date=value.date)
            for value in values
        ),
    )


def _pair_problem(key: tuple[str, ...]) -> str | None:
    if len(set(key)) != 2 or len(key) != 2:
        return "write two different papers with a space between them"
    return next(filter(None, map(_paper_problem, key)), None)


def _paper_problem(local_part: str) -> str | None:
    try:
        parse_local_part(local_part)
    except LocalPartError as error:
        return str(error)
    return None


def _repository_problem(key: tuple[str, ...]) -> str | None:
    wanted = len(key) == 1 and re.fullmatch(r"[^/]+(?:/[^/]+){2,}", key[0]) and key[0] == key[0].lower()
    return None if wanted else "write the repository as host/owner/name in lower case"


def _doubt_problem(key: tuple[str, ...]) -> str | None:
    if len(key) != 2 or key[1] not in COLUMNS:
        return f"write a paper, a space and one of: {', '.join(COLUMNS)}"
    return _paper_problem(key[0])


def _field_problem(key: tuple[str, ...]) -> str | None:
    if len(key) != 2 or key[1] not in OVERRIDABLE_FIELDS:
        return f"write a paper, a space and one of: {', '.join(OVERRIDABLE_FIELDS)}"
    return _paper_problem(key[0])
