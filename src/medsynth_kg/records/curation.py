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
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from medsynth_kg.identifiers.errors import LocalPartError
from medsynth_kg.identifiers.paper import parse_local_part
from medsynth_kg.records.decision_files import read_decision_file
from medsynth_kg.survey.rows import COLUMNS

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


class Decisions(BaseModel):
    """All decisions, ready to look up; ``repository_roles`` by ``host/owner/name``."""

    model_config = ConfigDict(frozen=True)

    same_papers: frozenset[PaperPair] = frozenset()
    different_papers: frozenset[PaperPair] = frozenset()
    repository_roles: Mapping[str, RepositoryRole] = {}
    doubts: tuple[Doubt, ...] = ()


def read_decisions(directory: Path) -> Decisions:
    """Read the files of ``directory`` (``data/curation``); one that is missing holds no decision.

    Raises:
        CurationError: a file or a row is not as this module describes it, or a key is decided twice.
    """
    pairs = read_decision_file(directory / "same-paper.csv", ("same", "different"), _pair_problem)
    decided_roles = tuple(role.value for role in RepositoryRole if role is not RepositoryRole.UNKNOWN)
    roles = read_decision_file(directory / "repository-role.csv", decided_roles, _repository_problem)
    doubts = read_decision_file(directory / "survey-doubt.csv", ("doubtful",), _doubt_problem)
    return Decisions(
        same_papers=frozenset(frozenset(pair.key) for pair in pairs if pair.decision == "same"),
        different_papers=frozenset(frozenset(pair.key) for pair in pairs if pair.decision == "different"),
        repository_roles={role.key[0]: RepositoryRole(role.decision) for role in roles},
        doubts=tuple(Doubt(paper=doubt.key[0], column=doubt.key[1], reason=doubt.reason) for doubt in doubts),
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
