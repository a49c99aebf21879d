"""A run: bulk files in, a directory of sorted, compressed N-Quads with a manifest out.

Three stages, each of tasks that Spark spreads over the machine or the cluster: find the surveyed papers' own records
(where the selection needs them), map each file, then sort all statements into parts by subject. A task that has ended
leaves a record under ``.unfinished``; a run that was stopped goes on from these. All machines see the same files.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial, reduce
from itertools import groupby
from operator import add
from pathlib import Path
from typing import Any

from medsynth_kg.corpus.errors import BulkFileUnreadable, NoBulkFiles
from medsynth_kg.corpus.job import BulkFile, Job, part_name
from medsynth_kg.corpus.manifest import MANIFEST, CorpusManifest, is_whole, read_corpus_manifest
from medsynth_kg.corpus.parts import Part, finished_parts, write_part
from medsynth_kg.corpus.selection import Neighbourhood
from medsynth_kg.corpus.spark import spark_failures_named, spark_session
from medsynth_kg.corpus.steps import RecordCounts, map_step, scan_step
from medsynth_kg.release.locking import lock_releases
from medsynth_kg.release.manifest import FileEntry, describe_file, describe_files
from medsynth_kg.writing import write_whole

UNFINISHED = ".unfinished"

Tell = Callable[[str], object]


def list_bulk_files(paths: Sequence[Path]) -> dict[str, Path]:
    """The files named, and all files below the directories named, by their names for the manifest, sorted.

    Hidden files, and OpenAlex's lists of its own files (``manifest``), are none.

    Raises:
        NoBulkFiles: a path does not exist, or holds none.
    """
    found: dict[str, Path] = {}
    for path in paths:
        below = sorted(path.rglob("*")) if path.is_dir() else [path]
        files = {_name(file, path): file.resolve() for file in below if file.is_file() and _is_bulk_file(file, path)}
        if not files:
            raise NoBulkFiles(path)
        found |= files
    return dict(sorted(found.items()))


def run_job(job: Job, files: dict[str, Path], output: Path, master: str, tell: Tell) -> tuple[CorpusManifest, bool]:
    """Make the corpus, unless ``output`` holds it already; answer its manifest, and whether anything was written.

    Raises:
        SparkMissing: Spark can't be started.
        BuildRunning: another run writes to the same directory.
        BulkFileUnreadable: an input can't be opened.
        CorpusFailed: Spark gave up; what was finished is kept for the next run.
    """
    output.mkdir(parents=True, exist_ok=True)
    with lock_releases(output), spark_session(master) as session, spark_failures_named(output):
        inputs = _spread(session, _describe, tuple(files.items()))
        before = read_corpus_manifest(output)
        entries = {file.name: FileEntry(sha256=file.sha256, size=file.size) for file in inputs}
        if before and before.job == job.fingerprint and before.inputs == entries and is_whole(output, before):
            shutil.rmtree(output / UNFINISHED, ignore_errors=True)
            return before, False
        unfinished = _unfinished(job, inputs, output)
        neighbourhood = job.known
        if job.selection.needs_scan(job.source):
            found = _spread(session, partial(scan_step, job, unfinished), inputs)
            neighbourhood = Neighbourhood.united((job.known, *found))
            tell(f"{len(neighbourhood.surveyed):,} surveyed papers, which cite {len(neighbourhood.cited):,} works")
        counted = _spread(session, partial(map_step, job, unfinished, neighbourhood), inputs)
        counts = reduce(add, counted, RecordCounts())
        tell(f"{counts.mapped:,} of {counts.records:,} records mapped")
        parts = _sort(session, unfinished, job.parts)
    return _publish(job, entries, counts, parts, unfinished, output), True


def _name(file: Path, root: Path) -> str:
    return file.name if file == root else file.relative_to(root).as_posix()


def _is_bulk_file(file: Path, root: Path) -> bool:
    hidden = any(part.startswith(".") for part in Path(_name(file, root)).parts)
    return not hidden and file.name != "manifest"


def _describe(named: tuple[str, Path]) -> BulkFile:
    name, path = named
    try:
        entry = describe_file(path)
    except OSError as error:
        raise BulkFileUnreadable(path, error.strerror or "cannot be read") from error
    return BulkFile(path=path, name=name, sha256=entry.sha256, size=entry.size)


def _unfinished(job: Job, inputs: Sequence[BulkFile], output: Path) -> Path:
    """Where this job leaves what it has finished; what another job, or one over other inputs, left is removed."""
    from_inputs = job.model_copy(update={"code_version": f"{job.code_version} {[file.sha256 for file in inputs]}"})
    directory = output.resolve() / UNFINISHED / from_inputs.fingerprint
    for other in (output / UNFINISHED).glob("*"):
        if other.name != directory.name:
            shutil.rmtree(other)
    (directory / "mapped").mkdir(parents=True, exist_ok=True)
    return directory


def _spread(session: Any, task: Callable[[Any], Any], items: Sequence[Any]) -> list[Any]:
    return list(session.sparkContext.parallelize(items, max(1, len(items))).map(task).collect())


def _sort(session: Any, unfinished: Path, count: int) -> dict[int, Part]:
    """Write the parts that are not yet finished; Spark sorts on its disks what does not fit into memory."""
    directory = unfinished / "parts"
    finished = finished_parts(directory, count)
    if missing := [number for number in range(count) if number not in finished]:
        blocks = session.read.text(str(unfinished / "mapped" / "*.txt.gz"))
        numbered = blocks.selectExpr(f"pmod(hash(substring_index(value, ' ', 1)), {count}) AS part", "value")
        wanted = numbered.where(numbered.part.isin(missing)).repartition(len(missing), "part")
        ordered = wanted.sortWithinPartitions("part", "value")
        ordered.rdd.mapPartitions(partial(_write_parts, directory)).collect()
        for number in set(missing) - set(finished_parts(directory, count)):
            write_part(directory, number, ())
    return finished_parts(directory, count)


def _write_parts(directory: Path, rows: Iterable[Any]) -> Iterator[int]:
    for number, members in groupby(rows, key=lambda row: row[0]):
        write_part(directory, number, (row[1] for row in members))
        yield number


def _publish(
    job: Job,
    inputs: dict[str, FileEntry],
    counts: RecordCounts,
    parts: dict[int, Part],
    unfinished: Path,
    output: Path,
) -> CorpusManifest:
    (unfinished / "rejected").mkdir(exist_ok=True)
    rejected = describe_files(unfinished / "rejected")
    manifest = CorpusManifest(
        job=job.fingerprint,
        source=job.source,
        date=job.date,
        base_iri=job.base_iri,
        code_version=job.code_version,
        relations=tuple(sorted(job.selection.relations)),
        terms=job.selection.terms,
        everything=job.selection.everything,
        counts=counts,
        statements=sum(part.statements for part in parts.values()),
        inputs=inputs,
        parts={f"parts/{part_name(number)}": part for number, part in sorted(parts.items())},
        rejected={f"rejected/{path}": entry for path, entry in rejected.items()},
    )
    (output / MANIFEST).unlink(missing_ok=True)
    for name in ("parts", "rejected"):
        shutil.rmtree(output / name, ignore_errors=True)
        (output / name).mkdir()
        for file in (unfinished / name).iterdir():
            if not file.name.endswith(".nq.gz.json"):
                shutil.copyfile(file, output / name / file.name)
    write_whole(output / MANIFEST, manifest.model_dump_json(indent=1) + "\n")
    shutil.rmtree(output / UNFINISHED)
    return manifest
