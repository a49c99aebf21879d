"""Spark's failures end in one line that says what to do."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from medsynth_kg.corpus import running
from medsynth_kg.corpus.errors import CorpusFailed, CorpusNotWritten, MasterUnknown, SparkMissing
from medsynth_kg.corpus.job import BulkFile, Job
from medsynth_kg.corpus.running import run_job
from medsynth_kg.corpus.spark import spark_failures_named, spark_session

JAVA = """An error occurred while calling o1.collect.
: org.apache.spark.SparkException: Job aborted.
\tat org.apache.spark.SparkContext.runJob(SparkContext.scala:1)
"""
TASK = f"""{JAVA}
Traceback (most recent call last):
  File "steps.py", line 1, in map_step
OSError: [Errno 28] No space left on device
"""


@pytest.mark.parametrize("master", ["bogus", "", "local[x]", "local[2", "spark://", "http://host:7077"])
def test_an_address_that_spark_does_not_know_is_told_before_java_starts(master: str) -> None:
    with pytest.raises(MasterUnknown, match=r"give local\[\*\]"), spark_session(master):
        pass


def test_without_pyspark_the_target_of_the_makefile_that_installs_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(SparkMissing, match="Java 17, then run `make corpus`"), spark_session("local[1]"):
        pass


@pytest.mark.parametrize(
    ("message", "reason"), [(JAVA, "(Job aborted.)"), (TASK, "(OSError: [Errno 28] No space left on device)")]
)
def test_a_failure_is_told_by_its_cause(message: str, reason: str) -> None:
    py4j = pytest.importorskip("py4j.protocol")
    with pytest.raises(CorpusFailed) as caught, spark_failures_named(Path("corpus")):
        raise py4j.Py4JError(message)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


def test_java_that_is_gone_is_told() -> None:
    pytest.importorskip("pyspark")
    expected = pytest.raises(CorpusFailed, match=r"Java has ended.*run the same command again")
    with expected, spark_failures_named(Path("corpus")):
        raise ConnectionRefusedError


def test_a_directory_that_cannot_be_made_is_told_before_java_starts(
    job: Job, bulk_file: BulkFile, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CorpusNotWritten, match=r"file/corpus: .*Not a directory.*--output"):
        run_job(job, {bulk_file.name: bulk_file.path}, tmp_path / "file" / "corpus", "local[1]", lambda _: None)


class CutOff:
    """A session and its context, whose results end early, as PySpark's do without a word where Java dies."""

    def __init__(self, whole: int) -> None:
        self.sparkContext = self
        self._whole = whole
        self._results: list[object] = []

    def parallelize(self, items: Sequence[object], _count: int) -> "CutOff":
        self._results = list(items)
        return self

    def map(self, task: Callable[[object], object]) -> "CutOff":
        self._results = [task(item) for item in self._results]
        return self

    def collect(self) -> list[object]:
        self._whole -= 1
        return self._results if self._whole >= 0 else self._results[:-1]


@pytest.mark.parametrize("whole", [0, 1])
def test_results_that_are_cut_off_fail_the_run_and_what_was_finished_is_kept(
    whole: int, job: Job, bulk_file: BulkFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyspark")
    output = tmp_path / "corpus"

    @contextmanager
    def session(_master: str) -> Iterator[CutOff]:
        yield CutOff(whole)

    monkeypatch.setattr(running, "spark_session", session)
    with pytest.raises(CorpusFailed, match="Java has ended"):
        run_job(job, {bulk_file.name: bulk_file.path}, output, "local[1]", lambda _: None)
    assert len(list(output.glob(".unfinished/*/mapped/*.json"))) == whole
