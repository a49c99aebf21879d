"""Where a run keeps what is nobody's data: answers to ask again cheaply, logs, and the lock that keeps runs apart."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from medsynth_kg.enrichment.errors import MetadataNotWritten
from medsynth_kg.enrichment.politeness import only_run
from medsynth_kg.writing import disk_failures_named


@contextmanager
def own_notes(directory: Path) -> Iterator[Path]:
    """The notes of the only run in ``directory``; they keep themselves out of version control.

    Raises:
        EnrichmentRunningError: another run is at work in ``directory``.
        MetadataNotWritten: the disk refused something, here or in the block.
    """
    notes = directory / ".cache"
    with disk_failures_named(MetadataNotWritten, directory):
        notes.mkdir(parents=True, exist_ok=True)
        with only_run(notes / "lock", os.getpid()):
            (notes / ".gitignore").write_text("*\n", encoding="utf-8")
            yield notes
