"""Checking a release against itself: every file by its hash, the store against the dumps and the search index.

With one file damaged, that file is the one that is named, the lists of checksums included: damage to ``SHA256SUMS``
shows in ``SHA256SUMS.sha256``, and damage to the latter shows in that everything agrees with the former.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from pyoxigraph import Quad

from medsynth_kg.release.dumps import compare_dumps
from medsynth_kg.release.errors import DamagedRelease
from medsynth_kg.release.manifest import (
    CHECKSUM_OF_CHECKSUMS,
    CHECKSUMS,
    STORE,
    describe_file,
    list_files,
    read_checksums,
    read_manifest,
)
from medsynth_kg.release.search_index import SEARCH_INDEX, compare_search_index
from medsynth_kg.release.store import read_store

CheckGraph = Callable[[Iterable[Quad]], Sequence[object]]
"""Checks the statements of a release, against shapes for one; answers what is wrong."""


def verify_release(directory: Path, check_graph: CheckGraph | None = None) -> tuple[str, ...]:
    """Everything that is wrong with a release, each problem naming its file; empty where it is whole.

    ``check_graph`` is asked last, and only of a release whose files are whole.
    """
    try:
        problems = _check_files(directory)
    except DamagedRelease as error:
        return (str(error),)
    if problems:
        return problems
    try:
        manifest = read_manifest(directory)
        quads = read_store(directory / STORE, manifest.supplement)
    except DamagedRelease as error:
        return (str(error),)
    problems = compare_dumps(directory / "dumps", quads)
    if (directory / SEARCH_INDEX).is_file():
        problems += compare_search_index(directory / SEARCH_INDEX, quads, manifest.base_iri)
    if problems or not check_graph:
        return problems
    return tuple(str(problem) for problem in check_graph(quads))


def _check_files(directory: Path) -> tuple[str, ...]:
    stated = read_checksums(directory / CHECKSUMS)
    damaged = _compare_files(directory, stated)
    own = read_checksums(directory / CHECKSUM_OF_CHECKSUMS)
    if own != {CHECKSUMS: describe_file(directory / CHECKSUMS).sha256}:
        blamed, other = (CHECKSUMS, CHECKSUM_OF_CHECKSUMS) if damaged else (CHECKSUM_OF_CHECKSUMS, CHECKSUMS)
        return (f"{directory / blamed}: is damaged; it disagrees with {other}", *damaged)
    return damaged or _compare_manifest(directory, stated)


def _compare_files(directory: Path, stated: dict[str, str]) -> tuple[str, ...]:
    present = set(list_files(directory)) - {CHECKSUMS, CHECKSUM_OF_CHECKSUMS}
    problems = [f"{directory / path}: is missing" for path in sorted(stated.keys() - present)]
    problems += [f"{directory / path}: does not belong to the release" for path in sorted(present - stated.keys())]
    for path in sorted(stated.keys() & present):
        try:
            actual = describe_file(directory / path).sha256
        except OSError as error:
            problems.append(f"{directory / path}: {error.strerror or 'cannot be read'}")
        else:
            if actual != stated[path]:
                problems.append(f"{directory / path}: its SHA-256 is {actual}, not {stated[path]}")
    return tuple(problems)


def _compare_manifest(directory: Path, stated: dict[str, str]) -> tuple[str, ...]:
    manifest = read_manifest(directory)
    return tuple(
        f"{directory / path}: the manifest gives another SHA-256 than {CHECKSUMS}"
        for path, entry in manifest.files.items()
        if stated.get(path) != entry.sha256
    )
