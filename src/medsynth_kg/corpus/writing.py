"""Writing compressed files piece by piece, whole or not at all, with the same bytes for the same content."""

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
    unfinished = path.with_name(f".{path.name}.{uuid.uuid4().hex}{UNFINISHED_SUFFIX}")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with (
            unfinished.open("wb") as raw,
            gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=raw, mtime=0) as file,
        ):
            yield cast("IO[bytes]", file)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
