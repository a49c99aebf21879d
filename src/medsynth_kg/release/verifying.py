"""Checking a release against itself: every file by its hash, the store against the dumps."""

from pathlib import Path

from pyoxigraph import RdfFormat, Store, parse

from medsynth_kg.release.errors import DamagedRelease
from medsynth_kg.release.manifest import CHECKSUMS, describe_files, read_manifest


def verify_release(directory: Path) -> tuple[str, ...]:
    """Everything that is wrong with a release, each problem naming its file; empty where it is whole."""
    try:
        expected = _read_checksums(directory / CHECKSUMS)
        manifest = read_manifest(directory)
    except DamagedRelease as error:
        return (str(error),)
    actual = {path: entry.sha256 for path, entry in describe_files(directory).items() if path != CHECKSUMS}
    stated = expected | {path: entry.sha256 for path, entry in manifest.files.items()}
    problems = [
        f"{CHECKSUMS}: disagrees with the manifest on {path}" for path in stated if stated[path] != expected.get(path)
    ]
    problems += [f"{path}: is missing" for path in sorted(stated.keys() - actual.keys())]
    problems += [f"{path}: does not belong to the release" for path in sorted(actual.keys() - stated.keys())]
    problems += [
        f"{path}: its SHA-256 is {actual[path]}, not {stated[path]}"
        for path in sorted(stated.keys() & actual.keys())
        if actual[path] != stated[path]
    ]
    return tuple(problems) or _compare_store(directory)


def _read_checksums(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    except OSError as error:
        raise DamagedRelease(path, error.strerror or "cannot be read") from error
    except ValueError as error:
        raise DamagedRelease(path, "is not a list of checksums") from error


def _compare_store(directory: Path) -> tuple[str, ...]:
    try:
        stored = set(Store.read_only(str(directory / "store")))
    except OSError as error:
        return (f"store: cannot be opened: {error}",)
    dumped = set(parse(path=str(directory / "dumps" / "medsynth-kg.nq"), format=RdfFormat.N_QUADS))
    if stored == dumped:
        return ()
    return (f"store: has {len(stored - dumped)} statements that the dump lacks, and lacks {len(dumped - stored)}",)
