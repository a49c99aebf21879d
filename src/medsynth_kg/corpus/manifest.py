"""The manifest of a corpus, written last: a directory without one is unfinished."""

import datetime
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from medsynth_kg.corpus.parts import Part
from medsynth_kg.corpus.steps import RecordCounts
from medsynth_kg.records.metadata import Source
from medsynth_kg.release.manifest import FileEntry, describe_file

MANIFEST = "manifest.json"


class CorpusManifest(BaseModel):
    """What a corpus was made of, by what, and what it holds; all files by their paths below it, with SHA-256.

    ``job`` is the fingerprint of the settings: the same job over the same inputs gives the same bytes.
    """

    model_config = ConfigDict(frozen=True)

    job: str
    source: Source
    date: datetime.date
    base_iri: str
    code_version: str
    relations: tuple[str, ...]
    terms: tuple[str, ...]
    everything: bool
    counts: RecordCounts
    statements: int
    inputs: Mapping[str, FileEntry]
    parts: Mapping[str, Part]
    rejected: Mapping[str, FileEntry]


def read_corpus_manifest(directory: Path) -> CorpusManifest | None:
    """The manifest of a finished corpus; None where there is none, or none that can be read."""
    try:
        return CorpusManifest.model_validate_json((directory / MANIFEST).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def is_whole(directory: Path, manifest: CorpusManifest) -> bool:
    """Whether every file that the manifest lists is there with its content."""
    digests = {path: listed.sha256 for path, listed in manifest.parts.items()}
    digests |= {path: listed.sha256 for path, listed in manifest.rejected.items()}
    for path, digest in digests.items():
        file = directory / path
        if not file.is_file() or describe_file(file).sha256 != digest:
            return False
    return True
