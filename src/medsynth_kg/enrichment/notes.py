"""Where a run keeps what is nobody's data: answers to ask again cheaply, logs, and the lock that keeps runs apart."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from medsynth_kg.enrichment.politeness import only_run


@contextmanager
def own_notes(directory: Path) -> Iterator[Path]:
    """The notes of the only run in ``directory``; they keep themselves out of version control.

    Raises:
        EnrichmentRunningError: another run is at work in ``directory``.
        OSError: ``directory`` can't be written to.
    """
    notes = directory / ".cache"
    notes.mkdir(parents=True, exist_ok=True)
    with only_run(notes / "lock", os.getpid()):
        (notes / ".gitignore").write_text("*\n", encoding="utf-8")
        yield notes
