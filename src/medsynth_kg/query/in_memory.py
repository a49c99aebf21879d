"""A store's copy in memory, which a process hands down to all that it forks.

Evaluation over a store on disk spends most of its time in looking terms up; in memory there is nothing to look up. But
the engine finds statements in another order there, which some queries let show; those are better asked of the disk, so
that the answers are the same with and without a copy.
"""

import mmap
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from pyoxigraph import RdfFormat, Store, parse

from medsynth_kg.query.confinement import die_with_parent

_AT_ONCE = 2**16
"""Bytes of statements that are taken in at once, in some milliseconds."""
_ORDER_SHOWS = re.compile(r"\b(?:LIMIT|OFFSET|REDUCED|SAMPLE|GROUP_CONCAT)\b", re.IGNORECASE)


def is_the_same_in_any_order(query: str) -> bool:
    """Whether a query has the same solutions in whatever order the engine finds statements."""
    return not _ORDER_SHOWS.search(query)


class InMemoryCopy:
    """Takes a store's statements into memory little by little, while the process does other things.

    For a process without threads. The engine starts some when it opens a store on disk, and with those a process can't
    fork safely, so another process reads.

    ``descriptor`` can be read when there is more to take in; it is None when there is nothing to wait for. ``store`` is
    the copy once it is complete.
    """

    def __init__(self, path: str, largest: int) -> None:
        """Begin; a store of more than ``largest`` bytes on disk, or one that can't be read, is not copied."""
        self.descriptor: int | None = None
        self.store: Store | None = None
        if not 0 < _size(Path(path)) <= largest:
            return
        self._incomplete = Store()
        self._rest = b""
        self.descriptor, writable = os.pipe()
        parent = os.getpid()
        self._reader = os.fork()
        if self._reader == 0:
            _read(parent, path, writable)
        os.close(writable)

    def take_in(self) -> None:
        """Take in what has come; waits until something has."""
        if self.descriptor is None:
            return
        received = os.read(self.descriptor, _AT_ONCE)
        if not received:
            self._finish(self.descriptor)
            return
        lines, newline, self._rest = (self._rest + received).rpartition(b"\n")
        self._incomplete.extend(parse(lines + newline, format=RdfFormat.N_QUADS))

    def _finish(self, descriptor: int) -> None:
        os.close(descriptor)
        self.descriptor = None
        _, status = os.waitpid(self._reader, 0)
        if status == 0:
            self.store = self._incomplete


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("*"))


def _read(parent: int, path: str, target: int) -> NoReturn:
    """Send a store's statements in N-Quads, the last first: in memory, the engine finds first what came last."""
    status = 1
    try:
        die_with_parent(parent)
        # Whoever waits for the parent to close what it has open must not wait for this process.
        os.closerange(3, target)
        os.closerange(target + 1, os.sysconf("SC_OPEN_MAX"))
        with tempfile.TemporaryFile() as file, os.fdopen(target, "wb") as lines:
            Store.read_only(path).dump(file, RdfFormat.N_QUADS)
            file.flush()
            lines.writelines(_from_the_end(file.fileno()))
        status = 0
    finally:
        os._exit(status)


def _from_the_end(descriptor: int) -> Iterator[bytes]:
    """The lines of a file, the last one first."""
    end = os.fstat(descriptor).st_size
    if not end:
        return
    with mmap.mmap(descriptor, end, access=mmap.ACCESS_READ) as content:
        while end:
            start = content.rfind(b"\n", 0, end - 1) + 1
            yield content[start:end]
            end = start
