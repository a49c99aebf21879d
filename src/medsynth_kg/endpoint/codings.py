"""Content codings of answers and pages (RFC 9110, section 8.4.1): Zstandard (RFC 8878) and gzip (RFC 1952)."""

import zlib
from collections.abc import Iterable, Iterator
from enum import StrEnum
from gzip import compress

import zstandard

_GZIP_LEVEL = 5
_GZIP = 16 + zlib.MAX_WBITS
"""How zlib is told to write gzip."""
_ZSTANDARD_LEVEL = 3


class ContentCoding(StrEnum):
    """A content coding by its registered name, the one that takes least time first."""

    ZSTANDARD = "zstd"
    GZIP = "gzip"

    def compress(self, content: bytes) -> bytes:
        """The content in this coding; the same bytes for the same content."""
        if self is ContentCoding.GZIP:
            return compress(content, _GZIP_LEVEL, mtime=0)
        return zstandard.ZstdCompressor(level=_ZSTANDARD_LEVEL).compress(content)

    def compress_pieces(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The content that comes in pieces in this coding, in pieces of other sizes."""
        compressor = (
            zlib.compressobj(_GZIP_LEVEL, wbits=_GZIP)
            if self is ContentCoding.GZIP
            else zstandard.ZstdCompressor(level=_ZSTANDARD_LEVEL).compressobj()
        )
        for piece in pieces:
            yield compressor.compress(piece)
        yield compressor.flush()
