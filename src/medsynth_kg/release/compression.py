"""Compressing dumps so that neither a name, a time nor the version of Python shows in the bytes.

What remains is the choice of matches, which belongs to the version of zlib and of libzstd: :data:`COMPRESSORS` names
them, and what is compressed with another version differs in its compressed files and their checksums alone.
"""

import struct
import zlib
from collections.abc import Callable, Mapping

import zstandard

from medsynth_kg.release.errors import NotCompressed

_ZSTANDARD_LEVEL = 12
"""Smaller than gzip's last level, and as quick; 19 takes a tenth off the shipped dumps in thirty times the time."""
_GZIP_LEVEL = 9
_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
"""Deflate, no flags, no time, slowest algorithm, unknown operating system (RFC 1952, section 2.3)."""
_WINDOW_BITS = 15
_LARGEST_PLAIN = 2**34
"""Bytes that a dump may unpack to; beyond, it is no dump of ours."""

COMPRESSORS: Mapping[str, str] = {
    "zlib": zlib.ZLIB_RUNTIME_VERSION,
    "zstd": ".".join(map(str, zstandard.ZSTD_VERSION)),
}
"""The versions of the libraries that compress."""


def compress_gzip(content: bytes) -> bytes:
    """One gzip member (RFC 1952)."""
    deflate = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, -_WINDOW_BITS)
    body = deflate.compress(content) + deflate.flush()
    return _GZIP_HEADER + body + struct.pack("<II", zlib.crc32(content), len(content) % 2**32)


def compress_zstandard(content: bytes) -> bytes:
    """One Zstandard frame with its size and checksum (RFC 8878), by one thread, since the bytes depend on how many."""
    return zstandard.ZstdCompressor(level=_ZSTANDARD_LEVEL, write_checksum=True, threads=0).compress(content)


COMPRESS: Mapping[str, Callable[[bytes], bytes]] = {"gz": compress_gzip, "zst": compress_zstandard}
"""The compressions of dumps by their extensions."""


def decompress(content: bytes, extension: str) -> bytes:
    """Unpack what one of :data:`COMPRESS` packed.

    Raises:
        NotCompressed: the content is not of that form.
    """
    try:
        if extension == "gz":
            return zlib.decompress(content, 16 + _WINDOW_BITS)
        return zstandard.ZstdDecompressor().decompress(content, max_output_size=_LARGEST_PLAIN)
    except (zlib.error, zstandard.ZstdError) as error:
        raise NotCompressed(extension, str(error)) from error
