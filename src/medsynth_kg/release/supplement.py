"""Statements too many for memory, which a release takes in as the files that hold them.

They are in one named graph and, as all others, in the union that is the default graph. The files become dumps of the
release as they are.
"""

import gzip
import os
import shutil
import zlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store

from medsynth_kg.release.dumps import graph_name
from medsynth_kg.release.errors import SupplementUnreadable
from medsynth_kg.release.freed_memory import return_freed_memory, return_large_pieces_at_once
from medsynth_kg.release.merging import Backlog

MOST_AT_ONCE = 4
"""Files that are loaded at once."""
PIECE = 2**22
"""Bytes of statements that are loaded in one go; the engine takes several times as much memory for them."""


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


def load_supplement(store: Store, path: Path, supplement: Supplement) -> None:
    """Load the files into the store at ``path``, several at once, piece by piece.

    Pieces and what the engine has yet to merge are bounded, and with them the memory, however large the files are.

    Raises:
        SupplementUnreadable: a file is no compressed N-Quads, or has statements of another graph.
        OSError: a file can't be read, or the store not be written.
    """
    ending = f" {supplement.graph} .\n".encode()
    backlog = Backlog(path)
    return_large_pieces_at_once()

    def load(file: Path) -> None:
        try:
            with gzip.open(file) as quads:
                while piece := quads.read(PIECE) + quads.readline():
                    backlog.wait()
                    store.bulk_load(piece, RdfFormat.N_QUADS)
                    # A statement of another graph stays what no N-Triples file may hold.
                    piece = piece.replace(ending, b" .\n")
                    store.bulk_load(piece, RdfFormat.N_TRIPLES, to_graph=DefaultGraph())
                    return_freed_memory()
        except (SyntaxError, EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise SupplementUnreadable(file, str(error)) from error

    with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_AT_ONCE)) as threads:
        for _ in threads.map(load, supplement.files):
            pass
