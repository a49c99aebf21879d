"""Building a release beside the others, and publishing it in one step.

A build writes under a temporary name, is verified and brought to the disk, then renamed to its id, and the link
``current`` is replaced. Killed at any point, it leaves the old release serving; the next build clears its leftovers.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from medsynth_kg.release.compression import COMPRESSORS
from medsynth_kg.release.croissant import CROISSANT, describe_in_croissant
from medsynth_kg.release.description import Edition, describe_dumps, describe_release
from medsynth_kg.release.dumps import write_dumps
from medsynth_kg.release.errors import DamagedRelease, ReleaseNotWritten
from medsynth_kg.release.locking import lock_releases
from medsynth_kg.release.manifest import STORE, Counts, Manifest, describe_files, write_checksums, write_manifest
from medsynth_kg.release.publishing import (
    UNFINISHED,
    clear_leftovers,
    make_current,
    publish,
    remove_unfinished,
)
from medsynth_kg.release.reading import Release, open_release
from medsynth_kg.release.search_index import SEARCH_INDEX, write_search_index
from medsynth_kg.release.statements import canonical_quads, count_by_graph, normalise_quads
from medsynth_kg.release.statistics import Statistics, count_triples
from medsynth_kg.release.store import write_store
from medsynth_kg.release.supplement import Supplement, copy_supplement
from medsynth_kg.release.turtle import write_turtle
from medsynth_kg.release.verifying import verify_release
from medsynth_kg.writing import disk_failures_named

DESCRIPTION = "void.ttl"


@dataclass(frozen=True, slots=True)
class Contents:
    """What a release is made of.

    ``quads`` are the statements of every graph but ``graph/release``; ``inputs`` the SHA-256 of each input file by
    its path; ``files`` further files to keep in the release, by their relative path; ``supplement`` what is too much
    for memory.
    """

    base_iri: str
    quads: Sequence[Quad]
    prefixes: Mapping[str, str]
    newest_input: date
    code_version: str
    inputs: Mapping[str, str]
    files: Mapping[str, bytes]
    supplement: Supplement | None = None


RunQueries = Callable[[Path], Mapping[str, int | bool]]
"""Runs the saved queries over a store and answers what the manifest is to say of each; raises to stop the release."""


def build_release(contents: Contents, releases: Path, run_queries: RunQueries) -> Release:
    """Write, verify and publish a release; the same contents give the same release, which is then only made current.

    Raises:
        BuildRunning: another build writes to the same directory.
        StatementNotPublishable: a statement has a form that a release can't hold.
        SupplementUnreadable: a file of the supplement is not what it should be.
        ReleaseNotWritten: the disk is full or the directory can't be written.
        SearchIndexNotWritten: SQLite can't write the search index.
        DamagedRelease: what was written can't be read back as it was meant.
    """
    quads = normalise_quads(contents.quads)
    with disk_failures_named(ReleaseNotWritten, releases):
        releases.mkdir(parents=True, exist_ok=True)
        with lock_releases(releases):
            clear_leftovers(releases)
            release_id = identify(contents.newest_input, quads, contents.files, contents.supplement)
            finished = releases / release_id
            # A release from before there was a search index or a Croissant is written anew, with them.
            complete = all((finished / name).is_file() for name in (SEARCH_INDEX, CROISSANT))
            if not complete or verify_release(finished):
                _write_and_publish(contents, quads, finished, run_queries)
            make_current(releases, release_id)
            return open_release(finished)


def identify(
    newest_input: date, quads: Sequence[Quad], files: Mapping[str, bytes], supplement: Supplement | None = None
) -> str:
    """The id of a release: the date of its newest input and twelve digits of the SHA-256 of its content.

    The content is the canonical N-Quads, then the further files, then the checksums of the supplement's; what describes
    the release is not part of it.
    """
    digest = hashlib.sha256(canonical_quads(quads))
    for path, content in sorted(files.items()):
        digest.update(f"{path}\0{len(content)}\0".encode() + content)
    for path, checksum in (supplement.digests if supplement else {}).items():
        digest.update(f"{path}\0{checksum}\0".encode())
    return f"{newest_input.isoformat()}-{digest.hexdigest()[:12]}"


def _write_and_publish(contents: Contents, quads: Sequence[Quad], finished: Path, run_queries: RunQueries) -> None:
    unfinished = finished.with_name(f"{UNFINISHED}{finished.name}")
    try:
        _write(contents, quads, finished.name, unfinished, run_queries)
        if problems := verify_release(unfinished):
            raise DamagedRelease(unfinished, f"the release was not written as it was meant: {problems[0]}")
        publish(unfinished, finished)
    finally:
        remove_unfinished(unfinished)


def _write(
    contents: Contents, content: Sequence[Quad], release_id: str, directory: Path, run_queries: RunQueries
) -> None:
    edition = Edition(
        base=contents.base_iri,
        id=release_id,
        newest_input=contents.newest_input,
        code_version=contents.code_version,
        inputs=dict(sorted(contents.inputs.items())),
    )
    statistics = count_triples({quad.triple for quad in content})
    supplement = contents.supplement
    counts = {supplement.graph.value: supplement.statements} if supplement else {}
    description = describe_release(edition, content, statistics, counts)
    graph = NamedNode(f"{contents.base_iri}graph/release")
    quads = normalise_quads(
        (*content, *(Quad(triple.subject, triple.predicate, triple.object, graph) for triple in description))
    )
    directory.mkdir()
    write_store(directory / STORE, quads, supplement)
    write_dumps(directory / "dumps", quads, contents.prefixes)
    write_search_index(directory / SEARCH_INDEX, quads, contents.base_iri)
    _write_files(directory, contents.files)
    if supplement is not None:
        copy_supplement(supplement, directory)
    written = describe_files(directory)
    (directory / CROISSANT).write_bytes(describe_in_croissant(edition, written))
    everything = (*description, *describe_dumps(edition, written))
    (directory / DESCRIPTION).write_bytes(write_turtle(everything, contents.prefixes))
    answers = run_queries(directory / STORE)
    manifest = _manifest(edition, directory, _count(quads, statistics), answers)
    write_manifest(directory, manifest.model_copy(update={"supplement": counts}))
    write_checksums(directory)


def _write_files(directory: Path, files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_bytes(content)


def _manifest(edition: Edition, directory: Path, counts: Counts, answers: Mapping[str, int | bool]) -> Manifest:
    files = describe_files(directory)
    return Manifest(
        id=edition.id,
        base_iri=edition.base,
        newest_input=edition.newest_input,
        code_version=edition.code_version,
        counts=counts,
        inputs=edition.inputs,
        queries=dict(sorted(answers.items())),
        files={path: entry for path, entry in files.items() if not path.startswith(f"{STORE}/")},
        compressors=COMPRESSORS,
    )


def _count(quads: Sequence[Quad], statistics: Statistics) -> Counts:
    return {
        "quads": len(quads),
        "triples": len({quad.triple for quad in quads}),
        "entities": statistics.subjects,
        "classes": dict(sorted((concept.value, count) for concept, count in statistics.by_class.items())),
        "graphs": count_by_graph(quads),
    }
