"""Complete answers to queries: small ones in memory, large ones in files without names."""

import os
import weakref
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from gzip import compress
from typing import IO

from medsynth_kg.query.spilling import spill

GZIP_LEVEL = 5
_GZIP = 16 + zlib.MAX_WBITS
"""How zlib is told to write gzip."""
_PIECE = 2**18
_QUICKLY_COMPRESSED = 2**15


class FileBody:
    """A body of ``size`` bytes in a file without a name; it goes with the last of its readers and of references to it.

    Safe to use from threads.
    """

    def __init__(self, file: IO[bytes]) -> None:
        """Take over an open file."""
        self.size = os.fstat(file.fileno()).st_size
        self._file = file
        weakref.finalize(self, file.close)

    def open(self) -> IO[bytes]:
        """Read from the beginning, whoever else reads; raises ``OSError`` where no more files can be open."""
        return os.fdopen(os.open(f"/proc/self/fd/{self._file.fileno()}", os.O_RDONLY), "rb")

    def compressed(self) -> "FileBody":
        """The same with gzip; raises ``NoRoom`` where it can't be written."""
        return FileBody(spill(self._compressed_pieces()))

    def _compressed_pieces(self) -> Iterator[bytes]:
        compressor = zlib.compressobj(GZIP_LEVEL, wbits=_GZIP)
        with self.open() as file:
            while piece := file.read(_PIECE):
                yield compressor.compress(piece)
        yield compressor.flush()


@dataclass(frozen=True)
class Answer:
    """A complete answer; ``entity_tag`` is None where the next answer to the same query may be another."""

    body: bytes | FileBody
    size: int
    media_type: str
    entity_tag: str | None

    def is_sent_at_once(self, *, compressed: bool) -> bool:
        """Whether nobody would notice the time that it takes to have it ready to be sent."""
        if not compressed or "compressed" in self.__dict__:
            return True
        return isinstance(self.body, bytes) and self.size <= _QUICKLY_COMPRESSED

    @cached_property
    def compressed(self) -> bytes | FileBody:
        """The body with gzip; raises ``NoRoom`` as ``FileBody.compressed`` does."""
        if isinstance(self.body, bytes):
            return compress(self.body, GZIP_LEVEL, mtime=0)
        return self.body.compressed()

    def read(self) -> bytes:
        """The whole body."""
        if isinstance(self.body, bytes):
            return self.body
        with self.body.open() as file:
            return file.read()
