"""Finding and opening releases."""

import datetime
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from medsynth_kg.release.errors import DamagedRelease, NoRelease
from medsynth_kg.release.manifest import MANIFEST, STORE, Manifest, read_manifest

CURRENT = "current"
PREFIXES = "prefixes.json"
"""The file of a release that has the namespace of each prefix."""

_PREFIXES = TypeAdapter(dict[str, str])


@dataclass(frozen=True, slots=True)
class Release:
    """A published release: its directory, its manifest, and when that was written, in UTC."""

    id: str
    path: Path
    manifest: Manifest
    published: datetime.datetime

    @property
    def store(self) -> Path:
        """The Oxigraph store, to be opened read-only."""
        return self.path / STORE

    @property
    def dumps(self) -> Path:
        """The directory of dumps."""
        return self.path / "dumps"

    @property
    def queries(self) -> Path:
        """The saved queries that the release was built with."""
        return self.path / "queries"


def open_release(path: Path) -> Release:
    """Open a release's directory.

    Raises:
        DamagedRelease: the manifest or the store is missing or broken.
    """
    manifest = read_manifest(path)
    if not (path / STORE / "CURRENT").is_file():
        raise DamagedRelease(path / STORE, "the store is missing")
    published = datetime.datetime.fromtimestamp(_written(path) / 10**9, datetime.UTC)
    return Release(manifest.id, path, manifest, published)


def current_release(releases: Path) -> Release:
    """Open the release that ``releases/current`` points to.

    Raises:
        NoRelease: there is none.
        DamagedRelease: it is not whole.
    """
    current = releases / CURRENT
    if not current.is_symlink():
        raise NoRelease(releases)
    return open_release(releases / current.readlink())


def read_prefixes(release: Release) -> dict[str, str]:
    """The namespaces of a release by their prefixes.

    Raises:
        DamagedRelease: the file is missing, or is not what a build wrote.
    """
    path = release.path / PREFIXES
    try:
        return _PREFIXES.validate_json(path.read_bytes())
    except OSError as error:
        raise DamagedRelease(path, error.strerror or "cannot be read") from error
    except ValidationError as error:
        raise DamagedRelease(path, f"is not a list of prefixes: {error.errors(include_url=False)[0]['msg']}") from error


def list_releases(releases: Path) -> tuple[Release, ...]:
    """Every release of a directory, newest first; directories that a build is writing don't count.

    Raises:
        DamagedRelease: one of them is not whole.
    """
    return tuple(open_release(path) for path in release_directories(releases))


def release_directories(releases: Path) -> tuple[Path, ...]:
    """The directories of the releases, newest first, unopened; none if there is no such directory.

    Those of one day are in the order in which their manifests were written.
    """
    if not releases.is_dir():
        return ()
    paths = (path for path in releases.iterdir() if path.is_dir() and not path.is_symlink() and path.name[0] != ".")
    return tuple(sorted(paths, key=_when, reverse=True))


def _when(directory: Path) -> tuple[str, int, str]:
    """The day of a release's newest input, with which its id begins, and when its manifest was written."""
    return directory.name[: len("2026-01-31")], _written(directory), directory.name


def _written(directory: Path) -> int:
    """When a release's manifest was written, in nanoseconds since 1970."""
    try:
        return (directory / MANIFEST).stat().st_mtime_ns
    except OSError:  # it is none, or not whole, or is being removed
        return 0
