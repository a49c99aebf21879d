"""When each identifier was last asked for, kept beside the snapshots but out of version control.

A snapshot is rewritten only when a fact changes, and a service's "not found" leaves no snapshot at all; both are
remembered here, so that nothing is asked again before its time.
"""

import datetime
import os
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from pydantic import BaseModel, ConfigDict, ValidationError

_INTERRUPTED_RUN = datetime.timedelta(days=1)
"""How long an interrupted run can be continued."""


class Check(BaseModel):
    """One question put to a source, and whether it knew the answer; a line of the log."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    identifier: str
    date: datetime.date
    found: bool


class CheckLog:
    """The log of checks: one JSON object a line, appended as answers arrive. Use it as a context manager.

    A line ``{}`` marks the end of a run; what follows the last one belongs to a run that was interrupted. A line
    that can't be read (the process was killed while writing it) is dropped: its question is asked again.
    """

    def __init__(self, file: Path, today: datetime.date) -> None:
        self._file = file
        self._today = today
        self._finished: dict[tuple[str, str], Check] = {}
        self._interrupted: dict[tuple[str, str], Check] = {}
        self._output: IO[str] | None = None

    def __enter__(self) -> Self:
        self._read()
        self._compact()
        self._output = self._file.open("a", encoding="utf-8", newline="\n")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._output is not None:
            self._output.close()

    def last(self, source: str, identifier: str) -> Check | None:
        """The latest check of an identifier."""
        key = (source, identifier)
        return self._interrupted.get(key) or self._finished.get(key)

    def is_of_interrupted_run(self, check: Check) -> bool:
        """Whether the check was made by a run that is now being continued."""
        known = self._interrupted.get((check.source, check.identifier)) == check
        return known and self._today - check.date <= _INTERRUPTED_RUN

    def note(self, source: str, identifier: str, found: bool) -> None:
        """Remember that a source answered today."""
        check = Check(source=source, identifier=identifier, date=self._today, found=found)
        self._interrupted[source, identifier] = check
        self._append(check.model_dump_json())

    def finish(self) -> None:
        """Mark the run as complete."""
        self._finished |= self._interrupted
        self._interrupted = {}
        self._append("{}")

    def _append(self, line: str) -> None:
        if self._output is None:
            raise ValueError("a check log is written to inside its with block only")
        self._output.write(line + "\n")
        self._output.flush()

    def _read(self) -> None:
        lines = self._file.read_bytes().split(b"\n") if self._file.exists() else []
        for line in lines:
            if line == b"{}":
                self._finished |= self._interrupted
                self._interrupted = {}
                continue
            try:
                check = Check.model_validate_json(line)
            except ValidationError:
                continue
            self._interrupted[check.source, check.identifier] = check

    def _compact(self) -> None:
        finished = [self._finished[key] for key in sorted(self._finished)]
        interrupted = [self._interrupted[key] for key in sorted(self._interrupted)]
        lines = [*map(_line, finished), "{}", *map(_line, interrupted)]
        self._file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self._file.with_suffix(f".{os.getpid()}.unfinished")
        unfinished.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="\n")
        unfinished.replace(self._file)


def _line(check: Check) -> str:
    return check.model_dump_json()
