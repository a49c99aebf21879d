"""The manifest of a release: what is in it, what it was made from, and the SHA-256 of every reproducible file.

The same inputs give the same bytes anywhere, but for compressed files where another version of zlib or zstd made them
(the manifest names the versions, and gives those files' checksums), and for the search index, whose bytes are those of
one version of SQLite. RocksDB writes other bytes at each build, so the files of the store are listed in ``SHA256SUMS``
(which ``sha256sum --check`` reads) and not here. ``SHA256SUMS.sha256`` is the checksum of that list, so that damage to
the list can be told from damage to what it lists.
"""

import datetime
import hashlib
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from typing_extensions import TypedDict

from medsynth_kg.release.errors import DamagedRelease

MANIFEST = "manifest.json"
CHECKSUMS = "SHA256SUMS"
CHECKSUM_OF_CHECKSUMS = f"{CHECKSUMS}.sha256"
STORE = "store"


class FileEntry(BaseModel):
    """A file's SHA-256 in hexadecimal and its size in bytes."""

    model_config = ConfigDict(frozen=True)

    sha256: str
    size: int


class Counts(TypedDict):
    """Numbers of distinct statements, of subjects, of instances by class IRI and of statements by graph IRI.

    ``quads``, ``triples`` and ``graphs`` count the description of the release too; ``entities`` and ``classes`` count
    what it describes.
    """

    quads: int
    triples: int
    entities: int
    classes: dict[str, int]
    graphs: dict[str, int]


class Manifest(BaseModel):
    """What a release says of itself; paths are relative, with forward slashes.

    ``queries`` gives the number of rows, or the truth value, of each saved query by its slug. ``inputs`` gives the
    SHA-256 of what the release was built from, ``files`` that of what it is made of. ``compressors`` gives the versions
    of the libraries that compressed it; releases of earlier versions have none. ``supplement`` gives the numbers of
    statements of graphs that the store has from files of their own, by IRI; they are not in ``counts``.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    base_iri: str
    newest_input: datetime.date
    code_version: str
    counts: Counts
    inputs: Mapping[str, str]
    queries: Mapping[str, int | bool]
    files: Mapping[str, FileEntry]
    compressors: Mapping[str, str] = {}
    supplement: Mapping[str, int] = {}


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Write a release's manifest; mappings keep their order."""
    (directory / MANIFEST).write_text(manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")


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
    """Hash and measure a file.

    Raises:
        OSError: it can't be read.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return FileEntry(sha256=digest, size=path.stat().st_size)


def list_files(directory: Path) -> tuple[str, ...]:
    """The paths of all files under a directory, relative to it, sorted; links count as files."""
    paths = (path for path in directory.rglob("*") if path.is_symlink() or not path.is_dir())
    return tuple(sorted(path.relative_to(directory).as_posix() for path in paths))


def describe_files(directory: Path) -> dict[str, FileEntry]:
    """Every file under a directory by its relative path, sorted.

    Raises:
        OSError: one of them can't be read.
    """
    return {path: describe_file(directory / path) for path in list_files(directory)}


def write_checksums(directory: Path) -> None:
    """Write the checksums of every file of a release, then the checksum of that list."""
    listed = {
        path: describe_file(directory / path).sha256
        for path in list_files(directory)
        if path not in (CHECKSUMS, CHECKSUM_OF_CHECKSUMS)
    }
    (directory / CHECKSUMS).write_bytes(_format_checksums(listed))
    own = {CHECKSUMS: describe_file(directory / CHECKSUMS).sha256}
    (directory / CHECKSUM_OF_CHECKSUMS).write_bytes(_format_checksums(own))


def read_checksums(path: Path) -> dict[str, str]:
    """Read a list of checksums: the SHA-256 of each file by its path.

    Raises:
        DamagedRelease: the list is missing, or has not the form in which it was written.
    """
    try:
        content = path.read_bytes()
        lines = content.decode().split("\n")[:-1]
        checksums = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    except OSError as error:
        raise DamagedRelease(path, error.strerror or "cannot be read") from error
    except ValueError as error:
        raise DamagedRelease(path, "is not a list of checksums") from error
    if _format_checksums(checksums) != content:
        raise DamagedRelease(path, "is not a list of checksums")
    return checksums


def _format_checksums(checksums: Mapping[str, str]) -> bytes:
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(checksums.items())).encode()
