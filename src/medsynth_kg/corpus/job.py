"""What every task of a run has to know, and the names of what it leaves behind."""

import datetime
import hashlib
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from medsynth_kg.corpus.selection import Neighbourhood, Selection
from medsynth_kg.identifiers.paper import PaperIdentifier
from medsynth_kg.records.metadata import Source


class BulkFile(BaseModel):
    """An input: where it lies, its name as the manifest gives it, and its content's SHA-256 and size in bytes."""

    model_config = ConfigDict(frozen=True)

    path: Path
    name: str
    sha256: str
    size: int


class Job(BaseModel):
    """One run over bulk files of one source.

    ``date`` is the date of the files; ``surveyed`` gives the identifier that mints a surveyed paper's IRI by each of
    its DOIs; ``known`` is what is known of its neighbourhood before any file is read; ``parts`` is the number of files
    to write.
    """

    model_config = ConfigDict(frozen=True)

    source: Source
    date: datetime.date
    base_iri: str
    code_version: str
    selection: Selection
    surveyed: Mapping[str, PaperIdentifier]
    known: Neighbourhood
    parts: int

    @property
    def fingerprint(self) -> str:
        """The same for the same job, anywhere: the first 16 digits of a SHA-256."""
        plain = self.model_copy(update={"selection": Selection(), "known": Neighbourhood(), "surveyed": {}})
        sets = (self.selection.relations, self.known.surveyed, self.known.cited)
        settings = (self.selection.terms, self.selection.everything, sorted(self.surveyed.items(), key=str))
        text = f"{plain.model_dump_json()}{[sorted(members) for members in sets]}{settings}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def step_name(file: BulkFile) -> str:
    """The name, without ending, of what a step over one input file writes; another content is another step."""
    return hashlib.sha256(f"{file.name}\0{file.sha256}".encode()).hexdigest()[:16]


def part_name(number: int) -> str:
    """The name of one file of the result, its number from 0."""
    return f"part-{number:05d}.nq.gz"


def rejected_name(file: BulkFile) -> str:
    """The name of the file with the records that an input's reading set aside; no two inputs have the same."""
    return f"{file.name.replace('%', '%25').replace('~', '%7E').replace('/', '~')}.jsonl"
