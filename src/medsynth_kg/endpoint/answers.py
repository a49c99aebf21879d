"""Complete answers to queries: small ones in memory, large ones in files without names."""

import os
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from medsynth_kg.endpoint.codings import ContentCoding
from medsynth_kg.query.spilling import spill

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

    def compressed(self, coding: ContentCoding) -> "FileBody":
        """The same in a content coding; raises ``NoRoom`` where it can't be written."""
        return FileBody(spill(coding.compress_pieces(self._pieces())))

    def _pieces(self) -> Iterator[bytes]:
        with self.open() as file:
            while piece := file.read(_PIECE):
                yield piece


@dataclass(frozen=True)
class Answer:
    """A complete answer; ``entity_tag`` is None where the next answer to the same query may be another."""

    body: bytes | FileBody
    size: int
    media_type: str
    entity_tag: str | None
    _compressed: dict[ContentCoding, bytes | FileBody] = field(default_factory=dict, compare=False, repr=False)

    def is_sent_at_once(self, coding: ContentCoding | None) -> bool:
        """Whether nobody would notice the time that it takes to have it ready to be sent."""
        if coding is None or coding in self._compressed:
            return True
        return isinstance(self.body, bytes) and self.size <= _QUICKLY_COMPRESSED

    def compressed(self, coding: ContentCoding) -> bytes | FileBody:
        """The body in a content coding, made once; raises ``NoRoom`` as ``FileBody.compressed`` does."""
        if coding not in self._compressed:
            body = self.body
            packed = coding.compress(body) if isinstance(body, bytes) else body.compressed(coding)
            self._compressed[coding] = packed
        return self._compressed[coding]

    def read(self) -> bytes:
        """The whole body."""
        if isinstance(self.body, bytes):
            return self.body
        with self.body.open() as file:
            return file.read()
