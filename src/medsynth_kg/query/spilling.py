"""Large answers in files without names, so that they take no memory while they are read or sent."""

import contextlib
import tempfile
from collections.abc import Iterable
from typing import IO, cast

from medsynth_kg.query.errors import NoRoom
from medsynth_kg.query.limits import MEBIBYTE

IN_MEMORY = MEBIBYTE
"""Answers with more bytes than this are kept in files."""


def spill(pieces: Iterable[bytes | memoryview], in_memory: int = 1) -> IO[bytes]:
    """Write the pieces into a file, which the caller closes; up to ``in_memory`` bytes need no room on the disk.

    Raises:
        NoRoom: it can't be written.
        Exception: whatever comes from the pieces.
    """
    file = cast("IO[bytes]", tempfile.SpooledTemporaryFile(in_memory))  # noqa: SIM115  # the caller closes it
    try:
        for piece in pieces:
            _write(file, piece)
        _rewind(file)
    except BaseException:
        # What could not be written can't be when it is closed either.
        with contextlib.suppress(OSError):
            file.close()
        raise
    return file


def _write(file: IO[bytes], piece: bytes | memoryview) -> None:
    try:
        file.write(piece)
    except OSError as error:
        raise NoRoom from error


def _rewind(file: IO[bytes]) -> None:
    """Go to the beginning, for which what was written must be in the file."""
    try:
        file.seek(0)
    except OSError as error:
        raise NoRoom from error
