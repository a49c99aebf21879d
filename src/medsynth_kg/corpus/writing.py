"""Writing files piece by piece, whole or not at all, with the same bytes for the same content.

Two processes may write the same file at once: Spark tries a task again that it takes for lost, and the workers of a
killed run live on for a moment. So each writes under a name of its own.
"""

import gzip
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

UNFINISHED_SUFFIX = ".unfinished"
"""How the names of files end that are still being written, or that a killed process left."""

_LEVEL = 6


@contextmanager
def writing_gzip(path: Path) -> Iterator[IO[bytes]]:
    """A file to write to, whose gzip form takes its place at the end; neither name nor time shows in the bytes."""
    with _own_name_beside(path) as unfinished:
        with (
            unfinished.open("wb") as raw,
            gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=raw, mtime=0) as file,
        ):
            yield cast("IO[bytes]", file)
        unfinished.replace(path)


@contextmanager
def writing_text_if_any(path: Path) -> Iterator[IO[str]]:
    """A file to write to (UTF-8), which takes its place at the end if something was written."""
    with _own_name_beside(path) as unfinished:
        with unfinished.open("w", encoding="utf-8") as file:
            yield file
        if unfinished.stat().st_size:
            unfinished.replace(path)


@contextmanager
def _own_name_beside(path: Path) -> Iterator[Path]:
    unfinished = path.with_name(f".{uuid.uuid4().hex}{UNFINISHED_SUFFIX}")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield unfinished
    finally:
        unfinished.unlink(missing_ok=True)
