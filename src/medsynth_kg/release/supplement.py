"""Statements too many for memory, which a release takes in as the files that hold them.

They are in one named graph and, as all others, in the union that is the default graph. The files become dumps of the
release as they are.
"""

import gzip
import io
import os
import shutil
import zlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store

from medsynth_kg.release.dumps import graph_name
from medsynth_kg.release.errors import SupplementUnreadable

MOST_AT_ONCE = 4
"""Files that are loaded at once; each takes the memory of one batch of the engine's bulk loader."""
_CHUNK = 2**20


@dataclass(frozen=True, slots=True)
class Supplement:
    """Compressed N-Quads (``.nq.gz``) of one graph: each file with its SHA-256, and the number of distinct statements.

    No statement is in two files.
    """

    graph: NamedNode
    files: Mapping[Path, str]
    statements: int

    def path_in_release(self, file: Path) -> str:
        """Where a file lies in the release."""
        return f"dumps/{graph_name(self.graph.value)}/{file.name}"

    @property
    def digests(self) -> dict[str, str]:
        """The SHA-256 of each file by its path in the release, sorted."""
        return dict(sorted((self.path_in_release(file), digest) for file, digest in self.files.items()))


def copy_supplement(supplement: Supplement, release: Path) -> None:
    """Copy the files into a release."""
    for file in supplement.files:
        target = release / supplement.path_in_release(file)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)


def load_supplement(store: Store, supplement: Supplement) -> None:
    """Load the files, several at once; memory does not grow with their number or size.

    Raises:
        SupplementUnreadable: a file is no compressed N-Quads, or has statements of another graph.
        OSError: a file can't be read, or the store not be written.
    """

    def load(file: Path) -> None:
        try:
            with gzip.open(file) as content:
                store.bulk_load(cast("IO[bytes]", content), RdfFormat.N_QUADS)
            with gzip.open(file) as content:
                triples = io.BufferedReader(_WithoutGraph(cast("IO[bytes]", content), supplement.graph), _CHUNK)
                store.bulk_load(triples, RdfFormat.N_TRIPLES, to_graph=DefaultGraph())
        except (SyntaxError, EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise SupplementUnreadable(file, str(error)) from error

    with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_AT_ONCE)) as threads:
        for _ in threads.map(load, supplement.files):
            pass


class _WithoutGraph(io.RawIOBase):
    """N-Quads of one graph, read as N-Triples; a statement of another graph stays what no N-Triples file may hold."""

    def __init__(self, quads: IO[bytes], graph: NamedNode) -> None:
        self._quads = quads
        self._ending = f" {graph} .\n".encode()
        self._pending = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what BufferedReader hands over
        if not self._pending:
            lines = self._quads.read(_CHUNK) + self._quads.readline()
            self._pending = memoryview(lines.replace(self._ending, b" .\n"))
        taken = self._pending[: len(buffer)]
        buffer[: len(taken)] = taken
        self._pending = self._pending[len(taken) :]
        return len(taken)
