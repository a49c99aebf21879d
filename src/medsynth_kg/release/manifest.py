"""The manifest of a release: what is in it, what it was made from, and the SHA-256 of every reproducible file.

The same inputs give the same bytes anywhere. RocksDB writes other bytes at each build, so the files of the store are
listed in ``SHA256SUMS`` (which ``sha256sum --check`` reads) and not here.
"""

import datetime
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from medsynth_kg.release.errors import DamagedRelease

MANIFEST = "manifest.json"
CHECKSUMS = "SHA256SUMS"


class FileEntry(BaseModel):
    """A file's SHA-256 in hexadecimal and its size in bytes."""

    model_config = ConfigDict(frozen=True)

    sha256: str
    size: int


class Manifest(BaseModel):
    """What a release says of itself; paths are relative, with forward slashes.

    ``counts`` has ``quads``, ``triples`` and ``entities``, the numbers of instances by class IRI under ``classes``
    and of statements by graph IRI under ``graphs``. ``queries`` gives the row count of each saved query by its slug.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    base_iri: str
    newest_input: datetime.date
    code_version: str
    counts: Mapping[str, Any]
    inputs: Mapping[str, str]
    queries: Mapping[str, Any]
    files: Mapping[str, FileEntry]


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Write a release's manifest, its keys sorted."""
    content = manifest.model_dump_json(indent=1)
    (directory / MANIFEST).write_text(content + "\n", encoding="utf-8")


def read_manifest(directory: Path) -> Manifest:
    """Read a release's manifest.

    Raises:
        DamagedRelease: the manifest is missing or is not one.
    """
    path = directory / MANIFEST
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise DamagedRelease(path, error.strerror or "cannot be read") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise DamagedRelease(path, f"{'.'.join(map(str, first['loc'])) or 'the file'}: {first['msg']}") from error


def describe_file(path: Path) -> FileEntry:
    """Hash and measure a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return FileEntry(sha256=digest, size=path.stat().st_size)


def describe_files(directory: Path) -> dict[str, FileEntry]:
    """Every file under a directory by its relative path, sorted."""
    paths = sorted(path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): describe_file(path) for path in paths}
