"""Writes files whole or not at all, and names what keeps them from being written."""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from medsynth_kg.errors import MedsynthError


def write_whole(path: Path, content: str) -> None:
    """Put ``content`` (UTF-8) in the place of a file, whose directory is made; killed midway, the old file stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".unfinished")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(content)
        Path(unfinished).chmod(0o644)
        Path(unfinished).replace(path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


@contextmanager
def disk_failures_named(failure: Callable[[Path, str], MedsynthError], directory: Path) -> Iterator[None]:
    """Raise what ``failure`` makes of a directory and a reason where the disk or SQLite refuses what the block does."""
    try:
        yield
    except OSError as error:
        file = f": {error.filename}" if error.filename else ""
        raise failure(directory, (error.strerror or str(error)) + file) from error
    except sqlite3.Error as error:
        raise failure(directory, str(error)) from error
