"""Reading bulk files record by record, in memory that does not grow with the file.

Two forms, with or without gzip, told apart by how they begin: JSON lines (OpenAlex's snapshot; Crossref's public data
file of 2025 and later) and one object with a list ``items`` (Crossref's files before that).
"""

import codecs
import gzip
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from io import BufferedIOBase
from pathlib import Path
from typing import Any, NamedTuple

from medsynth_kg.enrichment.errors import FetchError
from medsynth_kg.enrichment.json_fields import parse_object

LARGEST_RECORD = 2**25
"""Bytes that one record may have; more is no record."""

_BLOCK = 2**20
_GZIP = b"\x1f\x8b"
_ITEMS = re.compile(r'\s*\{\s*"items"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")


class Piece(NamedTuple):
    """One record as it stands in a file: its place there from 1, and its content, or why it has none."""

    position: int
    text: str
    content: Mapping[str, Any] | None
    reason: str = ""


def read_bulk_file(path: Path) -> Iterator[Piece]:
    """The records of a file, in order; where the file breaks off, the last piece says so.

    Raises:
        OSError: the file can't be opened.
    """
    with path.open("rb") as raw:
        compressed = raw.read(2) == _GZIP
        raw.seek(0)
        file: BufferedIOBase = gzip.GzipFile(fileobj=raw) if compressed else raw
        position = 0
        try:
            for piece in _read(file):
                position = piece.position
                yield piece
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            yield Piece(position + 1, "", None, f"the compressed file is damaged from here on ({error})")


def _read(file: BufferedIOBase) -> Iterator[Piece]:
    start = file.read(len(codecs.BOM_UTF8)).removeprefix(codecs.BOM_UTF8)
    while len(start) < 64 and (block := file.read(64 - len(start))):
        start += block
    if _ITEMS.match(start.decode("utf-8", "replace")):
        return _read_items(file, start)
    return _read_lines(file, start)


def _read_lines(file: BufferedIOBase, start: bytes) -> Iterator[Piece]:
    position = 0
    for line in _lines(file, start):
        if line.strip():
            position += 1
            yield _piece(position, line)


def _lines(file: BufferedIOBase, start: bytes) -> Iterator[bytes]:
    """The lines of a file whose first bytes are read already; of one that is too long, as much as shows that."""
    *whole, rest = start.split(b"\n")
    yield from whole
    while line := file.readline(LARGEST_RECORD + 1):
        yield rest + line
        rest = b""
        while len(line) > LARGEST_RECORD and not line.endswith(b"\n"):
            line = file.readline(LARGEST_RECORD + 1)
    yield rest


def _piece(position: int, line: bytes) -> Piece:
    text = line.decode("utf-8", "backslashreplace").strip()
    if len(line) > LARGEST_RECORD:
        return Piece(position, text[:1000], None, f"the record is longer than {LARGEST_RECORD} bytes")
    try:
        return Piece(position, text, parse_object(line))
    except FetchError as error:
        return Piece(position, text, None, str(error).replace("the answer", "the record"))


def _read_items(file: BufferedIOBase, start: bytes) -> Iterator[Piece]:
    decoder, scanner = codecs.getincrementaldecoder("utf-8")("backslashreplace"), json.JSONDecoder()
    text = decoder.decode(start)
    match = _ITEMS.match(text)
    text = text[match.end() :] if match else text
    position = 0
    while True:
        text = text[_between(text) :]
        if text.startswith("]"):
            return
        try:
            end = scanner.raw_decode(text)[1]
        except (ValueError, RecursionError):
            block = file.read1(_BLOCK) if len(text) <= LARGEST_RECORD else b""
            if block:
                text += decoder.decode(block)
                continue
            yield Piece(position + 1, text[:1000], None, "the list of items breaks off or isn't JSON from here on")
            return
        position += 1
        yield _piece(position, text[:end].encode("utf-8", "surrogatepass"))
        text = text[end:]


def _between(text: str) -> int:
    match = _BETWEEN.match(text)
    return match.end() if match else 0
