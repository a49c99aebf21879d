"""Building a release beside the others, and publishing it in one step.

A build writes under a temporary name, is verified and brought to the disk, then renamed to its id, and the link
``current`` is replaced. Killed at any point, it leaves the old release serving; the next build clears its leftovers.
"""

import fcntl
import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Quad, RdfFormat, Store

from medsynth_kg.release.description import describe_dataset, describe_distributions, describe_provenance
from medsynth_kg.release.dumps import canonical_quads, graph_iri, to_bytes, write_dumps
from medsynth_kg.release.errors import BuildRunning, DamagedRelease, ReleaseNotWritten
from medsynth_kg.release.manifest import CHECKSUMS, Manifest, describe_files, write_manifest
from medsynth_kg.release.reading import CURRENT, Release, open_release
from medsynth_kg.release.statistics import Statistics, count_triples
from medsynth_kg.release.verifying import verify_release

UNFINISHED = ".building-"


@dataclass(frozen=True, slots=True)
class Contents:
    """What a release is made of.

    ``quads`` are the statements of every graph but ``graph/release``; ``inputs`` the SHA-256 of each input file by
    its path; ``files`` further files to keep in the release, by their relative path.
    """

    base_iri: str
    quads: Sequence[Quad]
    prefixes: Mapping[str, str]
    newest_input: date
    code_version: str
    inputs: Mapping[str, str]
    files: Mapping[str, bytes]


RunQueries = Callable[[Path], Mapping[str, Any]]
"""Runs the saved queries over a store and answers what the manifest is to say of each; raises to stop the release."""


def build_release(contents: Contents, releases: Path, run_queries: RunQueries) -> Release:
    """Write, verify and publish a release; the same contents give the same release, which is then only made current.

    Raises:
        BuildRunning: another build writes to the same directory.
        ReleaseNotWritten: the disk is full or the directory can't be written.
        DamagedRelease: what was written can't be read back as it was meant.
    """
    try:
        releases.mkdir(parents=True, exist_ok=True)
        with _lock(releases):
            _clear_leftovers(releases)
            return _build(contents, releases, run_queries)
    except OSError as error:
        raise ReleaseNotWritten(releases, error.strerror or str(error)) from error


@contextmanager
def _lock(releases: Path) -> Iterator[None]:
    with (releases / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BuildRunning(releases) from error
        yield


def _clear_leftovers(releases: Path) -> None:
    for leftover in releases.glob(f"{UNFINISHED}*"):
        if leftover.is_dir() and not leftover.is_symlink():
            shutil.rmtree(leftover)
        else:
            leftover.unlink()


def _build(contents: Contents, releases: Path, run_queries: RunQueries) -> Release:
    release_id = _release_id(contents)
    finished = releases / release_id
    if not (finished.is_dir() and not verify_release(finished)):
        unfinished = releases / f"{UNFINISHED}{release_id}"
        try:
            _write(contents, release_id, unfinished, run_queries)
            _publish(unfinished, finished)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    _make_current(releases, release_id)
    return open_release(finished)


def _release_id(contents: Contents) -> str:
    digest = hashlib.sha256(canonical_quads(contents.quads))
    for path, content in sorted(contents.files.items()):
        digest.update(f"{path}\0{len(content)}\0".encode() + content)
    return f"{contents.newest_input.isoformat()}-{digest.hexdigest()[:12]}"


def _write(contents: Contents, release_id: str, directory: Path, run_queries: RunQueries) -> None:
    directory.mkdir()
    triples = {quad.triple for quad in contents.quads}
    statistics = count_triples(triples)
    description = (
        *describe_dataset(contents.base_iri, release_id, contents.newest_input, statistics, triples),
        *describe_provenance(contents.base_iri, release_id, contents.code_version, contents.inputs),
    )
    graph = NamedNode(f"{contents.base_iri}graph/release")
    quads = (
        *contents.quads,
        *(Quad(triple.subject, triple.predicate, triple.object, graph) for triple in description),
    )
    _write_store(directory / "store", quads)
    write_dumps(directory / "dumps", quads, contents.prefixes)
    for path, content in contents.files.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_bytes(content)
    distributions = describe_distributions(contents.base_iri, release_id, _files(directory))
    everything = sorted({*description, *distributions}, key=str)
    (directory / "void.ttl").write_bytes(to_bytes(everything, RdfFormat.TURTLE, contents.prefixes))
    write_manifest(
        directory,
        Manifest(
            id=release_id,
            base_iri=contents.base_iri,
            newest_input=contents.newest_input,
            code_version=contents.code_version,
            counts=_counts(quads, statistics),
            inputs=dict(sorted(contents.inputs.items())),
            queries=dict(sorted(run_queries(directory / "store").items())),
            files={path: entry for path, entry in _files(directory).items() if not path.startswith("store/")},
        ),
    )
    _write_checksums(directory)
    if problems := verify_release(directory):
        raise DamagedRelease(directory, problems[0])


def _write_store(path: Path, quads: Sequence[Quad]) -> None:
    store = Store(str(path))
    store.bulk_extend(quads)
    store.optimize()
    store.flush()


def _files(directory: Path) -> dict[str, Any]:
    return dict(sorted(describe_files(directory).items()))


def _counts(quads: Sequence[Quad], statistics: Statistics) -> dict[str, Any]:
    graphs = Counter(graph_iri(quad) for quad in set(quads))
    return {
        "quads": graphs.total(),
        "triples": len({quad.triple for quad in quads}),
        "entities": statistics.subjects,
        "classes": dict(sorted((concept.value, count) for concept, count in statistics.by_class.items())),
        "graphs": dict(sorted(graphs.items())),
    }


def _write_checksums(directory: Path) -> None:
    lines = [f"{entry.sha256}  {path}\n" for path, entry in _files(directory).items()]
    (directory / CHECKSUMS).write_text("".join(lines), encoding="utf-8")


def _publish(unfinished: Path, finished: Path) -> None:
    for path in (*unfinished.rglob("*"), unfinished):
        _bring_to_disk(path)
    if finished.is_dir():
        shutil.rmtree(finished)
    unfinished.rename(finished)
    _bring_to_disk(finished.parent)


def _bring_to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _make_current(releases: Path, release_id: str) -> None:
    link = releases / f"{UNFINISHED}{CURRENT}"
    link.unlink(missing_ok=True)
    link.symlink_to(release_id)
    link.replace(releases / CURRENT)
    _bring_to_disk(releases)
