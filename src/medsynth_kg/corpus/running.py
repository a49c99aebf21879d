"""A run: bulk files in, a directory of sorted, compressed N-Quads with a manifest out.

Three stages, each of tasks that Spark spreads over the machine or the cluster: find the surveyed papers' own records
(where the selection needs them), map each file, then sort all statements into parts by subject. A task that has ended
leaves a record under ``.unfinished``; a run that was stopped goes on from these. All machines see the same files.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial, reduce
from operator import add
from pathlib import Path
from typing import Any

from medsynth_kg.corpus.errors import BulkFileUnreadable, CorpusNotWritten, CorpusRunning
from medsynth_kg.corpus.inputs import PUBLISHED, check_output
from medsynth_kg.corpus.job import BulkFile, Job, part_name, rejected_name
from medsynth_kg.corpus.manifest import MANIFEST, CorpusManifest, is_whole, read_corpus_manifest
from medsynth_kg.corpus.parts import Part
from medsynth_kg.corpus.selection import Neighbourhood
from medsynth_kg.corpus.sorting import sort_into_parts, whole_parts
from medsynth_kg.corpus.spark import spark_failures_named, spark_session
from medsynth_kg.corpus.steps import MappedFile, RecordCounts, map_step, scan_step
from medsynth_kg.corpus.writing import UNFINISHED_SUFFIX
from medsynth_kg.records.metadata import Source
from medsynth_kg.release.errors import BuildRunning
from medsynth_kg.release.locking import lock_releases
from medsynth_kg.release.manifest import FileEntry, describe_file
from medsynth_kg.writing import disk_failures_named, write_whole

UNFINISHED = ".unfinished"

_RECORDS_VERSION = 2
"""What records of finished tasks mean; those of another version are not trusted, and the tasks are done again."""

Tell = Callable[[str], object]


def run_job(job: Job, files: dict[str, Path], output: Path, master: str, tell: Tell) -> tuple[CorpusManifest, bool]:
    """Make the corpus, unless ``output`` holds it already; answer its manifest, and whether anything was written.

    Raises:
        MasterUnknown: ``master`` is no address of a Spark.
        SparkMissing: Spark can't be started.
        SparkUnreachable: no Spark answers at ``master``.
        OutputUnusable: Spark can't read from a directory of this name.
        CorpusRunning: another run writes to the same directory.
        CorpusNotWritten: the disk refused; what was finished is kept for the next run.
        BulkFileUnreadable: an input can't be opened.
        CorpusFailed: Spark gave up; what was finished is kept for the next run.
        PartsIncomplete: statements got lost on the way; nothing is kept.
    """
    check_output(output)
    with disk_failures_named(CorpusNotWritten, output), _lock(output):
        with spark_session(master) as session, spark_failures_named(output):
            inputs = _spread(session, _describe, tuple(files.items()))
            before = read_corpus_manifest(output)
            if before and _is_of(before, job, inputs) and is_whole(output, before):
                shutil.rmtree(output / UNFINISHED, ignore_errors=True)
                return before, False
            unfinished = _unfinished(job, inputs, output)
            neighbourhood = job.known
            if job.selection.needs_scan(job.source):
                found = _spread(session, partial(scan_step, job, unfinished), inputs)
                neighbourhood = Neighbourhood.united((job.known, *found))
                tell(f"{_told(job, neighbourhood)}, which cite {len(neighbourhood.cited):,} works")
            mapped_files = _spread(session, partial(map_step, job, unfinished, neighbourhood), inputs)
            mapped = reduce(add, mapped_files, MappedFile())
            tell(f"{mapped.counts.mapped:,} of {mapped.counts.records:,} records mapped")
            sort_into_parts(session, unfinished, job.parts)
            parts = whole_parts(output, unfinished, job.parts, mapped.blocks)
        return _publish(job, inputs, mapped.counts, parts, unfinished, output), True


@contextmanager
def _lock(output: Path) -> Iterator[None]:
    output.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        try:
            stack.enter_context(lock_releases(output))
        except BuildRunning as error:
            raise CorpusRunning(output) from error
        yield


def _describe(named: tuple[str, Path]) -> BulkFile:
    name, path = named
    try:
        entry = describe_file(path)
    except OSError as error:
        raise BulkFileUnreadable(path, error.strerror or "cannot be read") from error
    return BulkFile(path=path, name=name, sha256=entry.sha256, size=entry.size)


def _is_of(manifest: CorpusManifest, job: Job, inputs: Sequence[BulkFile]) -> bool:
    return manifest.job == job.fingerprint and manifest.inputs == _entries(inputs)


def _entries(inputs: Sequence[BulkFile]) -> dict[str, FileEntry]:
    return {file.name: FileEntry(sha256=file.sha256, size=file.size) for file in inputs}


def _unfinished(job: Job, inputs: Sequence[BulkFile], output: Path) -> Path:
    """Where this job leaves what it has finished; the rest is removed.

    That is what another job, or one over other inputs, left, and what a killed process was writing. The same files by
    other names are other inputs: their steps have other names, too, and what is mapped is all sorted.
    """
    made_of = f"{job.code_version} {_RECORDS_VERSION} {[(file.name, file.sha256) for file in inputs]}"
    from_inputs = job.model_copy(update={"code_version": made_of})
    directory = output.resolve() / UNFINISHED / from_inputs.fingerprint
    for other in (output / UNFINISHED).glob("*"):
        if other.name != directory.name:
            shutil.rmtree(other)
    for leftover in directory.rglob(f".*{UNFINISHED_SUFFIX}"):
        leftover.unlink(missing_ok=True)
    (directory / "mapped").mkdir(parents=True, exist_ok=True)
    return directory


def _told(job: Job, neighbourhood: Neighbourhood) -> str:
    """What is counted: Crossref's keys are DOIs, of which a paper can have several; OpenAlex's are those of records."""
    keys = len(neighbourhood.surveyed)
    if job.source is Source.CROSSREF:
        papers = {job.surveyed[doi] for doi in neighbourhood.surveyed}
        return f"{len(papers):,} surveyed papers with {keys:,} DOIs"
    return f"{keys:,} records of surveyed papers"


def _spread(session: Any, task: Callable[[Any], Any], items: Sequence[Any]) -> list[Any]:
    found = list(session.sparkContext.parallelize(items, max(1, len(items))).map(task).collect())
    if len(found) != len(items):
        # Where the virtual machine dies, PySpark takes the end of the stream for that of the results.
        raise ConnectionError
    return found


def _publish(
    job: Job,
    inputs: Sequence[BulkFile],
    counts: RecordCounts,
    parts: dict[int, Part],
    unfinished: Path,
    output: Path,
) -> CorpusManifest:
    asides = [unfinished / "rejected" / rejected_name(file) for file in inputs]
    rejected = {f"rejected/{aside.name}": describe_file(aside) for aside in sorted(asides) if aside.exists()}
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
        inputs=_entries(inputs),
        parts={f"parts/{part_name(number)}": part for number, part in sorted(parts.items())},
        rejected=rejected,
    )
    (output / MANIFEST).unlink(missing_ok=True)
    for name in PUBLISHED:
        shutil.rmtree(output / name, ignore_errors=True)
        (output / name).mkdir()
    for path in (*manifest.parts, *manifest.rejected):
        _put(unfinished / path, output / path)
    write_whole(output / MANIFEST, manifest.model_dump_json(indent=1) + "\n")
    shutil.rmtree(output / UNFINISHED)
    return manifest


def _put(finished: Path, published: Path) -> None:
    """Have a file in a second place, which takes no room where the file system has links."""
    try:
        published.hardlink_to(finished)
    except OSError:
        shutil.copyfile(finished, published)
