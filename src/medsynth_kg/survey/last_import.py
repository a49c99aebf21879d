"""What the last import read, kept in ``data/survey/last-import.json``.

It is the common ancestor of README and CSV files, so that an import can tell a hand edit from a change in the
README; and it keeps the findings about the README that no row can show.
"""

import datetime
import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from medsynth_kg.survey.errors import SurveyFileError
from medsynth_kg.survey.findings import Finding
from medsynth_kg.survey.rows import SurveyRow

FILE_NAME = "last-import.json"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ImportedTable(_Frozen):
    """A table as the README had it: its heading there, and its rows with the README's lines."""

    slug: str
    title: str
    heading: str | None = None
    rows: tuple[SurveyRow, ...] = ()


class LastImport(_Frozen):
    """The state of the README at the last import that changed anything; ``sha256`` is of its UTF-8 bytes."""

    source: str
    sha256: str
    date: datetime.date
    tables: tuple[ImportedTable, ...]
    findings: tuple[Finding, ...] = ()


def read_last_import(directory: Path) -> LastImport | None:
    """Read the state in ``directory`` (``data/survey``); None before the first import.

    Raises:
        SurveyFileError: the file is not what an import wrote.
    """
    path = directory / FILE_NAME
    if not path.exists():
        return None
    try:
        return LastImport.model_validate_json(path.read_bytes())
    except ValidationError as error:
        problem = error.errors(include_url=False, include_context=False)[0]
        field = ".".join(str(part) for part in problem["loc"])
        raise SurveyFileError(
            f"{path}: {field}: {problem['msg']}; restore the file, or delete it to import without it"
        ) from error


def last_import_json(state: LastImport) -> str:
    """The one text that stands for ``state`` on disk."""
    content = state.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
