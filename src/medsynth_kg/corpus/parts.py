"""The files of the result: sorted blocks of statements in, compressed N-Quads out."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from medsynth_kg.corpus.errors import PartTruncated
from medsynth_kg.corpus.job import part_name
from medsynth_kg.corpus.mapping import SEPARATOR
from medsynth_kg.corpus.writing import writing_gzip
from medsynth_kg.release.manifest import describe_file
from medsynth_kg.writing import write_whole

END = "~"
"""The last row of each part, which no block sorts after. Rows without it were cut off, however quietly they ended."""


class Part(BaseModel):
    """One file of the result: its SHA-256, its size in bytes, and its number of statements."""

    model_config = ConfigDict(frozen=True)

    sha256: str
    size: int
    statements: int


class WrittenPart(BaseModel):
    """The record of a part that is finished: what it is, and of how many blocks it was made."""

    model_config = ConfigDict(frozen=True)

    part: Part
    blocks: int


def write_part(directory: Path, number: int, rows: Iterable[str]) -> WrittenPart:
    """Write one part of sorted blocks, each statement once, and its record.

    All blocks of a subject are in one part and follow each other, so no more than one subject's statements are in
    memory.

    Raises:
        PartTruncated: the rows end without ``END``; neither part nor record is left.
    """
    path = directory / part_name(number)
    blocks = statements = 0

    def whole() -> Iterator[str]:
        nonlocal blocks
        for row in rows:
            if row == END:
                return
            blocks += 1
            yield row
        raise PartTruncated(path, blocks)

    with writing_gzip(path) as output:
        for lines in _statements(whole()):
            statements += len(lines)
            output.writelines(line + b"\n" for line in lines)
    entry = describe_file(path)
    written = WrittenPart(part=Part(sha256=entry.sha256, size=entry.size, statements=statements), blocks=blocks)
    write_whole(record_path(directory, number), written.model_dump_json())
    return written


def record_path(directory: Path, number: int) -> Path:
    """Where the record of a finished part lies while the others are written."""
    return directory / f"{part_name(number)}.json"


def finished_parts(directory: Path, count: int) -> dict[int, WrittenPart]:
    """The parts, of ``count``, that are finished."""
    paths = {number: record_path(directory, number) for number in range(count)}
    return {
        number: WrittenPart.model_validate_json(path.read_bytes()) for number, path in paths.items() if path.exists()
    }


def _statements(blocks: Iterable[str]) -> Iterator[list[bytes]]:
    distinct = (block.encode() for block, _ in groupby(blocks))
    for _, same in groupby(distinct, key=lambda block: block.partition(b" ")[0]):
        yield sorted({line for block in same for line in block.split(SEPARATOR)})
