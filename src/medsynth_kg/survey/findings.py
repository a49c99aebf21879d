"""What a check found: a problem in the survey's data, where it stands, and what to do about it."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Severity(StrEnum):
    """How much a finding costs the graph."""

    ERROR = "error"
    """Something that belongs in the graph had to be left out; ``validate`` exits with 1."""
    WARNING = "warning"
    """A doubtful value was taken and flagged, or a meaningless one left out; its row still counts."""
    NOTICE = "notice"
    """Nothing is lost; the survey's maintainers may still want to know."""


class Finding(BaseModel):
    """One problem, in one place.

    ``kind`` is a slug in kebab case, the same for every finding of one sort. ``table``, ``file`` (relative to
    the data directory, or what an imported README is called), ``line`` (1 is the file's first line),
    ``column`` and ``value`` say where it stands, as far as that is known; ``paper`` is the local part of the
    paper's IRI (see ``PaperIdentifier.local_part``) where the problem concerns one. ``message`` says in one
    sentence what is wrong, ``advice`` what to do.
    """

    model_config = ConfigDict(frozen=True)

    kind: str
    severity: Severity
    message: str
    advice: str
    table: str | None = None
    file: str | None = None
    line: int | None = None
    column: str | None = None
    value: str | None = None
    paper: str | None = None
