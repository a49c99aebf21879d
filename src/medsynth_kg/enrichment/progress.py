"""Shows how far a run has come: a bar on a terminal, plain lines elsewhere."""

import time
from collections import Counter
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Protocol, Self, TextIO

import rich.progress
from rich.console import Console

from medsynth_kg.enrichment.report import Outcome

_SHOWN = (Outcome.FOUND, Outcome.UNCHANGED, Outcome.NOT_FOUND, Outcome.FAILED)


class Progress(AbstractContextManager["Progress"], Protocol):
    """Told what happens; shows it or not."""

    def begin(self, stage: str, total: int) -> None:
        """A stage with ``total`` questions begins."""

    def advance(self, outcome: Outcome) -> None:
        """One question of the stage has ended."""


class Silence:
    """Shows nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def begin(self, stage: str, total: int) -> None:
        """Nothing to show."""

    def advance(self, outcome: Outcome) -> None:
        """Nothing to show."""


class Lines(Silence):
    """Writes a line where a stage begins and ends, and at most one every ``interval`` seconds between."""

    def __init__(self, output: TextIO, interval: float = 5.0) -> None:
        self._output = output
        self._interval = interval
        self._stage = ""
        self._total = 0
        self._counts: Counter[Outcome] = Counter()
        self._last = 0.0

    def begin(self, stage: str, total: int) -> None:
        """Say what is about to be asked; a stage without questions isn't mentioned."""
        self._stage, self._total, self._counts = stage, total, Counter()
        self._last = time.monotonic()
        if total:
            self._output.write(f"{stage}: {total} to ask\n")
            self._output.flush()

    def advance(self, outcome: Outcome) -> None:
        """Count, and write the counts when it is time."""
        self._counts[outcome] += 1
        done = self._counts.total()
        if done == self._total or time.monotonic() - self._last >= self._interval:
            self._last = time.monotonic()
            self._output.write(f"{self._stage}: {done} of {self._total} ({tally(self._counts)})\n")
            self._output.flush()


class Bar(Silence):
    """Draws a bar for each stage, with its counts and the time left."""

    def __init__(self, output: TextIO) -> None:
        self._counts: Counter[Outcome] = Counter()
        self._task: rich.progress.TaskID | None = None
        self._bars = rich.progress.Progress(
            rich.progress.TextColumn("{task.description}"),
            rich.progress.BarColumn(),
            rich.progress.MofNCompleteColumn(),
            rich.progress.TextColumn("{task.fields[tally]}"),
            rich.progress.TimeRemainingColumn(),
            console=Console(file=output),
        )

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def begin(self, stage: str, total: int) -> None:
        """Draw another bar; a stage without questions gets none."""
        self._counts = Counter()
        self._task = self._bars.add_task(stage, total=total, tally="") if total else None

    def advance(self, outcome: Outcome) -> None:
        """Move the stage's bar on by one."""
        self._counts[outcome] += 1
        if self._task is not None:
            self._bars.update(self._task, advance=1, tally=tally(self._counts))


def progress_on(output: TextIO) -> Progress:
    """The display that suits ``output``: a bar on a terminal, lines elsewhere."""
    return Bar(output) if output.isatty() else Lines(output)


def tally(counts: Counter[Outcome]) -> str:
    """The counts of a stage in words, such as ``found 3, failed 1``."""
    return ", ".join(f"{outcome} {counts[outcome]}" for outcome in _SHOWN if counts[outcome])
