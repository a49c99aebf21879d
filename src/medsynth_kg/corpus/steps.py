"""The steps over one bulk file each. A step that has left its record is never done again."""

import json
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from medsynth_kg.corpus.bulk_files import Piece, read_bulk_file
from medsynth_kg.corpus.job import BulkFile, Job, rejected_name, step_name
from medsynth_kg.corpus.mapping import Mapper
from medsynth_kg.corpus.selection import Neighbourhood, is_chosen
from medsynth_kg.corpus.sources import READERS, BulkRecord
from medsynth_kg.corpus.writing import writing_gzip, writing_text_if_any
from medsynth_kg.graph.iris import Iris
from medsynth_kg.writing import write_whole


class RecordCounts(BaseModel):
    """``records`` are ``malformed``, ``not_chosen``, ``without_doi`` (chosen, but nothing names them) or ``mapped``.

    ``with_misshapen_fields`` are those of the mapped that had fields left out.
    """

    model_config = ConfigDict(frozen=True)

    records: int = 0
    malformed: int = 0
    not_chosen: int = 0
    without_doi: int = 0
    mapped: int = 0
    with_misshapen_fields: int = 0

    def __add__(self, other: "RecordCounts") -> "RecordCounts":
        return RecordCounts(**{name: getattr(self, name) + getattr(other, name) for name in RecordCounts.model_fields})


class MappedFile(BaseModel):
    """The record of a file that is mapped: its records, and how many blocks of statements they gave."""

    model_config = ConfigDict(frozen=True)

    counts: RecordCounts = RecordCounts()
    blocks: int = 0

    def __add__(self, other: "MappedFile") -> "MappedFile":
        return MappedFile(counts=self.counts + other.counts, blocks=self.blocks + other.blocks)


def scan_step(job: Job, directory: Path, file: BulkFile) -> Neighbourhood:
    """Find the surveyed papers' own records in a file: their keys, and those of what they cite."""
    record = directory / "scanned" / f"{step_name(file)}.json"
    if record.exists():
        return Neighbourhood.model_validate_json(record.read_bytes())
    surveyed: set[str] = set()
    cited: set[str] = set()
    for _, found in _read(job, file):
        if isinstance(found, BulkRecord) and found.doi in job.surveyed:
            surveyed.add(found.key)
            cited |= found.references
    neighbourhood = Neighbourhood(surveyed=frozenset(surveyed), cited=frozenset(cited))
    write_whole(record, neighbourhood.model_dump_json())
    return neighbourhood


def map_step(job: Job, directory: Path, neighbourhood: Neighbourhood, file: BulkFile) -> MappedFile:
    """Map the chosen records of a file to blocks of statements, a line each, and set the malformed ones aside."""
    record = directory / "mapped" / f"{step_name(file)}.json"
    if record.exists():
        return MappedFile.model_validate_json(record.read_bytes())
    mapper = Mapper(Iris(job.base_iri), job.surveyed, job.date)
    counts = dict.fromkeys(RecordCounts.model_fields, 0)
    written = 0
    rejected = directory / "rejected" / rejected_name(file)
    with writing_gzip(record.with_suffix(".txt.gz")) as output, writing_text_if_any(rejected) as aside:
        for piece, found in _read(job, file):
            counts["records"] += 1
            if not isinstance(found, BulkRecord):
                counts["malformed"] += 1
                aside.write(_rejection(file, piece, found))
            elif not is_chosen(found, job.selection, job.surveyed, neighbourhood):
                counts["not_chosen"] += 1
            elif found.doi is None:
                counts["without_doi"] += 1
            else:
                blocks, misshapen = mapper.blocks(found, found.doi)
                counts["mapped"] += 1
                counts["with_misshapen_fields"] += misshapen
                written += len(blocks)
                output.writelines(block + b"\n" for block in blocks)
    finished = MappedFile(counts=RecordCounts(**counts), blocks=written)
    write_whole(record, finished.model_dump_json())
    return finished


def _read(job: Job, file: BulkFile) -> Iterator[tuple[Piece, BulkRecord | str]]:
    read = READERS[job.source]
    for piece in read_bulk_file(file.path):
        yield piece, piece.reason if piece.content is None else read(piece.content)


def _rejection(file: BulkFile, piece: Piece, reason: str) -> str:
    content = {"file": file.name, "position": piece.position, "reason": reason, "record": piece.text}
    return json.dumps(content, sort_keys=True) + "\n"
